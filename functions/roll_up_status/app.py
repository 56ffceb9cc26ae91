"""Bring the views of how well everything is protected up to date, by what the ledger has."""

from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.status import ResourceNews
from strongroom.runtime.platform import Platform
from strongroom.services.status.roll_up_status import RollUpVerdict, roll_up_status
from strongroom.wiring.events import each_event
from strongroom.wiring.status import status_roll_up


@each_event(ResourceNews)
def handler(event: Event[ResourceNews], platform: Platform) -> RollUpVerdict:
    """Look at the resource of a fact; at a tick, count."""
    return roll_up_status(event.detail.observed(), needs=status_roll_up(platform), now=platform.now())
