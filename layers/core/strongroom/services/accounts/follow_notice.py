"""Do what follows from an event of an account's life: judge, have judged again, tell, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.accounts.events import Follow, read_notice
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.services.accounts.place_account import AccountPlacingNeeds, Begun, place_account

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.accounts.events import AccountHeard, AccountNotice
    from strongroom.domain.accounts.membership import AccountVerdict
    from strongroom.ports.accounts import OnboardingBook, Onboardings, PolicyTargets
    from strongroom.services.accounts.assess_account import AccountAssessmentNeeds

# Which alert an event opens, where it is none of policies that hold no more.
_KIND_OF = {
    "CreateManagedAccount": AlertKind.ENROLMENT_FAILED,
    "UpdateManagedAccount": AlertKind.ENROLMENT_FAILED,
}


class EventFollowingNeeds(Struct, frozen=True, kw_only=True):
    """What following an event needs of the world."""

    assessment: AccountAssessmentNeeds
    onboardings: OnboardingBook
    machine: Onboardings
    policies: PolicyTargets

    @property
    def placing(self) -> AccountPlacingNeeds:
        """What reading where an account stands needs of the world."""
        return AccountPlacingNeeds(assessment=self.assessment, onboardings=self.onboardings, machine=self.machine)


class Followed(Struct, frozen=True, kw_only=True):
    """The verdict on an event after which no account is judged at once: what was done, and why."""

    state: Follow
    reason: str


def follow_event(
    heard: AccountHeard, *, needs: EventFollowingNeeds, now: datetime
) -> AccountVerdict | Begun | Followed:
    """Read what follows from the event, and do it."""
    notice = read_notice(heard, intent=needs.assessment.intent)
    match notice.follow:
        case Follow.JUDGE if notice.account is not None:
            if notice.name in _KIND_OF:
                _settle(_KIND_OF[notice.name], notice, needs=needs, now=now)
            return place_account(notice.account, notice=notice, needs=needs.placing, now=now)
        case Follow.JUDGE_BELOW:
            _have_judged_below(notice, needs=needs, now=now)
        case Follow.TELL | Follow.REFUSE:
            needs.assessment.alerts.complain(_alert(notice, needs=needs), now=now)
        case Follow.SETTLE:
            _settle(AlertKind.POLICIES_STOPPED, notice, needs=needs, now=now)
    return Followed(state=notice.follow, reason=notice.reason)


def _have_judged_below(notice: AccountNotice, *, needs: EventFollowingNeeds, now: datetime) -> None:
    """Doubt every account that the policy reaches; the next pass looks at those that are known."""
    targets = (notice.target,) if notice.target else needs.policies.targets_of(notice.policy)
    for target in targets:
        for account in needs.policies.accounts_below(target):
            needs.assessment.book.doubt(account, now=now)


def _settle(kind: AlertKind, notice: AccountNotice, *, needs: EventFollowingNeeds, now: datetime) -> None:
    subject = notice.subject or notice.account or ""
    fingerprint = _alert_of(kind, subject, notice, needs=needs).fingerprint
    needs.assessment.alerts.settle(fingerprint, reason=notice.reason, now=now)


def _alert(notice: AccountNotice, *, needs: EventFollowingNeeds) -> Alert:
    if notice.follow is Follow.REFUSE:
        subject = f"{notice.name} from {notice.subject}"
        return _alert_of(AlertKind.TAMPERING_ATTEMPTED, subject, notice, needs=needs)
    kind = _KIND_OF.get(notice.name, AlertKind.POLICIES_STOPPED)
    return _alert_of(kind, notice.subject, notice, needs=needs)


def _alert_of(kind: AlertKind, subject: str, notice: AccountNotice, *, needs: EventFollowingNeeds) -> Alert:
    place = needs.assessment.intent.organization
    who = f", by {notice.actor}" if notice.actor and notice.follow is not Follow.SETTLE else ""
    return Alert(
        kind=kind,
        subject=subject,
        account=notice.account or place.management_account,
        region=notice.region or place.home_region,
        reason=f"{notice.reason}{who}",
    )
