"""Accounts in the ledger: `ACCOUNT#<id>` / `STATE`; those that are not ready carry the sparse index."""

from collections.abc import Iterator
from datetime import datetime

from strongroom.adapters.ledger.table import Item, LedgerTable, to_moment, to_text
from strongroom.domain.accounts import AccountState, AccountVerdict, KnownAccount
from strongroom.domain.identifiers import AccountId

_INDEX = "due"
_NOT_READY = "account-not-ready"
# All three are reserved words of DynamoDB.
_NAMES = {"#state": "state", "#account": "account", "#missing": "missing"}
_ALWAYS = (
    "#account = :account, #state = :state, reason = :reason, #missing = :missing, target_unit = :unit, "
    "units = :units, assessed_at = :now"
)


class LedgerAccounts:
    """The account book, kept in the ledger."""

    def __init__(self, table: LedgerTable) -> None:
        """`table` is the ledger's."""
        self._table = table

    def find(self, account: AccountId) -> KnownAccount | None:
        """The account as it was judged last."""
        item = self._table.get(_pk(account), "STATE")
        return None if item is None else _known(item)

    def record(self, verdict: AccountVerdict, *, not_ready_since: datetime | None, now: datetime) -> None:
        """Remember the verdict, unless a later one is there already."""
        values = {
            ":account": verdict.account,
            ":state": verdict.state,
            ":reason": verdict.reason,
            ":missing": list(verdict.missing),
            ":unit": verdict.unit or "",
            ":units": list(verdict.units),
            ":now": to_text(now),
        }
        update = f"SET {_ALWAYS} REMOVE not_ready_since, due_bucket, due_at"
        if not_ready_since is not None:
            update = f"SET {_ALWAYS}, not_ready_since = :since, due_bucket = :bucket, due_at = :now"
            values |= {":since": to_text(not_ready_since), ":bucket": _NOT_READY}
        self._table.change(
            _pk(verdict.account),
            "STATE",
            update=update,
            values=values,
            condition="attribute_not_exists(assessed_at) OR assessed_at <= :now",
            names=_NAMES,
        )

    def not_ready(self, *, until: datetime) -> Iterator[KnownAccount]:
        """The accounts that were judged not ready at `until` or before, the longest unlooked-at first."""
        return map(_known, self._table.due(_INDEX, bucket=_NOT_READY, until=to_text(until)))


def _pk(account: AccountId) -> str:
    return f"ACCOUNT#{account}"


def _known(item: Item) -> KnownAccount:
    since = item.get("not_ready_since")
    return KnownAccount(
        account=AccountId(item["account"]),
        state=AccountState(item["state"]),
        units=tuple(item["units"]),
        assessed_at=to_moment(item["assessed_at"]),
        not_ready_since=None if since is None else to_moment(since),
    )
