"""Inventories: begun by the ledger's list of accounts, and taken by the lists of each service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.resource_lists import MemberLists
from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.inventories.book import LedgerInventories
from strongroom.services.tags.begin_inventory import InventoryBeginNeeds
from strongroom.services.tags.take_inventory import InventoryTakingNeeds
from strongroom.wiring.members import tagging
from strongroom.wiring.stack import bus, ledger
from strongroom.wiring.tags import seeing_to

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
    return seeing_to(
        InventoryTakingNeeds,
        platform,
        lists=MemberLists(tagging(platform)),
        inventories=LedgerInventories(ledger(platform)),
    )
