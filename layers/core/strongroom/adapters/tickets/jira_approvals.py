"""The approvals that Jira Service Management keeps of a request.

Jira Service Management Cloud REST API, "Get approvals".
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from strongroom.adapters.tickets.values import objects, part, text
from strongroom.adapters.tickets.web import not_understood
from strongroom.domain.restores.tickets.ticket import TicketApproval

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def read_approvals(values: Iterable[dict[str, Any]], *, about: str) -> tuple[TicketApproval, ...]:
    """Whoever approved, in the approvals since the last one that was declined; nobody while one is open.

    TemporarilyUnavailableError for what cannot be understood.
    """
    standing: list[TicketApproval] = []
    is_open = False
    for value in sorted(values, key=lambda each: _epoch(each, "createdDate", about=about)):
        decision = text(value, "finalDecision")
        if decision == "approved":
            standing += _approvers(value, about=about)
        else:
            standing.clear()
        is_open = is_open or decision not in ("approved", "declined")
    return () if is_open else tuple(standing)


def _approvers(value: dict[str, Any], *, about: str) -> Iterator[TicketApproval]:
    approvers = objects(value, "approvers")
    at = _moment(_epoch(value, "completedDate", about=about), about=about)
    if approvers is None:
        raise not_understood(about)
    for each in approvers:
        if text(each, "approverDecision") == "approved":
            account = text(each, "approver", "accountId")
            yield TicketApproval(account=account, at=at, through=f"approval {text(value, 'id')[:20]}")


def _epoch(value: dict[str, Any], name: str, *, about: str) -> int:
    found = part(value, name, "epochMillis")
    if not isinstance(found, int) or isinstance(found, bool):
        raise not_understood(about)
    return found


def _moment(milliseconds: int, *, about: str) -> datetime:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)
    except (OverflowError, ValueError, OSError):
        raise not_understood(about) from None
