"""Read the ticket at the beginning of a ceremony, and keep in the evidence what it says.

Where an incident stands in its place, tell everybody who is passed by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.errors import ApprovalVoidError, NotFoundError, TicketRefusedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.decisions import DecisionState
from strongroom.domain.restores.approving.urgency import who_is_skipped
from strongroom.domain.restores.tickets.judging import TicketState, judge_ticket
from strongroom.services.restores.deciding.executions import demand_own
from strongroom.services.restores.deciding.judge import demand_no_ticket, follows_without_ticket

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.domain.restores.plans import RestorePlan
    from strongroom.ports.ceremony import Executions
    from strongroom.ports.restores import TicketSystem
    from strongroom.services.alerts.tell_alerts import AlertNotifier
    from strongroom.services.evidence.keep_ceremony import EvidenceKeeper, KeptCeremony
    from strongroom.services.restores.deciding.judge import CeremonyJudge

_OVER: Final = (DecisionState.DENIED, DecisionState.CANCELLED, DecisionState.EXPIRED)


class TicketSnapshot(Struct, frozen=True, kw_only=True):
    """What the state machine goes on with."""

    plan: RestorePlan
    reason: str


class TicketSnapshotNeeds(Struct, frozen=True, kw_only=True):
    """What reading the ticket needs of the world."""

    ceremony: Ceremony
    judge: CeremonyJudge
    keeper: EvidenceKeeper
    executions: Executions
    tickets: TicketSystem
    alerts: AlertNotifier


def snapshot_ticket(request_id: str, *, execution: str, needs: TicketSnapshotNeeds, now: datetime) -> TicketSnapshot:
    """The ticket as it is now entitles to the restore, or TicketRefusedError.

    ApprovalVoidError for a request that has ended while its ticket could not be read. ForeignExecutionError, and
    nothing kept, for any execution but the one that was begun with the request.
    """
    demand_own(execution, request_id=request_id, executions=needs.executions)
    kept = needs.keeper.read(request_id)
    request = kept.sealed.request
    stands = needs.judge.decide(kept, now=now)
    if stands.state in _OVER:
        raise ApprovalVoidError(f"the request is {stands.state}: {stands.reason}")
    if request.is_urgent:
        return _incident(kept, needs=needs, now=now)
    if follows_without_ticket(kept):
        return TicketSnapshot(plan=request.plan, reason=f"it follows {request.of}, and needs no ticket of its own")
    if known := kept.last(EntryKind.TICKET_ENTITLES):
        return TicketSnapshot(plan=request.plan, reason=known["reason"])
    try:
        ticket = needs.tickets.read(request.ticket)
    except NotFoundError as error:
        raise TicketRefusedError(str(error)) from error
    verdict = judge_ticket(ticket, request=request, ceremony=needs.ceremony, now=now)
    if verdict.state is TicketState.REFUSED:
        raise TicketRefusedError(f"the ticket does not entitle to this restore: {verdict.reason}")
    facts = {
        "ticket": verdict.key,
        "status": verdict.status,
        "approver": needs.ceremony.subject_of(verdict.approver),
        "reason": verdict.reason,
        "snapshot": verdict.snapshot,
    }
    needs.keeper.record(kept, EntryKind.TICKET_ENTITLES, facts=facts, at=now)
    return TicketSnapshot(plan=request.plan, reason=verdict.reason)


def _incident(kept: KeptCeremony, *, needs: TicketSnapshotNeeds, now: datetime) -> TicketSnapshot:
    """No ticket is read. Nothing goes on before the alarm is out: whoever is passed by can still deny."""
    demand_no_ticket(kept.sealed, judge=needs.judge)
    request = kept.sealed.request
    asked_by = needs.ceremony.name_of(request.requester)
    reason = f"{asked_by} asks for an urgent restore of {request.resource}, for {request.incident}: {request.reason}"
    alert = Alert(
        kind=AlertKind.BREAK_GLASS_OPENED,
        subject=request.id,
        account=request.account,
        region=request.region,
        reason=f"{reason}. Without those who decide otherwise: {who_is_skipped(request, ceremony=needs.ceremony)}",
    )
    needs.alerts.complain(alert, now=now)
    return TicketSnapshot(plan=request.plan, reason=f"{request.incident} stands in the place of a ticket")
