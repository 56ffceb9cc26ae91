"""Tickets, which entitle to restores."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from strongroom.adapters.tickets.jira import JiraTickets
from strongroom.adapters.tickets.servicenow import ServiceNowTickets
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.wiring.ticket_web import ticket_web

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def tickets(platform: Platform) -> JiraTickets | ServiceNowTickets:
    """The ticket system; its token is read when it is first spoken to."""
    wanted = ceremony_of(platform.intent).tickets
    web = ticket_web(wanted, user=wanted.user, token="ticket_token", platform=platform)  # noqa: S106 - a name
    match wanted.system:
        case "jira":
            return JiraTickets(wanted, web=web)
        case "servicenow":
            return ServiceNowTickets(wanted, web=web)
        case _:
            assert_never(wanted.system)
