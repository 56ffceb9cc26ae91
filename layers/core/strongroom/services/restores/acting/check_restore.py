"""Look how far the restore has come, and that it used the metadata that was approved; what it added is noted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.errors import ApprovalVoidError, RestoreFailedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.restores.jobs import JobState, JobVerdict, described_facts, judge_restore
from strongroom.services.restores.deciding.executions import demand_own

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.ports.ceremony import Executions
    from strongroom.ports.restores import RestoreJobs
    from strongroom.services.evidence.keep_ceremony import EvidenceKeeper


class RestoreCheckNeeds(Struct, frozen=True, kw_only=True):
    """What looking at a restore needs of the world."""

    keeper: EvidenceKeeper
    executions: Executions
    jobs: RestoreJobs


def check_restore(request_id: str, *, execution: str, needs: RestoreCheckNeeds, now: datetime) -> JobVerdict:
    """Running or completed as approved; RestoreFailedError when the job has ended in any other way."""
    demand_own(execution, request_id=request_id, executions=needs.executions)
    kept = needs.keeper.read(request_id)
    started = kept.last(EntryKind.RESTORE_STARTED)
    if started is None:
        raise ApprovalVoidError("no restore was started for this request")
    request = kept.sealed.request
    job = needs.jobs.describe(started["job"], request=request)
    verdict = judge_restore(job, request=request, recovery_point=kept.local_recovery_point())
    if verdict.state is JobState.FAILED:
        raise RestoreFailedError(verdict.reason)
    if verdict.state is JobState.COMPLETED and not kept.has(EntryKind.RESTORED):
        facts = {"job": described_facts(job, request=request), "created": verdict.made, "added": list(verdict.added)}
        if verdict.faults:
            facts["faults"] = list(verdict.faults)
        needs.keeper.record(kept, EntryKind.RESTORED, facts=facts, at=now)
    return verdict
