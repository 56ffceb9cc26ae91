"""Candidates as people and scripts are shown them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from msgspec import Struct

from strongroom.domain.restores.candidates.model import Candidate, NotOffered, WayBack
from strongroom.domain.restores.choosing.kept import Unread
from strongroom.domain.restores.deciding.case import Storage, Way
from strongroom.domain.restores.scans.verdicts import Scan

# Of what is not offered so many are shown one by one, the newest; of the others, how many there are of each reason.
_MOST_TOLD: Final = 100


class Reason(Struct, frozen=True, kw_only=True):
    """Why so many more recovery points are not offered."""

    reason: str
    count: int


class ShownWay(Struct, frozen=True, kw_only=True):
    """A way back; of `dollars` nobody knows where they are None, of the `size` in bytes as well."""

    recovery_point: str
    vault: str
    plan: Way
    minutes: int | None
    measured: bool
    storage: Storage
    size: int | None
    dollars: float | None = None


class ShownCandidate(ShownWay, frozen=True, kw_only=True):
    """A row: the backup by the best of its ways, and all of them; begun at `created_at`, of the state at `instant`."""

    created_at: datetime
    instant: datetime
    minutes_lost: int
    verified: bool | None
    scan: Scan
    scanned_at: datetime | None
    steps: tuple[str, ...]
    marks: tuple[str, ...]
    ways: tuple[ShownWay, ...]


class ShownCandidates(Struct, frozen=True, kw_only=True):
    """What `restore find` answers; `account` is where it is restored, `resource_type` AWS Backup's word.

    `region` is where it was wished to come back, empty for where it was.
    `read` are the vaults whose lists were read. `more` backups could be restored as well; of `not_offered` the newest
    are told one by one, `others_not_offered` by their reasons.
    """

    resource: str
    resource_type: str
    account: str
    before: datetime
    region: str
    candidates: tuple[ShownCandidate, ...]
    more: int
    not_offered: tuple[NotOffered, ...]
    others_not_offered: tuple[Reason, ...]
    read: tuple[str, ...]
    unread: tuple[Unread, ...]


def counted_reasons(points: Iterable[NotOffered]) -> tuple[tuple[NotOffered, ...], tuple[Reason, ...]]:
    """The first of what is not offered one by one, and the rest by their reasons."""
    every = tuple(points)
    left = Counter(each.reason for each in every[_MOST_TOLD:])
    return every[:_MOST_TOLD], tuple(Reason(reason=reason, count=count) for reason, count in sorted(left.items()))


def shown_candidate(candidate: Candidate) -> ShownCandidate:
    """One row."""
    ways = tuple(map(_way, candidate.ways))
    best = ways[0]
    return ShownCandidate(
        recovery_point=best.recovery_point,
        vault=best.vault,
        plan=best.plan,
        minutes=best.minutes,
        measured=best.measured,
        storage=best.storage,
        size=best.size,
        created_at=candidate.created_at,
        instant=candidate.instant,
        minutes_lost=candidate.minutes_lost,
        verified=candidate.verified,
        scan=candidate.scan,
        scanned_at=candidate.scanned_at,
        steps=candidate.steps,
        marks=candidate.marks,
        ways=ways,
    )


def _way(back: WayBack) -> ShownWay:
    return ShownWay(
        recovery_point=back.point.arn,
        vault=back.point.vault,
        plan=back.way,
        minutes=back.minutes,
        measured=back.measured,
        storage=back.storage,
        size=back.point.size,
    )
