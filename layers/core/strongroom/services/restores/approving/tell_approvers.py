"""Show a request to those who decide on it, in chat and on its ticket; nothing waits for that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from strongroom.domain.chat import PostedMessage
from strongroom.domain.errors import AccessRefusedError, NotFoundError, TemporarilyUnavailableError
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.drafts import Link, page_of
from strongroom.domain.restores.reach import Whom

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.drafts import Draft
    from strongroom.ports.ceremony import Drafts, Messages
    from strongroom.ports.restores import ApprovalBoard, TicketSystem


# What Slack and ticket systems answer that are away, or do not let us in.
_UNREACHED: Final = (AccessRefusedError, NotFoundError, TemporarilyUnavailableError)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproversTold:
    """Where the request is shown, and who could not be told of it yet."""

    request_id: str
    channel: str
    ts: str
    unreached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingNeeds:
    """What showing a request to its approvers needs of the world."""

    drafts: Drafts
    messages: Messages
    board: ApprovalBoard
    tickets: TicketSystem
    public_url: str


def tell_approvers(request_id: str, *, needs: TellingNeeds, now: datetime) -> ApproversTold:
    """Show the request, with the link to the page on which people decide, to each who has not been told of it yet.

    Who cannot be reached is remembered, with since when, and told when this is called again; where that may be soon,
    TemporarilyUnavailableError when everybody was tried.
    """
    draft, telling, busy = needs.drafts.read(request_id), needs.messages.telling(request_id), None
    for whom, tell in ((Whom.CHAT, _show), (Whom.TICKET, _comment)):
        if whom in telling.told:
            continue
        try:
            tell(draft, needs=needs)
        except _UNREACHED as error:
            telling = telling.having_missed(whom, at=now)
            busy = error if isinstance(error, TemporarilyUnavailableError) else busy
        else:
            telling = telling.having_told(whom)
        needs.messages.remember(request_id, telling)
    if busy:
        raise busy
    message = needs.messages.find(request_id) or PostedMessage(channel="", ts="")
    return ApproversTold(
        request_id=request_id, channel=message.channel, ts=message.ts, unreached=tuple(sorted(telling.missed))
    )


def _show(draft: Draft, *, needs: TellingNeeds) -> None:
    request_id = draft.sealed.request.id
    if needs.messages.find(request_id) is None:
        page = page_of(needs.public_url, draft, link=Link.CHAT)
        needs.messages.keep(request_id, needs.board.post(draft.sealed, page=page, number=draft.number))


def _comment(draft: Draft, *, needs: TellingNeeds) -> None:
    request = draft.sealed.request
    if request.is_urgent:
        return  # an incident stands in the place of a ticket
    needs.tickets.comment(
        request.ticket,
        f"Restore {request.id} of {Arn.parse(request.resource).name} to {request.target_name} in account "
        f"{request.account} awaits approval until {request.approve_before:%Y-%m-%d %H:%M:%S} UTC.",
    )
