"""What became of the copies of a resource's latest backups, out of the lines of its history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct

from strongroom.adapters.ledger.views.lines import line_in
from strongroom.adapters.ledger.views.places import NOW, history_of
from strongroom.adapters.ledger.views.table import ViewTable
from strongroom.adapters.ledger.views.written import viewed


class _Copies(Struct, frozen=True, kw_only=True):
    """Of a line of the history what is said of copies: who restores need not load all that it is made of."""

    at: datetime
    copies: Mapping[str, str] = {}


class LedgerCopies:
    """The states of copies, for whoever chooses one of them."""

    ACTIONS: Final = ("dynamodb:Query",)

    def __init__(self, table: ViewTable) -> None:
        """`table` is the views'."""
        self._table = table

    def states(self, resource: str, *, most: int) -> Mapping[tuple[datetime, str], str]:
        """The state of each copy of so many of the latest backups, by when that was made and by the copy's vault."""
        items = self._table.page(history_of(resource), most=most + 1, backwards=True)
        lines = [viewed(line_in(item), _Copies) for item in items if item["sk"] != NOW]
        return {(line.at, vault): state for line in lines[:most] for vault, state in line.copies.items()}
