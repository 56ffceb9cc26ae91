"""Automatic deployment: accounts that move in get their stacks, those that move out lose or keep them.

It goes through Regions and StackSets in any order, here in the one that is least convenient, unless
`AutoDeployment.DependsOn` says which comes first; preferences do not apply. Sources: cloudformation-coverage-roadmap
#1208; API reference, AutoDeployment and StackSetOperationPreferences.
"""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from sandbox.cloudformation.stack_sets import operations, records
from sandbox.cloudformation.stack_sets.habits import habits
from sandbox.cloudformation.stack_sets.records import SUCCEEDED, Preferences, StackSet
from sandbox.organization import tree as organization

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Follower:
    """The one thread that follows moves, and how long AWS takes before it does."""

    thread: ThreadPoolExecutor | None = None
    delay: float = 0.0


_follower = _Follower()


def start(delay: float) -> None:
    """Follow the accounts that move."""
    _follower.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="stack-set-moves")
    _follower.delay = delay
    organization.on_move(_moved)


def stop() -> None:
    """Follow nobody any more."""
    if _follower.thread is not None:
        _follower.thread.shutdown(wait=True, cancel_futures=True)


def _moved(move: organization.Move) -> None:
    if _follower.thread is not None:
        _follower.thread.submit(_follow, move.account).add_done_callback(_complain)


def _follow(account: str) -> None:
    time.sleep(_follower.delay)
    followed = [each for each in records.every() if each.definition.automatic.enabled]
    for stack_set in followed:
        if account not in _followed(stack_set):
            _leave(stack_set, account)
    missing = {each.arn for each in followed if account in _followed(each)}
    for stack_set in _in_turn([each for each in followed if each.arn in missing]):
        if not missing.intersection(stack_set.definition.automatic.depends_on) and _join(stack_set, account):
            missing.discard(stack_set.arn)


def _followed(stack_set: StackSet) -> dict[str, str]:
    """The accounts that the StackSet follows, each with its unit."""
    return stack_set.definition.in_units() if habits.follows_left_out else stack_set.definition.members()


def _in_turn(stack_sets: list[StackSet]) -> Iterator[StackSet]:
    """The newest first, but each after those that it depends on."""
    waiting = list(reversed(stack_sets))
    while waiting:
        ahead = {each.arn for each in waiting}
        ready = next(
            (each for each in waiting if not ahead.intersection(each.definition.automatic.depends_on)), waiting[0]
        )
        waiting.remove(ready)
        yield ready


def _leave(stack_set: StackSet, account: str) -> None:
    places = [place for place in stack_set.instances if place[0] == account]
    if places:
        operations.withdraw(stack_set, places, Preferences(), retains=stack_set.definition.automatic.retains)


def _join(stack_set: StackSet, account: str) -> bool:
    """Whether the account has its stacks now."""
    unit = _followed(stack_set)[account]
    regions = tuple(reversed(stack_set.definition.regions))
    missing = {(account, region): unit for region in regions if (account, region) not in stack_set.instances}
    if not missing:
        return True
    return operations.bring(stack_set, "CREATE", missing, Preferences(regions=regions)).status == SUCCEEDED


def _complain(future: "Future[None]") -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        logger.error("an account that moved was not followed", exc_info=error)
