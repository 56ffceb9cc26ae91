"""What is asked about accounts and units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from strongroom.domain.accounts.membership import AccountVerdict, KnownAccount, Membership
    from strongroom.domain.accounts.readiness import Inspection
    from strongroom.domain.identifiers import AccountId


class UnitDirectory(Protocol):
    """Where accounts are in the organisation."""

    def units_of(self, account: AccountId) -> tuple[str, ...]:
        """The ids of the account's organisational units, nearest first; NotFoundError for a foreign account."""


class Memberships(Protocol):
    """Where accounts stand."""

    def membership(self, account: AccountId) -> Membership | None:
        """The account's status and place, None for an account that is not in the organisation."""


class AccountDirectory(Protocol):
    """What else the organisation says about its accounts."""

    def owner_of(self, account: AccountId) -> str:
        """Whose the account is by its tag `owner`; empty where it has none."""

    def effective_backup_policy(self, account: AccountId) -> Mapping[str, Any]:
        """The backup policy that reaches the account, merged; empty where there is none."""


class PolicyTargets(Protocol):
    """Which accounts a policy of the organisation reaches."""

    def targets_of(self, policy: str) -> tuple[str, ...]:
        """The ids of what the policy is attached to; none where it is gone."""

    def accounts_below(self, target: str) -> Iterator[AccountId]:
        """The accounts in a unit or the root and in all units below it, or the account itself."""


class MemberInspector(Protocol):
    """Looks into a member account."""

    def inspect(self, account: AccountId) -> Inspection:
        """What the account has; a refusal is part of the answer."""


class AccountBook(Protocol):
    """Remembers how accounts were judged."""

    def find(self, account: AccountId) -> KnownAccount | None:
        """The account as it was judged last."""

    def record(self, verdict: AccountVerdict, *, not_ready_since: datetime | None, now: datetime) -> None:
        """Remember the verdict, unless a later one is there already."""

    def doubt(self, account: AccountId, *, now: datetime) -> None:
        """Have the account judged again, whatever it was judged to be; one that never was judged stays unknown."""

    def to_judge(self, *, until: datetime) -> Iterator[KnownAccount]:
        """The accounts that were judged not ready, or doubted, at `until` or before, the longest waiting first."""
