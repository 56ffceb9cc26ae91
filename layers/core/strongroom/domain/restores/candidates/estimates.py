"""How long a restore takes: as those before it did, or else by what is known of its kind."""

from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from typing import Final

from strongroom.domain.restores.arriving.access import VOTED_WITHIN
from strongroom.domain.restores.deciding.case import Way
from strongroom.domain.restores.kinds.estimates import USUALLY_BEHIND, Estimate, Pace
from strongroom.domain.restores.kinds.table import KINDS

_MINUTE: Final = timedelta(minutes=1)
# So many restores of a type say how long one takes.
_LEAST_SEEN: Final = 3
_LAST_SEEN: Final = 5
_COPY: Final = Pace(fixed=10, per_gib=0.17)
# A list calls the file systems of FSx the same, of which each takes as long as the others.
_BY_NAME: Final = {
    name: kind.estimate
    for kind in KINDS
    if kind.estimate
    for name in ((kind.name, kind.row.name) if kind.file_system else (kind.name,))
}


def estimate_of(kind: str) -> Estimate | None:
    """What is known of the kind, or of the type where a list does not tell the kind; None where nothing is."""
    return _BY_NAME.get(kind)


def seen_minutes(last: Sequence[timedelta]) -> int | None:
    """The middle one of the last restores, the newest first; None where there were too few to tell."""
    if len(last) < _LEAST_SEEN:
        return None
    latest = sorted(last[:_LAST_SEEN])
    return ceil(latest[len(latest) // 2] / _MINUTE)


def minutes_back(kind: str, way: Way, *, size: int | None, is_cold: bool, seen: int | None) -> tuple[int | None, bool]:
    """The minutes until what is restored is there, and whether they were measured.

    `seen` are the minutes of restores of the kind that were measured. Copies that are taken first are estimates, and a
    team that opens a vault has a day.
    """
    known = estimate_of(kind)
    pace = None if known is None else known.pace.minutes(size)
    minutes = pace if seen is None else float(seen)
    each = _COPY.minutes(size) if way.makes_copy else 0.0
    if minutes is None or each is None:
        return None, False
    copying = each * way.copies
    waiting = known.cold if is_cold and known is not None else 0.0
    voting = VOTED_WITHIN / _MINUTE if way is Way.AIR_GAPPED_MPA else 0.0
    is_measured = seen is not None and not way.makes_copy and not is_cold and not voting
    return ceil(minutes + copying + waiting + voting), is_measured


def is_of_its_start(kind: str) -> bool:
    """Whether a backup of the kind holds what was there when it began."""
    known = estimate_of(kind)
    return known is not None and known.is_of_its_start


def log_behind(kind: str) -> timedelta:
    """How far the log of a continuous backup of the kind ends before now."""
    known = estimate_of(kind)
    return USUALLY_BEHIND if known is None else known.behind
