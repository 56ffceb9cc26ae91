"""Once a week all copies that AWS still lists jobs of are held against what their vaults list, a day at a time."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from strongroom.domain.copies.found import CopyJob, RecoveryPointFound
from strongroom.domain.copies.promises import Promise, PromiseState
from strongroom.domain.copies.reconciling import LISTED_FOR, Window

_STEP: Final = timedelta(days=1)
# A copy has the creation date of its backup, and most end within that time of it; older ones are asked for by name.
_BEFORE: Final = timedelta(hours=6)
# A step for which there is not time enough is compared in halves, down to this.
_LEAST: Final = timedelta(hours=1)
# What is listed for no longer than half of that time is noted: the next round may be as late as that.
NOTED_AFTER: Final = LISTED_FOR / 2
# What expires so soon may be gone by rights when it is looked at once more.
_LAST_DAY: Final = timedelta(days=1)


class Comparison(Struct, frozen=True, kw_only=True):
    """What is compared each week: as far `back` as that; a round that is not over by `late_after` is told.

    What does not fit into a reading may be tried in halves, or only whole. What ended longer than `noted_after` before
    a round was noted by it, where there is anything to note; what a gap between two rounds leaves out is told.
    """

    name: str
    back: timedelta
    late_after: timedelta
    in_halves: bool
    noted_after: timedelta | None = None


# A day less than AWS lists, for a round may take as long; what is older was noted by the round before.
RECENT: Final = Comparison(
    name="the weekly comparison",
    back=LISTED_FOR - timedelta(days=1),
    late_after=timedelta(days=1),
    in_halves=True,
    noted_after=NOTED_AFTER,
)


class Left(NamedTuple):
    """What a round has left, of one vault alone or of all."""

    begins: datetime
    ends: datetime
    vault: str | None = None


class Round(Struct, frozen=True, kw_only=True):
    """One comparison: it is for the `week` that began then, of all that ended up to `until`, and came to `reached`.

    What it passed over, as it could not be compared then, is `left` to be tried again once all else was compared.
    """

    week: datetime
    until: datetime
    reached: datetime
    left: tuple[Left, ...] = ()
    revision: int = 0

    @property
    def has_seen_all(self) -> bool:
        """Whether nothing lies before it that was not tried."""
        return self.reached >= self.until

    @property
    def turn(self) -> Left:
        """What comes next: the first of what is left, or all that was not tried."""
        return self.left[0] if self.has_seen_all and self.left else Left(self.reached, self.until)

    @property
    def is_over(self) -> bool:
        """Whether all was compared."""
        return self.has_seen_all and not self.left


class PointPage(Struct, frozen=True, kw_only=True):
    """One page of a vault's recovery points; without `token` it is the last."""

    points: tuple[RecoveryPointFound, ...] = ()
    token: str | None = None


def before_the_first(now: datetime) -> Round:
    """What is known once anything is: nothing is compared in the week in which we come, all in the one after it."""
    return Round(week=_week_of(now), until=now, reached=now)


def round_at(known: Round, *, now: datetime, of: Comparison = RECENT) -> Round | None:
    """The round to go on with, or a new one in a new week.

    What it had left when a new week began the new one compares. One that says it comes later than now was not written
    by a round, and another is begun over it.
    """
    week = _week_of(now)
    if max(known.week, known.until) <= now:
        if not known.has_seen_all or (known.left and known.week >= week):
            return known
        if known.week >= week:
            return None
    reached = now - of.back
    if of.noted_after is not None:
        reached = min(reached, known.until - of.noted_after)
    return Round(week=week, until=now, reached=reached, revision=known.revision)


def step_of(current: Round, *, now: datetime, of: Comparison = RECENT) -> Window:
    """The day whose copies are compared next, by when their jobs ended, or the first of what was left."""
    oldest = _oldest(now, of)
    since = max(current.turn.begins, oldest)
    return Window(since=since, until=max(since, min(since + _STEP, current.turn.ends)), token=None)


def too_late_for(current: Round, *, now: datetime, of: Comparison = RECENT) -> tuple[datetime, datetime] | None:
    """What was due to be compared next, and to be noted, and no job tells of it any more.

    What one vault has left was noted when the others were compared.
    """
    if of.noted_after is None or current.turn.vault is not None:
        return None
    begins, ends = current.turn.begins, min(current.turn.ends, _oldest(now, of))
    return (begins, ends) if begins < ends else None


def _oldest(now: datetime, of: Comparison) -> datetime:
    """What ended then is the oldest that can be compared."""
    return now - LISTED_FOR if of.noted_after is not None else now - of.back


def contents_of(step: Window) -> Window:
    """When the copies of the step were created."""
    return replace(step, since=step.since - _BEFORE)


def after_step(current: Round, step: Window) -> Round:
    """The round once the step was compared."""
    return _moved(current, step)


def passed_over(current: Round, step: Window, *, in_halves: bool = False) -> Round:
    """The round once the step was tried in vain; one for which there was not time enough, is left `in_halves`.

    What nobody can compare so keeps nobody from all else, and is the last that is tried again.
    """
    moved, span, vault = _moved(current, step), step.until - step.since, current.turn.vault
    if in_halves and span >= 2 * _LEAST:
        middle = step.since + span / 2
        return replace(moved, left=(*moved.left, Left(step.since, middle, vault), Left(middle, step.until, vault)))
    return replace(moved, left=(*moved.left, Left(step.since, step.until, vault)))


def refused_by(current: Round, step: Window, *, vaults: Collection[str]) -> Round:
    """The round once the step was compared with all vaults but these, which may not be listed and have it left.

    A vault has but one span left for that; it is tried again from its beginning, day by day.
    """
    if current.turn.vault is not None:
        return replace(current, left=(*current.left[1:], current.left[0]), revision=current.revision + 1)
    moved = _moved(current, step)
    spans = {vault: Left(step.since, step.until, vault) for vault in vaults}
    for each in moved.left:
        if each.vault in spans:
            span = spans[each.vault]
            spans[each.vault] = Left(min(span.begins, each.begins), max(span.ends, each.ends), each.vault)
    others = [each for each in moved.left if each.vault not in spans]
    return replace(moved, left=(*others, *spans.values()))


def is_late(current: Round, *, now: datetime, of: Comparison = RECENT) -> bool:
    """Whether people must know that it is not over."""
    return not current.is_over and now - current.until > of.late_after


def _moved(current: Round, step: Window) -> Round:
    if current.has_seen_all and current.left:
        first, *others = current.left
        rest = [] if step.until >= first.ends else [first._replace(begins=step.until)]
        return replace(current, left=(*rest, *others), revision=current.revision + 1)
    return replace(current, reached=step.until, revision=current.revision + 1)


def is_believed(promise: Promise, job: CopyJob, *, now: datetime) -> bool:
    """Whether the job's copy must be in its vault: it was verified, is to be kept, and nobody is to look at it soon."""
    return promise.copy == job.destination_recovery_point and is_to_be_there(promise, now=now)


def is_to_be_there(promise: Promise, *, now: datetime) -> bool:
    """Whether the copy that was verified must be in its vault still, and nobody is to look at it soon."""
    return promise.state is PromiseState.VERIFIED and promise.due_at is None and now < there_until(promise)


def there_until(promise: Promise) -> datetime:
    """Until when its copy must be in its vault."""
    return promise.created_at + timedelta(days=promise.lifecycle.retention_days) - _LAST_DAY


def _week_of(now: datetime) -> datetime:
    """The Monday before, at midnight."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=now.weekday())
