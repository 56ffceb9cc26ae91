"""Ask the identity provider whether it was really that person just now; only then does the vote count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strongroom.domain.errors import NotAuthenticatedError, NotFoundError, RestoreRefusedError
from strongroom.domain.restores.landing import consequences
from strongroom.domain.restores.presence import (
    CHALLENGE_ATTEMPTS,
    Challenge,
    PresenceState,
    PresenceVerdict,
    judge_presence,
    presence_nonce,
)
from strongroom.domain.restores.votes import Vote, VoteState, judge_click

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.requests import SealedRequest
    from strongroom.ports.restores import Challenges, LoginPages
    from strongroom.services.restores.approving.settle_approval import Approvals, Decider


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceAnswer:
    """What the page says: whether the vote counts, why, where the approval stands now, and what the restore entails."""

    request_id: str
    decision: str
    person: str
    counted: bool
    reason: str
    consequences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceProofNeeds:
    """What a proof of presence needs of the world."""

    challenges: Challenges
    login: LoginPages
    decider: Decider


def send_to_login(challenge_id: str, *, needs: PresenceProofNeeds, now: datetime) -> str:
    """Where the browser has to go; looking at it changes nothing, so that link scanners do no harm."""
    challenge = needs.challenges.read(challenge_id, now=now)
    nonce = presence_nonce(challenge_id, digest=challenge.digest, decision=challenge.decision)
    return needs.login.address(state=challenge_id, nonce=nonce, verifier=challenge.verifier)


def confirm_presence(challenge_id: str, *, code: str, needs: PresenceProofNeeds, now: datetime) -> PresenceAnswer:
    """Count the vote when the login proves the person; a failed attempt is written down, five are the limit."""
    approvals = needs.decider.approvals
    challenge = needs.challenges.attempt(challenge_id, limit=CHALLENGE_ATTEMPTS, now=now)
    sealed = approvals.book.read(challenge.request_id)
    approvals.demand_open(sealed.request, now=now)
    proof = _judge(challenge_id, challenge, code=code, needs=needs, now=now)
    if proof.state is PresenceState.PROVEN:
        proof = _still_eligible(challenge, sealed, proof, approvals=approvals)
    if proof.state is PresenceState.REFUSED:
        _note(challenge, "presence-refused", proof=proof, approvals=approvals, now=now)
        return _answer(challenge, sealed, counted=False, reason=proof.reason)
    if not needs.challenges.answer(challenge_id):
        raise NotFoundError("this question was answered already")
    return _count(challenge, sealed, proof, decider=needs.decider, now=now)


def _judge(
    challenge_id: str, challenge: Challenge, *, code: str, needs: PresenceProofNeeds, now: datetime
) -> PresenceVerdict:
    ceremony = needs.decider.approvals.ceremony
    person = ceremony.people.get(challenge.person)
    if person is None:
        return PresenceVerdict(state=PresenceState.REFUSED, reason=f"{challenge.person} is not known here any more")
    try:
        claims = needs.login.claims(code=code, verifier=challenge.verifier)
    except NotAuthenticatedError as error:
        return PresenceVerdict(state=PresenceState.REFUSED, reason=str(error))
    return judge_presence(
        claims,
        person=person,
        nonce=presence_nonce(challenge_id, digest=challenge.digest, decision=challenge.decision),
        restores=ceremony.restores,
        asked_at=challenge.asked_at,
        now=now,
    )


def _still_eligible(
    challenge: Challenge, sealed: SealedRequest, proof: PresenceVerdict, *, approvals: Approvals
) -> PresenceVerdict:
    if challenge.digest != sealed.digest:
        return PresenceVerdict(state=PresenceState.REFUSED, reason="the question was about another request")
    verdict = judge_click(
        challenge.person,
        requester=sealed.request.requester,
        rules=sealed.request.rules + approvals.rules_of(sealed.request),
        restores=approvals.ceremony.restores,
        people=approvals.ceremony.people,
    )
    if verdict.state is VoteState.REFUSED:
        return PresenceVerdict(state=PresenceState.REFUSED, reason=verdict.reason)
    return proof


def _count(
    challenge: Challenge, sealed: SealedRequest, proof: PresenceVerdict, *, decider: Decider, now: datetime
) -> PresenceAnswer:
    vote = Vote(
        person=challenge.person,
        decision=challenge.decision,
        state=VoteState.COUNTED,
        reason=proof.reason,
        cast_at=now,
        methods=proof.methods,
        authenticated_at=proof.authenticated_at,
    )
    if not decider.approvals.book.cast(challenge.request_id, vote):
        raise RestoreRefusedError("your denial has been counted and stands")
    _note(challenge, "vote-counted", proof=proof, approvals=decider.approvals, now=now)
    standing = decider.settle(sealed, now=now)
    return _answer(challenge, sealed, counted=True, reason=f"{proof.reason}; {standing.reason}")


def _note(challenge: Challenge, kind: str, *, proof: PresenceVerdict, approvals: Approvals, now: datetime) -> None:
    person = approvals.ceremony.people.get(challenge.person)
    approvals.evidence.note(
        challenge.request_id,
        kind,
        at=now,
        digest=challenge.digest,
        person=challenge.person,
        subject=person.subject if person else "",
        decision=challenge.decision,
        reason=proof.reason,
        methods=", ".join(proof.methods),
        authenticated_at=proof.authenticated_at.isoformat() if proof.authenticated_at else "",
    )


def _answer(challenge: Challenge, sealed: SealedRequest, *, counted: bool, reason: str) -> PresenceAnswer:
    return PresenceAnswer(
        request_id=challenge.request_id,
        decision=challenge.decision,
        person=challenge.person,
        counted=counted,
        reason=reason,
        consequences=consequences(sealed.request),
    )
