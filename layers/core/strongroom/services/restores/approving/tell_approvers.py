"""Show a request to those who decide on it, in chat and on its ticket; nothing waits for that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.drafts import page_of

if TYPE_CHECKING:
    from strongroom.ports.ceremony import Drafts, Messages
    from strongroom.ports.restores import ApprovalBoard, TicketSystem


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproversTold:
    """Where the request is shown."""

    request_id: str
    channel: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingNeeds:
    """What showing a request to its approvers needs of the world."""

    drafts: Drafts
    messages: Messages
    board: ApprovalBoard
    tickets: TicketSystem
    public_url: str


def tell_approvers(request_id: str, *, needs: TellingNeeds) -> ApproversTold:
    """Show the request once, however often this is tried, with the link to the page on which people decide."""
    draft = needs.drafts.read(request_id)
    request = draft.sealed.request
    message = needs.messages.find(request_id)
    if message is None:
        message = needs.board.post(draft.sealed, page=page_of(needs.public_url, draft))
        needs.messages.keep(request_id, message)
    needs.tickets.comment(
        request.ticket,
        f"Restore {request.id} of {Arn.parse(request.resource).name} to {request.target_name} in account "
        f"{request.account} awaits approval until {request.approve_before:%Y-%m-%d %H:%M:%S} UTC.",
    )
    return ApproversTold(request_id=request_id, channel=message.channel, ts=message.ts)
