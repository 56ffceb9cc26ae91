"""Accounts in the ledger: `ACCOUNT#<id>` / `STATE`; those that are not ready carry the sparse index."""

from collections.abc import Iterator
from datetime import datetime

from strongroom.adapters.ledger.changes import AnyOf, AtMost, Change, Key, absent
from strongroom.adapters.ledger.table import Item, Table, to_moment, to_text
from strongroom.domain.accounts.membership import AccountState, AccountVerdict, KnownAccount
from strongroom.domain.alerts.complaints import Whose
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent

_NOT_READY = "account-not-ready"


class LedgerAccounts:
    """The account book, kept in the ledger."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def find(self, account: AccountId) -> KnownAccount | None:
        """The account as it was judged last."""
        item = self._table.get(_key(account))
        return None if item is None else _known(item)

    def record(self, verdict: AccountVerdict, *, not_ready_since: datetime | None, now: datetime) -> None:
        """Remember the verdict, unless a later one is there already."""
        judged = {
            "account": verdict.account,
            "state": verdict.state,
            "reason": verdict.reason,
            "missing": list(verdict.missing),
            "target_unit": verdict.unit or "",
            "account_name": verdict.name or None,
            "owner": verdict.owner or None,
            "units": list(verdict.units),
            "assessed_at": to_text(now),
        }
        since = None if not_ready_since is None else to_text(not_ready_since)
        watched = {"not_ready_since": since, "due_bucket": since and _NOT_READY, "due_at": since and to_text(now)}
        self._table.change(
            _key(verdict.account),
            Change(set=judged | watched, when=AnyOf(absent("assessed_at"), AtMost("assessed_at", to_text(now)))),
        )

    def not_ready(self, *, until: datetime) -> Iterator[KnownAccount]:
        """The accounts that were judged not ready at `until` or before, the longest unlooked-at first."""
        for item in self._table.due(bucket=_NOT_READY, until=to_text(until)):
            known = self.find(AccountId(item["account"]))
            if known is not None and known.not_ready_since is not None and known.assessed_at <= until:
                yield known


class LedgerOwners:
    """Whom what is wrong in an account concerns, by how it was judged last."""

    def __init__(self, table: Table, *, intent: Intent) -> None:
        """`table` is the ledger's; the intent says who is asked where an account's own tag does not."""
        self._table = table
        self._intent = intent

    def of(self, account: AccountId) -> Whose | None:
        """Its name, the owner that its tag or the intent names, and its target; None where nothing is known of it."""
        item = self._table.get(_key(account)) or {}
        target = self._intent.target_of(account, item.get("units", ()))
        whose = Whose(
            account_name=item.get("account_name", ""),
            owner=item.get("owner") or (target and target.contact) or "",
            unit=target.name if target else "",
        )
        return whose if whose != Whose() else None


def _key(account: AccountId) -> Key:
    return Key(f"ACCOUNT#{account}", "STATE")


def _known(item: Item) -> KnownAccount:
    since = item.get("not_ready_since")
    return KnownAccount(
        account=AccountId(item["account"]),
        state=AccountState(item["state"]),
        units=tuple(item["units"]),
        assessed_at=to_moment(item["assessed_at"]),
        not_ready_since=None if since is None else to_moment(since),
    )
