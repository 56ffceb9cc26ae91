"""Beginning: inventories are begun by the ledger's list of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.inventories.book import LedgerInventories
from strongroom.services.tags.begin_inventory import InventoryBeginNeeds
from strongroom.wiring.stack import bus, ledger

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
