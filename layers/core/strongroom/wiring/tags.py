"""Tags: read and added at each resource's own service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.organizations.directory import Organization
from strongroom.adapters.ledger.accounts import LedgerAccounts
from strongroom.adapters.ledger.protection import LedgerExpectedBackups
from strongroom.adapters.ledger.resources import LedgerResources
from strongroom.adapters.tagging.member_tags import MemberTags
from strongroom.services.tags.enforce_tags import TagEnforcementNeeds
from strongroom.wiring.alerts import alert_notifier
from strongroom.wiring.members import tagging
from strongroom.wiring.stack import bus, ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def tag_enforcement(platform: Platform) -> TagEnforcementNeeds:
    """What enforcing tags needs."""
    table = ledger(platform)
    return TagEnforcementNeeds(
        intent=platform.intent,
        organization=Organization(client("organizations")),
        accounts=LedgerAccounts(table),
        resources=LedgerResources(table),
        expected=LedgerExpectedBackups(table),
        tags=MemberTags(tagging(platform)),
        alerts=alert_notifier(platform),
        publisher=bus(platform),
    )
