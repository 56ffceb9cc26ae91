"""Deadlines: when a promise is looked at, and what is done when nothing has arrived by then."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from strongroom.domain.copies.found import ACTIVE_JOB_STATES, CopyJob
from strongroom.domain.copies.promises import Promise, PromiseState
from strongroom.domain.intent.model import Deadlines

MAX_RESTARTS = 1
# After so many looks in vain a copy that nobody can see is as good as missing.
MAX_UNSEEN = 3


class OverdueState(StrEnum):
    """What to do about an overdue promise for which nothing is in the destination vault."""

    STILL_COPYING = "STILL_COPYING"
    STUCK = "STUCK"
    RESTART = "RESTART"
    WATCH = "WATCH"
    UNREACHABLE = "UNREACHABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueVerdict:
    """What was decided about one overdue promise, and when to look again."""

    state: OverdueState
    reason: str
    recovery_point: str
    destination: str
    look_again_at: datetime


def decide_overdue(
    promise: Promise, *, jobs: tuple[CopyJob, ...] | None, deadlines: Deadlines, now: datetime
) -> OverdueVerdict:
    """Decide about a promise whose copy is not there; `jobs` are its copy jobs, or None where nobody could be asked."""
    due = f"due {promise.deadline:%H:%M}, nothing arrived by {now:%H:%M}"
    active = next((job for job in jobs or () if job.state in ACTIVE_JOB_STATES), None)
    if active is not None:
        # AWS retries a copy for up to two hours by itself (Developer Guide, "Creating a backup copy").
        is_stuck = now - promise.deadline >= deadlines.copy_verified_within
        state = OverdueState.STUCK if is_stuck else OverdueState.STILL_COPYING
        reason = f"{due}; copy job {active.id} is still {active.state}"
        return _verdict(promise, state, reason, wait=deadlines.copy_retry_after, now=now)
    evidence = "the account could not be asked for its copy jobs" if jobs is None else _evidence(promise, jobs)
    if promise.restarts < MAX_RESTARTS:
        return _verdict(promise, OverdueState.RESTART, f"{due}; {evidence}", wait=deadlines.copy_retry_after, now=now)
    wait = max(deadlines.copy_retry_after, now - promise.deadline)
    return _verdict(promise, OverdueState.WATCH, f"{due}; {evidence}; it was copied again already", wait=wait, now=now)


def unreachable(promise: Promise, *, cause: str, deadlines: Deadlines, now: datetime) -> OverdueVerdict:
    """The verdict while AWS cannot be asked: nothing is decided, and the promise gives way to the others."""
    tries = promise.unseen + 1
    reason = cause if tries == 1 else f"{tries} looks in vain, the last because {cause}"
    return _verdict(promise, OverdueState.UNREACHABLE, reason, wait=deadlines.copy_retry_after, now=now)


def _evidence(promise: Promise, jobs: tuple[CopyJob, ...]) -> str:
    if promise.state is PromiseState.FAILED:
        return "the copy that was made failed"
    if not jobs:
        return "no copy job exists"
    last = jobs[-1]
    return f"copy job {last.id} is {last.state}, but the vault does not hold its copy"


def _verdict(promise: Promise, state: OverdueState, reason: str, *, wait: timedelta, now: datetime) -> OverdueVerdict:
    return OverdueVerdict(
        state=state,
        reason=reason,
        recovery_point=promise.recovery_point,
        destination=promise.destination,
        look_again_at=now + wait,
    )
