"""What is asked about accounts and units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from strongroom.domain.accounts.membership import AccountVerdict, KnownAccount, Membership
    from strongroom.domain.accounts.onboarding import Onboarding
    from strongroom.domain.accounts.readiness import Inspection
    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.status.resources import ResourceStatus


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


class PolicyValidity(Protocol):
    """Whether AWS takes what the policies of an account come to."""

    def has_invalid_policy(self, account: AccountId) -> bool:
        """Whether AWS keeps to an older backup policy of the account, because this one does not hold."""


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


class AccountResources(Protocol):
    """What is known of the resources of an account."""

    def page_of_account(self, account: AccountId, *, after: str, most: int) -> tuple[tuple[ResourceStatus, ...], str]:
        """So many resources of the account, the worst first, and where the next page begins; empty after the last."""


class AccountBook(Protocol):
    """Remembers how accounts were judged."""

    def find(self, account: AccountId) -> KnownAccount | None:
        """The account as it was judged last."""

    def record(
        self,
        verdict: AccountVerdict,
        *,
        not_ready_since: datetime | None,
        now: datetime,
        again_at: datetime | None = None,
    ) -> bool:
        """Remember the verdict, and when to judge again; False where a later one is there already."""

    def doubt(self, account: AccountId, *, now: datetime) -> None:
        """Have the account judged again, whatever it was judged to be; one that never was judged stays unknown."""

    def to_judge(self, *, until: datetime) -> Iterator[KnownAccount]:
        """The accounts that are to be judged again at `until` or before, the longest waiting first."""


class GovernedBook(AccountBook, Protocol):
    """Remembers which accounts are governed, too."""

    def governed(self) -> Iterator[AccountId]:
        """Every account that was judged ready or not ready last."""

    def compared_at(self) -> datetime | None:
        """When the list of all accounts was held against the book last."""

    def note_comparison(self, *, at: datetime) -> None:
        """Remember that it was."""


class AccountList(Protocol):
    """All accounts of the organisation."""

    def memberships(self) -> Mapping[AccountId, Membership]:
        """Each with its status and place."""


class OnboardingBook(Protocol):
    """Remembers where accounts were read to stand, and which execution sees to each."""

    def find(self, account: AccountId) -> Onboarding | None:
        """What is remembered, None of an account that was never read."""

    def place(self, account: AccountId, membership: Membership | None, *, at: datetime) -> None:
        """Remember where it stood at that moment, unless it was read later; either raises its generation."""

    def claim(self, account: AccountId, execution: str, *, until: datetime, now: datetime) -> bool:
        """Take the account, or keep it, until that moment; False while another execution has it."""

    def release(self, account: AccountId, execution: str, *, generation: int | None = None) -> bool:
        """Give the account up; False where it is another's, or its generation is not this one any more."""


class Onboardings(Protocol):
    """The state machine that sees to accounts until they are ready."""

    def begin(self, account: AccountId, *, event_id: str) -> None:
        """Start an execution, whose name is the account's and the event's: once, however often it is asked for."""
