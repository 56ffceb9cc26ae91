"""Ask for a restore: everything is checked and planned before a draft is kept, and it is open once it is signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from strongroom.domain.errors import PermissionRefusedError, RestoreRefusedError
from strongroom.domain.identifiers import Arn
from strongroom.domain.proofs.statements import Decision, make_statement
from strongroom.domain.restores.drafts import Draft, page_of
from strongroom.domain.restores.landing import consequences
from strongroom.domain.restores.requests import seal_request
from strongroom.domain.restores.tickets.judging import TicketState, judge_ticket
from strongroom.domain.written import base64url
from strongroom.services.restores.asking.plan_restore import RestorePlanNeeds, plan_restore

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.plans import RestorePlan
    from strongroom.domain.restores.requests import RestoreRequest, RestoreWish
    from strongroom.ports.ceremony import Drafts, Limits, OpenStatements
    from strongroom.ports.restores import TicketSystem

_NONCE_BYTES: Final = 16
_AN_HOUR: Final = timedelta(hours=1)
_MOST_AN_HOUR: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreDrafted:
    """The answer to a requester: what will be done, and what they have to sign so that it is asked for."""

    request_id: str
    text: str
    digest: str
    mark: str
    statement: str
    page: str
    plan: RestorePlan
    reason: str
    consequences: tuple[str, ...]
    approve_before: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRequestNeeds(RestorePlanNeeds):
    """What a new request needs of the world."""

    drafts: Drafts
    statements: OpenStatements
    limits: Limits
    tickets: TicketSystem
    public_url: str


def request_restore(wish: RestoreWish, *, requester: str, needs: RestoreRequestNeeds, now: datetime) -> RestoreDrafted:
    """Keep a draft, or raise what is wrong with the wish in one line; `requester` is a subject."""
    restores = needs.ceremony.restores
    if not needs.ceremony.may_ask(requester):
        raise PermissionRefusedError(f"only members of {restores.requesters} ask for restores, and you are none")
    request = plan_restore(wish, requester=requester, needs=needs, now=now)
    _check_ticket(request, needs=needs, now=now)
    # What is kept is counted, so that a bad day of ours is held against nobody.
    if not needs.limits.count(f"ask {requester}", most=_MOST_AN_HOUR, within=_AN_HOUR, now=now):
        raise RestoreRefusedError(f"you asked {_MOST_AN_HOUR} times within an hour; wait, or let somebody else ask")
    draft = Draft(sealed=seal_request(request), view=base64url(needs.random(_NONCE_BYTES)))
    needs.drafts.keep(draft)
    nonce = base64url(needs.random(_NONCE_BYTES))
    statement = make_statement(draft.sealed.asked, Decision.REQUEST, nonce=nonce, issued_at=now)
    needs.statements.hand_out(statement, until=now + draft.sealed.asked.policy.presence_max_age)
    made = f"{Arn.parse(request.resource).name} as of {request.recovery_point_created_at:%Y-%m-%d %H:%M} UTC"
    return RestoreDrafted(
        request_id=request.id,
        text=draft.sealed.text,
        digest=draft.sealed.digest,
        mark=draft.sealed.mark,
        statement=statement.text,
        page=page_of(needs.public_url, draft),
        plan=request.plan,
        reason=f"{made} becomes {request.target_name} in account {request.account}",
        consequences=consequences(request),
        approve_before=request.approve_before,
    )


def _check_ticket(request: RestoreRequest, *, needs: RestoreRequestNeeds, now: datetime) -> None:
    if request.is_urgent:
        return
    ticket = needs.tickets.read(request.ticket)
    verdict = judge_ticket(ticket, request=request, ceremony=needs.ceremony, now=now)
    if verdict.state is TicketState.REFUSED:
        raise RestoreRefusedError(f"the ticket does not entitle to this restore: {verdict.reason}")
