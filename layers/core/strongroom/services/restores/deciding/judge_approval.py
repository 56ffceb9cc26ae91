"""Judge a request by its proofs: the ceremony goes on, waits for more, or is at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.errors import ApprovalPendingError
from strongroom.domain.proofs.decisions import DecisionState
from strongroom.services.restores.deciding.rules_in_force import demand_rules_in_force

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.plans import RestorePlan
    from strongroom.services.evidence.keep_ceremony import EvidenceReading
    from strongroom.services.restores.deciding.judge import CeremonyJudge


class ApprovalJudged(Struct, frozen=True, kw_only=True):
    """Where the request stands, for the state machine; whoever acts on it judges anew."""

    request_id: str
    state: DecisionState
    plan: RestorePlan
    reason: str


class JudgingNeeds(Struct, frozen=True, kw_only=True):
    """What judging needs of the world: it writes nowhere."""

    judge: CeremonyJudge
    keeper: EvidenceReading


def judge_approval(request_id: str, *, needs: JudgingNeeds, now: datetime) -> ApprovalJudged:
    """Where the request stands now; NotFoundError for an unknown one, ApprovalVoidError for one that nobody signed."""
    kept = needs.keeper.read(request_id)
    verdict = needs.judge.decide(kept, now=now)
    state, reason = verdict.state, verdict.reason
    if state is DecisionState.APPROVED:
        try:
            demand_rules_in_force(kept, judge=needs.judge, keeper=needs.keeper)
        except ApprovalPendingError as pending:
            state, reason = DecisionState.PENDING, str(pending)
    return ApprovalJudged(request_id=request_id, state=state, plan=kept.sealed.request.plan, reason=reason)
