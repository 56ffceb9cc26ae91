"""Taking: an account is gone through by the lists of each service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.resource_lists import MemberLists
from strongroom.adapters.ledger.inventories.book import LedgerInventories
from strongroom.services.tags.take_inventory import InventoryTakingNeeds
from strongroom.wiring.members import tagging
from strongroom.wiring.stack import ledger
from strongroom.wiring.tags.seeing_to import seeing_to

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def inventory_taking(platform: Platform) -> InventoryTakingNeeds:
    """What going through an account needs."""
    return seeing_to(
        InventoryTakingNeeds,
        platform,
        lists=MemberLists(tagging(platform)),
        inventories=LedgerInventories(ledger(platform)),
    )
