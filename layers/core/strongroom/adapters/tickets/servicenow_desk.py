"""ServiceNow: records of our own are inserted, and found again by their correlation id (Table API).

A query that ServiceNow does not understand is answered with every row, and whoever may write a record may write its
correlation id: what is found must have ours, and be made by our user, no earlier than we can have asked for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.tickets.values import moment, objects, part, text
from strongroom.adapters.tickets.web import not_understood
from strongroom.domain.restores.tickets.keys import is_ticket_key

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.adapters.tickets.web import TicketWeb
    from strongroom.domain.alerts.ticketing import NewTicket
    from strongroom.domain.intent.ceremony import OpenedTickets

ACTIONS: tuple[str, ...] = ()

_SHOWN: Final = {
    "sysparm_display_value": "all",
    "sysparm_exclude_reference_link": "true",
    "sysparm_fields": "number,correlation_id,sys_created_by,sys_created_on",
}
_MOST_FOUND: Final = 50


class ServiceNowDesk:
    """The desk at which tickets are opened, kept in ServiceNow."""

    def __init__(self, opened: OpenedTickets, *, user: str, web: TicketWeb) -> None:
        """`web` speaks to the instance as `user`, who opens them."""
        self._table = f"/api/now/table/{opened.project}"
        self._user = user
        self._web = web

    def find(self, mark: str, *, since: datetime) -> str | None:
        """The number of the record with that correlation id that we made, not before then; None where there is none."""
        asked = {**_SHOWN, "sysparm_query": f"correlation_id={mark}", "sysparm_limit": str(_MOST_FOUND + 1)}
        rows = objects(self._web.get(self._table, about=mark, query=asked), "result")
        if rows is None or len(rows) > _MOST_FOUND:
            raise not_understood(mark)
        return next((_number(each, mark) for each in rows if self._is_ours(each, mark, since=since)), None)

    def open(self, ticket: NewTicket) -> str:
        """Insert the record, and return its number."""
        body = {
            "short_description": ticket.summary,
            "description": ticket.description,
            "correlation_id": ticket.mark,
            "correlation_display": "Strongroom",
        }
        shown = "sysparm_display_value=all&sysparm_fields=number"
        answer = self._web.send("POST", f"{self._table}?{shown}", about=ticket.mark, body=body)
        return _number(part(answer, "result"), ticket.mark)

    def _is_ours(self, row: dict[str, Any], mark: str, *, since: datetime) -> bool:
        made_by, made_at = text(row, "sys_created_by", "value"), moment(text(row, "sys_created_on", "value"))
        is_marked = text(row, "correlation_id", "value") == mark
        return is_marked and made_by == self._user and made_at is not None and made_at >= since


def _number(row: Any, mark: str) -> str:
    number = text(row, "number", "value")
    if not is_ticket_key(number, system="servicenow"):
        raise not_understood(mark)
    return number
