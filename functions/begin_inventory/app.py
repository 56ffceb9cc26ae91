"""Begin an inventory of every account once a day, or when somebody asks, and see how far it is."""

from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.tags.inventories import InventoryTick
from strongroom.runtime.platform import Platform
from strongroom.services.tags.begin_inventory import InventoryVerdict, begin_inventory
from strongroom.wiring.events import each_event
from strongroom.wiring.tags.inventories.beginning import inventory_begin


@each_event(InventoryTick)
def handler(event: Event[InventoryTick], platform: Platform) -> InventoryVerdict:
    """Begin what is due, or asked for; accounts at which nobody is at work are told again."""
    return begin_inventory(event.detail.order, needs=inventory_begin(platform), now=platform.now())
