"""Where an account was read to stand, and which execution sees to it: `ACCOUNT#<id>` / `ONBOARDING`."""

from datetime import datetime

from strongroom.adapters.ledger.accounts.keys import ACCOUNT
from strongroom.adapters.ledger.changes import AllOf, AnyOf, AtMost, Change, Condition, Equals, Exists, Key, absent
from strongroom.adapters.ledger.table import Item, Table, to_moment, to_text
from strongroom.domain.accounts.membership import Membership
from strongroom.domain.accounts.onboarding import Onboarding
from strongroom.domain.identifiers import AccountId


class LedgerOnboardings:
    """The book of accounts on their way to being ready, kept in the ledger."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def find(self, account: AccountId) -> Onboarding | None:
        """What is remembered, None of an account that was never read."""
        item = self._table.get(_onboarding_key(account))
        return None if item is None or "placed_at" not in item else _onboarding(account, item)

    def place(self, account: AccountId, membership: Membership | None, *, at: datetime) -> None:
        """Remember where it stood at that moment, unless it was read later; either raises its generation."""
        key, moment = _onboarding_key(account), to_text(at)
        stood = {
            "account": account,
            "placed_at": moment,
            "units": None if membership is None else list(membership.units),
            "status": None if membership is None else membership.status,
            "account_name": None if membership is None else membership.name or None,
        }
        is_later = AnyOf(absent("placed_at"), AtMost("placed_at", moment))
        if self._table.change(key, Change(set=stood, add={"generation": 1}, when=is_later)) is None:
            self._table.change(key, Change(add={"generation": 1}, when=Exists("placed_at")))

    def claim(self, account: AccountId, execution: str, *, until: datetime, now: datetime) -> bool:
        """Take the account, or keep it, until that moment; False while another execution has it."""
        is_free = AnyOf(absent("claim"), Equals("claim", execution), AtMost("claimed_until", to_text(now)))
        claimed = {"claim": execution, "claimed_until": to_text(until)}
        return self._table.change(_onboarding_key(account), Change(set=claimed, when=is_free)) is not None

    def release(self, account: AccountId, execution: str, *, generation: int | None = None) -> bool:
        """Give the account up; False where it is another's, or its generation is not this one any more."""
        is_ours: Condition = Equals("claim", execution)
        if generation is not None:
            is_ours = AllOf(is_ours, Equals("generation", generation))
        ended = {"ended": execution, "claim": None, "claimed_until": None}
        return self._table.change(_onboarding_key(account), Change(set=ended, when=is_ours)) is not None


def _onboarding_key(account: AccountId) -> Key:
    return Key(f"{ACCOUNT}{account}", "ONBOARDING")


def _onboarding(account: AccountId, item: Item) -> Onboarding:
    until = item.get("claimed_until")
    membership = None
    if "status" in item:
        membership = Membership(
            status=item["status"], units=tuple(item.get("units", ())), name=item.get("account_name", "")
        )
    return Onboarding(
        account=account,
        membership=membership,
        placed_at=to_moment(item["placed_at"]),
        generation=item["generation"],
        claim=item.get("claim", ""),
        claimed_until=None if until is None else to_moment(until),
        ended=item.get("ended", ""),
    )
