"""Which accounts belong to the organisation's governed units, and what a move means."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent, Target

# Statuses of an account that is closed or being closed (API reference of Organizations, Account).
DEPARTED = frozenset({"SUSPENDED", "PENDING_CLOSURE", "CLOSED"})


class AccountState(StrEnum):
    """Where an account stands."""

    READY = "READY"
    NOT_READY = "NOT_READY"
    NOT_GOVERNED = "NOT_GOVERNED"
    LEFT = "LEFT"


class Membership(Struct, frozen=True, kw_only=True):
    """An account as Organizations knows it; `units` are the ids of the units above it, the nearest first."""

    status: str
    units: tuple[str, ...]
    name: str = ""


class Placement(Struct, frozen=True, kw_only=True):
    """A governed account's target, and the units above it, the nearest first."""

    target: Target
    units: tuple[str, ...]


class AccountVerdict(Struct, frozen=True, kw_only=True):
    """Where the account stands, every missing piece by name, and where in the organisation it is.

    `exemption` says until when, by whom and why nobody is to be alerted about it. One that `awaits_signs` has every
    piece, and lacks the first signs of them; one that `is_owed` an inventory lacks that, and nobody has begun one.
    """

    account: AccountId
    state: AccountState
    reason: str
    missing: tuple[str, ...] = ()
    unit: str | None = None
    units: tuple[str, ...] = ()
    exemption: str | None = None
    name: str = ""
    owner: str = ""
    is_closed: bool = False
    awaits_signs: bool = False
    is_owed: bool = False

    @property
    def needs_attention(self) -> bool:
        """Whether people should be told when this lasts."""
        return self.state is AccountState.NOT_READY and self.exemption is None


class KnownAccount(Struct, frozen=True, kw_only=True):
    """An account as it was judged last; `name` and `owner` are empty where nobody asked for them.

    `reason` says why it has its state, `missing` what it lacks.
    """

    account: AccountId
    state: AccountState
    units: tuple[str, ...]
    assessed_at: datetime
    not_ready_since: datetime | None
    name: str = ""
    owner: str = ""
    reason: str = ""
    missing: tuple[str, ...] = ()


def judge_membership(
    account: AccountId, *, membership: Membership | None, intent: Intent
) -> AccountVerdict | Placement:
    """Where a governed account is placed, or the verdict on one that need not be looked into."""
    if membership is None:
        return AccountVerdict(account=account, state=AccountState.LEFT, reason="it is not in the organisation any more")
    units = membership.units
    if membership.status in DEPARTED:
        reason = f"its status in the organisation is {membership.status}"
        return AccountVerdict(account=account, state=AccountState.LEFT, reason=reason, units=units, is_closed=True)
    target = intent.target_of(account, units)
    if target is None:
        reason = f"nothing is demanded of accounts in {units[0] if units else 'the root of the organisation'}"
        return AccountVerdict(account=account, state=AccountState.NOT_GOVERNED, reason=reason, units=units)
    return Placement(target=target, units=units)
