"""Used tickets in the ledger: `TICKET#<key>` / `USE`."""

from strongroom.adapters.ledger.table import LedgerTable


class LedgerTicketUses:
    """Which ticket was used for which request; never forgotten."""

    def __init__(self, table: LedgerTable) -> None:
        """`table` is the ledger's."""
        self._table = table

    def claim(self, key: str, *, request_id: str) -> bool:
        """Use the ticket for the request; False when another request has it."""
        if self._table.put_new({"pk": f"TICKET#{key}", "sk": "USE", "request_id": request_id}):
            return True
        item = self._table.get(f"TICKET#{key}", "USE")
        return item is not None and item["request_id"] == request_id
