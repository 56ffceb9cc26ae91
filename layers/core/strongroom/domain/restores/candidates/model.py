"""Recovery points as lists tell them, the backups that they are copies of, and what is made of them."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct

from strongroom.domain.restores.deciding.case import Storage, Way
from strongroom.domain.restores.plans import PlacedPoint
from strongroom.domain.restores.scans.verdicts import Scan

_WHOLE: Final = frozenset({"AVAILABLE", "COMPLETED"})


class ListedPoint(PlacedPoint, frozen=True, kw_only=True):
    """A recovery point as a list tells it.

    `kept_for_days` is its retention, None where that has no end. The `scan` is NEVER also where AWS does not say.
    """

    completed_at: datetime | None = None
    expires_at: datetime | None = None
    kept_for_days: int | None = None
    size: int | None = None
    is_composite: bool = False
    scan: Scan = Scan.NEVER
    scanned_at: datetime | None = None
    verified: bool | None = None

    @property
    def is_whole(self) -> bool:
        """Whether AWS Backup has finished it."""
        return self.status in _WHOLE


class Mark(StrEnum):
    """What one candidate is the first in."""

    LEAST_LOSS = "least loss"
    SOONEST = "soonest"
    NEWEST_CLEAN = "newest clean"


class WayBack(Struct, frozen=True, kw_only=True):
    """One way in which a backup comes back.

    The minutes are those of AWS's jobs, None where nobody can tell; `measured` where they are not an estimate.
    """

    point: ListedPoint
    way: Way
    minutes: int | None = None
    measured: bool = False

    @property
    def storage(self) -> Storage:
        """How the recovery point is stored."""
        return Storage.COLD if self.point.is_cold else Storage.WARM


class Candidate(Struct, frozen=True, kw_only=True):
    """One backup, of the state at `instant`, with its ways back, the best first; it was begun at `created_at`.

    `scan` and `verified` are of all its copies together. `kind` is the name of its kind, `steps` are left to do.
    """

    instant: datetime
    minutes_lost: int
    ways: tuple[WayBack, ...]
    kind: str
    scan: Scan = Scan.NEVER
    scanned_at: datetime | None = None
    verified: bool | None = None
    marks: tuple[Mark, ...] = ()
    steps: tuple[str, ...] = ()

    @property
    def best(self) -> WayBack:
        """The way that is shown first."""
        return self.ways[0]

    @property
    def created_at(self) -> datetime:
        """When it was begun, by which AWS Backup and whoever asks for it call it: its copies keep that."""
        return min(way.point.created_at for way in self.ways)


class NotOffered(Struct, frozen=True, kw_only=True):
    """A recovery point out of which nothing is restored, and why; without an instant nobody knows of when it is."""

    recovery_point: str
    vault: str
    created_at: datetime
    instant: datetime | None
    reason: str


class Candidates(Struct, frozen=True, kw_only=True):
    """The rows to choose from, in their order; `more` are as good, and not among them."""

    rows: tuple[Candidate, ...]
    more: int
    not_offered: tuple[NotOffered, ...]
