"""What the views for people take of a night: two looks at each resource, a count of its account, and their bytes.

The first of a night's two facts finds a copy on its way, so that nothing is written: it reads as a look does that
finds nothing new. Each account was counted in the night before, too. A night of 1,000 resources has fewer of them to
each tick than it has accounts, so that each account is counted for each of its resources.
"""

import re
from datetime import date, datetime, timedelta
from typing import Any, Final

from benchmarks.measurement import NotMeasuredError
from benchmarks.night.alone import Taken
from benchmarks.night.far_table import FarTable
from strongroom.adapters.ledger.table import Item, to_text
from strongroom.adapters.ledger.views.counted import LedgerViews
from strongroom.adapters.ledger.views.memory import MemoryViewTable
from strongroom.adapters.ledger.views.places import DIRTY
from strongroom.adapters.ledger.views.reading import LedgerReading
from strongroom.domain.status.hints import Hint
from strongroom.services.status.roll_up_status import StatusRollUpNeeds, roll_up_status
from tests.fakes.many.counting_views import CountingViewTable
from tests.fakes.many.organization_night import OrganizationNight
from tests.fakes.many.units import stored_bytes

# As many nights as a look may read of a resource are there before.
_NIGHTS: Final = 64
_NIGHT: Final = "NIGHT#"
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_POINT: Final = ":recovery-point:"


def look_at_views(night: OrganizationNight, table: FarTable, *, at: datetime) -> Taken:
    """Units and calls of the views and of the ledger for all resources together, and the bytes that the views keep."""
    views = CountingViewTable()
    needs = StatusRollUpNeeds(intent=night.intent, ledger=LedgerReading(table), views=LedgerViews(views))
    _look(night, needs, at=at)
    needs.views.note_recount(at)
    roll_up_status(None, needs=needs, now=at)
    tonights = views.inside.everything()
    views.inside = _nights_before(tonights)
    needs.views.note_recount(at)
    _taken(views, table)
    written = _look(night, needs, at=at)
    late = _taken(views, table)
    written_twice = _look(night, needs, at=at)
    early = _taken(views, table)
    if (written, written_twice) != (night.backups, 0):
        raise NotMeasuredError(f"the looks wrote {written} and {written_twice} of {night.backups}")
    accounts = roll_up_status(None, needs=needs, now=at).accounts
    counted = _taken(views, table)
    roll_up_status(None, needs=needs, now=at)
    idle = _taken(views, table)
    for_each = night.backups / accounts
    sums = {name: late[name] + early[name] + (counted[name] - idle[name]) * for_each for name in late}
    return {f"view_{name}": round(count, 1) for name, count in (sums | stored_bytes(tonights)).items()}


def _look(night: OrganizationNight, needs: StatusRollUpNeeds, *, at: datetime) -> int:
    """Look at every resource, as a fact about one of its copies has it looked at; of how many something was written."""
    written = 0
    for number in range(night.backups):
        job = night.backup(number)
        hint = Hint(account=job.account, resource=job.resource or "", recovery_point=job.recovery_point or "")
        written += roll_up_status(hint, needs=needs, now=at).resources
    return written


def _taken(views: CountingViewTable, table: FarTable) -> dict[str, float]:
    """What was taken of both tables since they were asked last."""
    ledger = table.counts()
    taken = {
        "read_units": views.read_units + ledger["read_units"],
        "write_units": sum(views.write_units.values()),
        "calls": sum(views.requests.values()) + sum(ledger["requests"].values()),
    }
    views.forget()
    return taken


def _nights_before(tonights: list[Item]) -> MemoryViewTable:
    """The views as they were a day ago, when each resource had as many nights as a look may read."""
    before = MemoryViewTable()
    for item in tonights:
        if item["pk"] == DIRTY:
            continue
        for days in range(1, _NIGHTS + 1) if item["sk"].startswith(_NIGHT) else (1,):
            before.put(_earlier(item, timedelta(days=days)))
    return before


def _earlier(told: Any, age: timedelta) -> Any:
    """The same of some time before: its moments and nights, and other recovery points."""
    match told:
        case dict():
            return {name: _earlier(each, age) for name, each in told.items()}
        case list():
            return [_earlier(each, age) for each in told]
        case str() if _DATE.fullmatch(told):
            return str(date.fromisoformat(told) - age)
        case str() if _MOMENT.fullmatch(told):
            return to_text(datetime.fromisoformat(told) - age)
        case str() if told.startswith(_NIGHT):
            name, at, run = told.split("#", 2)
            return f"{name}#{_earlier(at, age)}#{run}"
        case str() if _POINT in told:
            return f"{told[:-1]}x"
        case _:
            return told
