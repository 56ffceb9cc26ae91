"""What a restore has made: its job is described anew, because an entry may have been written by somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.errors import ApprovalVoidError, ForeignExecutionError, RestoreFailedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.restores.jobs import JobState, judge_restore

if TYPE_CHECKING:
    from strongroom.ports.restores import RestoreJobs
    from strongroom.services.evidence.keep_ceremony import KeptCeremony


def find_made(kept: KeptCeremony, *, jobs: RestoreJobs) -> str:
    """The ARN of what the job made; ApprovalVoidError where nothing was restored yet.

    RestoreFailedError for a job that is not what was approved, ForeignExecutionError where the evidence says otherwise.
    """
    started, restored = kept.last(EntryKind.RESTORE_STARTED), kept.last(EntryKind.RESTORED)
    if started is None or restored is None:
        raise ApprovalVoidError("nothing was restored for this request yet")
    request = kept.sealed.request
    job = jobs.describe(started["job"], request=request)
    verdict = judge_restore(job, request=request, recovery_point=kept.local_recovery_point())
    if verdict.state is JobState.FAILED:
        raise RestoreFailedError(verdict.reason)
    if belied := kept.belied_by(verdict):
        raise ForeignExecutionError(belied)
    return verdict.made
