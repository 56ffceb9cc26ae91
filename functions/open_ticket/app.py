"""Open a ticket about what people have to put right, once for each alert that wants one."""

from strongroom.runtime.contracts.alerts import AlertChange
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.platform import Platform
from strongroom.services.alerts.open_ticket import TicketVerdict, open_ticket
from strongroom.wiring.alerts.ticketing import ticket_opening
from strongroom.wiring.events import each_event


@each_event(AlertChange)
def handler(event: Event[AlertChange], platform: Platform) -> TicketVerdict:
    """Open the ticket, or find the one that is there."""
    return open_ticket(event.detail.observed(event), needs=ticket_opening(platform), now=platform.now())
