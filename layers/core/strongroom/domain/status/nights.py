"""What one backup of a resource came to, kept as one line of its history, and the sums of a night."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final

from msgspec import Struct

from strongroom.domain.copies.expected.backups import ExpectedBackup, ExpectedState
from strongroom.domain.copies.promises import Promise, PromiseState

# A night goes from noon to noon in UTC, and has the date of its morning.
_NOON: Final = timedelta(hours=12)
# So many nights are summed up: the last one, and the one that has begun.
SUMMED: Final = 2
_MISSED: Final = (PromiseState.MISSING, PromiseState.FAILED, PromiseState.VANISHED)


class BackupMade(StrEnum):
    """What became of a run: its backup was made, or its job failed, or it never began."""

    MADE = "made"
    FAILED = "failed"
    MISSING = "missing"


class BackupLine(Struct, frozen=True, kw_only=True):
    """One run of a rule: when its backup was created (or was due), and in which state each copy ended, by vault."""

    at: datetime
    tier: str
    rule: str
    backup: BackupMade
    copies: Mapping[str, PromiseState]

    @property
    def night(self) -> date:
        """The night that it belongs to."""
        return night_of(self.at)


class NightSum(Struct, frozen=True, kw_only=True):
    """What happened in one night: backups made, copies verified, and what of both is missing or failed."""

    night: date
    backups: int = 0
    copies: int = 0
    missed: int = 0


def night_of(at: datetime) -> date:
    """The night in which the moment lies."""
    return (at.astimezone(UTC) + _NOON).date()


def end_of(night: date) -> datetime:
    """When the night is over."""
    return datetime.combine(night, datetime.min.time(), tzinfo=UTC) + _NOON


def lines_of(
    promises: Iterable[Promise], expected: Iterable[ExpectedBackup], *, uncopied: frozenset[tuple[str, str]]
) -> tuple[BackupLine, ...]:
    """The lines of the backups whose copies are all settled, missing or failed, and of runs that brought none.

    `uncopied` are the tiers and rules that owe no copy: of their backups only the expectation tells.
    """
    made = [
        line
        for _, owed in groupby(sorted(promises, key=_run_of), key=_run_of)
        if (line := _made(tuple(owed))) is not None
    ]
    return (*made, *(line for each in expected if (line := _run(each, uncopied=uncopied)) is not None))


def sums_of(lines: Iterable[BackupLine]) -> tuple[NightSum, ...]:
    """The sums of the latest nights, the last one first."""
    by_night = sorted(lines, key=lambda line: line.night)
    return latest(_sum(night, tuple(each)) for night, each in groupby(by_night, key=lambda line: line.night))


def added(sums: Iterable[NightSum]) -> tuple[NightSum, ...]:
    """The sums of several resources or accounts, night by night; the latest nights, the last one first."""
    ordered = sorted(sums, key=lambda each: each.night)
    return latest(_total(night, tuple(each)) for night, each in groupby(ordered, key=lambda each: each.night))


def latest(sums: Iterable[NightSum]) -> tuple[NightSum, ...]:
    """Those of the latest nights, the last one first."""
    return tuple(sorted(sums, key=lambda each: each.night, reverse=True)[:SUMMED])


def _run_of(promise: Promise) -> tuple[datetime, str, str, str]:
    return promise.created_at, promise.tier, promise.rule or "", promise.night or promise.recovery_point


def _made(owed: tuple[Promise, ...]) -> BackupLine | None:
    """The line of a backup; None while one of its copies is on its way."""
    if any(promise.state is PromiseState.OPEN for promise in owed):
        return None
    first = owed[0]
    return BackupLine(
        at=first.created_at,
        tier=first.tier,
        rule=first.rule or "",
        backup=BackupMade.MADE,
        copies={promise.destination: promise.state for promise in owed},
    )


def _run(expected: ExpectedBackup, *, uncopied: frozenset[tuple[str, str]]) -> BackupLine | None:
    at, backup = expected.last_created, BackupMade.MADE
    match expected.state:
        case ExpectedState.FAILED:
            backup = BackupMade.FAILED
        case ExpectedState.MISSING:
            at, backup = expected.missed, BackupMade.MISSING
        case _ if (expected.tier, expected.rule) not in uncopied:
            return None
    if at is None:
        return None
    return BackupLine(at=at, tier=expected.tier, rule=expected.rule, backup=backup, copies={})


def _sum(night: date, lines: tuple[BackupLine, ...]) -> NightSum:
    states = [state for line in lines for state in line.copies.values()]
    made = sum(line.backup is BackupMade.MADE for line in lines)
    return NightSum(
        night=night,
        backups=made,
        copies=states.count(PromiseState.VERIFIED),
        missed=len(lines) - made + sum(state in _MISSED for state in states),
    )


def _total(night: date, sums: tuple[NightSum, ...]) -> NightSum:
    return NightSum(
        night=night,
        backups=sum(each.backups for each in sums),
        copies=sum(each.copies for each in sums),
        missed=sum(each.missed for each in sums),
    )
