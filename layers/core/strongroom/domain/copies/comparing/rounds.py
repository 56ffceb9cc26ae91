"""Once a week all copies that AWS still lists jobs of are held against what their vaults list, a day at a time."""

from copy import replace
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from strongroom.domain.copies.found import CopyJob, RecoveryPointFound
from strongroom.domain.copies.promises import Promise, PromiseState
from strongroom.domain.copies.reconciling import LISTED_FOR, OVERLAP, Window

_STEP: Final = timedelta(days=1)
# A copy has the creation date of its backup, and most end within that time of it; older ones are asked for by name.
_BEFORE: Final = timedelta(hours=6)
# What expires so soon may be gone by rights when it is looked at once more.
_LAST_DAY: Final = timedelta(days=1)


class Round(Struct, frozen=True, kw_only=True):
    """One comparison: it is for the `week` that began then, of all that ended up to `until`, and came to `reached`."""

    week: datetime
    until: datetime
    reached: datetime
    revision: int = 0

    @property
    def is_over(self) -> bool:
        """Whether all was compared."""
        return self.reached >= self.until


class PointPage(Struct, frozen=True, kw_only=True):
    """One page of a vault's recovery points; without `token` it is the last."""

    points: tuple[RecoveryPointFound, ...] = ()
    token: str | None = None


def before_the_first(now: datetime) -> Round:
    """What is known once anything is: nothing is compared in the week in which we come, all in the one after it."""
    return Round(week=_week_of(now), until=now, reached=now)


def round_at(known: Round, *, now: datetime) -> Round | None:
    """The round to go on with, or a new one in a new week.

    One that says it comes later than now was not written by a round, and another is begun over it.
    """
    week = _week_of(now)
    if max(known.week, known.until) <= now:
        if not known.is_over:
            return known
        if known.week >= week:
            return None
    return Round(week=week, until=now, reached=now - LISTED_FOR + OVERLAP, revision=known.revision)


def step_of(current: Round, *, now: datetime) -> Window:
    """The day whose copies are compared next, by when their jobs ended."""
    since = max(current.reached, now - LISTED_FOR)
    return Window(since=since, until=max(since, min(since + _STEP, current.until)), token=None)


def contents_of(step: Window) -> Window:
    """When the copies of the step were created."""
    return replace(step, since=step.since - _BEFORE)


def after_step(current: Round, step: Window) -> Round:
    """The round once the step was compared."""
    return replace(current, reached=step.until, revision=current.revision + 1)


def is_believed(promise: Promise, job: CopyJob, *, now: datetime) -> bool:
    """Whether the job's copy must be in its vault: it was verified, is to be kept, and nobody is to look at it soon."""
    kept_until = promise.created_at + timedelta(days=promise.lifecycle.retention_days) - _LAST_DAY
    is_verified = promise.state is PromiseState.VERIFIED and promise.copy == job.destination_recovery_point
    return is_verified and promise.due_at is None and now < kept_until


def _week_of(now: datetime) -> datetime:
    """The Monday before, at midnight."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=now.weekday())
