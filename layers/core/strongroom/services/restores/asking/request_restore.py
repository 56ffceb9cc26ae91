"""Ask for a restore: everything is checked and planned before anything is stored, then the ceremony begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strongroom.domain.errors import (
    MalformedRequestError,
    NotFoundError,
    PermissionRefusedError,
    QuorumUndefinedError,
    RestoreRefusedError,
)
from strongroom.domain.evidence.chain import REQUESTED
from strongroom.domain.identifiers import AccountId, Arn, Region, parse_account_id
from strongroom.domain.restores.facts import RestoreRequested
from strongroom.domain.restores.metadata import build_metadata
from strongroom.domain.restores.plans import RecoveryPoint, RestorePlan, decide_plan
from strongroom.domain.restores.requests import (
    RestoreRequest,
    RestoreWish,
    SealedRequest,
    make_request_id,
    parse_reason,
    parse_recovery_point,
    seal_request,
)
from strongroom.domain.restores.tickets import TicketState, judge_ticket, parse_ticket_key
from strongroom.domain.restores.votes import rules_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.domain.intent.model import ApprovalRule, Intent
    from strongroom.ports.accounts import UnitDirectory
    from strongroom.ports.facts import Publisher
    from strongroom.ports.restores import Ceremonies, RecoveryPoints, RestoreBook, TicketSystem, TicketUses
    from strongroom.services.evidence.keep_evidence import EvidenceRecorder


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreOpened:
    """The answer to a requester: the request's id, what will be done, and until when it must be approved."""

    request_id: str
    digest: str
    plan: RestorePlan
    reason: str
    approval_expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRequestNeeds:
    """What a new request needs of the world; `intent_digest` is the SHA-256 of the deployed intent."""

    intent: Intent
    intent_digest: str
    book: RestoreBook
    evidence: EvidenceRecorder
    uses: TicketUses
    tickets: TicketSystem
    points: RecoveryPoints
    units: UnitDirectory
    ceremonies: Ceremonies
    publisher: Publisher
    random: Callable[[int], bytes]


def request_restore(wish: RestoreWish, *, requester: str, needs: RestoreRequestNeeds, now: datetime) -> RestoreOpened:
    """Open a request, or raise what is wrong with it in one line; nothing is stored before all of it is right."""
    restores = needs.intent.restores
    group = restores.requesters
    if requester not in restores.groups.get(group, ()):
        raise PermissionRefusedError(f"only members of {group} ask for restores; {requester} is none")
    request = _plan(wish, requester=requester, needs=needs, now=now)
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
        approval_expires_at=request.approval_expires_at,
    )


def _plan(wish: RestoreWish, *, requester: str, needs: RestoreRequestNeeds, now: datetime) -> RestoreRequest:
    intent = needs.intent
    account = parse_account_id(wish.account)
    ticket = parse_ticket_key(wish.ticket, system=intent.tickets.system)
    reason = parse_reason(wish.reason)
    region = _region(wish.recovery_point, intent=intent)
    unit, rules = _governed(account, needs=needs)
    point = _found(wish, account=account, region=region, needs=needs)
    plan = decide_plan(point, account=account, intent=intent)
    metadata = build_metadata(
        point.resource_type,
        target_name=wish.target_name,
        at_backup=point.restore_metadata,
        overrides=wish.metadata,
        account=account,
        region=region,
    )
    return RestoreRequest(
        id=make_request_id(needs.random(8)),
        requester=requester,
        account=account,
        region=region,
        unit=unit,
        resource=point.resource,
        resource_type=point.resource_type,
        recovery_point=point.arn,
        recovery_point_created_at=point.created_at,
        vault=point.vault,
        plan=plan,
        target_name=wish.target_name,
        metadata=metadata,
        ticket=ticket,
        reason=reason,
        rules=rules,
        intent_digest=needs.intent_digest,
        requested_at=now,
        approval_expires_at=now + intent.restores.approval_expires_after,
        execution_expires_after=intent.restores.execution_expires_after,
    )


def _region(recovery_point: str, *, intent: Intent) -> Region:
    region = parse_recovery_point(recovery_point).region or intent.organization.home_region
    if region not in intent.organization.governed_regions:
        raise MalformedRequestError(f"{region} is not one of the governed Regions")
    return region


def _governed(account: AccountId, *, needs: RestoreRequestNeeds) -> tuple[str, tuple[ApprovalRule, ...]]:
    intent = needs.intent
    target = intent.target_of(account, needs.units.units_of(account))
    if target is None:
        raise NotFoundError(
            f"account {account} is in no governed organisational unit; nothing is restored into it here"
        )
    rules = rules_for(intent.restores.rules, account=account, unit=target.name)
    if not rules:
        raise QuorumUndefinedError(f"no rule says who approves restores into {target.name}, so nobody can")
    return target.name, rules


def _found(wish: RestoreWish, *, account: AccountId, region: Region, needs: RestoreRequestNeeds) -> RecoveryPoint:
    intent = needs.intent
    ours = (intent.local_vault_arn(account, region), intent.central_vault_arn())
    if wish.vault and wish.vault not in ours:
        raise RestoreRefusedError(f"restores come from {ours[0]} or {ours[1]}, not from {wish.vault[:200]}")
    vaults = (wish.vault,) if wish.vault else ours
    found = (needs.points.find(wish.recovery_point, vault=vault) for vault in vaults)
    point = next((point for point in found if point is not None), None)
    if point is None:
        names = " nor ".join(Arn.parse(vault).name for vault in vaults)
        raise NotFoundError(f"no recovery point {wish.recovery_point} lies in {names} of account {account}")
    return point


def _use_ticket(request: RestoreRequest, *, needs: RestoreRequestNeeds) -> None:
    ticket = needs.tickets.read(request.ticket)
    verdict = judge_ticket(ticket, request=request, tickets=needs.intent.tickets, people=needs.intent.people)
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
