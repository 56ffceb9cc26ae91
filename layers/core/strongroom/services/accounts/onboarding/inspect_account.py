"""Look whether an account is ready by the path that was read last, and name everything that it lacks."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.accounts.membership import AccountState, Placement, judge_membership
from strongroom.domain.accounts.onboarding import CLAIM, judge_delay
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.services.accounts.assess_account import (
    AccountAssessmentNeeds,
    again_at,
    conclude,
    judge_account,
    not_ready_since,
)
from strongroom.services.accounts.tell_lateness import tell_lateness

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.accounts.membership import AccountVerdict, KnownAccount
    from strongroom.domain.accounts.onboarding import Onboarding
    from strongroom.domain.identifiers import AccountId
    from strongroom.ports.accounts import OnboardingBook


class LookState(StrEnum):
    """What the machine does after a look."""

    READY = "READY"
    WAITING = "WAITING"
    AGAIN = "AGAIN"
    LATE = "LATE"
    ENDED = "ENDED"


class AccountInspectionNeeds(Struct, frozen=True, kw_only=True):
    """What looking into an account on its way needs of the world."""

    assessment: AccountAssessmentNeeds
    onboardings: OnboardingBook


class LookVerdict(Struct, frozen=True, kw_only=True):
    """Where the account stands, and everything that it lacks."""

    account: AccountId
    state: LookState
    reason: str
    missing: tuple[str, ...] = ()


def inspect_account(account: AccountId, *, execution: str, needs: AccountInspectionNeeds, now: datetime) -> LookVerdict:
    """Look once; READY is written only under the generation that was looked at."""
    found = needs.onboardings.find(account)
    if found is None or not found.is_seen_to_by(execution):
        return LookVerdict(account=account, state=LookState.ENDED, reason="another execution sees to it")
    known = needs.assessment.book.find(account)
    placed = judge_membership(account, membership=found.membership, intent=needs.assessment.intent)
    if not isinstance(placed, Placement):
        return _ended(found, execution=execution, reason="it is not governed any more", needs=needs)
    verdict = judge_account(account, membership=found.membership, known=known, needs=needs.assessment, now=now)
    if verdict.state is AccountState.READY:
        return _ready(verdict, found=found, known=known, execution=execution, needs=needs, now=now)
    return _waiting(verdict, known=known, execution=execution, needs=needs, now=now)


def _ended(found: Onboarding, *, execution: str, reason: str, needs: AccountInspectionNeeds) -> LookVerdict:
    state = LookState.ENDED if _is_given_up(found, execution=execution, needs=needs) else LookState.AGAIN
    return LookVerdict(account=found.account, state=state, reason=reason)


def _ready(
    verdict: AccountVerdict,
    *,
    found: Onboarding,
    known: KnownAccount | None,
    execution: str,
    needs: AccountInspectionNeeds,
    now: datetime,
) -> LookVerdict:
    """READY, unless the account was read to stand elsewhere meanwhile; said once, however many executions find it.

    One that has come to stand elsewhere is gone through once more, as what is demanded of it may be another thing.
    """
    if not _is_given_up(found, execution=execution, needs=needs):
        return LookVerdict(account=verdict.account, state=LookState.AGAIN, reason="its path was read again meanwhile")
    is_news = known is None or (known.state, known.units) != (verdict.state, verdict.units)
    if known is not None and known.units != verdict.units:
        needs.assessment.inventories.owe(verdict.account, now=now)
    later = again_at(verdict, now=now)
    conclude(verdict, known=known, needs=needs.assessment, now=now, again_at=later, is_news=is_news)
    return LookVerdict(account=verdict.account, state=LookState.READY, reason=verdict.reason)


def _waiting(
    verdict: AccountVerdict,
    *,
    known: KnownAccount | None,
    execution: str,
    needs: AccountInspectionNeeds,
    now: datetime,
) -> LookVerdict:
    """Remember what is missing; should the execution end before its time, the scheduled pass looks after the claim."""
    until = now + CLAIM
    if not needs.onboardings.claim(verdict.account, execution, until=until, now=now):
        return LookVerdict(account=verdict.account, state=LookState.ENDED, reason="another execution sees to it")
    conclude(verdict, known=known, needs=needs.assessment, now=now, again_at=until)
    since = not_ready_since(verdict, known, now)
    is_late = judge_delay(since, now=now) is AlertKind.ACCOUNT_NOT_READY
    if not is_late:
        tell_lateness(verdict, since=since, needs=needs.assessment, now=now)
    state = LookState.LATE if is_late else LookState.WAITING
    return LookVerdict(account=verdict.account, state=state, reason=verdict.reason, missing=verdict.missing)


def _is_given_up(found: Onboarding, *, execution: str, needs: AccountInspectionNeeds) -> bool:
    """Whether the claim ended here, or had ended already when this very step was tried before."""
    if found.claim == "" and found.ended == execution:
        return True
    return needs.onboardings.release(found.account, execution, generation=found.generation)
