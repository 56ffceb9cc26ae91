"""What the ledger has beside the views: names of accounts, and open alerts; it is read, and nothing is written here."""

from collections.abc import Iterator
from typing import Final

from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.alerts import LedgerAlerts
from strongroom.adapters.ledger.table import Table
from strongroom.domain.alerts.complaints import AlertKind, fingerprint
from strongroom.domain.alerts.lifecycle import AlertState, AlertStatus
from strongroom.domain.identifiers import AccountId


class LedgerSurroundings:
    """The ledger, for those who only show the views."""

    ACTIONS: Final = ("dynamodb:GetItem", "dynamodb:Query")

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._accounts = LedgerAccounts(table)
        self._alerts = LedgerAlerts(table)

    def name_of(self, account: AccountId) -> str:
        """What the account is called; empty where nobody knows."""
        known = self._accounts.find(account)
        return known.name if known else ""

    def open_alerts(self, *, account: AccountId | None = None) -> Iterator[AlertState]:
        """What is open, in one account or anywhere: the gravest first, the oldest of those, last what is being told."""
        return self._alerts.open(account=account)

    def alert_of_vault(self, vault: str) -> AlertState | None:
        """What is open about the vault of this ARN not being as the intent demands."""
        state = self._alerts.find(fingerprint(AlertKind.VAULT_DIFFERS, vault))
        return state if state is not None and state.status is AlertStatus.OPEN else None
