"""Look again at everything that a restore rests on, immediately before an act that cannot be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strongroom.domain.errors import ApprovalVoidError, ForeignExecutionError, NotFoundError, TicketWithdrawnError
from strongroom.domain.restores.clocks import ClockState, judge_clocks
from strongroom.domain.restores.quorum import QuorumState
from strongroom.domain.restores.steps import ApprovalClosed, Closed, Copied, TicketRead
from strongroom.domain.restores.tickets import TicketState, judge_ticket

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.requests import RestoreRequest, SealedRequest
    from strongroom.ports.restores import TicketSystem
    from strongroom.services.restores.approving.settle_approval import Approvals


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRecheckNeeds:
    """What looking again needs of the world; who acts on an approval adds what the act takes."""

    approvals: Approvals
    tickets: TicketSystem


def recheck_restore(request_id: str, *, execution: str, needs: RestoreRecheckNeeds, now: datetime) -> SealedRequest:
    """The request, when its lease, digest, requester, votes, clocks and ticket all still hold.

    ApprovalVoidError or TicketWithdrawnError names the first that does not.
    """
    book = needs.approvals.book
    sealed = book.read(request_id)
    read = book.recorded(request_id, TicketRead)
    approved = book.recorded(request_id, ApprovalClosed)
    if read is None or read.execution != execution:
        raise ForeignExecutionError("this execution is not the one that the request belongs to")
    if approved is None or approved.decision != QuorumState.APPROVED:
        raise ApprovalVoidError("nobody has recorded an approval of this request")
    if {read.digest, approved.digest} != {sealed.digest}:
        raise ApprovalVoidError("the stored request is not the one that was approved: its digest differs")
    if book.recorded(request_id, Closed) is not None:
        raise ApprovalVoidError("the request is closed")
    _check_requester(sealed.request, needs=needs)
    _check_votes(sealed.request, needs=needs)
    _check_clocks(sealed.request, approved_at=approved.at, needs=needs, now=now)
    _check_ticket(sealed.request, approver=read.approver, needs=needs)
    return sealed


def _check_requester(request: RestoreRequest, *, needs: RestoreRecheckNeeds) -> None:
    restores = needs.approvals.ceremony.restores
    if request.requester not in restores.members(restores.requesters):
        raise ApprovalVoidError(f"{request.requester}, who asked for it, is no longer one of {restores.requesters}")


def _check_votes(request: RestoreRequest, *, needs: RestoreRecheckNeeds) -> None:
    verdict = needs.approvals.decide(request)
    if verdict.state is not QuorumState.APPROVED:
        raise ApprovalVoidError(f"the approval no longer holds: {verdict.reason}")


def _check_clocks(request: RestoreRequest, *, approved_at: datetime, needs: RestoreRecheckNeeds, now: datetime) -> None:
    copied = needs.approvals.book.recorded(request.id, Copied)
    copied_at = copied.at if copied else None
    verdict = judge_clocks(request, approved_at=approved_at, copied_at=copied_at, now=now)
    if verdict.state is ClockState.EXPIRED:
        raise ApprovalVoidError(f"the approval has run out: {verdict.reason}")


def _check_ticket(request: RestoreRequest, *, approver: str, needs: RestoreRecheckNeeds) -> None:
    ceremony = needs.approvals.ceremony
    try:
        ticket = needs.tickets.read(request.ticket)
    except NotFoundError as error:
        raise TicketWithdrawnError(str(error)) from error
    tickets, people = ceremony.tickets, ceremony.people
    verdict = judge_ticket(ticket, request=request, tickets=tickets, people=people, approver=approver)
    if verdict.state is TicketState.REFUSED:
        raise TicketWithdrawnError(f"the ticket was withdrawn: {verdict.reason}")
