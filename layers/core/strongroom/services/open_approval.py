"""Show a request to its approvers and keep the task token where nobody but the decider finds it."""

from dataclasses import dataclass
from datetime import datetime

from strongroom.domain.identifiers import Arn
from strongroom.ports import ApprovalBoard, TicketDesk
from strongroom.services.settle_approval import Decider


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalOpened:
    """Where the request is shown."""

    request_id: str
    channel: str
    ts: str


def open_approval(
    request_id: str, *, token: str, decider: Decider, board: ApprovalBoard, tickets: TicketDesk, now: datetime
) -> ApprovalOpened:
    """Keep the token first, show the request once however often the task is tried, and release an early decision."""
    desk = decider.approvals
    sealed = desk.book.read(request_id)
    desk.book.keep_token(request_id, token)
    message = desk.book.kept_message(request_id)
    if message is None:
        message = board.post(sealed)
        desk.book.keep_message(request_id, message)
        desk.evidence.note(request_id, "approval-opened", at=now, digest=sealed.digest, channel=message.channel)
        request = sealed.request
        tickets.comment(
            request.ticket,
            f"Restore {request.id} of {Arn.parse(request.resource).name} to {request.target_name} in account "
            f"{request.account} awaits approval until {request.approval_expires_at:%Y-%m-%d %H:%M:%S} UTC.",
        )
    decider.release(request_id)
    return ApprovalOpened(request_id=request_id, channel=message.channel, ts=message.ts)
