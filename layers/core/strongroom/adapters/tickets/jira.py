"""Jira Cloud: one ticket at a time, read and commented on by its exact key (REST API v3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.tickets.documents import document_of_text, text_of_document
from strongroom.adapters.tickets.jira_approvals import read_approvals
from strongroom.adapters.tickets.jira_history import Edit, approvals_in, last_edit, last_status, read_history
from strongroom.adapters.tickets.values import moment, objects, part, text
from strongroom.adapters.tickets.web import not_understood
from strongroom.domain.errors import NotFoundError, TemporarilyUnavailableError, TicketRefusedError
from strongroom.domain.restores.tickets.keys import parse_ticket_key
from strongroom.domain.restores.tickets.ticket import Ticket, TicketApproval

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from strongroom.adapters.tickets.web import TicketWeb
    from strongroom.domain.intent.ceremony import Tickets

ACTIONS: tuple[str, ...] = ()

_PAGE: Final = 100
_MOST_PAGES: Final = 50
# What is judged of every issue; `key` is how a history calls a move to another project.
_JUDGED: Final = ("summary", "description", "issuetype", "project", "key")


class JiraTickets:
    """The ticket system, kept in Jira."""

    def __init__(self, tickets: Tickets, *, web: TicketWeb) -> None:
        """`web` speaks to the site of `tickets`."""
        self._tickets = tickets
        self._web = web

    def read(self, key: str) -> Ticket:
        """The ticket; NotFoundError when there is none, TicketRefusedError when its window cannot be read."""
        fields, history = self._fields(key), self._history(key)
        if last_status(history) not in ("", text(fields, "status", "id")):
            raise TemporarilyUnavailableError(f"{key} was moved while it was read")
        opens_at, closes_at = self._window(fields, key)
        return Ticket(
            system="jira",
            key=key,
            project=text(fields, "project", "key"),
            type=text(fields, "issuetype", "name"),
            status=text(fields, "status", "name"),
            summary=text(fields, "summary"),
            description=text_of_document(part(fields, "description")),
            labels=_entries(part(fields, "labels")),
            resources=self._resources(fields),
            opens_at=opens_at,
            closes_at=closes_at,
            updated_at=moment(text(fields, "updated")),
            edited_at=last_edit(history, fields=self._judged_fields()),
            approvals=self._approvals(key, history),
        )

    def comment(self, key: str, text: str) -> None:
        """Tell the ticket's readers."""
        parse_ticket_key(key, system="jira")
        body = {"body": document_of_text(text)}
        self._web.send("POST", f"/rest/api/3/issue/{key}/comment", about=key, body=body)

    def _fields(self, key: str) -> dict[str, Any]:
        # A key with a slash would reach another issue: only what looks like a key is ever sent.
        parse_ticket_key(key, system="jira")
        wanted = ("status", "labels", "updated", *self._judged_fields())
        asked = {"fields": ",".join(dict.fromkeys(wanted))}
        issue = self._web.get(f"/rest/api/3/issue/{key}", about=key, query=asked)
        found, fields = text(issue, "key"), part(issue, "fields")
        if not found or not isinstance(fields, dict):
            raise not_understood(key)
        if found != key:
            raise NotFoundError(f"there is no ticket {key}; it may have moved to another key")
        return fields

    def _judged_fields(self) -> tuple[str, ...]:
        window = self._tickets.change_window
        own = () if window is None else (window.start_field, window.end_field)
        named = self._tickets.resource_field
        return (*_JUDGED, *own, "labels" if named is None else named)

    def _resources(self, fields: dict[str, Any]) -> tuple[str, ...] | None:
        named = self._tickets.resource_field
        return None if named is None else _entries(part(fields, named))

    def _window(self, fields: dict[str, Any], key: str) -> tuple[datetime | None, datetime | None]:
        window = self._tickets.change_window
        if window is None:
            return None, None
        return _time(fields, window.start_field, key), _time(fields, window.end_field, key, is_end=True)

    def _history(self, key: str) -> tuple[Edit, ...]:
        path = f"/rest/api/3/issue/{key}/changelog"
        return read_history(self._pages(path, key, names=("startAt", "maxResults", "isLast")), about=key)

    def _approvals(self, key: str, history: tuple[Edit, ...]) -> tuple[TicketApproval, ...]:
        if self._tickets.approval_source == "changelog":
            return approvals_in(history, statuses=self._tickets.approved_statuses)
        path = f"/rest/servicedeskapi/request/{key}/approval"
        return read_approvals(self._pages(path, key, names=("start", "limit", "isLastPage")), about=key)

    def _pages(self, path: str, key: str, *, names: tuple[str, str, str]) -> Iterator[dict[str, Any]]:
        """Every value of a list in pages; `names` are what the list calls beginning, size, and the last page."""
        start, size, last = names
        count = 0
        for _ in range(_MOST_PAGES):
            page = self._web.get(path, about=key, query={start: str(count), size: str(_PAGE)})
            values, is_last = objects(page, "values"), part(page, last)
            if values is None or not isinstance(is_last, bool) or part(page, start) not in (count, None):
                raise not_understood(key)
            yield from values
            count += len(values)
            if is_last:
                return
            if not values:
                raise not_understood(key)
        raise TicketRefusedError(f"{key} has a longer history than is read here")


def _entries(value: Any) -> tuple[str, ...]:
    """The texts of a field: of one text, of an option, of a document, or of several of them."""
    found = value if isinstance(value, list) else [value]
    texts = (each if isinstance(each, str) else text(each, "value") or text_of_document(each) for each in found)
    return tuple(each for each in texts if each)


def _time(fields: dict[str, Any], name: str, key: str, *, is_end: bool = False) -> datetime | None:
    written = part(fields, name)
    if written is None:
        return None
    found = moment(written, is_end=is_end) if isinstance(written, str) else None
    if found is None:
        raise TicketRefusedError(f"{key} has something else than a time in its field {name}")
    return found
