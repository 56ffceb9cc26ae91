"""Tickets, which entitle to restores."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from strongroom.adapters.tickets.jira import JiraTickets
from strongroom.adapters.tickets.servicenow import ServiceNowTickets
from strongroom.adapters.tickets.web import WIRE, TicketWeb
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.wiring.stack import secrets

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def tickets(platform: Platform) -> JiraTickets | ServiceNowTickets:
    """The ticket system; its token is read when it is first spoken to."""
    wanted = ceremony_of(platform.intent).tickets
    web = TicketWeb(wanted.url, user=wanted.user, token=lambda: secrets(platform).value("ticket_token"), http=WIRE)
    match wanted.system:
        case "jira":
            return JiraTickets(wanted, web=web)
        case "servicenow":
            return ServiceNowTickets(wanted, web=web)
        case _:
            assert_never(wanted.system)
