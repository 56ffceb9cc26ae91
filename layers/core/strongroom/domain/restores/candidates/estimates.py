"""How long a restore takes: as those before it did, or else by what is known of its type.

From the AWS Backup Developer Guide for EFS and for what lies in cold storage, from public records for Aurora; of the
others nobody has said, and they are a guess until three restores of the type were seen.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import ceil
from typing import Final

from msgspec import Struct

from strongroom.domain.restores.deciding.case import Way

_GIB: Final = 2**30
_MINUTE: Final = timedelta(minutes=1)
# So many restores of a type say how long one takes.
_LEAST_SEEN: Final = 3
_LAST_SEEN: Final = 5


class Pace(Struct, frozen=True, kw_only=True):
    """Minutes that a job takes in any case, and for each GiB."""

    fixed: float
    per_gib: float = 0.0

    def minutes(self, size: int | None) -> float | None:
        """The minutes for so many bytes; None where they depend on a size that is not known."""
        if size is None:
            return None if self.per_gib else self.fixed
        return self.fixed + self.per_gib * size / _GIB


class Estimate(Struct, frozen=True, kw_only=True):
    """What is known of a kind: its pace, and how much longer it takes out of cold storage.

    A backup `is_of_its_start` where it holds what was there when it began, and else what was there when it ended.
    """

    pace: Pace
    cold: float = 240
    is_of_its_start: bool = True


_CLUSTER: Final = Estimate(pace=Pace(fixed=25, per_gib=0.02))
COPY: Final = Pace(fixed=10, per_gib=0.17)
ESTIMATES: Final[Mapping[str, Estimate]] = {
    "RDS": Estimate(pace=Pace(fixed=12, per_gib=0.03)),
    "RDS cluster": _CLUSTER,
    "Aurora": _CLUSTER,
    "DocumentDB": _CLUSTER,
    "Neptune": _CLUSTER,
    "DynamoDB": Estimate(pace=Pace(fixed=25, per_gib=0.05)),
    "EBS": Estimate(pace=Pace(fixed=2), cold=4320),
    "EC2": Estimate(pace=Pace(fixed=5)),
    # A list does not say which of the four it is.
    "FSx": Estimate(pace=Pace(fixed=20)),
    "EFS": Estimate(pace=Pace(fixed=5, per_gib=0.09), is_of_its_start=False),
    "S3": Estimate(pace=Pace(fixed=10, per_gib=0.17), is_of_its_start=False),
    "Redshift": Estimate(pace=Pace(fixed=15, per_gib=0.05), is_of_its_start=False),
}


def seen_minutes(last: Sequence[timedelta]) -> int | None:
    """The middle one of the last restores, the newest first; None where there were too few to tell."""
    if len(last) < _LEAST_SEEN:
        return None
    latest = sorted(last[:_LAST_SEEN])
    return ceil(latest[len(latest) // 2] / _MINUTE)


def minutes_back(kind: str, way: Way, *, size: int | None, is_cold: bool, seen: int | None) -> tuple[int | None, bool]:
    """The minutes until what is restored is there, and whether they were measured.

    `seen` are the minutes of restores of the kind that were measured. A copy that is taken first is an estimate.
    """
    known = ESTIMATES.get(kind)
    pace = None if known is None else known.pace.minutes(size)
    minutes = pace if seen is None else float(seen)
    copying = COPY.minutes(size) if way.makes_copy else 0.0
    if minutes is None or copying is None:
        return None, False
    waiting = known.cold if is_cold and known is not None else 0.0
    return ceil(minutes + copying + waiting), seen is not None and not way.makes_copy and not is_cold


def is_of_its_start(kind: str) -> bool:
    """Whether a backup of the kind holds what was there when it began."""
    known = ESTIMATES.get(kind)
    return known is not None and known.is_of_its_start
