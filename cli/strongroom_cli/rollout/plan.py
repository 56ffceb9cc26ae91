"""`strongroom plan`: the difference between the intent and the live organisation; nothing is changed."""

import argparse
import json
from pathlib import Path
from typing import Final

from strongroom_cli.errors import show_findings, tell
from strongroom_cli.rollout.organization import add_arguments, plan, prepare
from strongroom_cli.rollout.report import as_json, line_of, summary_line
from strongroom_cli.rollout.saved_plan import save_plan

IN_ACCORD: Final = 0
ERRORS: Final = 1
CHANGES: Final = 2


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "plan",
        help="show what `strongroom apply` would change in the live organisation",
        description="Compare the intent with the live organisation, with the management account's credentials. Exit "
        "code 0: nothing to change; 2: there are changes; 1: there are errors, bad input, or something could not be "
        "read. Warnings do not count. These are the codes that Terraform gives with -detailed-exitcode.",
    )
    add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print summary, steps and findings as JSON")
    parser.add_argument(
        "--out", type=Path, metavar="PLAN", help="save a plan without errors here, for `strongroom apply PLAN`"
    )
    parser.add_argument(
        "--detailed-exitcode", action="store_true", help="changes nothing: the exit code is always as detailed"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the steps on standard output and, unless it is JSON, the findings on standard error."""
    prepared = prepare(arguments)
    found = plan(prepared)
    if arguments.json:
        print(json.dumps(as_json(found), indent=2))
    else:
        show_findings(found.findings, source=arguments.file)
        for step in found.steps:
            print(line_of(step))
        print(summary_line(found))
    if found.errors:
        if arguments.out is not None:
            tell(f"a plan with errors cannot be applied, so it was not saved to {arguments.out}")
        return ERRORS
    if arguments.out is not None:
        save_plan(found, arguments.out, intent=prepared.desired.intent, options=prepared.options)
    return CHANGES if found.steps else IN_ACCORD
