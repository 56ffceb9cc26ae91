"""The start windows of a schedule, laid over the year 2027, and where those of two schedules meet."""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from msgspec import Struct

from strongroom.domain.intent.schedules import firings

YEAR: Final = 2027
LONGEST_REACH: Final = timedelta(days=366)  # a window that is open for longer is always open

_MINUTE: Final = timedelta(minutes=1)
_BEGINS: Final = datetime(YEAR, 1, 1, tzinfo=UTC)
_LENGTH: Final = (datetime(YEAR + 1, 1, 1, tzinfo=UTC) - _BEGINS) // _MINUTE


class StartWindows(Struct, frozen=True):
    """When a rule fires, and for how long after each firing its backup may start."""

    schedule: str
    length: timedelta

    def count(self) -> int:
        """How many begin in 2027."""
        return sum(0 <= start < _LENGTH for start in _starts(self.schedule))


class Meetings(Struct, frozen=True, kw_only=True):
    """The windows of one schedule that meet one of the other in 2027: from when on, how many, and out of how many.

    `most_for_one` is how many of them one and the same window of the other meets.
    """

    first: datetime
    times: int
    out_of: int
    most_for_one: int


@lru_cache(maxsize=4096)
def meetings_of(these: StartWindows, those: StartWindows) -> Meetings | None:
    """Which of `those` windows meet one of `these`; None where they do at most touch."""
    met = list(_meetings(these, those))
    if not met:
        return None
    return Meetings(
        first=_BEGINS + met[0][0] * _MINUTE,
        times=len(met),
        out_of=those.count(),
        most_for_one=max(Counter(window for _, window in met).values()),
    )


@lru_cache(maxsize=4096)
def do_meet(these: StartWindows, those: StartWindows, *, shift: timedelta) -> bool:
    """Whether any of `these` windows, moved by `shift`, meets one of `those`."""
    return next(_meetings(these, those, shift=shift // _MINUTE), None) is not None


def _meetings(these: StartWindows, those: StartWindows, *, shift: int = 0) -> Iterator[tuple[int, int]]:
    """For each of `those` that meets one of `these` in 2027: the minute, and the number of the first that it meets."""
    starts, others = _starts(these.schedule), _starts(those.schedule)
    length, other_length = these.length // _MINUTE, those.length // _MINUTE
    for other in others[bisect_left(others, -other_length) :]:
        nearest = bisect_right(starts, other - length - shift)
        if nearest < len(starts) and (start := starts[nearest] + shift) < other + other_length:
            moment = max(other, start)
            if 0 <= moment < _LENGTH:
                yield moment, nearest


@lru_cache(maxsize=256)
def _starts(schedule: str) -> "array[int]":
    """When it fires in 2027 and around it, in minutes after the beginning of that year."""
    reach = firings(schedule, since=_BEGINS - LONGEST_REACH, until=_BEGINS + _LENGTH * _MINUTE + timedelta(days=2))
    return array("l", ((each - _BEGINS) // _MINUTE for each in reach))
