"""Ask for a restore: everything is checked and planned before a draft is kept, and it is open once it is signed."""

from __future__ import annotations

from copy import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import PermissionRefusedError, RestoreRefusedError
from strongroom.domain.identifiers import Arn
from strongroom.domain.proofs.statements import Decision, make_statement
from strongroom.domain.restores.drafts import Draft, demand_no_rival, demand_own_ticket, demand_room, page_of
from strongroom.domain.restores.faults import Faults
from strongroom.domain.restores.requests import seal_request
from strongroom.domain.restores.showing.candidates import named_backup
from strongroom.domain.restores.showing.told import told_aim, told_to_people
from strongroom.domain.restores.tickets.judging import TicketState, judge_ticket
from strongroom.domain.restores.tickets.keys import is_ticket_key
from strongroom.domain.written import base64url
from strongroom.services.restores.asking.find_candidates import read_before
from strongroom.services.restores.asking.keep_candidates import keep_candidates
from strongroom.services.restores.asking.plan_restore import RestorePlanNeeds, sketch_restore

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.plans import RestorePlan
    from strongroom.domain.restores.requests import RestoreRequest, RestoreWish, SealedRequest
    from strongroom.ports.ceremony import Drafts, Limits, OpenRequests, OpenStatements
    from strongroom.ports.restores import AccountNames, TicketSystem
    from strongroom.services.restores.asking.find_candidates import CandidateFindingNeeds

_NONCE_BYTES: Final = 16
_AN_HOUR: Final = timedelta(hours=1)
_MOST_AN_HOUR: Final = 20


class RestoreDrafted(Struct, frozen=True, kw_only=True):
    """The answer to a requester: what will be done, and what they have to sign so that it is asked for.

    Of what was only tried nothing is kept, so that there is no statement and no page.
    """

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


class RestoreRequestNeeds(RestorePlanNeeds, frozen=True, kw_only=True):
    """What a new request needs of the world."""

    drafts: Drafts
    statements: OpenStatements
    open_requests: OpenRequests
    limits: Limits
    tickets: TicketSystem
    names: AccountNames
    finding: CandidateFindingNeeds
    public_url: str


def request_restore(wish: RestoreWish, *, requester: str, needs: RestoreRequestNeeds, now: datetime) -> RestoreDrafted:
    """Keep a draft, or raise all that is wrong with the wish; `requester` is a subject."""
    return keep_draft(_sealed(wish, requester=requester, needs=needs, now=now), needs=needs, now=now)


def keep_draft(sealed: SealedRequest, *, needs: RestoreRequestNeeds, now: datetime) -> RestoreDrafted:
    """Keep what was planned under its id, and hand out what its requester has to sign."""
    name = needs.names.name_of(sealed.request.account)
    draft = Draft(sealed=sealed, view=base64url(needs.random(_NONCE_BYTES)), account_name=name)
    needs.drafts.keep(draft)
    nonce = base64url(needs.random(_NONCE_BYTES))
    statement = make_statement(sealed.asked, Decision.REQUEST, nonce=nonce, issued_at=now)
    needs.statements.hand_out(statement, until=now + sealed.asked.policy.presence_max_age)
    return drafted(sealed, statement=statement.text, page=page_of(needs.public_url, draft))


def try_restore(wish: RestoreWish, *, requester: str, needs: RestoreRequestNeeds, now: datetime) -> RestoreDrafted:
    """What the wish would come to, or all that is wrong with it; nothing is kept, and its ticket stays free."""
    return drafted(_sealed(wish, requester=requester, needs=needs, now=now), statement="", page="")


