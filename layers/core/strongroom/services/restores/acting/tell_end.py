"""Tell everybody concerned how a ceremony ended; whoever cannot be reached is told later."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from strongroom.domain.errors import AccessRefusedError, NotFoundError, TemporarilyUnavailableError
from strongroom.domain.restores.drafts import line_of
from strongroom.domain.restores.facts import RestoreClosed
from strongroom.domain.restores.reach import Whom

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from strongroom.domain.alerts.complaints import Alert
    from strongroom.domain.restores.requests import SealedRequest
    from strongroom.services.restores.acting.close_restore import RestoreClosingNeeds, RestoreEnded

# What Slack and ticket systems answer that are away, or do not let us in.
_UNREACHED: Final = (AccessRefusedError, NotFoundError, TemporarilyUnavailableError)


def tell_end(
    ended: RestoreEnded,
    sealed: SealedRequest,
    *,
    findings: Iterable[Alert],
    is_ticket_free: bool,
    is_again: bool,
    needs: RestoreClosingNeeds,
    now: datetime,
) -> RestoreEnded:
    """Alert, publish, free the ticket, then tell chat and ticket; the answer names those who could not be told.

    `is_again` is a closing after the request's own: where the list says who knows of it, only the others are told.
    """
    for alert in findings:
        needs.alerts.complain(alert, now=now)
    line = needs.open_requests.find(ended.request_id, now=now) or line_of(sealed)
    untold = line.untold
    if not (is_again and line.outcome):
        untold = (Whom.CHAT, Whom.TICKET)
        needs.publisher.publish(_fact(ended, sealed))
        needs.open_requests.close(line, outcome=ended.outcome, is_ticket_free=is_ticket_free, untold=untold)
    text = _sentence(ended, sealed, is_ticket_free=is_ticket_free)
    still = tuple(whom for whom in untold if not _is_told(Whom(whom), sealed, text=text, needs=needs))
    needs.open_requests.tell(line, untold=still)
    return replace(ended, untold=still)


def _is_told(whom: Whom, sealed: SealedRequest, *, text: str, needs: RestoreClosingNeeds) -> bool:
    ticket = sealed.request.ticket if whom is Whom.TICKET else ""
    message = needs.messages.find(sealed.request.id) if whom is Whom.CHAT else None
    try:
        if ticket:
            needs.tickets.comment(ticket, text)
        if message:
            needs.board.close(message, sealed, text=text)
    except _UNREACHED:
        return False
    return True


def _fact(ended: RestoreEnded, sealed: SealedRequest) -> RestoreClosed:
    request = sealed.request
    return RestoreClosed(
        account=request.account,
        region=request.region,
        resource=request.resource,
        reason=ended.reason,
        request_id=request.id,
        outcome=ended.outcome,
        created=ended.created,
    )


def _sentence(ended: RestoreEnded, sealed: SealedRequest, *, is_ticket_free: bool) -> str:
    made = f" Created: {ended.created}." if ended.created else ""
    ticket = sealed.request.ticket
    freed = f" {ticket} may carry another request." if ticket and is_ticket_free else ""
    return f"Restore {ended.request_id}: {ended.outcome}. {ended.reason}.{made} Evidence: {ended.evidence[:12]}.{freed}"
