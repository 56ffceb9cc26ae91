"""ServiceNow: one record at a time, by its exact number (Table API).

ServiceNow ignores the parts of a query that it does not understand and then answers with every row, so what it answers
is never believed to be what was asked for: there must be one row, and its number must be ours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.tickets.values import moment, objects, text
from strongroom.adapters.tickets.web import not_understood
from strongroom.domain.errors import NotFoundError, TemporarilyUnavailableError, TicketRefusedError
from strongroom.domain.restores.tickets.keys import parse_ticket_key, table_of
from strongroom.domain.restores.tickets.ticket import Ticket, TicketApproval

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.adapters.tickets.web import TicketWeb
    from strongroom.domain.intent.ceremony import Tickets

ACTIONS: tuple[str, ...] = ()

_RECORD: Final = (
    *("sys_id", "number", "sys_class_name", "sys_updated_on", "state", "approval", "type"),
    *("short_description", "description"),
)
_APPROVAL: Final = (
    *("sys_id", "sysapproval", "approver", "approver.user_name", "state", "sys_updated_on", "sys_updated_by"),
)
_SYS_ID: Final = re.compile(r"[0-9a-f]{32}")
# More than any change has; where there are more, somebody looks.
_MOST_APPROVALS: Final = 200

type _Row = dict[str, Any]


class ServiceNowTickets:
    """The ticket system, kept in ServiceNow."""

    def __init__(self, tickets: Tickets, *, web: TicketWeb) -> None:
        """`web` speaks to the instance of `tickets`."""
        self._tickets = tickets
        self._web = web

    def read(self, key: str) -> Ticket:
        """The ticket; NotFoundError when there is not exactly one, TicketRefusedError when it cannot be understood."""
        row = self._record(key)
        opens_at, closes_at = self._window(row, key)
        return Ticket(
            system="servicenow",
            key=key,
            project=_value(row, "sys_class_name"),
            type=_value(row, "type"),
            status=_shown(row, "state"),
            summary=_value(row, "short_description"),
            description=_value(row, "description"),
            labels=(),
            resources=self._resources(row),
            opens_at=opens_at,
            closes_at=closes_at,
            updated_at=moment(_value(row, "sys_updated_on")),
            # Its history lies in sys_audit, of which a user without the right to read is shown nothing, without a word.
            edited_at=None,
            approvals=self._approvals(row, key),
        )

    def comment(self, key: str, text: str) -> None:
        """Tell the ticket's readers, in its work notes."""
        record = _sys_id(self._record(key), key)
        path = f"/api/now/table/{table_of(key)}/{record}?sysparm_fields=number"
        self._web.send("PATCH", path, about=key, body={"work_notes": text})

    def _record(self, key: str) -> _Row:
        # `^` would begin another query: only what looks like a number is ever sent.
        parse_ticket_key(key, system="servicenow")
        window, named = self._tickets.change_window, self._tickets.resource_field
        more = () if window is None else (window.start_field, window.end_field)
        fields = (*_RECORD, *more, *(() if named is None else (named,)))
        rows = self._rows(table_of(key), key, query=f"number={key}", fields=fields, most=1)
        if len(rows) != 1 or _value(rows[0], "number") != key:
            raise NotFoundError(f"there is not exactly one ticket {key}")
        return rows[0]

    def _approvals(self, row: _Row, key: str) -> tuple[TicketApproval, ...]:
        record = _sys_id(row, key)
        query = f"sysapproval={record}^ORDERBYsys_id"
        rows = self._rows("sysapproval_approver", key, query=query, fields=_APPROVAL, most=_MOST_APPROVALS)
        if any(_value(each, "sysapproval") != record for each in rows):
            raise TicketRefusedError(f"the ticket system answered with approvals of other tickets than {key}")
        states = {_value(each, "state") for each in rows}
        # What the record itself says of its approval counts only together with who gave it.
        if _value(row, "approval") != "approved" or "rejected" in states:
            return ()
        return tuple(_approval(each, key) for each in rows if _value(each, "state") == "approved")

    def _rows(self, table: str, key: str, *, query: str, fields: tuple[str, ...], most: int) -> tuple[_Row, ...]:
        """The rows that are answered; one more is asked for than there may be, so that too many are seen."""
        asked = {
            "sysparm_query": query,
            "sysparm_display_value": "all",
            "sysparm_exclude_reference_link": "true",
            "sysparm_fields": ",".join(dict.fromkeys(fields)),
            "sysparm_limit": str(most + 1),
        }
        rows = objects(self._web.get(f"/api/now/table/{table}", about=key, query=asked), "result")
        if rows is None:
            raise not_understood(key)
        if len(rows) > most:
            raise NotFoundError(f"the ticket system answered {key} with more rows than there can be")
        return rows

    def _resources(self, row: _Row) -> tuple[str, ...] | None:
        named = self._tickets.resource_field
        if named is None:
            return None
        # A reference is shown by its name, and its value is a sys_id.
        found = (_shown(row, named), _value(row, named))
        return tuple(dict.fromkeys(each for each in found if each))

    def _window(self, row: _Row, key: str) -> tuple[datetime | None, datetime | None]:
        window = self._tickets.change_window
        if window is None:
            return None, None
        return _time(row, window.start_field, key), _time(row, window.end_field, key, is_end=True)


def _approval(row: _Row, key: str) -> TicketApproval:
    at = moment(_value(row, "sys_updated_on"))
    if at is None:
        raise TemporarilyUnavailableError(f"the ticket system does not say when {key} was approved")
    # An administrator can enter an approval for somebody else: only the approver's own hand counts.
    by, approver = _value(row, "sys_updated_by"), _value(row, "approver.user_name")
    through = f"approval record {_value(row, 'sys_id')[:32]}"
    if not by or by != approver:
        return TicketApproval(account="", at=at, through=f"{through}, entered by somebody else than the approver")
    return TicketApproval(account=_value(row, "approver"), at=at, through=through)


def _sys_id(row: _Row, key: str) -> str:
    found = _value(row, "sys_id")
    if _SYS_ID.fullmatch(found) is None:
        raise not_understood(key)
    return found


def _value(row: _Row, name: str) -> str:
    return text(row.get(name), "value")


def _shown(row: _Row, name: str) -> str:
    return text(row.get(name), "display_value")


def _time(row: _Row, name: str, key: str, *, is_end: bool = False) -> datetime | None:
    written = _value(row, name)
    found = moment(written, is_end=is_end)
    if written and found is None:
        raise TicketRefusedError(f"{key} has something else than a time in its field {name}")
    return found
