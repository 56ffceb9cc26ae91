"""Look how far the restore has come, and that it used the metadata that was approved; what it added is noted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import ApprovalVoidError, NotFoundError, RestoreFailedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.restores.jobs import JobState, JobVerdict, described_facts, judge_restore
from strongroom.services.restores.deciding.executions import demand_own

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.ports.ceremony import Executions
    from strongroom.ports.restores import RestoreJobs
    from strongroom.services.evidence.keep_ceremony import EvidenceKeeper, KeptCeremony

# Amazon EC2 Developer Guide, "Eventual consistency in the Amazon EC2 API": what was made is not described at once.
_UNTOLD: Final = timedelta(minutes=1)


class RestoreCheckNeeds(Struct, frozen=True, kw_only=True):
    """What looking at a restore needs of the world."""

    keeper: EvidenceKeeper
    executions: Executions
    jobs: RestoreJobs


def check_restore(request_id: str, *, execution: str, needs: RestoreCheckNeeds, now: datetime) -> JobVerdict:
    """Running or completed as approved; RestoreFailedError when the job has ended in any other way.

    What a service's own call made may be described later than the call is answered: NotFoundError after a minute only,
    and what was overwritten is looked at then.
    """
    demand_own(execution, request_id=request_id, executions=needs.executions)
    kept = needs.keeper.read(request_id)
    started = kept.last(EntryKind.RESTORE_STARTED)
    if started is None:
        raise ApprovalVoidError("no restore was started for this request")
    request = kept.sealed.request
    try:
        job = needs.jobs.describe(started["job"], request=request)
    except NotFoundError:
        if not _may_be_untold(kept, now=now):
            raise
        return JobVerdict(state=JobState.RUNNING, reason="what was started is not described yet", job=started["job"])
    verdict = judge_restore(job, request=request, recovery_point=kept.local_recovery_point())
    if verdict.state is JobState.COMPLETED and request.overwrites and _may_be_untold(kept, now=now):
        reason = "it was asked for so lately that what was there before may be what is described"
        return JobVerdict(state=JobState.RUNNING, reason=reason, job=job.id)
    if verdict.state is JobState.FAILED:
        raise RestoreFailedError(verdict.reason)
    if verdict.state is JobState.COMPLETED and not kept.has(EntryKind.RESTORED):
        facts = {"job": described_facts(job, request=request), "created": verdict.made, "added": list(verdict.added)}
        if verdict.faults:
            facts["faults"] = list(verdict.faults)
        needs.keeper.record(kept, EntryKind.RESTORED, facts=facts, at=now)
    return verdict


def _may_be_untold(kept: KeptCeremony, *, now: datetime) -> bool:
    """Whether a service's own call was made so lately that its answer may be ahead of what the service describes."""
    started_at = kept.last_at(EntryKind.RESTORE_STARTED)
    return kept.sealed.request.is_called and started_at is not None and now - started_at <= _UNTOLD
