"""Show a request to those who decide on it, in chat and on its ticket; nothing waits for that."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

from strongroom.domain.errors import (
    AccessRefusedError,
    NotFoundError,
    TemporarilyUnavailableError,
    TicketRefusedError,
)
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.drafts import page_of
from strongroom.domain.restores.showing.card import nobody_signed, open_card

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.chat import PostedMessage
    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.domain.restores.drafts import Draft
    from strongroom.domain.restores.showing.card import Card, Standing
    from strongroom.ports.ceremony import Drafts, Messages, Tellings
    from strongroom.ports.restores import ApprovalBoard, TicketSystem

# Where people are told may be away, or may refuse us: the ceremony goes on without, and says so.
_AWAY: Final = (AccessRefusedError, NotFoundError, TemporarilyUnavailableError, TicketRefusedError)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproversTold:
    """Where the request is shown, and who could not be reached, empty where all were."""

    request_id: str
    channel: str
    ts: str
    chat_fault: str
    ticket_fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingNeeds:
    """What showing a request to its approvers needs of the world."""

    ceremony: Ceremony
    drafts: Drafts
    messages: Messages
    tellings: Tellings
    board: ApprovalBoard
    tickets: TicketSystem
    public_url: str


def tell_approvers(request_id: str, *, needs: TellingNeeds, now: datetime) -> ApproversTold:
    """Show the request once, however often this is tried, with the link to the page on which people decide."""
    draft = needs.drafts.read(request_id)
    return tell(draft, nobody_signed(draft.sealed.asked), needs=needs, now=now, is_first=True)


def tell(
    draft: Draft, standing: Standing, *, needs: TellingNeeds, now: datetime, is_first: bool = False
) -> ApproversTold:
    """Show how far the request is, where that is not what is shown already; who cannot be reached is kept in words.

    `is_first` leaves alone what is shown already, because it may be newer.
    """
    request = draft.sealed.request
    before, message = needs.tellings.find(request.id), needs.messages.find(request.id)
    card = open_card(draft.sealed, standing, ceremony=needs.ceremony, account_name=draft.account_name, now=now)
    shown, chat_fault = _mark(card), ""
    if shown != before.shown and not (is_first and message):
        message, chat_fault = _show(card, draft, message, needs=needs)
    ticket_fault = "" if before.is_on_ticket else _comment(draft, needs=needs)
    after = replace(
        before,
        shown=before.shown if chat_fault or (is_first and before.shown) else shown,
        chat_fault=chat_fault,
        is_on_ticket=not ticket_fault,
        ticket_fault=ticket_fault,
        account_name=draft.account_name,
    )
    if after != before:
        needs.tellings.keep(request.id, after)
    return ApproversTold(
        request_id=request.id,
        channel=message.channel if message else "",
        ts=message.ts if message else "",
        chat_fault=chat_fault,
        ticket_fault=ticket_fault,
    )


def _show(
    card: Card, draft: Draft, message: PostedMessage | None, *, needs: TellingNeeds
) -> tuple[PostedMessage | None, str]:
    """Where it is shown now, and why it could not be, empty where it is."""
    page = page_of(needs.public_url, draft)
    try:
        if message is not None:
            needs.board.update(message, card, page=page)
            return message, ""
        posted = needs.board.post(card, page=page)
    except _AWAY as error:
        return message, str(error)
    needs.messages.keep(card.request_id, posted)
    return posted, ""


def _comment(draft: Draft, *, needs: TellingNeeds) -> str:
    """Why the ticket could not be told; empty where it was."""
    request = draft.sealed.request
    account = f"{draft.account_name} ({request.account})" if draft.account_name else request.account
    text = (
        f"Restore {request.id} of {Arn.parse(request.resource).name} to {request.target_name} in account "
        f"{account} awaits approval until {request.approve_before:%Y-%m-%d %H:%M:%S} UTC."
    )
    try:
        needs.tickets.comment(request.ticket, text)
    except _AWAY as error:
        return str(error)
    return ""


def _mark(card: Card) -> str:
    """What tells two cards apart."""
    return hashlib.sha256(json.dumps(asdict(card), sort_keys=True).encode()).hexdigest()
