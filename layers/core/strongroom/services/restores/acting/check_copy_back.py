"""Look how far the copy back has come, and write down the recovery point that it leaves where it ends."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.errors import ApprovalVoidError, CopyBackFailedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.identifiers import Arn
from strongroom.domain.proofs.decisions import DecisionState
from strongroom.domain.restores.jobs import JobState, JobVerdict, judge_copy_back
from strongroom.services.restores.deciding.executions import demand_own

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.ports.ceremony import Executions
    from strongroom.ports.restores import CopyBackJobs
    from strongroom.services.evidence.keep_ceremony import EvidenceKeeper
    from strongroom.services.restores.deciding.judge import CeremonyJudge


class CopyBackCheckNeeds(Struct, frozen=True, kw_only=True):
    """What looking at a copy back needs of the world."""

    judge: CeremonyJudge
    keeper: EvidenceKeeper
    executions: Executions
    jobs: CopyBackJobs


def check_copy_back(request_id: str, *, execution: str, needs: CopyBackCheckNeeds, now: datetime) -> JobVerdict:
    """Running, between or completed; CopyBackFailedError when the job has ended in any other way.

    ApprovalVoidError once somebody denied or took the request back: the restore is not going to be.
    """
    demand_own(execution, request_id=request_id, executions=needs.executions)
    kept = needs.keeper.read(request_id)
    request, made = kept.sealed.request, EntryKind.COPIED_BACK
    started, source = kept.last(EntryKind.COPY_BACK_STARTED), request.through_vault or request.vault
    if started is None and request.through_vault:
        made, source = EntryKind.COPIED_THROUGH, request.vault
        started = kept.last(EntryKind.COPY_THROUGH_STARTED)
    if started is None:
        raise ApprovalVoidError("no copy back was started for this request")
    stopped = needs.judge.decide(kept, now=now)
    if stopped.state in {DecisionState.DENIED, DecisionState.CANCELLED}:
        raise ApprovalVoidError(f"the request is {stopped.state}: {stopped.reason}")
    job = needs.jobs.describe(started["job"], region=Arn.parse(source).region)
    verdict = judge_copy_back(job)
    if verdict.state is JobState.FAILED:
        raise CopyBackFailedError(verdict.reason)
    if verdict.state is JobState.COMPLETED and not kept.has(made):
        facts = {"job": job.id, "recovery_point": verdict.made}
        needs.keeper.record(kept, made, facts=facts, at=now)
    if verdict.state is JobState.COMPLETED and made == EntryKind.COPIED_THROUGH:
        return replace(verdict, state=JobState.BETWEEN, reason=f"copied through the vault between as {verdict.made}")
    return verdict
