"""Deadlines: when a promise is looked at, and what is done when its copy is not verified by then."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.found import CopyJob, cause_of
from strongroom.domain.copies.moments import moment
from strongroom.domain.copies.obstacles import obstacle_of
from strongroom.domain.copies.promises import Promise, PromiseState
from strongroom.domain.intent.model import Deadlines

MAX_RESTARTS: Final = 1
# So often somebody may begin to mend what became of a copy, whether that leads to another try or to a diagnosis.
MAX_REMEDIATIONS: Final = 3
# So many looks in a row must find nothing on its way before anything is begun: what AWS lists lags.
QUIET_LOOKS: Final = 3
# After so many looks in vain a copy that nobody can see is as good as missing.
MAX_UNSEEN: Final = 6
# Until so many looks it is looked at often.
_OFTEN: Final = 5


class OverdueState(StrEnum):
    """What to do about an overdue promise whose copy is not verified, or what was seen of a verified one."""

    STILL_COPYING = "STILL_COPYING"
    SLOW = "SLOW"
    STUCK = "STUCK"
    MISSING = "MISSING"
    REMEDIATE = "REMEDIATE"
    WATCH = "WATCH"
    UNREACHABLE = "UNREACHABLE"
    TOLD = "TOLD"
    SEEN_AGAIN = "SEEN_AGAIN"
    VANISHED = "VANISHED"


class OverdueVerdict(Struct, frozen=True, kw_only=True):
    """What was decided about one overdue promise, when to look again, and how often in a row nothing was on its way."""

    state: OverdueState
    reason: str
    recovery_point: str
    destination: str
    look_again_at: datetime
    looks: int = 0


class CopyQueue(Struct, frozen=True, kw_only=True):
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

    @property
    def ahead(self) -> CopyJob | None:
        """Another's job that may hold this copy up, whichever began first: a second one is never made beside it."""
        return next((job for job in self.others if job.is_active), None)


def queue_of(promise: Promise, jobs: tuple[CopyJob, ...]) -> CopyQueue:
    """Sort a resource's copy jobs into those that serve the promise and the rest."""
    served = [(job, promise.is_served_by(job)) for job in jobs]
    return CopyQueue(
        own=tuple(job for job, is_own in served if is_own),
        others=tuple(job for job, is_own in served if not is_own),
    )


def decide_overdue(
    promise: Promise, *, jobs: tuple[CopyJob, ...] | None, has_arrived: bool, deadlines: Deadlines, now: datetime
) -> OverdueVerdict:
    """Decide about a promise whose copy is not verified.

    `jobs` are the copy jobs of its resource, oldest first, or None where nobody could be asked; `has_arrived` says that
    a copy is there, though not as promised, which another one would not mend.
    """
    queue = queue_of(promise, jobs or ())
    if queue.active is not None:
        return _decide_active(promise, queue.active, ahead=queue.ahead, deadlines=deadlines, now=now)
    told = f"{promise.due}, {_shortfall(promise, queue, jobs=jobs, has_arrived=has_arrived, now=now)}"
    is_quiet = queue.ahead is None and jobs is not None and not has_arrived
    looks = promise.looks + 1 if is_quiet else 0
    hopeless = why_not_again(promise, queue, jobs=jobs, has_arrived=has_arrived)
    reason = told if hopeless is None else f"{told}; {hopeless}"
    if promise.state is PromiseState.OPEN:
        state = OverdueState.WATCH if has_arrived else OverdueState.MISSING
    else:
        is_stopped = looks >= QUIET_LOOKS and has_come_to_nothing(queue, jobs=jobs, has_arrived=has_arrived)
        # A copy of which people know that it is slow may end, and leave nothing.
        ended = OverdueState.MISSING if promise.alert is AlertKind.COPY_SLOW and not has_arrived else OverdueState.WATCH
        state = OverdueState.REMEDIATE if is_stopped and may_be_remedied(promise) else ended
    wait = wait_of(promise, looks=looks, deadlines=deadlines, now=now)
    return _verdict(promise, state, reason, looks=looks, wait=wait, now=now)


