"""Look again at what could not be tagged yet, and at what was written and is to be read back."""

from strongroom.runtime.contracts.envelope import Event, Tick
from strongroom.runtime.platform import Platform
from strongroom.services.tags.revisit_resources import RevisitVerdict, revisit_resources
from strongroom.wiring.events import each_event
from strongroom.wiring.tags.revisiting import resource_revisit


@each_event(Tick)
def handler(_event: Event[Tick], platform: Platform) -> RevisitVerdict:
    """Look once; what is left over is still due at the next tick."""
    return revisit_resources(needs=resource_revisit(platform), now=platform.now())
