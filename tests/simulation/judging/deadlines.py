"""Property 5, of deadlines: as the intent gives them, or as the copies before it have taught, and never beyond."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from tests.simulation.judging.cases import Case
from tests.simulation.nights.clock import MINUTE, since

_REMEMBERED: Final = 10
# Clocks may differ by as much, and so may what two functions do at once.
_ABOUT: Final = 2 * MINUTE
_AT_ONCE: Final = 10 * MINUTE


def wrong_deadline(case: Case) -> Iterator[str]:
    """A deadline that is not what the intent and the copies before it make of it."""
    allowed = case.deadline - case.owed.completed_ms
    least, most = _bounds(case)
    # When a continuous backup was completed last its recovery point does not tell: its time counts from when we hear.
    heard = case.opened_ms - case.owed.completed_ms + _ABOUT if case.promise.night else 0
    if not least - _ABOUT <= allowed <= most + heard:
        yield f"5 its deadline is {allowed // MINUTE} minutes after its backup, not {least // MINUTE}-{most // MINUTE}"


def _bounds(case: Case) -> tuple[int, int]:
    """How long it may have at least and at most."""
    deadlines = case.history.intent.deadlines
    floor = case.owed.turn * (deadlines.copy_verified_within // timedelta(milliseconds=1))
    if deadlines.copy_verified_at_most is None:
        return floor, floor
    whole = case.owed.turn * (deadlines.copy_verified_at_most // timedelta(milliseconds=1))
    if case.promise.night is not None:
        return floor, whole

    def learnt(longest: int) -> int:
        return min(whole, max(floor, longest * 3 // 2))

    known, perhaps = _took(case)
    if len(perhaps) > _REMEMBERED:
        return floor, whole
    if not known:
        return (floor if perhaps else whole), whole
    return learnt(max(known)), learnt(max(perhaps)) + MINUTE


def _took(case: Case) -> tuple[list[int], list[int]]:
    """How long the copies before it took: those that were surely known when it was opened, and all that may have been.

    What a function has remembered before it died is known, though its promise may be settled much later.
    """
    history, known, perhaps = case.history, [], []
    for owed in history.aws.owed.values():
        promise = history.outcomes[owed.name]
        is_like = (owed.resource.arn, owed.destination) == (case.owed.resource.arn, case.owed.destination)
        if not is_like or promise is None or owed is case.owed:
            continue
        for each in history.aws.copies_for(owed):
            if not each.was_good or each.ended_ms is None or each.ended_ms > case.opened_ms + _ABOUT:
                continue
            # What was helped teaches nothing; where functions died nobody may have known yet that it was.
            was_helped = bool(promise.restarts or promise.remediations or promise.failed_jobs)
            if history.is_strict and was_helped:
                continue
            perhaps.append(each.ended_ms - owed.completed_ms)
            is_it = each.copy == promise.copy and promise.settled_at is not None and not was_helped
            if is_it and promise.settled_at and since(promise.settled_at) < case.opened_ms - _AT_ONCE:
                known.append(each.ended_ms - owed.completed_ms)
    return known, perhaps
