"""The views as they are written: of resources, and those that are counted from them.

`UNIT#<unit>` has a line for each account, the worst first, `UNITS` one for each unit, `WORST` those in which something
is wrong, `NAMES` those whose name is known, `DAYS` one for each day, and `VIEW` the whole. `DIRTY` names the accounts
whose lists have changed.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.table import to_moment, to_text
from strongroom.adapters.ledger.views.places import (
    DAYS,
    DIRTY,
    RECOUNT,
    SUMMARY,
    UNITS,
    line_of_account,
    list_of_account,
    list_of_unit,
    now_of,
    place_in_names,
    place_in_unit,
    place_in_worst,
)
from strongroom.adapters.ledger.views.resources import find_resource, forget_resource, keep_resource
from strongroom.adapters.ledger.views.table import ViewTable
from strongroom.adapters.ledger.views.written import dumped, loaded
from strongroom.domain.identifiers import AccountId
from strongroom.domain.status.nights import BackupLine
from strongroom.domain.status.resources import ResourceStatus
from strongroom.domain.status.totals import AccountLine, DayLine, ResourceLine, Summary, UnitLine


class LedgerViews:
    """The book of views, for the one who writes them."""

    ACTIONS: Final = (
        "dynamodb:DeleteItem",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
    )

    def __init__(self, table: ViewTable) -> None:
        """`table` is the views'."""
        self._table = table

    def find(self, resource: str, *, most: int) -> tuple[ResourceStatus | None, tuple[BackupLine, ...]]:
        """The resource's status, and so many of its latest backups, the last one first."""
        return find_resource(self._table, resource, most=most)

    def keep(self, status: ResourceStatus, *, was: ResourceStatus | None, lines: Iterable[BackupLine]) -> bool:
        """Write what became of it; False when somebody else has written it since `was` was read."""
        return keep_resource(self._table, status, was=was, lines=lines)

    def forget(self, status: ResourceStatus) -> None:
        """Take a resource out of its account's list that the ledger does not know any more."""
        forget_resource(self._table, status)

    def dirty(self) -> dict[AccountId, str]:
        """The accounts whose lists have changed since they were counted, each with its mark."""
        return {AccountId(item["sk"]): item["mark"] for item in self._table.under(DIRTY)}

    def clean(self, account: AccountId, *, mark: str) -> None:
        """Note that the account was counted, unless its list has changed since the mark was read."""
        key = Key(DIRTY, account)
        item = self._table.get(key) if mark else None
        if item is not None and item["mark"] == mark:
            self._table.remove(key)

    def resources_of(self, account: AccountId) -> Iterator[ResourceLine]:
        """Every resource of the account's list, once: a line that an interrupted write has left over is removed."""
        seen: dict[str, Key] = {}
        for item in self._table.under(list_of_account(account)):
            line, place = loaded(item, ResourceLine), Key(item["pk"], item["sk"])
            if line.resource in seen:
                self._tidy(line.resource, (seen[line.resource], place))
                continue
            seen[line.resource] = place
            yield line

    def accounts_of(self, unit: str) -> Iterator[AccountLine]:
        """Every account of the unit's list."""
        for item in self._table.under(list_of_unit(unit)):
            yield loaded(item, AccountLine)

    def units(self) -> Iterator[UnitLine]:
        """Every unit."""
        for item in self._table.under(UNITS):
            yield loaded(item, UnitLine)

    def account(self, account: AccountId) -> AccountLine | None:
        """The account's line, as its unit's list has it."""
        item = self._table.get(line_of_account(account))
        if item is None:
            return None
        listed = loaded(item, AccountLine)
        return loaded(self._table.get(place_in_unit(listed)) or item, AccountLine)

    def keep_account(self, line: AccountLine, *, was: AccountLine | None) -> None:
        """Write the account's line where it belongs, and take it away from where it was.

        Under its id stands the line with which it came to where it is listed now, so that whoever writes it finds that.
        """
        if was == line:
            return
        places, left = _places(line), _places(was) if was else ()
        for place in places:
            self._table.put(place.item | dumped(line))
        for place in left:
            if place not in places:
                self._table.remove(place)
        if places != left:
            self._table.put(line_of_account(line.account).item | dumped(line))

    def drop_account(self, was: AccountLine) -> None:
        """Take away the line of an account that has nothing to be protected."""
        for place in (line_of_account(was.account), *_places(was)):
            self._table.remove(place)

    def keep_unit(self, line: UnitLine) -> None:
        """Write the unit's line."""
        self._table.put(Key(UNITS, line.unit).item | dumped(line))

    def drop_unit(self, unit: str) -> None:
        """Take away the line of a unit without accounts."""
        self._table.remove(Key(UNITS, unit))

    def keep_summary(self, summary: Summary, *, day: DayLine) -> None:
        """Write the whole, and what the day looks like with it."""
        self._table.put(SUMMARY.item | dumped(summary))
        self._table.put(Key(DAYS, day.day.isoformat()).item | dumped(day))

    def recounted_at(self) -> datetime | None:
        """When everything was last held against the ledger."""
        item = self._table.get(RECOUNT)
        return None if item is None else to_moment(item["at"])

    def note_recount(self, at: datetime) -> None:
        """Note that it was."""
        self._table.put(RECOUNT.item | {"at": to_text(at)})

    def _tidy(self, resource: str, places: tuple[Key, ...]) -> None:
        now = self._table.get(now_of(resource))
        status = None if now is None else loaded(now, ResourceStatus)
        for place in places:
            if status is not None and not place.sk.startswith(f"{status.state.rank}#"):
                self._table.remove(place)


def _places(line: AccountLine) -> tuple[Key, ...]:
    """Where the account's line is listed."""
    places = [place_in_unit(line)]
    if line.totals.wrong:
        places.append(place_in_worst(line))
    if line.name:
        places.append(place_in_names(line))
    return tuple(places)
