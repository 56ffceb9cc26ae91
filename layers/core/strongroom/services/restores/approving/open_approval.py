"""Show a request to its approvers and keep the task token where nobody but the decider finds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strongroom.domain.identifiers import Arn

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.ports.restores import ApprovalBoard, TicketSystem
    from strongroom.services.restores.approving.settle_approval import Decider


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalOpened:
    """Where the request is shown."""

    request_id: str
    channel: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalOpeningNeeds:
    """What showing a request to its approvers needs of the world."""

    decider: Decider
    board: ApprovalBoard
    tickets: TicketSystem


def open_approval(request_id: str, *, token: str, needs: ApprovalOpeningNeeds, now: datetime) -> ApprovalOpened:
    """Keep the token first, show the request once however often the task is tried, and release an early decision."""
    approvals = needs.decider.approvals
    sealed = approvals.book.read(request_id)
    approvals.book.keep_token(request_id, token)
    message = approvals.book.kept_message(request_id)
    if message is None:
        message = needs.board.post(sealed)
        approvals.book.keep_message(request_id, message)
        approvals.evidence.note(request_id, "approval-opened", at=now, digest=sealed.digest, channel=message.channel)
        request = sealed.request
        needs.tickets.comment(
            request.ticket,
            f"Restore {request.id} of {Arn.parse(request.resource).name} to {request.target_name} in account "
            f"{request.account} awaits approval until {request.approval_expires_at:%Y-%m-%d %H:%M:%S} UTC.",
        )
    needs.decider.release(request_id)
    return ApprovalOpened(request_id=request_id, channel=message.channel, ts=message.ts)
