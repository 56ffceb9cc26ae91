"""Take a restore request back: only who asked for it can, and only while it is not decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strongroom.domain.errors import PermissionRefusedError
from strongroom.domain.restores.requests import parse_request_id
from strongroom.domain.restores.votes import VoteAnswer
from strongroom.services.restores.approving.settle_approval import CANCELLED

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.services.restores.approving.settle_approval import Decider


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreCancellationNeeds:
    """What taking a request back needs of the world."""

    decider: Decider


def cancel_restore(request_id: str, *, person: str, needs: RestoreCancellationNeeds, now: datetime) -> VoteAnswer:
    """Close the approval as cancelled; NotFoundError for an unknown request, RestoreRefusedError for a decided one."""
    approvals = needs.decider.approvals
    sealed = approvals.book.read(parse_request_id(request_id))
    request = sealed.request
    if person != request.requester:
        raise PermissionRefusedError(f"only {request.requester}, who asked for it, can cancel {request.id}")
    approvals.demand_open(request, now=now)
    reason = f"cancelled by {person}"
    needs.decider.close(sealed, decision=CANCELLED, reason=reason, people=(person,), now=now)
    return VoteAnswer(request_id=request.id, state=CANCELLED, reason=reason)
