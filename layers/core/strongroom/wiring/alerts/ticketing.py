"""Tickets about alerts, opened under a user and a secret of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.adapters.tickets.jira_desk import JiraDesk
from strongroom.adapters.tickets.servicenow_desk import ServiceNowDesk
from strongroom.services.alerts.open_ticket import TicketOpeningNeeds
from strongroom.wiring.stack import bus, ledger
from strongroom.wiring.ticket_web import ticket_web

if TYPE_CHECKING:
    from strongroom.domain.intent.ceremony import OpenedTickets, Tickets
    from strongroom.runtime.platform import Platform


def ticket_opening(platform: Platform) -> TicketOpeningNeeds | None:
    """What opening a ticket needs; None where the intent opens none."""
    tickets = platform.intent.tickets
    if tickets is None or tickets.opened is None:
        return None
    return TicketOpeningNeeds(
        book=LedgerAlerts(ledger(platform)),
        desk=_desk(tickets, tickets.opened, platform=platform),
        publisher=bus(platform),
        runbook=platform.intent.alerts.runbook_url,
    )


def _desk(tickets: Tickets, opened: OpenedTickets, *, platform: Platform) -> JiraDesk | ServiceNowDesk:
    user = opened.user or tickets.user
    web = ticket_web(tickets, user=user, token="ticket_writer_token", platform=platform)  # noqa: S106 - a name
    match tickets.system:
        case "jira":
            return JiraDesk(opened, web=web)
        case "servicenow":
            return ServiceNowDesk(opened, user=user, web=web)
        case _:
            assert_never(tickets.system)
