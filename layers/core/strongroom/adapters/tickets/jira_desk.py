"""Jira Cloud: tickets of our own are opened, and found again by their label (REST API v3).

Anybody who may edit an issue may label it, so that a label alone proves nothing: the issue must be one that our user
created, no earlier than we can have asked for it. Who created an issue, and when, nobody can change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.tickets.documents import document_of_text
from strongroom.adapters.tickets.values import moment, objects, part, text
from strongroom.adapters.tickets.web import not_understood
from strongroom.domain.restores.tickets.keys import is_ticket_key

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.adapters.tickets.web import TicketWeb
    from strongroom.domain.alerts.ticketing import NewTicket
    from strongroom.domain.intent.ceremony import OpenedTickets

ACTIONS: tuple[str, ...] = ()

_MOST_FOUND: Final = 50


class JiraDesk:
    """The desk at which tickets are opened, kept in Jira."""

    def __init__(self, opened: OpenedTickets, *, web: TicketWeb) -> None:
        """`web` speaks to the site as the user who opens them."""
        self._opened = opened
        self._web = web

    def find(self, mark: str, *, since: datetime) -> str | None:
        """The key of the issue with that label that we created, not before then; None where none is found yet."""
        asked = {
            "jql": f'labels = "{mark}" AND creator = currentUser()',
            "fields": "labels,created",
            "maxResults": str(_MOST_FOUND),
        }
        issues = objects(page := self._web.get("/rest/api/3/search/jql", about=mark, query=asked), "issues")
        # Where there is another page, somebody has put our label on more than we can have opened.
        if issues is None or part(page, "nextPageToken") is not None:
            raise not_understood(mark)
        return next((_key(each, mark) for each in issues if _is_ours(each, mark, since=since)), None)

    def open(self, ticket: NewTicket) -> str:
        """Create the issue, and return its key."""
        fields = {
            "project": {"key": self._opened.project},
            "issuetype": {"name": self._opened.issue_type},
            "summary": ticket.summary,
            "description": document_of_text(ticket.description),
            "labels": [ticket.mark],
        }
        return _key(
            self._web.send("POST", "/rest/api/3/issue", about=ticket.mark, body={"fields": fields}), ticket.mark
        )


def _is_ours(issue: dict[str, Any], mark: str, *, since: datetime) -> bool:
    labels, created = part(issue, "fields", "labels"), moment(text(issue, "fields", "created"))
    return isinstance(labels, list) and mark in labels and created is not None and created >= since


def _key(issue: dict[str, Any], mark: str) -> str:
    key = text(issue, "key")
    if not is_ticket_key(key, system="jira"):
        raise not_understood(mark)
    return key
