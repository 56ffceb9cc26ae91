"""Accounts: judged by what the organisation says of them and what is found inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.member_inspection import MemberInspection
from strongroom.adapters.aws.organizations.below import PolicyReach
from strongroom.adapters.aws.organizations.directory import Organization
from strongroom.adapters.ledger.accounts import LedgerAccounts, LedgerHeartbeats
from strongroom.domain.identifiers import bus_arn
from strongroom.runtime.settings import Setting
from strongroom.services.accounts.assess_account import AccountAssessmentNeeds
from strongroom.services.accounts.follow_notice import EventFollowingNeeds
from strongroom.wiring.alerts import alert_notifier
from strongroom.wiring.members import inspection
from strongroom.wiring.stack import bus, ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def account_assessment(platform: Platform) -> AccountAssessmentNeeds:
    """What judging an account needs."""
    place, table = platform.intent.organization, ledger(platform)
    return AccountAssessmentNeeds(
        intent=platform.intent,
        central_bus=bus_arn(platform.setting(Setting.BUS), account=place.backup_account, region=place.home_region),
        organization=Organization(client("organizations")),
        members=MemberInspection(inspection(platform), intent=platform.intent),
        book=LedgerAccounts(table),
        beats=LedgerHeartbeats(table),
        alerts=alert_notifier(platform),
        publisher=bus(platform),
    )


def event_following(platform: Platform) -> EventFollowingNeeds:
    """What following an event of an account's life needs."""
    return EventFollowingNeeds(assessment=account_assessment(platform), policies=PolicyReach(client("organizations")))
