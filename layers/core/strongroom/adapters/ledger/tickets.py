"""Used tickets in the ledger: `TICKET#<key>` / `USE`."""

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.table import Table


class LedgerTicketUses:
    """Which ticket was used for which request; never forgotten."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def claim(self, key: str, *, request_id: str) -> bool:
        """Use the ticket for the request; False when another request has it."""
        use = Key(f"TICKET#{key}", "USE")
        if self._table.put_new(use.item | {"request_id": request_id}):
            return True
        item = self._table.get(use)
        return item is not None and item["request_id"] == request_id
