"""Deadlines: when a promise is looked at, and what is done when its copy is not verified by then."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from strongroom.domain.copies.found import CopyJob, cause_of
from strongroom.domain.copies.moments import moment
from strongroom.domain.copies.obstacles import obstacle_of
from strongroom.domain.copies.promises import Promise, PromiseState
from strongroom.domain.intent.model import Deadlines

MAX_RESTARTS = 1
# After so many looks in vain a copy that nobody can see is as good as missing.
MAX_UNSEEN = 3


class OverdueState(StrEnum):
    """What to do about an overdue promise whose copy is not verified."""

    STILL_COPYING = "STILL_COPYING"
    SLOW = "SLOW"
    STUCK = "STUCK"
    MISSING = "MISSING"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyQueue:
    """The copy jobs of one resource as one promise sees them: its own, and those of others before it.

    AWS Backup makes one copy of a resource at a time (Developer Guide, "AWS Backup quotas").
    """

    own: tuple[CopyJob, ...]
    others: tuple[CopyJob, ...]

    @property
    def active(self) -> CopyJob | None:
        """The promise's own job that may still bring its copy."""
        return next((job for job in self.own if job.is_active), None)

    @property
    def last(self) -> CopyJob | None:
        """The promise's own latest try."""
        return self.own[-1] if self.own else None

    def ahead_of(self, promise: Promise) -> CopyJob | None:
        """Another's job that may hold this copy up: one that was there before its own, or before it was due."""
        until = (self.active and self.active.created_at) or promise.deadline
        return next((job for job in self.others if job.is_active and (job.created_at or until) <= until), None)

    def free_since(self, promise: Promise) -> datetime | None:
        """When the last copy of the same backup to another vault ended, before which this one could not begin."""
        ends = (job.completed_at for job in self.others if promise.is_of_same_backup(job))
        return max((end for end in ends if end is not None), default=None)


def queue_of(promise: Promise, jobs: tuple[CopyJob, ...]) -> CopyQueue:
    """Sort a resource's copy jobs into those that serve the promise and the rest."""
    return CopyQueue(
        own=tuple(job for job in jobs if promise.is_served_by(job)),
        others=tuple(job for job in jobs if not promise.is_served_by(job)),
    )


def decide_overdue(
    promise: Promise, *, jobs: tuple[CopyJob, ...] | None, has_arrived: bool, deadlines: Deadlines, now: datetime
) -> OverdueVerdict:
    """Decide about a promise whose copy is not verified.

    `jobs` are the copy jobs of its resource, oldest first, or None where nobody could be asked; `has_arrived` says that
    a copy is there, though not as promised, which another one would not mend.
    """
    queue = queue_of(promise, jobs or ())
    free_since = queue.free_since(promise)
    due_at = max(promise.deadline, free_since + deadlines.copy_verified_within) if free_since else promise.deadline
    ahead = queue.ahead_of(promise)
    if current := queue.active or ahead:
        return _decide_active(promise, current, ahead=ahead, due_at=due_at, deadlines=deadlines, now=now)
    if now < due_at and promise.state is PromiseState.OPEN:
        reason = f"due {moment(due_at)}, since another copy of the resource had to end before this one could begin"
        return _verdict(promise, OverdueState.STILL_COPYING, reason, wait=due_at - now, now=now)
    told = f"due {moment(promise.deadline)}, {_shortfall(promise, queue, jobs=jobs, has_arrived=has_arrived, now=now)}"
    hopeless = _why_hopeless(promise, queue, has_arrived=has_arrived)
    if hopeless is None:
        return _verdict(promise, OverdueState.RESTART, told, wait=deadlines.copy_retry_after, now=now)
    is_untold = promise.state is PromiseState.OPEN and not has_arrived
    state = OverdueState.MISSING if is_untold else OverdueState.WATCH
    wait = max(deadlines.copy_retry_after, now - promise.deadline)
    return _verdict(promise, state, f"{told}; {hopeless}", wait=wait, now=now)


def unreachable(promise: Promise, *, cause: str, deadlines: Deadlines, now: datetime) -> OverdueVerdict:
    """The verdict while AWS cannot be asked: nothing is decided, and the promise gives way to the others."""
    tries = promise.unseen + 1
    reason = cause if tries == 1 else f"{tries} looks in vain, the last because {cause}"
    return _verdict(promise, OverdueState.UNREACHABLE, reason, wait=deadlines.copy_retry_after, now=now)


def _decide_active(
    promise: Promise, job: CopyJob, *, ahead: CopyJob | None, due_at: datetime, deadlines: Deadlines, now: datetime
) -> OverdueVerdict:
    """A job that runs, or waits for its turn, is slow at most; one that waits for nothing is stuck."""
    # AWS retries a copy for up to two hours by itself (Developer Guide, "Creating a backup copy").
    is_long = now - due_at >= deadlines.copy_verified_within
    late = OverdueState.SLOW if ahead or job.state == "RUNNING" else OverdueState.STUCK
    told = f"due {moment(due_at)}; copy job {job.id} is still {job.state}"
    if ahead is not None:
        told += f"; one copy of a resource is made at a time, and {ahead.id} to {ahead.destination} was there before"
    state = late if is_long else OverdueState.STILL_COPYING
    return _verdict(promise, state, told, wait=deadlines.copy_retry_after, now=now)


def _why_hopeless(promise: Promise, queue: CopyQueue, *, has_arrived: bool) -> str | None:
    """Why the copy is not started again; None where that may help."""
    if has_arrived:
        return "a person decides whether to copy it again"
    if promise.night is not None:
        return "AWS Backup does not copy continuous backups on demand"
    obstacle = obstacle_of(queue.last) if queue.last else None
    if obstacle is not None:
        return f"{obstacle}, which no other try mends"
    return "it was copied again already" if promise.restarts >= MAX_RESTARTS else None


def _shortfall(
    promise: Promise, queue: CopyQueue, *, jobs: tuple[CopyJob, ...] | None, has_arrived: bool, now: datetime
) -> str:
    if has_arrived:
        return "what arrived is not as promised"
    last = queue.last
    if last is not None and last.has_failed:
        return f"copy job {last.id} ended {last.state}: {cause_of(last.message)}"
    if promise.state is PromiseState.FAILED:
        return "the copy that was made failed"
    nothing = f"nothing arrived by {moment(now)}"
    if jobs is None:
        return f"{nothing}; the account could not be asked for its copy jobs"
    if last is None:
        return f"{nothing}; no copy job exists"
    return f"{nothing}; copy job {last.id} is {last.state}, but the vault does not hold its copy"


def _verdict(promise: Promise, state: OverdueState, reason: str, *, wait: timedelta, now: datetime) -> OverdueVerdict:
    return OverdueVerdict(
        state=state,
        reason=reason,
        recovery_point=promise.recovery_point,
        destination=promise.destination,
        look_again_at=now + wait,
    )
