"""Go through an account by the lists of its services, and see to whatever no event had told of."""

from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.tags.inventories import InventoryPlace
from strongroom.runtime.platform import Platform
from strongroom.services.tags.take_inventory import InventoryTaken, take_inventory
from strongroom.wiring.events import each_event
from strongroom.wiring.tags.inventories.taking import inventory_taking


@each_event(InventoryPlace)
def handler(event: Event[InventoryPlace], platform: Platform) -> InventoryTaken:
    """Go on where the account was left, as far as time allows; what is left over is told again."""
    place, needs = event.detail, inventory_taking(platform)
    return take_inventory(place.run, place.owner, needs=needs, now=platform.now(), clock=platform.now)
