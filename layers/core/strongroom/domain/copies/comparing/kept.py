"""What vaults must go on keeping when AWS lists no job of it any more: it is noted before, and compared each week."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from strongroom.domain.copies.comparing.rounds import NOTED_AFTER, Comparison
from strongroom.domain.copies.promises import PromiseKey
from strongroom.domain.copies.reconciling import Window

# A promise is remembered for an auditor's year, and so is what it was kept by.
REMEMBERED_FOR: Final = timedelta(days=400)
_DAY: Final = timedelta(days=1)
# So many copies are rather asked for by name than another day listed for them.
_BY_NAME: Final = 100


OLDER: Final = Comparison(
    name="the weekly comparison of what no job tells any more",
    back=REMEMBERED_FOR,
    late_after=timedelta(days=7),
    in_halves=False,
)


class KeptCopy(NamedTuple):
    """A copy that was verified, what it was promised by, and until when its vault must keep it."""

    key: PromiseKey
    copy: str
    until: datetime


def is_to_be_noted(step: Window, *, now: datetime) -> bool:
    """Whether the jobs of the step may not be listed any more when the next round comes."""
    return step.since < now - NOTED_AFTER


def day_of(at: datetime) -> datetime:
    """The day on which it was, by its midnight."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def made_on(day: datetime) -> Window:
    """The day as AWS lists it, whose copies have the creation date of their backups."""
    return Window(since=day - timedelta.resolution, until=day + _DAY - timedelta.resolution, token=None)


def day_after(day: datetime, *, missed: Iterable[KeptCopy]) -> Window | None:
    """The next day where that must be listed, too, for what the day itself lacks.

    The copy of a continuous backup has a date of its own, some hours after its night; a few are asked for by name.
    """
    continuous = sum(each.key.night is not None for each in missed)
    return made_on(day + _DAY) if continuous > _BY_NAME else None
