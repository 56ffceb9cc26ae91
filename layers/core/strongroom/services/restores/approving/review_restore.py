"""Review an urgent restore after its end: hand out what somebody may sign about it, and keep what they signed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import RestoreRefusedError, StrongroomError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.decisions import MOST_PROOFS
from strongroom.domain.proofs.proof import proof_text
from strongroom.domain.proofs.reviews import make_review, read_review, read_review_statement, why_not_reviewed
from strongroom.domain.restores.requests import parse_request_id
from strongroom.domain.written import base64url
from strongroom.services.restores.approving.take_proof import ProofState
from strongroom.services.restores.deciding.break_glass import needs_review

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.domain.proofs.proof import Assertion, KeptToken
    from strongroom.domain.proofs.reviews import ReviewFinding
    from strongroom.ports.ceremony import Drafts, Limits, OpenStatements
    from strongroom.services.evidence.keep_ceremony import EvidenceKeeper, KeptCeremony
    from strongroom.services.restores.deciding.judge import CeremonyJudge

_NONCE_BYTES: Final = 16
_AN_HOUR: Final = timedelta(hours=1)
_MOST_AN_HOUR: Final = 60
_MOST_OF_ONE_PERSON: Final = 5


class ReviewProposed(Struct, frozen=True, kw_only=True):
    """What to sign, with the request that it is about and how that ended; `view` is the token of its page's link."""

    request_id: str
    statement: str
    text: str
    closed: str
    outcome: str
    reason: str
    view: str


class ReviewTaken(Struct, frozen=True, kw_only=True):
    """Whether the review counts."""

    request_id: str
    finding: ReviewFinding
    subject: str
    state: ProofState
    reason: str


class ReviewNeeds(Struct, frozen=True, kw_only=True):
    """What a review needs of the world."""

    judge: CeremonyJudge
    keeper: EvidenceKeeper
    drafts: Drafts
    statements: OpenStatements
    limits: Limits
    random: Callable[[int], bytes]


def propose_review(
    request_id: str, finding: ReviewFinding, *, view: str | None, needs: ReviewNeeds, now: datetime
) -> ReviewProposed:
    """A statement to be signed by passkey; RestoreRefusedError for a request that there is nothing to review of.

    `view` is the token of the link, None for somebody who is logged in.
    """
    draft = needs.drafts.read(parse_request_id(request_id))
    if view is not None:
        draft.demand_link(view)
    kept = needs.keeper.read(request_id)
    closed, end = _demand_end(kept), kept.chain[-1].facts
    if not needs.limits.count(f"review {request_id}", most=_MOST_AN_HOUR, within=_AN_HOUR, now=now):
        raise RestoreRefusedError("too many statements were asked for on this request; try again within the hour")
    asked = kept.sealed.asked
    nonce = base64url(needs.random(_NONCE_BYTES))
    statement = make_review(asked, finding, closed=closed, nonce=nonce, issued_at=now)
    needs.statements.hand_out(statement, until=now + asked.policy.presence_max_age)
    return ReviewProposed(
        request_id=request_id,
        statement=statement.text,
        text=kept.sealed.text,
        closed=closed,
        outcome=str(end["outcome"]),
        reason=str(end["reason"]),
        view=draft.view,
    )


def take_review(
    request_id: str, *, statement: str, signed: Assertion | KeptToken, needs: ReviewNeeds, now: datetime
) -> ReviewTaken:
    """Keep the review among what people signed, where it is no vote; what is refused leaves no trace there.

    MalformedRecordError for what is no such statement.
    """
    said = read_review_statement(statement)
    kept = needs.keeper.read(parse_request_id(request_id))
    closed = _demand_end(kept)
    review = read_review(proof_text(statement, signed=signed))
    subject, refusal = why_not_reviewed(
        kept.sealed.asked,
        review,
        closed=closed,
        proofs=kept.proofs,
        evidence=needs.judge.evidence,
        at=now,
        also=(needs.judge.rules_of(kept.sealed.request),),
    )
    if not refusal and not needs.statements.is_open(said):
        refusal = "this statement was not handed out here, or was used, or too long ago; ask for a new one"
    refusal = refusal or _why_not_more(kept, subject, needs=needs, now=now)
    if not refusal:
        try:
            needs.keeper.add_proof(request_id, statement=statement, signed=signed)
        except StrongroomError:
            needs.limits.give_back(_counted_as(request_id, subject), within=_AN_HOUR, now=now)
            raise
        needs.statements.use(said)
    return ReviewTaken(
        request_id=request_id,
        finding=said.finding,
        subject=subject,
        state=ProofState.REFUSED if refusal else ProofState.COUNTED,
        reason=refusal or "it is reviewed, and another urgent restore may be asked for",
    )


def _why_not_more(kept: KeptCeremony, subject: str, *, needs: ReviewNeeds, now: datetime) -> str:
    if len(kept.proofs) >= MOST_PROOFS:
        return "there are too many proofs of this request already"
    name = _counted_as(kept.sealed.request.id, subject)
    if not needs.limits.count(name, most=_MOST_OF_ONE_PERSON, within=_AN_HOUR, now=now):
        return "you have said this often enough"
    return ""


def _counted_as(request_id: str, subject: str) -> str:
    return f"review {request_id} {subject}"


def _demand_end(kept: KeptCeremony) -> str:
    """The SHA-256 of the entry that ended it."""
    request_id = kept.sealed.request.id
    if not kept.has(EntryKind.CLOSED):
        raise RestoreRefusedError(f"{request_id} has not ended; it is reviewed after its end")
    if not needs_review(kept):
        raise RestoreRefusedError(f"{request_id} was not urgent, or nobody acted on it: there is nothing to review")
    return digest_of(kept.chain[-1].text)
