"""Close an approval as soon as it is decided: recorded once, and the waiting state machine is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.restores.quorum import QuorumState, QuorumVerdict, decide_approval
from strongroom.domain.restores.steps import ApprovalClosed, Closed, facts_of
from strongroom.domain.restores.votes import rules_for

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.intent.ceremony import ApprovalRule
    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.domain.restores.requests import RestoreRequest, SealedRequest
    from strongroom.ports.facts import Publisher
    from strongroom.ports.restores import RestoreBook, WaitingTasks
    from strongroom.services.evidence.keep_evidence import EvidenceRecorder

CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """Where approvals stand: the votes in the ledger, held against the rules of then and of now."""

    book: RestoreBook
    evidence: EvidenceRecorder
    ceremony: Ceremony

    def rules_of(self, request: RestoreRequest) -> tuple[ApprovalRule, ...]:
        """The rules of today for the request's account or unit."""
        return rules_for(self.ceremony.restores.rules, account=request.account, unit=request.unit)

    def demand_open(self, request: RestoreRequest, *, now: datetime) -> None:
        """RestoreRefusedError when nobody can vote on the request any more."""
        if decided := self.book.recorded(request.id, ApprovalClosed):
            raise RestoreRefusedError(f"{request.id} is already {decided.decision}: {decided.reason}")
        if closed := self.book.recorded(request.id, Closed):
            raise RestoreRefusedError(f"{request.id} is closed: {closed.outcome}")
        if now >= request.approval_expires_at:
            raise RestoreRefusedError(f"{request.id} expired at {request.approval_expires_at:%Y-%m-%d %H:%M:%S} UTC")

    def decide(self, request: RestoreRequest) -> QuorumVerdict:
        """Where the approval stands, by the stricter of the rules then and the rules now."""
        return decide_approval(
            request.rules,
            self.rules_of(request),
            self.book.cast_on(request.id),
            requester=request.requester,
            restores=self.ceremony.restores,
            people=self.ceremony.people,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider:
    """Closes approvals: the only one that speaks to the waiting state machine."""

    approvals: Approvals
    tasks: WaitingTasks
    publisher: Publisher

    def settle(self, sealed: SealedRequest, *, now: datetime) -> QuorumVerdict:
        """Decide after a vote has counted, and close the approval when it is decided."""
        verdict = self.approvals.decide(sealed.request)
        if verdict.state is not QuorumState.PENDING:
            self.close(sealed, decision=verdict.state.value, reason=verdict.reason, people=verdict.people, now=now)
        return verdict

    def close(
        self, sealed: SealedRequest, *, decision: str, reason: str, people: tuple[str, ...], now: datetime
    ) -> None:
        """Record the decision; only the first one counts, is told to the state machine, and is published."""
        request = sealed.request
        closed = ApprovalClosed(
            decision=decision, reason=reason, people=", ".join(people), digest=sealed.digest, at=now
        )
        if not self.approvals.book.record(request.id, closed):
            return
        # The machine first: a bus that is down must not keep it waiting.
        self.release(request.id)
        if decision == QuorumState.APPROVED:
            self._publish(request, reason=reason, people=people)

    def release(self, request_id: str) -> None:
        """Tell the waiting state machine what was decided, if it waits and if it was decided; evidence comes first.

        The opener keeps the token and then looks for a decision; the decider records and then looks for the token: at
        least one of them sees both, and whoever comes second finds the task closed.
        """
        closed = self.approvals.book.recorded(request_id, ApprovalClosed)
        if closed is None:
            return
        facts = {name: value for name, value in facts_of(closed).items() if name != "at"}
        self.approvals.evidence.note_once(request_id, f"approval-{closed.decision}", at=closed.at, facts=facts)
        token = self.approvals.book.kept_token(request_id)
        if token is not None:
            self.tasks.succeed(token, {"decision": closed.decision, "reason": closed.reason})

    def _publish(self, request: RestoreRequest, *, reason: str, people: tuple[str, ...]) -> None:
        from strongroom.domain.restores.facts import RestoreApproved  # most votes and every look back publish nothing

        self.publisher.publish(
            RestoreApproved(
                account=request.account,
                region=request.region,
                resource=request.resource,
                reason=reason,
                request_id=request.id,
                approvers=people,
            )
        )
