"""`strongroom apply`: what `strongroom plan` shows, done in its order; run again after a failure, it goes on."""

import argparse
from typing import Final

from strongroom.domain.errors import StepFailedError
from strongroom.domain.rollout.members import judge_members, unfinished_members
from strongroom.domain.rollout.plan import LOOSENING
from strongroom.services.rollout.apply_rollout import Stage, apply_rollout
from strongroom.services.rollout.plan_rollout import read_members
from strongroom_cli.errors import show_findings, tell
from strongroom_cli.rollout.organization import add_arguments, line_of, plan, prepare

DONE: Final = 0
STOPPED: Final = 1
REFUSED: Final = 2


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "apply",
        help="bring the live organisation to the intent",
        description="Plan, then take every step in order, with the management account's credentials. Exit code 0: "
        "done; 1: stopped at a step, run again to go on; 2: bad input, something could not be read, or the plan has "
        "errors, and nothing was changed.",
    )
    add_arguments(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print each step when it begins and its id when it is done, and on standard error what stopped it."""
    desired, needs = prepare(arguments)
    found = plan(desired, arguments, needs=needs)
    show_findings(found.findings, source=arguments.file)
    if found.errors:
        if any(finding.code in LOOSENING for finding in found.errors):
            tell("with --accept-loosening what is protected less is no error")
        return REFUSED
    try:
        for stage, step in apply_rollout(found, desired=desired, needs=needs):
            print(line_of(step) if stage is Stage.BEGUN else f"{'done':<12}  {step.id}", flush=True)
    except StepFailedError as error:
        tell(f"stopped at {error}")
        return STOPPED
    members = read_members(desired, needs=needs)
    show_findings(judge_members(desired.rendered.stack_sets, members), source=arguments.file)
    place = desired.intent.organization
    if any(unfinished_members(desired.rendered.stack_sets, members, place.management_account)):
        tell("stopped with stacks that are not current; run again to try them once more")
        return STOPPED
    if not found.steps:
        print("nothing to change")
    return DONE
