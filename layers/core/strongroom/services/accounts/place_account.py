"""Read where an account stands, and have it seen to until it is ready, or end what is expected of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.accounts.membership import AccountVerdict, judge_membership
from strongroom.services.accounts.assess_account import conclude, named

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.accounts.events import AccountNotice
    from strongroom.domain.identifiers import AccountId
    from strongroom.ports.accounts import OnboardingBook, Onboardings
    from strongroom.services.accounts.assess_account import AccountAssessmentNeeds


class AccountPlacingNeeds(Struct, frozen=True, kw_only=True):
    """What reading where an account stands needs of the world."""

    assessment: AccountAssessmentNeeds
    onboardings: OnboardingBook
    machine: Onboardings


class Begun(Struct, frozen=True, kw_only=True):
    """The verdict on a governed account: `account_onboarding` sees to it."""

    account: AccountId
    unit: str
    reason: str


def place_account(
    account: AccountId, *, notice: AccountNotice, needs: AccountPlacingNeeds, now: datetime
) -> AccountVerdict | Begun:
    """The path read last is the truth, whatever the event says; whoever sees to the account reads it there."""
    membership = needs.assessment.memberships.membership(account)
    needs.onboardings.place(account, membership, at=now)
    placed = judge_membership(account, membership=membership, intent=needs.assessment.intent)
    if not isinstance(placed, AccountVerdict):
        needs.machine.begin(account, event_id=notice.event_id)
        reason = f"{notice.reason}: governed as {placed.target.name}"
        return Begun(account=account, unit=placed.target.name, reason=reason)
    known = needs.assessment.book.find(account)
    verdict = named(placed, membership=membership, known=known)
    return conclude(verdict, known=known, needs=needs.assessment, now=now, actor=notice.actor)
