"""`strongroom plan`: the difference between the intent and the live organisation; nothing is changed."""

import argparse
import json
from typing import Final

from strongroom_cli.errors import show_findings
from strongroom_cli.rollout.organization import add_arguments, as_json, line_of, plan, prepare

IN_ACCORD: Final = 0
PENDING: Final = 1


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "plan",
        help="show what `strongroom apply` would change in the live organisation",
        description="Compare the intent with the live organisation, with the management account's credentials. Exit "
        "code 0: in accord; 1: there are changes or errors; 2: bad input, or something could not be read.",
    )
    add_arguments(parser)
    parser.add_argument("--json", action="store_true", help='print {"steps": [...], "findings": [...]}')
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the steps on standard output and, unless it is JSON, the findings on standard error."""
    desired, needs = prepare(arguments)
    found = plan(desired, arguments, needs=needs)
    if arguments.json:
        print(json.dumps(as_json(found), indent=2))
    else:
        show_findings(found.findings, source=arguments.file)
        for step in found.steps:
            print(line_of(step))
        if not found.steps:
            print("nothing to change")
    return IN_ACCORD if found.is_settled else PENDING
