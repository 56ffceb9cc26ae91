"""`strongroom apply`: what `strongroom plan` shows, done in its order; run again after a failure, it goes on."""

import argparse
import sys
from typing import Final

from strongroom.domain.doctor.obstacles import why_nothing_begins, why_unseen
from strongroom.domain.errors import StepFailedError, StrongroomError
from strongroom.domain.rollout.irreversible import LOOSENING, irreversible
from strongroom.domain.rollout.members import judge_members, unfinished_members
from strongroom.domain.rollout.steps import RolloutPlan
from strongroom.services.rollout.apply_rollout import Stage, apply_rollout
from strongroom.services.rollout.plan_rollout import read_members
from strongroom_cli.errors import show_findings, tell
from strongroom_cli.rollout.organization import Prepared, add_arguments, plan, prepare, prepare_for
from strongroom_cli.rollout.report import line_of, summary_line
from strongroom_cli.rollout.rights import GO_ON, obstacles_told, why_stopped
from strongroom_cli.rollout.saved_plan import SavedPlan, SavedPlanError, ensure_fresh, is_saved_plan, read_plan
from strongroom_cli.rollout.waiting import progress_of

DONE: Final = 0
STOPPED: Final = 1
REFUSED: Final = 2

_YES: Final = "yes"


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "apply",
        help="bring the live organisation to the intent",
        description="Plan, or take a plan that `strongroom plan --out` saved, then take every step in order, with the "
        "management account's credentials. What cannot be undone is asked about first. A second apply waits for the "
        "stacks that the first one is at. Exit code 0: done; 1: stopped at a step, run again to go on; 2: bad input, "
        "something could not be read, nobody said yes, the plan has errors, or the saved one is stale, and nothing was "
        "changed.",
    )
    add_arguments(parser, what="the intent file, or a saved plan")
    parser.add_argument("--yes", action="store_true", help="do not ask about what cannot be undone")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print each step when it begins and its id when it is done, and on standard error what stopped it."""
    saved = read_plan(arguments.file) if is_saved_plan(arguments.file) else None
    with obstacles_told(why_nothing_begins):
        prepared = prepare(arguments) if saved is None else _prepare_saved(saved, arguments)
    prepared.waiting.look = lambda: "somebody is changing a stack: waiting for the end of that"
    with obstacles_told(why_unseen):
        found = plan(prepared, waits=True)
    show_findings(found.findings, source=arguments.file)
    if found.errors:
        if any(finding.code in LOOSENING for finding in found.errors):
            tell("with --accept-loosening what is protected less is no error")
        return REFUSED
    if saved is not None:
        ensure_fresh(saved, found)
    print(summary_line(found), flush=True)
    if not arguments.yes and not _is_agreed(found, prepared):
        return REFUSED
    return _look_again(found, prepared, arguments) if _take(found, prepared) else STOPPED


def _prepare_saved(saved: SavedPlan, arguments: argparse.Namespace) -> Prepared:
    given = (arguments.confirm_retention, arguments.template_bucket, arguments.rules_evidence)
    if arguments.accept_loosening or any(each is not None for each in given):
        raise SavedPlanError("a saved plan keeps the options that it was made with: say them to `strongroom plan`")
    return prepare_for(saved.intent, saved.options, source=arguments.file)


def _is_agreed(found: RolloutPlan, prepared: Prepared) -> bool:
    """Whether nothing in the plan is for ever, or somebody types yes to it."""
    reasons = tuple(irreversible(found, intent=prepared.desired.intent))
    if not reasons:
        return True
    for reason in reasons:
        tell(f"cannot be undone: {reason}")
    if not sys.stdin.isatty():
        tell("nobody is here to ask: say --yes if this is meant")
        return False
    print(f"Type {_YES} to go on: ", end="", flush=True)
    if sys.stdin.readline().strip() == _YES:
        return True
    tell(f"that was not {_YES}: nothing was changed")
    return False


def _take(found: RolloutPlan, prepared: Prepared) -> bool:
    """Take the steps; False where one stopped it."""
    try:
        for stage, step in apply_rollout(found, desired=prepared.desired, needs=prepared.needs):
            print(line_of(step) if stage is Stage.BEGUN else f"{'done':<12}  {step.id}", flush=True)
            prepared.waiting.look = progress_of(step, desired=prepared.desired, members=prepared.needs.members)
    except StepFailedError as error:
        tell(f"stopped at {why_stopped(error)}")
        return False
    return True


def _look_again(found: RolloutPlan, prepared: Prepared, arguments: argparse.Namespace) -> int:
    """Say which stacks of governed accounts are not current now; some may come with one more try."""
    desired, needs = prepared.desired, prepared.needs
    try:
        with obstacles_told(why_unseen):
            members = read_members(desired, needs=needs)
    except StrongroomError as error:
        tell(f"every step is done, but not seen to be so: {error}; {GO_ON}")
        return STOPPED
    judged = judge_members(desired.rendered.stack_sets, members)
    show_findings((finding for finding in judged if finding not in found.findings), source=arguments.file)
    if any(unfinished_members(desired.rendered.stack_sets, members, desired.intent)):
        tell("stopped with stacks that are not current; run again to try them once more")
        return STOPPED
    return DONE
