"""What vaults must go on keeping when AWS lists no job of it any more: it is noted before, and compared each week."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from strongroom.domain.copies.comparing.rounds import Comparison
from strongroom.domain.copies.promises import PromiseKey
from strongroom.domain.copies.reconciling import LISTED_FOR, Window

# A promise is remembered for an auditor's year, and so is what it was kept by.
REMEMBERED_FOR: Final = timedelta(days=400)
# What is listed for no longer than a week and a day is noted: the next round may begin a little later than this one.
_NOTED_AFTER: Final = LISTED_FOR - timedelta(days=8)
# A copy has the creation date of its backup, but that of a continuous backup has its own, some hours later.
_MADE_WITHIN: Final = timedelta(days=2)


OLDER: Final = Comparison(
    name="the weekly comparison of what no job tells any more", back=REMEMBERED_FOR, late_after=timedelta(days=7)
)


class KeptCopy(NamedTuple):
    """A copy that was verified, what it was promised by, and until when its vault must keep it."""

    key: PromiseKey
    copy: str
    until: datetime


def is_to_be_noted(step: Window, *, now: datetime) -> bool:
    """Whether the jobs of the step may not be listed any more when the next round comes."""
    return step.since < now - _NOTED_AFTER


def day_of(at: datetime) -> datetime:
    """The day on which it was, by its midnight."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def made_on(day: datetime) -> Window:
    """When the copies were created of what was backed up on that day."""
    return Window(since=day - timedelta.resolution, until=day + _MADE_WITHIN, token=None)
