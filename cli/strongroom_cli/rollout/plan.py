"""`strongroom plan`: the difference between the intent and the live organisation; nothing is changed."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from strongroom.domain.doctor.diagnosis import statement
from strongroom.domain.doctor.obstacles import why_nothing_begins, why_unseen
from strongroom.domain.preview.form import form_of
from strongroom.domain.preview.money.prices import PriceTable
from strongroom.domain.preview.proposal import Preview
from strongroom.domain.preview.report import lines_of
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.services.preview.preview_rollout import preview_rollout
from strongroom.services.rollout.plan_rollout import read_organization
from strongroom_cli.errors import show_findings, tell
from strongroom_cli.looking import add_policy_argument, print_policy
from strongroom_cli.rollout.organization import Prepared, add_arguments, plan, prepare
from strongroom_cli.rollout.prices import load_prices
from strongroom_cli.rollout.report import as_json, line_of, summary_line
from strongroom_cli.rollout.rights import PLAN, obstacles_told
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
    add_policy_argument(parser, command="plan")
    parser.add_argument("--json", action="store_true", help="print summary, steps and findings as JSON")
    parser.add_argument(
        "--preview",
        action="store_true",
        help="say first which accounts and resources the policies would reach, what that costs, and what locks bind",
    )
    parser.add_argument(
        "--prices", type=Path, metavar="FILE", help="the price table of --preview, instead of the one that comes along"
    )
    parser.add_argument(
        "--out", type=Path, metavar="PLAN", help="save a plan without errors here, for `strongroom apply PLAN`"
    )
    parser.add_argument(
        "--detailed-exitcode", action="store_true", help="changes nothing: the exit code is always as detailed"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print preview and steps on standard output and, unless it is JSON, the findings on standard error."""
    if arguments.policy:
        print_policy(statement(PLAN.calls))
        return IN_ACCORD
    prices = load_prices(arguments.prices) if arguments.preview or arguments.prices else None
    with obstacles_told(why_nothing_begins):
        prepared = prepare(arguments)
    with obstacles_told(why_unseen):
        live = read_organization(prepared.desired, needs=prepared.needs)
        found = plan(prepared, live=live)
        preview = None if prices is None else _preview(prepared, live, prices)
    if arguments.json:
        told = as_json(found) if preview is None else {**as_json(found), "preview": form_of(preview)}
        print(json.dumps(told, indent=2))
    else:
        show_findings(found.findings, source=arguments.file)
        for line in () if preview is None else lines_of(preview):
            print(line)
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


def _preview(prepared: Prepared, live: LiveOrganization, prices: PriceTable) -> Preview:
    return preview_rollout(prepared.desired, live, needs=prepared.preview_needs, prices=prices, now=datetime.now(UTC))
