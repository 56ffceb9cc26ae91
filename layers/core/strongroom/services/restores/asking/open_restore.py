"""Open a request once its requester has signed it: kept where nobody can change it, listed, and its ceremony begun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import ApprovalVoidError, NotFoundError, PermissionRefusedError, RestoreRefusedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.proof import proof_of, signed_content
from strongroom.domain.restores.drafts import demand_no_rival, demand_room, line_of, page_of
from strongroom.domain.restores.facts import RestoreRequested
from strongroom.domain.restores.requests import parse_request_id
from strongroom.services.restores.deciding.break_glass import last_urgent
from strongroom.services.restores.deciding.judge import demand_no_ticket

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.proofs.proof import Assertion, KeptToken, Proof
    from strongroom.domain.restores.drafts import Draft
    from strongroom.domain.restores.requests import SealedRequest
    from strongroom.ports.ceremony import Drafts, OpenRequests, OpenStatements
    from strongroom.ports.facts import Publisher
    from strongroom.ports.restores import Ceremonies
    from strongroom.services.evidence.keep_ceremony import EvidenceKeeper
    from strongroom.services.restores.deciding.judge import CeremonyJudge

# The last urgent request may be years old.
_EVERY_LINE: Final = 1_000_000


class RestoreOpened(Struct, frozen=True, kw_only=True):
    """The request is open: its approvers see it, and this is until when."""

    request_id: str
    state: str
    page: str
    approve_before: datetime


class RestoreOpeningNeeds(Struct, frozen=True, kw_only=True):
    """What opening a request needs of the world."""

    judge: CeremonyJudge
    keeper: EvidenceKeeper
    drafts: Drafts
    statements: OpenStatements
    open_requests: OpenRequests
    ceremonies: Ceremonies
    publisher: Publisher
    public_url: str


def open_restore(
    request_id: str,
    *,
    statement: str,
    signed: Assertion | KeptToken,
    needs: RestoreOpeningNeeds,
    now: datetime,
) -> RestoreOpened:
    """Open the request; PermissionRefusedError for a proof that is not its requester's, and it may be tried again.

    The evidence comes first, then ticket and list at once, then the execution, then the news: whatever is interrupted
    is taken up by the next try, and by the sweep.
    """
    draft = needs.drafts.read(parse_request_id(request_id))
    opening = proof_of({"statement": statement, **signed_content(signed)}, digest="")
    _check(opening, draft, needs=needs, now=now)
    if not needs.keeper.open(draft.sealed, statement=statement, signed=signed):
        # Somebody signed it before: what is kept is what counts.
        kept = needs.keeper.read(request_id)
        if kept.has(EntryKind.CLOSED):
            raise RestoreRefusedError(f"{request_id} has ended; ask anew for another restore")
        opening = kept.opening
        needs.judge.demand_opened(kept.sealed, opening, now=now)
    begin(draft.sealed, needs=needs, now=now)
    needs.statements.use(opening.statement)
    return RestoreOpened(
        request_id=request_id,
        state="open",
        page=page_of(needs.public_url, draft),
        approve_before=draft.sealed.request.approve_before,
    )


def begin(sealed: SealedRequest, *, needs: RestoreOpeningNeeds, now: datetime) -> None:
    """List the request, use its ticket, and begin its execution; each of it once, however often this is called."""
    request = sealed.request
    follows = _demand_unbroken(sealed, needs=needs, now=now)
    if not needs.open_requests.open(line_of(sealed), follows=follows):
        if request.is_urgent:
            raise RestoreRefusedError("another urgent restore was opened meanwhile; there is one at a time")
        if not request.ticket:
            raise RestoreRefusedError(f"{request.id} has ended; ask anew")
        raise RestoreRefusedError(f"{request.ticket} was used for another restore; each restore needs its own ticket")
    needs.ceremonies.begin(request.id)
    needs.publisher.publish(
        RestoreRequested(
            account=request.account,
            region=request.region,
            resource=request.resource,
            reason=request.reason,
            request_id=request.id,
            requester=request.requester,
            ticket=request.ticket,
            incident=request.incident,
        )
    )


def _demand_unbroken(sealed: SealedRequest, *, needs: RestoreOpeningNeeds, now: datetime) -> str:
    """The urgent request that this one follows, if it is urgent; RestoreRefusedError while that is in the way."""
    if not sealed.request.is_urgent:
        return ""
    return last_urgent(
        needs.open_requests.latest(limit=_EVERY_LINE, now=now),
        besides=sealed.request.id,
        keeper=needs.keeper,
        evidence=needs.judge.evidence,
        now=now,
    )


def _check(opening: Proof, draft: Draft, *, needs: RestoreOpeningNeeds, now: datetime) -> None:
    request = draft.sealed.request
    if not needs.statements.is_open(opening.statement):
        raise NotFoundError("this statement was not handed out here, or too long ago; ask for a new one")
    if now >= request.approve_before:
        raise RestoreRefusedError("nobody signed the request in time; ask again")
    try:
        needs.judge.demand_opened(draft.sealed, opening, now=now)
    except ApprovalVoidError as error:
        raise PermissionRefusedError(str(error)) from error
    if request.is_urgent:
        demand_no_ticket(draft.sealed, judge=needs.judge)
        _demand_unbroken(draft.sealed, needs=needs, now=now)
    lines = needs.open_requests.unended(now=now)
    demand_room(lines, requester=request.requester, besides=request.id)
    demand_no_rival(request, lines)
