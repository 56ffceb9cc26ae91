"""Inventories: begun by the ledger's list of accounts, and taken by the lists of each service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.organizations.directory import Organization
from strongroom.adapters.aws.resource_lists import MemberLists
from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.inventories.book import LedgerInventories
from strongroom.adapters.ledger.resources import LedgerResources
from strongroom.adapters.tagging.member_tags import MemberTags
from strongroom.services.tags.begin_inventory import InventoryBeginNeeds
from strongroom.services.tags.take_inventory import InventoryTakingNeeds
from strongroom.wiring.alerts.telling import alert_notifier
from strongroom.wiring.members import tagging
from strongroom.wiring.stack import bus, ledger
from strongroom.wiring.tags import kept_paces

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def inventory_begin(platform: Platform) -> InventoryBeginNeeds:
    """What beginning inventories needs."""
    table = ledger(platform)
    return InventoryBeginNeeds(
        intent=platform.intent,
        accounts=LedgerAccounts(table),
        inventories=LedgerInventories(table),
        publisher=bus(platform),
    )


def inventory_taking(platform: Platform) -> InventoryTakingNeeds:
    """What going through an account needs."""
    table = ledger(platform)
    return InventoryTakingNeeds(
        intent=platform.intent,
        organization=Organization(client("organizations")),
        accounts=LedgerAccounts(table),
        resources=LedgerResources(table),
        tags=MemberTags(tagging(platform)),
        paces=kept_paces(),
        alerts=alert_notifier(platform),
        publisher=bus(platform),
        lists=MemberLists(tagging(platform)),
        inventories=LedgerInventories(table),
    )
