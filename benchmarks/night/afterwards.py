"""What is done about a night once it is over: views are brought up to date, lists read each hour, vaults compared."""

from datetime import datetime, timedelta
from typing import Final

from benchmarks.measurement import NotMeasuredError
from benchmarks.night.alone import Clock, Taken
from benchmarks.night.burst import HEARD_AT, play_burst
from benchmarks.night.far_table import FarTable
from benchmarks.night.reconciliation import read_lists
from benchmarks.night.views import look_at_views
from strongroom.domain.copies.comparing.kept import REMEMBERED_FOR
from tests.builders.copies import CREATED_AT
from tests.fakes.copies import LateNight
from tests.fakes.many.organization_night import OrganizationNight

_HOUR, _DAY, _WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
# Whoever reads the lists each hour has read them before the night, and reads on until no window has it any more.
_HOURS: Final = tuple(CREATED_AT + hours * _HOUR for hours in range(-1, 7))
_LISTED_FOR: Final = timedelta(days=30)
_WEEKS: Final = tuple(HEARD_AT + weeks * _WEEK for weeks in range(1, 5))
# A week in which no job tells of the night any more: one of so many.
_OLDER: Final = HEARD_AT + 5 * _WEEK
_WEEKS_OF_OLDER: Final = (REMEMBERED_FOR - _LISTED_FOR) / _WEEK
_SAMPLED_AT: Final = HEARD_AT + _DAY + timedelta(minutes=1)


def play_month(backups: int) -> Taken:
    """A night of so many backups, and all that is done about it as long as it is remembered."""
    return play_burst(backups, afterwards=look_back)


def look_back(night: OrganizationNight, table: FarTable) -> Taken:
    """Units of the ledger and CPU seconds of all the later looks together, what the views take, and what stays."""
    views = look_at_views(night, table, at=HEARD_AT)
    clock = Clock()
    taken = [(1.0, read_lists(night, table, at=at)) for at in _HOURS]
    taken.append((1.0, _sweep(night, table, at=_SAMPLED_AT)))
    taken += [(1.0, read_lists(night, table, at=at)) for at in _WEEKS]
    taken.append((_WEEKS_OF_OLDER, read_lists(night, table, at=_OLDER)))
    units = {name: sum(times * each[name] for times, each in taken) for name in ("write_units", "read_units")}
    later = {f"later_{name}": round(count, 1) for name, count in units.items()} | {"later_seconds": clock.seconds}
    return later | views | {f"ledger_{name}": count for name, count in table.held().items()}


def _sweep(night: OrganizationNight, table: FarTable, *, at: datetime) -> Taken:
    """The second look at those copies that are sampled."""
    table.counts()
    late = LateNight(night.intent)
    while looked := late.sweep_over(table, at, points=night, vaults=night).counts:
        if set(looked) != {"SEEN_AGAIN"}:
            raise NotMeasuredError(f"the second looks came to {looked}")
    counts = table.counts()
    return {"write_units": sum(counts["write_units"].values()), "read_units": counts["read_units"]}