def _sealed(wish: RestoreWish, *, requester: str, needs: RestoreRequestNeeds, now: datetime) -> SealedRequest:
    demand_may_ask(requester, needs=needs, now=now)
    faults = Faults()
    request = sketch_restore(wish, requester=requester, needs=needs, now=now, faults=faults)
    before = faults.of(lambda: read_before(wish.before, now=now))
    faults.of(lambda: _check_ticket(wish, request, needs=needs, now=now))
    faults.of(lambda: check_others(request, requester=requester, needs=needs, now=now))
    asked = faults.demand(request)
    # What could be asked for is counted, so that a bad day of ours is held against nobody; then AWS is asked for lists.
    count_asked(requester, needs=needs, now=now)
    candidates = keep_candidates(asked, before=before, needs=needs.finding, now=now)
    return seal_request(replace(asked, candidates=candidates))


def demand_may_ask(requester: str, *, needs: RestoreRequestNeeds, now: datetime, counted: str = "") -> None:
    """Pass for somebody who may ask, and has not asked too often: before anything is read of AWS or of tickets.

    It is counted by the person, or by what is `counted` in their place.
    """
    restores = needs.ceremony.restores
    if not needs.ceremony.may_ask(requester):
        raise PermissionRefusedError(f"only members of {restores.requesters} ask for restores, and you are none")
    if needs.limits.is_reached(_counted_as(counted or requester), most=_MOST_AN_HOUR, within=_AN_HOUR, now=now):
        raise _asked_too_often()


def count_asked(requester: str, *, needs: RestoreRequestNeeds, now: datetime) -> None:
    """Count what could be asked for; RestoreRefusedError where that is once too often."""
    if not needs.limits.count(_counted_as(requester), most=_MOST_AN_HOUR, within=_AN_HOUR, now=now):
        raise _asked_too_often()


def _counted_as(requester: str) -> str:
    return f"ask {requester}"


def _asked_too_often() -> RestoreRefusedError:
    return RestoreRefusedError(f"you asked {_MOST_AN_HOUR} times within an hour; wait, or let somebody else ask")


def drafted(sealed: SealedRequest, *, statement: str, page: str) -> RestoreDrafted:
    """The answer to whoever asks."""
    request = sealed.request
    return RestoreDrafted(
        request_id=request.id,
        text=sealed.text,
        digest=sealed.digest,
        mark=sealed.mark,
        statement=statement,
        page=page,
        plan=request.plan,
        reason=_said(request),
        consequences=told_to_people(sealed),
        approve_before=request.approve_before,
    )


def _said(request: RestoreRequest) -> str:
    place = f"in account {request.account}"
    if request.is_after:
        return f"{told_aim(request)} {place}"
    made = f"{Arn.parse(request.resource).name}, {named_backup(request.recovery_point_created_at)},"
    return f"{made} becomes {request.target_name} {place}"


def _check_ticket(
    wish: RestoreWish, request: RestoreRequest | None, *, needs: RestoreRequestNeeds, now: datetime
) -> None:
    """The ticket entitles, where none is an incident's; of a wish that comes to no request only whether it is there."""
    if wish.incident:
        return
    if request is None:
        if is_ticket_key(wish.ticket, system=needs.ceremony.tickets.system):
            needs.tickets.read(wish.ticket)
        return
    check_ticket(request, needs=needs, now=now)


def check_ticket(request: RestoreRequest, *, needs: RestoreRequestNeeds, now: datetime) -> None:
    """Pass where the ticket that it names entitles to it."""
    ticket = needs.tickets.read(request.ticket)
    verdict = judge_ticket(ticket, request=request, ceremony=needs.ceremony, now=now)
    if verdict.state is TicketState.REFUSED:
        raise RestoreRefusedError(f"the ticket does not entitle to this restore: {verdict.reason}")


def check_others(request: RestoreRequest | None, *, requester: str, needs: RestoreRequestNeeds, now: datetime) -> None:
    """What is open already leaves room for this one; looked at again when it is opened, and at the act."""
    lines = needs.open_requests.unended(now=now)
    faults = Faults()
    faults.of(lambda: demand_room(lines, requester=requester))
    if request is not None:
        faults.of(lambda: demand_no_rival(request, lines))
        faults.of(lambda: demand_own_ticket(request, (*lines, *needs.open_requests.ended_lately(now=now))))
    faults.demand(lines)
