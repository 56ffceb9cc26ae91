"""Accounts as judged last: `ACCOUNT#<id>` / `STATE`; what is to be judged again carries the sparse index."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from strongroom.adapters.ledger.accounts.keys import account_key
from strongroom.adapters.ledger.changes import AnyOf, AtMost, Change, Exists, Key, absent
from strongroom.adapters.ledger.table import Item, Table, to_moment, to_text
from strongroom.domain.accounts.membership import AccountState, AccountVerdict, KnownAccount
from strongroom.domain.identifiers import AccountId

# Its name is from when only those that are not ready stood there.
_TO_JUDGE: Final = "account-not-ready"


_EVER: Final = "9999"


_COMPARED: Final = Key("MARK#accounts", "compared")


class LedgerAccounts:
    """The account book, kept in the ledger."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def find(self, account: AccountId) -> KnownAccount | None:
        """The account as it was judged last."""
        item = self._table.get(account_key(account))
        return None if item is None else _known(item)

    def record(
        self,
        verdict: AccountVerdict,
        *,
        not_ready_since: datetime | None,
        now: datetime,
        again_at: datetime | None = None,
    ) -> bool:
        """Remember the verdict, and when to judge again; False where a later one is there already."""
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
        again = None if again_at is None else to_text(again_at)
        watched = {"not_ready_since": since, "due_bucket": again and _TO_JUDGE, "due_at": again}
        written = self._table.change(
            account_key(verdict.account),
            Change(set=judged | watched, when=AnyOf(absent("assessed_at"), AtMost("assessed_at", to_text(now)))),
        )
        return written is not None

    def doubt(self, account: AccountId, *, now: datetime) -> None:
        """Have the account judged again, whatever it was judged to be; one that never was judged stays unknown."""
        waiting = {"due_bucket": _TO_JUDGE, "due_at": to_text(now)}
        self._table.change(account_key(account), Change(set=waiting, when=Exists("assessed_at")))

    def to_judge(self, *, until: datetime) -> Iterator[KnownAccount]:
        """The accounts that are to be judged again at `until` or before, the longest waiting first."""
        for listed in self._table.due(bucket=_TO_JUDGE, until=to_text(until)):
            item = self._table.get(account_key(AccountId(listed["account"])))
            if item is not None and item.get("due_at", "") == listed["due_at"]:
                yield _known(item)

    def governed(self) -> Iterator[AccountId]:
        """Every account that was judged ready or not ready last."""
        for listed in self._table.due(bucket=_TO_JUDGE, until=_EVER):
            yield AccountId(listed["account"])

    def compared_at(self) -> datetime | None:
        """When the list of all accounts was held against the book last."""
        item = self._table.get(_COMPARED)
        return None if item is None else to_moment(item["compared_at"])

    def note_comparison(self, *, at: datetime) -> None:
        """Remember that it was."""
        self._table.put(_COMPARED.item | {"compared_at": to_text(at)})


def _known(item: Item) -> KnownAccount:
    since = item.get("not_ready_since")
    return KnownAccount(
        account=AccountId(item["account"]),
        state=AccountState(item["state"]),
        units=tuple(item["units"]),
        assessed_at=to_moment(item["assessed_at"]),
        not_ready_since=None if since is None else to_moment(since),
        name=item.get("account_name", ""),
        owner=item.get("owner", ""),
        reason=item.get("reason", ""),
        missing=tuple(item.get("missing", ())),
    )
