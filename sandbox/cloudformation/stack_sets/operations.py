"""Operations of StackSets: Region after Region, some accounts at once, stopped when more fail than is tolerated.

Source: CloudFormation User Guide, "StackSet operation options"; API reference, StackSetOperation.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import replace
from dataclasses import dataclass
from typing import Final

from sandbox.cloudformation.stack_sets import member_stacks
from sandbox.cloudformation.stack_sets.records import (
    CANCELLED,
    FAILED,
    INOPERABLE,
    OUTDATED,
    SKIPPED,
    SUCCEEDED,
    Operation,
    Place,
    Preferences,
    StackInstance,
    StackSet,
)

_AT_ONCE: Final = 4

type Act = Callable[[Place], StackInstance | None]


@dataclass(slots=True)
class _Workers:
    """The threads on which accounts are worked on; none while no sandbox runs."""

    pool: ThreadPoolExecutor | None = None


_workers = _Workers()


def start() -> None:
    """Be ready for operations."""
    _workers.pool = ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="stack-set-accounts")


def stop() -> None:
    """Finish what is being done."""
    if _workers.pool is not None:
        _workers.pool.shutdown(wait=True, cancel_futures=True)


def bring(
    stack_set: StackSet,
    action: str,
    places: Mapping[Place, str],
    preferences: Preferences,
    operation: Operation | None = None,
) -> Operation:
    """Create or update the stacks in these places, each with the unit that it is reached through."""
    reachable = [place for place in places if not _is_inoperable(stack_set, place)]

    def act(place: Place) -> StackInstance:
        return member_stacks.bring(stack_set, place, places[place])

    return _run(stack_set, operation or Operation(action), reachable, act, preferences)


def withdraw(stack_set: StackSet, places: Sequence[Place], preferences: Preferences, *, retains: bool) -> Operation:
    """Take the StackSet's instances out of these places, with their stacks or without."""

    def act(place: Place) -> StackInstance | None:
        instance = stack_set.instances.get(place)
        if instance is None:  # another operation was quicker
            return None
        if retains:
            stack_set.kept.setdefault(place, instance.stack_id)  # one that failed later is no stack to find again
            return None
        return member_stacks.delete(instance)

    return _run(stack_set, Operation("DELETE"), places, act, preferences)


def _is_inoperable(stack_set: StackSet, place: Place) -> bool:
    """Whether updates leave the place out (API reference, StackInstance: INOPERABLE)."""
    return place in stack_set.instances and stack_set.instances[place].status == INOPERABLE


def _run(
    stack_set: StackSet, operation: Operation, places: Sequence[Place], act: Act, preferences: Preferences
) -> Operation:
    if _workers.pool is None:
        raise RuntimeError("no sandbox is running")
    with stack_set.turn:
        if operation not in stack_set.operations:  # where its call was answered before it began
            stack_set.operations.append(operation)
        for region in preferences.ordered(dict.fromkeys(region for _, region in places)):
            accounts = [place for place in places if place[1] == region]
            limit = preferences.tolerated(len(accounts))

            def one(place: Place, limit: int = limit) -> None:
                _settle(stack_set, operation, place, act, limit=limit)

            list(_workers.pool.map(one, accounts))
            if operation.failures(region) > limit:
                operation.status = FAILED
        operation.status = SUCCEEDED if operation.status == "RUNNING" else operation.status
        operation.ended = time.time()
    return operation


def _settle(stack_set: StackSet, operation: Operation, place: Place, act: Act, *, limit: int) -> None:
    if operation.status == FAILED or operation.failures(place[1]) > limit:
        operation.results[place] = (CANCELLED, "Cancelled since failure tolerance has exceeded")
        if place in stack_set.instances:
            stack_set.instances[place] = replace(
                stack_set.instances[place], status=OUTDATED, detail=CANCELLED, operation=operation.id
            )
        return
    after = act(place)
    if after is None:
        stack_set.instances.pop(place, None)
        operation.results[place] = (SUCCEEDED, "")
        return
    stack_set.instances[place] = replace(after, operation=operation.id)
    if after.detail != SKIPPED:
        operation.results[place] = (SUCCEEDED if after.detail == SUCCEEDED else FAILED, after.reason)
