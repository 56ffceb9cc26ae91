"""What the ledger has for the views: it is read, and nothing is written here."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.copies.protection import backup_key, expected_among, items_of_resource, latest_backup
from strongroom.adapters.ledger.copies.reconciliation import LedgerReconciliation
from strongroom.adapters.ledger.due_buckets import DUE_BUCKETS
from strongroom.adapters.ledger.table import Item, Table, to_moment, to_text
from strongroom.domain.accounts.membership import KnownAccount
from strongroom.domain.copies.promises import Promise
from strongroom.domain.copies.reconciling import JobKind
from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.status.resources import Known

_EVER: Final = to_text(datetime.max.replace(tzinfo=UTC))


class LedgerReading:
    """The ledger, for the views alone."""

    ACTIONS: Final = ("dynamodb:GetItem", "dynamodb:Query")

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table
        self._promises = LedgerPromises(table)
        self._accounts = LedgerAccounts(table)
        self._marks = LedgerReconciliation(table)

    def known(self, resource: str, *, account: AccountId) -> Known:
        """What is known of the resource, which lies in the account."""
        items = [*items_of_resource(self._table, resource)]
        own: Item = next((item for item in items if item["sk"] == "STATE"), {})
        expected = expected_among(items)
        last_backup, last_point = latest_backup(items)
        region = own.get("region") or (expected[0].region if expected else Arn.parse(resource).region)
        return Known(
            resource=resource,
            account=AccountId(own.get("account") or (expected[0].account if expected else account)),
            region=Region(region),
            tier=own.get("tier") or None,
            last_backup=last_backup,
            last_point=last_point,
            expected=expected,
        )

    def promises(self, recovery_point: str) -> tuple[Promise, ...]:
        """Everything that the recovery point has promised."""
        return self._promises.of_point(recovery_point)

    def expected(self) -> Iterator[tuple[AccountId, str]]:
        """The account and the ARN of every resource of which a backup must be made, once for each of its rules."""
        for bucket in DUE_BUCKETS:
            for item in self._table.due(bucket=bucket, until=_EVER):
                if item["pk"].startswith("RESOURCE#"):
                    key = backup_key(item)
                    yield key.account, key.resource

    def account(self, account: AccountId) -> KnownAccount | None:
        """The account as it was judged last."""
        return self._accounts.find(account)

    def compared_until(self, region: Region) -> datetime | None:
        """Until when AWS's own lists of jobs were read of the Region; None where one of them never was."""
        marks = [self._marks.find(kind, region) for kind in JobKind]
        read = [mark.reached for mark in marks if mark is not None]
        return min(read) if len(read) == len(marks) else None

    def overdue_since(self, now: datetime) -> datetime | None:
        """Since when what is overdue the longest waits to be looked at; None where nothing is."""
        firsts = (next(iter(self._table.due(bucket=bucket, until=to_text(now))), None) for bucket in DUE_BUCKETS)
        return min((to_moment(item["due_at"]) for item in firsts if item is not None), default=None)
