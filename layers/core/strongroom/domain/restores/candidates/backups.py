"""Which recovery points are copies of one backup, and what is known of it by all of them together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from strongroom.domain.copies.found import is_continuous
from strongroom.domain.restores.candidates.estimates import is_of_its_start
from strongroom.domain.restores.candidates.model import ListedPoint
from strongroom.domain.restores.kinds.table import kind_of
from strongroom.domain.restores.plans import RecoveryPoint
from strongroom.domain.restores.scans.verdicts import Scan, told_together

# AWS Backup tells when one backup was made to the millisecond here, and to the second there.
_DETAIL: Final = timedelta(seconds=1)


class Backup(NamedTuple):
    """One backup, by all its copies; `instant` is of when the data is, None while it is still being written."""

    points: tuple[ListedPoint, ...]
    kind: str
    instant: datetime | None
    scan: Scan
    scanned_at: datetime | None
    verified: bool | None

    @property
    def is_log(self) -> bool:
        """Whether it holds every second of a while."""
        return is_continuous(self.points[0].arn)


def backups_of(points: Iterable[ListedPoint]) -> tuple[Backup, ...]:
    """The backups, in any order.

    Copies are known by what they are of, when that was made, which they keep, and the vault that they go back to (AWS
    Backup Developer Guide, "Creating a backup copy").
    """
    return tuple(_backup(copies) for same in _of_one_moment(points) for copies in _copied(same))


def scan_of_backup(point: RecoveryPoint, *, listed: Iterable[ListedPoint]) -> Scan:
    """What is known of the recovery point's backup, by itself and by all its copies in these lists.

    One that no list has yet is known to be nobody's copy.
    """
    mine = next((each for each in backups_of(listed) if _holds(each, point)), None)
    return told_together((point.scan, Scan.NEVER if mine is None else mine.scan))


def _holds(backup: Backup, point: RecoveryPoint) -> bool:
    return any((each.arn, each.vault) == (point.arn, point.vault) for each in backup.points)


def kind_name(point: ListedPoint) -> str:
    """What its kind is called here, or else its type by AWS Backup's word."""
    kind = kind_of(point.resource_type, resource=point.resource, backup={})
    return point.resource_type if kind is None else kind.name


def _backup(points: tuple[ListedPoint, ...]) -> Backup:
    scan = told_together(point.scan for point in points)
    told = {point.verified for point in points} - {None}
    scanned = [point.scanned_at for point in points if point.scan is scan and point.scanned_at is not None]
    kind = kind_name(points[0])
    return Backup(
        points=points,
        kind=kind,
        instant=_instant(points, kind),
        scan=scan,
        scanned_at=max(scanned, default=None),
        verified=True in told if told else None,
    )


def _instant(points: tuple[ListedPoint, ...], kind: str) -> datetime | None:
    """When it began, or when the first of its copies was whole: a copy ends later than what it was copied from."""
    if is_of_its_start(kind):
        return min(point.created_at for point in points)
    return min((point.completed_at for point in points if point.completed_at is not None), default=None)


def _of_one_moment(points: Iterable[ListedPoint]) -> Iterator[list[ListedPoint]]:
    """Those that may be copies of one backup, because they are of one resource and moment; a log is one of its own."""
    logs: defaultdict[str, list[ListedPoint]] = defaultdict(list)
    others: list[ListedPoint] = []
    for point in points:
        (logs[point.arn] if is_continuous(point.arn) else others).append(point)
    yield from logs.values()
    others.sort(key=lambda each: (each.resource, each.created_at))
    same: list[ListedPoint] = []
    for point in others:
        if same and not _is_of_one_moment(same[-1], point):
            yield same
            same = []
        same.append(point)
    if same:
        yield same


def _is_of_one_moment(earlier: ListedPoint, later: ListedPoint) -> bool:
    return earlier.resource == later.resource and later.created_at - earlier.created_at <= _DETAIL


def _copied(points: Iterable[ListedPoint]) -> Iterator[tuple[ListedPoint, ...]]:
    """Those of them whose vaults were copied from each other, in however many steps; each in a fixed order."""
    groups: list[tuple[set[str], list[ListedPoint]]] = []
    for point in points:
        vaults, copies = {point.vault, point.source_vault or point.vault}, [point]
        for group in [each for each in groups if each[0] & vaults]:
            groups.remove(group)
            vaults |= group[0]
            copies += group[1]
        groups.append((vaults, copies))
    return (tuple(sorted(copies, key=lambda each: each.arn)) for _, copies in groups)
