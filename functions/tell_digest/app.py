"""Tell the day's digest when it is due: what is open, or that all is well; and owners what was tagged for them."""

from strongroom.runtime.contracts.envelope import Event, Tick
from strongroom.runtime.platform import Platform
from strongroom.services.alerts.tell_digest import DigestVerdict, tell_digest
from strongroom.wiring.alerts.digest import digest_telling
from strongroom.wiring.events import each_event


@each_event(Tick)
def handler(_event: Event[Tick], platform: Platform) -> DigestVerdict:
    """Look at the clock, and tell what is due."""
    return tell_digest(needs=digest_telling(platform), now=platform.now())
