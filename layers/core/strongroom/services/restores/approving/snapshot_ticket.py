"""Read the ticket at the beginning of a ceremony and remember who approved it; bind the request to its execution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strongroom.domain.errors import ForeignExecutionError, NotFoundError, TicketRefusedError
from strongroom.domain.restores.steps import TicketRead
from strongroom.domain.restores.tickets import TicketState, judge_ticket

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.plans import RestorePlan
    from strongroom.ports.restores import TicketSystem
    from strongroom.services.restores.approving.settle_approval import Approvals


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSnapshot:
    """What the state machine goes on with: the plan, and how long the approval may take."""

    plan: RestorePlan
    approval_seconds: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSnapshotNeeds:
    """What reading the ticket needs of the world."""

    approvals: Approvals
    tickets: TicketSystem


def snapshot_ticket(request_id: str, *, execution: str, needs: TicketSnapshotNeeds, now: datetime) -> TicketSnapshot:
    """The ticket as it is now entitles to the restore, or TicketRefusedError.

    ForeignExecutionError, and nothing noted, for any execution but the one that was begun with the request.
    """
    book, ceremony = needs.approvals.book, needs.approvals.ceremony
    sealed = book.read(request_id)
    request = sealed.request
    _demand_own(request_id, execution=execution, needs=needs)
    try:
        ticket = needs.tickets.read(request.ticket)
    except NotFoundError as error:
        raise TicketRefusedError(str(error)) from error
    verdict = judge_ticket(ticket, request=request, tickets=ceremony.tickets, people=ceremony.people)
    facts = {
        "ticket": verdict.key,
        "status": verdict.status,
        "approver": verdict.approver,
        "reason": verdict.reason,
        "digest": sealed.digest,
    }
    needs.approvals.evidence.note(request_id, f"ticket-{verdict.state}", at=now, **facts)
    if verdict.state is TicketState.REFUSED:
        raise TicketRefusedError(f"the ticket does not entitle to this restore: {verdict.reason}")
    if not book.record(request_id, TicketRead(**facts, execution=execution)):
        _demand_own(request_id, execution=execution, needs=needs)
    seconds = int((request.approval_expires_at - now).total_seconds())
    return TicketSnapshot(plan=request.plan, approval_seconds=max(seconds, 1), reason=verdict.reason)


def _demand_own(request_id: str, *, execution: str, needs: TicketSnapshotNeeds) -> None:
    recorded = needs.approvals.book.recorded(request_id, TicketRead)
    if recorded is not None and recorded.execution != execution:
        raise ForeignExecutionError("another execution already carries this request")
    # An execution's name is the end of its ARN, and a request begins one under its own id.
    if execution.rpartition(":")[2] != request_id:
        raise ForeignExecutionError("this execution was started by hand; the request began another execution")
