"""The views as they are shown: each call reads one page, whatever the organisation's size."""

from typing import Final

from strongroom.adapters.ledger.table import Item
from strongroom.adapters.ledger.views.places import (
    DAYS,
    NAMES,
    SUMMARY,
    UNITS,
    WORST,
    beginning_of,
    list_of_account,
    list_of_unit,
    now_of,
    resource_at,
)
from strongroom.adapters.ledger.views.resources import find_resource
from strongroom.adapters.ledger.views.table import ViewTable
from strongroom.adapters.ledger.views.written import loaded
from strongroom.domain.identifiers import AccountId
from strongroom.domain.status.nights import BackupLine
from strongroom.domain.status.resources import ResourceStatus
from strongroom.domain.status.totals import AccountLine, DayLine, Summary, UnitLine


class LedgerShownViews:
    """The views, for those who only read them."""

    ACTIONS: Final = ("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query")

    def __init__(self, table: ViewTable) -> None:
        """`table` is the views'."""
        self._table = table

    def summary(self) -> Summary | None:
        """The whole, or None where nothing was counted yet."""
        item = self._table.get(SUMMARY)
        return None if item is None else loaded(item, Summary)

    def first_units(self, *, most: int) -> tuple[UnitLine, ...]:
        """So many units, by name."""
        return tuple(loaded(item, UnitLine) for item in self._table.page(UNITS, most=most))

    def worst_accounts(self, *, most: int) -> tuple[AccountLine, ...]:
        """So many accounts in which something is wrong, the worst first."""
        return tuple(loaded(item, AccountLine) for item in self._table.page(WORST, most=most))

    def named(self, beginning: str, *, most: int) -> tuple[AccountLine, ...]:
        """So many accounts whose name begins so, in whichever case, by name."""
        sought = beginning_of(beginning)
        # Nothing sorts between a text and what it begins.
        items = self._table.page(NAMES, after=sought, most=most)
        return tuple(loaded(item, AccountLine) for item in items if item["sk"].startswith(sought))

    def latest_days(self, *, most: int) -> tuple[DayLine, ...]:
        """So many days, the last one first."""
        return tuple(loaded(item, DayLine) for item in self._table.page(DAYS, most=most, backwards=True))

    def page_of_unit(self, unit: str, *, after: str, most: int) -> tuple[tuple[AccountLine, ...], str]:
        """So many accounts of the unit, the worst first, and where the next page begins; empty after the last."""
        items = self._table.page(list_of_unit(unit), after=after, most=most)
        return tuple(loaded(item, AccountLine) for item in items), _following(items, most=most)

    def page_of_account(self, account: AccountId, *, after: str, most: int) -> tuple[tuple[ResourceStatus, ...], str]:
        """So many resources of the account, the worst first, and where the next page begins; empty after the last."""
        items = self._table.page(list_of_account(account), after=after, most=most)
        keys = [now_of(resource_at(item["sk"])) for item in items]
        found = self._table.several(keys) if keys else []
        return tuple(loaded(item, ResourceStatus) for item in found), _following(items, most=most)

    def find(self, resource: str, *, most: int) -> tuple[ResourceStatus | None, tuple[BackupLine, ...]]:
        """The resource's status, and so many of its latest backups, the last one first."""
        return find_resource(self._table, resource, most=most)


def _following(items: list[Item], *, most: int) -> str:
    return str(items[-1]["sk"]) if len(items) == most else ""