def may_be_remedied(promise: Promise) -> bool:
    """Whether it is worth while to look into what stops the copy: not once that is known, and not for ever."""
    is_known = promise.diagnosis is not None and not promise.diagnosis.may_pass
    return not is_known and promise.remediations < MAX_REMEDIATIONS


def has_come_to_nothing(queue: CopyQueue, *, jobs: tuple[CopyJob, ...] | None, has_arrived: bool) -> bool:
    """Whether nothing is there, nothing is on its way, and nothing may still show itself."""
    is_over = queue.last is None or queue.last.has_failed
    return jobs is not None and not has_arrived and queue.active is None and queue.ahead is None and is_over


def why_not_again(
    promise: Promise, queue: CopyQueue, *, jobs: tuple[CopyJob, ...] | None, has_arrived: bool
) -> str | None:
    """Why the copy is not started again; None where that may help."""
    if has_arrived:
        return "a person decides whether to copy it again"
    if promise.night is not None:
        return "AWS Backup does not copy continuous backups on demand"
    if queue.ahead is not None:
        return (
            f"one copy of a resource is made at a time, and {queue.ahead.id} to {queue.ahead.destination} is not over"
        )
    if jobs is None:
        return "it is not copied again before it is known that nothing runs"
    last = queue.last
    if last is not None and not last.has_failed:
        return "a second copy beside one that may still show itself could not be deleted"
    obstacle = obstacle_of(last) if last else None
    if obstacle is not None:
        return f"{obstacle.words}, which no other try mends"
    return "it was copied again already" if promise.restarts >= MAX_RESTARTS else None


def overdue_verdict(
    promise: Promise, state: OverdueState, reason: str, *, again: datetime, looks: int = 0
) -> OverdueVerdict:
    """The verdict on this promise."""
    return OverdueVerdict(
        state=state,
        reason=reason,
        recovery_point=promise.recovery_point,
        destination=promise.destination,
        look_again_at=again,
        looks=looks,
    )


def unreachable(promise: Promise, *, cause: str, deadlines: Deadlines, now: datetime) -> OverdueVerdict:
    """The verdict while AWS cannot be asked: nothing is decided, and the promise gives way to the others."""
    tries = promise.unseen + 1
    reason = cause if tries == 1 else f"{tries} looks in vain, the last because {cause}"
    return _verdict(promise, OverdueState.UNREACHABLE, reason, looks=promise.looks, wait=deadlines.look_every, now=now)


def _decide_active(
    promise: Promise, job: CopyJob, *, ahead: CopyJob | None, deadlines: Deadlines, now: datetime
) -> OverdueVerdict:
    """A job that runs, or waits for its turn, is slow at most; one that waits for nothing is stuck."""
    # AWS retries a copy for up to two hours by itself (Developer Guide, "Creating a backup copy").
    late = OverdueState.SLOW if ahead or job.state == "RUNNING" else OverdueState.STUCK
    told = f"{promise.due}; copy job {job.id} is still {job.state}"
    if ahead is not None:
        told += f"; one copy of a resource is made at a time, and {ahead.id} to {ahead.destination} is not over"
    state = late if now - promise.deadline >= deadlines.stuck_after else OverdueState.STILL_COPYING
    return _verdict(
        promise, state, told, looks=0, wait=wait_of(promise, looks=0, deadlines=deadlines, now=now), now=now
    )


def wait_of(promise: Promise, *, looks: int, deadlines: Deadlines, now: datetime) -> timedelta:
    """How long until an overdue promise is looked at again: not long at first, then ever longer."""
    is_early = looks < _OFTEN and now - promise.deadline < _OFTEN * deadlines.copy_retry_after
    return deadlines.look_every if is_early else max(deadlines.copy_retry_after, now - promise.deadline)


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


def _verdict(
    promise: Promise, state: OverdueState, reason: str, *, looks: int, wait: timedelta, now: datetime
) -> OverdueVerdict:
    return overdue_verdict(promise, state, reason, again=now + wait, looks=looks)
