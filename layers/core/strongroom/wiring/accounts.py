"""Accounts: judged by what the organisation says of them and what is found inside."""

from __future__ import annotations

from copy import replace
from functools import cache
from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.member_inspection import MemberInspection
from strongroom.adapters.aws.organizations.accounts import OrganizationAccounts
from strongroom.adapters.aws.organizations.below import PolicyReach
from strongroom.adapters.aws.organizations.directory import Organization
from strongroom.adapters.aws.organizations.invalid_policies import InvalidPolicies, KeptList
from strongroom.adapters.aws.organizations.pace import AccountsByList, Pace, PacedClient, PacedMemberships
from strongroom.adapters.aws.step_functions.onboardings import AccountOnboardings
from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.accounts.heartbeats import LedgerHeartbeats
from strongroom.adapters.ledger.accounts.onboardings import LedgerOnboardings
from strongroom.adapters.ledger.inventories.book import LedgerInventories
from strongroom.adapters.ledger.views.shown import LedgerShownViews
from strongroom.domain.identifiers import bus_arn
from strongroom.runtime.settings import Setting
from strongroom.services.accounts.assess_account import AccountAssessmentNeeds
from strongroom.services.accounts.compare_accounts import AccountComparisonNeeds
from strongroom.services.accounts.follow_notice import EventFollowingNeeds
from strongroom.services.accounts.onboarding.claim_account import AccountClaimNeeds
from strongroom.services.accounts.onboarding.inspect_account import AccountInspectionNeeds
from strongroom.services.accounts.onboarding.report_missing import MissingReportNeeds
from strongroom.services.accounts.place_account import AccountPlacingNeeds
from strongroom.wiring.alerts.telling import alert_notifier
from strongroom.wiring.members import inspection
from strongroom.wiring.stack import bus, ledger, views_table

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.runtime.platform import Platform


def account_assessment(platform: Platform) -> AccountAssessmentNeeds:
    """What judging an account needs."""
    place, table, organization = platform.intent.organization, ledger(platform), Organization(client("organizations"))
    return AccountAssessmentNeeds(
        intent=platform.intent,
        central_bus=bus_arn(platform.setting(Setting.BUS), account=place.backup_account, region=place.home_region),
        memberships=organization,
        organization=organization,
        validity=InvalidPolicies(client("organizations"), kept=_invalid()),
        resources=LedgerShownViews(views_table(platform)),
        members=MemberInspection(inspection(platform), intent=platform.intent),
        book=LedgerAccounts(table),
        beats=LedgerHeartbeats(table),
        inventories=LedgerInventories(table),
        alerts=alert_notifier(platform),
        publisher=bus(platform),
    )


def event_following(platform: Platform, *, since: datetime) -> EventFollowingNeeds:
    """What following an event of an account's life needs, which happened at `since`."""
    paced = PacedMemberships(client("organizations"), pace=_pace(), since=since)
    assessment = replace(account_assessment(platform), memberships=paced)
    machine = AccountOnboardings(client("stepfunctions"), platform.setting(Setting.ONBOARDING_MACHINE))
    return EventFollowingNeeds(
        assessment=assessment,
        onboardings=LedgerOnboardings(ledger(platform)),
        machine=machine,
        policies=PolicyReach(client("organizations")),
    )


def account_comparison(platform: Platform) -> AccountComparisonNeeds:
    """What comparing the list of all accounts with the ledger needs."""
    table, paced = ledger(platform), PacedClient(client("organizations"), _pace())
    return AccountComparisonNeeds(
        placing=AccountPlacingNeeds(
            assessment=account_assessment(platform),
            onboardings=LedgerOnboardings(table),
            machine=AccountOnboardings(client("stepfunctions"), platform.setting(Setting.ONBOARDING_MACHINE)),
        ),
        listed=AccountsByList(paced, tree=OrganizationAccounts(paced)),
        book=LedgerAccounts(table),
    )


def account_claim(platform: Platform) -> AccountClaimNeeds:
    """What claiming an account needs."""
    return AccountClaimNeeds(onboardings=LedgerOnboardings(ledger(platform)))


def account_inspection(platform: Platform) -> AccountInspectionNeeds:
    """What looking into an account on its way needs."""
    onboardings = LedgerOnboardings(ledger(platform))
    return AccountInspectionNeeds(assessment=account_assessment(platform), onboardings=onboardings)


def missing_report(platform: Platform) -> MissingReportNeeds:
    """What telling what an account lacks needs."""
    table = ledger(platform)
    return MissingReportNeeds(
        intent=platform.intent,
        book=LedgerAccounts(table),
        onboardings=LedgerOnboardings(table),
        alerts=alert_notifier(platform),
    )


@cache
def _pace() -> Pace:
    """When Organizations may be asked again, which no event begins anew."""
    return Pace()


@cache
def _invalid() -> KeptList:
    """The accounts without a valid policy, which no event reads anew."""
    return KeptList()
