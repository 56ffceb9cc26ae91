"""Ask for a restore: everything is checked and planned before anything is stored, then the ceremony begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strongroom.domain.errors import PermissionRefusedError, RestoreRefusedError
from strongroom.domain.evidence.chain import REQUESTED
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.facts import RestoreRequested
from strongroom.domain.restores.landing import consequences
from strongroom.domain.restores.requests import RestoreRequest, RestoreWish, SealedRequest, seal_request
from strongroom.domain.restores.tickets import TicketState, judge_ticket
from strongroom.services.restores.asking.plan_restore import RestorePlanNeeds, plan_restore

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.plans import RestorePlan
    from strongroom.ports.facts import Publisher
    from strongroom.ports.restores import Ceremonies, RestoreBook, TicketSystem, TicketUses
    from strongroom.services.evidence.keep_evidence import EvidenceRecorder


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreOpened:
    """The answer to a requester: the request's id, what will be done, what follows, and until when to approve it."""

    request_id: str
    digest: str
    plan: RestorePlan
    reason: str
    consequences: tuple[str, ...]
    approval_expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRequestNeeds(RestorePlanNeeds):
    """What a new request needs of the world."""

    book: RestoreBook
    evidence: EvidenceRecorder
    uses: TicketUses
    tickets: TicketSystem
    ceremonies: Ceremonies
    publisher: Publisher


def request_restore(wish: RestoreWish, *, requester: str, needs: RestoreRequestNeeds, now: datetime) -> RestoreOpened:
    """Open a request, or raise what is wrong with it in one line; nothing is stored before all of it is right."""
    restores = needs.ceremony.restores
    group = restores.requesters
    if requester not in restores.members(group):
        raise PermissionRefusedError(f"only members of {group} ask for restores; {requester} is none")
    request = plan_restore(wish, requester=requester, needs=needs, now=now)
    sealed = seal_request(request)
    _use_ticket(request, needs=needs)
    needs.book.add(sealed)
    _tell(sealed, needs=needs, now=now)
    needs.ceremonies.begin(request.id)
    reason = f"{Arn.parse(request.resource).name} as of {request.recovery_point_created_at:%Y-%m-%d %H:%M} UTC"
    return RestoreOpened(
        request_id=request.id,
        digest=sealed.digest,
        plan=request.plan,
        reason=f"{reason} becomes {request.target_name} in account {request.account}",
        consequences=consequences(request),
        approval_expires_at=request.approval_expires_at,
    )


def _use_ticket(request: RestoreRequest, *, needs: RestoreRequestNeeds) -> None:
    ticket, ceremony = needs.tickets.read(request.ticket), needs.ceremony
    verdict = judge_ticket(ticket, request=request, tickets=ceremony.tickets, people=ceremony.people)
    if verdict.state is TicketState.REFUSED:
        raise RestoreRefusedError(f"the ticket does not entitle to this restore: {verdict.reason}")
    if not needs.uses.claim(request.ticket, request_id=request.id):
        raise RestoreRefusedError(f"{request.ticket} was used for another restore; each restore needs its own ticket")


def _tell(sealed: SealedRequest, *, needs: RestoreRequestNeeds, now: datetime) -> None:
    request = sealed.request
    needs.evidence.note(request.id, REQUESTED, at=now, request=sealed.text, digest=sealed.digest)
    needs.publisher.publish(
        RestoreRequested(
            account=request.account,
            region=request.region,
            resource=request.resource,
            reason=request.reason,
            request_id=request.id,
            requester=request.requester,
            ticket=request.ticket,
        )
    )
