"""Take an account to see to until it is ready, unless another execution does so already."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.accounts.onboarding import CLAIM

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.identifiers import AccountId
    from strongroom.ports.accounts import OnboardingBook


class ClaimState(StrEnum):
    """Whether the account is this execution's to see to."""

    CLAIMED = "CLAIMED"
    UNDER_WAY = "UNDER_WAY"


class AccountClaimNeeds(Struct, frozen=True, kw_only=True):
    """What claiming an account needs of the world."""

    onboardings: OnboardingBook


class ClaimVerdict(Struct, frozen=True, kw_only=True):
    """Whether the account is this execution's to see to, and why."""

    account: AccountId
    state: ClaimState
    reason: str


def claim_account(account: AccountId, *, execution: str, needs: AccountClaimNeeds, now: datetime) -> ClaimVerdict:
    """One execution at a time; whoever has it reads the path that brought this one, too."""
    if needs.onboardings.claim(account, execution, until=now + CLAIM, now=now):
        return ClaimVerdict(account=account, state=ClaimState.CLAIMED, reason=f"{execution} sees to it")
    return ClaimVerdict(account=account, state=ClaimState.UNDER_WAY, reason="another execution sees to it")
