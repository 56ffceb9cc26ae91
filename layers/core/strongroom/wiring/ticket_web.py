"""How the ticket system is spoken to, as one of its users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.tickets.web import WIRE, TicketWeb
from strongroom.wiring.stack import secrets

if TYPE_CHECKING:
    from strongroom.domain.intent.ceremony import Tickets
    from strongroom.runtime.platform import Platform


def ticket_web(tickets: Tickets, *, user: str, token: str, platform: Platform) -> TicketWeb:
    """The system as that user, whose token is the secret of that name; it is read when it is first spoken to."""
    return TicketWeb(tickets.url, user=user, token=lambda: secrets(platform).value(token), http=WIRE)
