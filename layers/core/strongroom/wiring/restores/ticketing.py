"""Tickets, which entitle to restores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.tickets.jira import JiraTickets
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.wiring.stack import secrets

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def tickets(platform: Platform) -> JiraTickets:
    """The ticket system; its token is read when it is first spoken to."""
    return JiraTickets(ceremony_of(platform.intent).tickets, token=lambda: secrets(platform).value("ticket_token"))
