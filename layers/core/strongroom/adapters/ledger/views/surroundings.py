"""What the ledger has beside the views: accounts, alerts, verdicts on tags, inventories; nothing is written here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.inventories.book import LedgerInventories
from strongroom.adapters.ledger.settings import LedgerSettings
from strongroom.adapters.ledger.table import to_moment
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts, LedgerOpenAlerts
from strongroom.domain.alerts.complaints import AlertKind, fingerprint
from strongroom.domain.alerts.lifecycle import AlertState, AlertStatus
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.tags.decided import Decided

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from strongroom.adapters.ledger.table import Item, WholeTable
    from strongroom.domain.accounts.membership import KnownAccount
    from strongroom.domain.restores.settings.note import KeptNote
    from strongroom.domain.tags.inventory.runs import Mark, Run


class LedgerSurroundings:
    """The ledger, for those who only show the views."""

    ACTIONS: Final = ("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query")

    def __init__(self, table: WholeTable) -> None:
        """`table` is the ledger's."""
        self._accounts = LedgerAccounts(table)
        self._alerts, self._open = LedgerAlerts(table), LedgerOpenAlerts(table)
        self._table = table
        self._inventories = LedgerInventories(table)
        self._settings = LedgerSettings(table)

    def name_of(self, account: AccountId) -> str:
        """What the account is called; empty where nobody knows."""
        known = self._accounts.find(account)
        return known.name if known else ""

    def account(self, account: AccountId) -> KnownAccount | None:
        """The account as it was judged last."""
        return self._accounts.find(account)

    def decided(self, resource: str) -> Decided | None:
        """The last verdict on the resource's tags."""
        item = self._table.get(Key(f"RESOURCE#{resource}", "STATE"))
        return None if item is None or "decided_at" not in item else _decided(resource, item)

    def inventory(self) -> Run | None:
        """The last inventory of all accounts."""
        return self._inventories.latest()

    def inventoried(self, run: str, account: AccountId) -> Iterator[Mark]:
        """How far the inventory is in each Region of the account where it has begun."""
        return self._inventories.of_account(run, account)

    def refused_lists(self, account: AccountId) -> dict[str, datetime]:
        """Which lists of the account are refused to inventories, and since when."""
        return self._inventories.refused(account)

    def open_alerts(self, *, account: AccountId | None = None) -> Iterator[AlertState]:
        """What is open, in one account or anywhere: the gravest first, the oldest of those, last what is being told."""
        return self._open.open(account=account)

    def settings(self, resource: str) -> KeptNote | None:
        """The latest note of what is set on the resource."""
        return self._settings.find(resource)

    def alert_of_vault(self, vault: str) -> AlertState | None:
        """What is open about the vault of this ARN not being as the intent demands."""
        state = self._alerts.find(fingerprint(AlertKind.VAULT_DIFFERS, vault))
        return state if state is not None and state.status is AlertStatus.OPEN else None


def _decided(arn: str, item: Item) -> Decided:
    return Decided(
        resource=arn,
        account=AccountId(item["account"]),
        region=Region(item["region"]),
        state=item["tag_state"],
        reason=item["tag_reason"],
        tier=item["tier"] or None,
        event_id=item["tag_event"],
        decided_at=to_moment(item["decided_at"]),
        until=to_moment(item["due_at"]) if "task" in item else None,
    )
