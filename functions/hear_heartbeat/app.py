"""Hear that a forwarder is well, and that one which was silent is so no more."""

from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.heartbeats import BeatSent
from strongroom.runtime.platform import Platform
from strongroom.services.health.hear_heartbeat import BeatVerdict, hear_heartbeat
from strongroom.wiring.events import each_event
from strongroom.wiring.health import heartbeat


@each_event(BeatSent)
def handler(event: Event[BeatSent], platform: Platform) -> BeatVerdict:
    """Expect the next heartbeat of the forwarder."""
    return hear_heartbeat(event.detail.observed(event), needs=heartbeat(platform), now=platform.now())
