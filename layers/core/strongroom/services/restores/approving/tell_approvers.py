"""Show a request to those who decide on it, in chat and on its ticket; nothing waits for that."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.chat import PostedMessage
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.drafts import Link, page_of
from strongroom.domain.restores.showing.card import nobody_signed, open_card
from strongroom.domain.restores.showing.reach import AWAY, Telling, Whom
from strongroom.domain.restores.showing.told import told_aim
from strongroom.domain.values import asdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.domain.restores.drafts import Draft
    from strongroom.domain.restores.showing.card import Card, Standing
    from strongroom.ports.ceremony import Drafts, Messages
    from strongroom.ports.restores import ApprovalBoard, TicketSystem


class ApproversTold(Struct, frozen=True, kw_only=True):
    """Where the request is shown, and who could not be told of it yet."""

    request_id: str
    channel: str
    ts: str
    unreached: tuple[str, ...] = ()


class TellingNeeds(Struct, frozen=True, kw_only=True):
    """What showing a request to its approvers needs of the world."""

    ceremony: Ceremony
    drafts: Drafts
    messages: Messages
    board: ApprovalBoard
    tickets: TicketSystem
    public_url: str


def tell_approvers(request_id: str, *, needs: TellingNeeds, now: datetime) -> ApproversTold:
    """Show the request, with the link to the page on which people decide, to each who has not been told of it yet.

    Who cannot be reached is remembered, with since when and why, and told when this is called again; where that may be
    soon, TemporarilyUnavailableError when everybody was tried. What chat shows already may be newer, and is left alone.
    """
    draft = needs.drafts.read(request_id)
    standing = None if needs.messages.find(request_id) else nobody_signed(draft.sealed.asked)
    telling, busy = tell(draft, standing, needs=needs, now=now)
    if busy:
        raise busy
    message = needs.messages.find(request_id) or PostedMessage(channel="", ts="")
    return ApproversTold(
        request_id=request_id, channel=message.channel, ts=message.ts, unreached=tuple(sorted(telling.missed))
    )


def tell(
    draft: Draft, standing: Standing | None, *, needs: TellingNeeds, now: datetime
) -> tuple[Telling, TemporarilyUnavailableError | None]:
    """Show in chat how far the request is, where something else is shown, None for nothing new; tell its ticket once.

    The answer says who has been told and who could not be reached, and names what may be back soon. An act that reads
    the ticket may wait for the ticket system: whether it answers is found out here, where that can be remembered.
    """
    request_id, busy = draft.sealed.request.id, None
    before = telling = needs.messages.telling(request_id)
    for whom, knowing, reach in _steps(draft, standing, telling=telling, needs=needs, now=now):
        try:
            reach()
        except AWAY as error:
            telling = telling.having_missed(whom, at=now, why=str(error))
            busy = error if isinstance(error, TemporarilyUnavailableError) else busy
        else:
            telling = knowing(telling)
        if telling != before:
            needs.messages.remember(request_id, telling)
            before = telling
    return telling, busy


def _steps(
    draft: Draft, standing: Standing | None, *, telling: Telling, needs: TellingNeeds, now: datetime
) -> Iterator[tuple[Whom, Callable[[Telling], Telling], Callable[[], object]]]:
    """Whom to tell now, what is remembered of that, and how."""
    if standing is not None:
        card = open_card(draft, standing, ceremony=needs.ceremony, now=now)
        mark = _mark(card)
        if mark != telling.shown:
            knowing = partial(Telling.having_shown, mark=mark, account_name=draft.account_name)
            yield Whom.CHAT, knowing, partial(_show, card, draft, needs=needs)
    reached = partial(Telling.having_told, whom=Whom.TICKET)
    if Whom.TICKET not in telling.told:
        yield Whom.TICKET, reached, partial(_comment, draft, needs=needs)
    elif _is_ticket_awaited(draft, standing, telling=telling):
        yield Whom.TICKET, reached, partial(needs.tickets.read, draft.sealed.request.ticket)


def _is_ticket_awaited(draft: Draft, standing: Standing | None, *, telling: Telling) -> bool:
    if standing is None or not draft.sealed.request.ticket:
        return False
    return standing.reads_ticket or Whom.TICKET in telling.missed


def _show(card: Card, draft: Draft, *, needs: TellingNeeds) -> None:
    page = page_of(needs.public_url, draft, link=Link.CHAT)
    message = needs.messages.find(card.request_id)
    if message is None:
        needs.messages.keep(card.request_id, needs.board.post(card, page=page))
    else:
        needs.board.update(message, card, page=page)


def _comment(draft: Draft, *, needs: TellingNeeds) -> None:
    request = draft.sealed.request
    if not request.ticket:
        return  # an incident stands in its place, or a restore of the last days
    account = f"{draft.account_name} ({request.account})" if draft.account_name else request.account
    restored = f"Restore {request.id} of {Arn.parse(request.resource).name} to {request.target_name}"
    asked = f"Request {request.id}: {told_aim(request)}" if request.is_after else restored
    needs.tickets.comment(
        request.ticket,
        f"{asked} in account {account} awaits approval until {request.approve_before:%Y-%m-%d %H:%M:%S} UTC.",
    )


def _mark(card: Card) -> str:
    """What tells two cards apart."""
    return hashlib.sha256(json.dumps(asdict(card), sort_keys=True).encode()).hexdigest()
