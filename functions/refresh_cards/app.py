"""Show in chat how far each open restore request is."""

from strongroom.runtime.contracts.envelope import Event, Tick
from strongroom.runtime.platform import Platform
from strongroom.services.restores.approving.refresh_cards import CardsRefreshed, refresh_cards
from strongroom.wiring.events import each_event
from strongroom.wiring.restores.approving.refreshing import card_refresh


@each_event(Tick)
def handler(_event: Event[Tick], platform: Platform) -> CardsRefreshed:
    """Show each open request as it is now, and tell who could not be reached before."""
    return refresh_cards(needs=card_refresh(platform), now=platform.now())
