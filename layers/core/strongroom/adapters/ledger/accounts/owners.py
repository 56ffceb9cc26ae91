"""Whom what is wrong in an account concerns."""

from strongroom.adapters.ledger.accounts.keys import account_key
from strongroom.adapters.ledger.table import Table
from strongroom.domain.alerts.complaints import Whose
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent


class LedgerOwners:
    """Whom what is wrong in an account concerns, by how it was judged last."""

    def __init__(self, table: Table, *, intent: Intent) -> None:
        """`table` is the ledger's; the intent says who is asked where an account's own tag does not."""
        self._table = table
        self._intent = intent

    def of(self, account: AccountId) -> Whose | None:
        """Its name, the owner that its tag or the intent names, and its target; None where nothing is known of it."""
        item = self._table.get(account_key(account)) or {}
        target = self._intent.target_of(account, item.get("units", ()))
        whose = Whose(
            account_name=item.get("account_name", ""),
            owner=item.get("owner") or (target and target.contact) or "",
            unit=target.name if target else "",
        )
        return whose if whose != Whose() else None
