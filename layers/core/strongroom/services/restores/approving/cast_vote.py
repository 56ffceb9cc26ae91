"""Take somebody's word on a request: it becomes a question "is it really you?", or is refused with a reason."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from strongroom.domain.restores.presence import CHALLENGE_LIVES, Challenge, presence_url
from strongroom.domain.restores.requests import parse_request_id
from strongroom.domain.restores.votes import Decision, Vote, VoteAnswer, VoteState, judge_click

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.domain.restores.requests import SealedRequest
    from strongroom.ports.restores import Challenges
    from strongroom.services.restores.approving.settle_approval import Approvals


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteNeeds:
    """What taking a vote needs of the world."""

    approvals: Approvals
    challenges: Challenges
    public_url: str
    random: Callable[[int], bytes]


def vote_on_request(request_id: str, decision: Decision, *, person: str, needs: VoteNeeds, now: datetime) -> VoteAnswer:
    """Vote on a request by its id; NotFoundError for an unknown one."""
    sealed = needs.approvals.book.read(parse_request_id(request_id))
    return cast_vote(sealed, decision, person=person, needs=needs, now=now)


def cast_vote(sealed: SealedRequest, decision: Decision, *, person: str, needs: VoteNeeds, now: datetime) -> VoteAnswer:
    """Refuse the vote, or keep it as awaiting its proof and say where to prove it; RestoreRefusedError when closed."""
    request, approvals = sealed.request, needs.approvals
    approvals.demand_open(request, now=now)
    verdict = judge_click(
        person,
        requester=request.requester,
        rules=request.rules + approvals.rules_of(request),
        restores=approvals.ceremony.restores,
        people=approvals.ceremony.people,
    )
    vote = Vote(person=verdict.person, decision=decision, state=verdict.state, reason=verdict.reason, cast_at=now)
    _note(vote, sealed, needs=needs, now=now)
    if verdict.state is VoteState.REFUSED:
        return VoteAnswer(request_id=request.id, state=verdict.state, reason=verdict.reason)
    approvals.book.cast(request.id, vote)
    url = _open_challenge(sealed, vote, needs=needs, now=now)
    return VoteAnswer(request_id=request.id, state=verdict.state, reason=verdict.reason, presence_url=url)


def _open_challenge(sealed: SealedRequest, vote: Vote, *, needs: VoteNeeds, now: datetime) -> str:
    challenge_id = needs.random(24).hex()
    needs.challenges.open(
        challenge_id,
        Challenge(
            request_id=sealed.request.id,
            digest=sealed.digest,
            person=vote.person,
            decision=vote.decision,
            verifier=hashlib.sha256(needs.random(32)).hexdigest(),
            expires_at=now + CHALLENGE_LIVES,
        ),
    )
    return presence_url(needs.public_url, challenge_id)


def _note(vote: Vote, sealed: SealedRequest, *, needs: VoteNeeds, now: datetime) -> None:
    needs.approvals.evidence.note(
        sealed.request.id,
        f"vote-{vote.state}",
        at=now,
        digest=sealed.digest,
        person=vote.person,
        decision=vote.decision,
        reason=vote.reason,
    )
