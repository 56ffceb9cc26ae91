"""Look how far the restore has come, and that it used exactly the metadata that was approved."""

from datetime import datetime

from strongroom.domain.errors import ApprovalVoidError, RestoreFailedError
from strongroom.domain.restore_jobs import JobState, JobVerdict, judge_restore
from strongroom.domain.restore_steps import Restored, RestoreJobStarted
from strongroom.ports import RestoreBook, RestoreJobs
from strongroom.services.keep_evidence import EvidenceDesk


def check_restore(
    request_id: str, *, book: RestoreBook, evidence: EvidenceDesk, jobs: RestoreJobs, now: datetime
) -> JobVerdict:
    """Running or completed as approved; RestoreFailedError when the job has ended in any other way."""
    started = book.recorded(request_id, RestoreJobStarted)
    if started is None:
        raise ApprovalVoidError("no restore was started for this request")
    request = book.read(request_id).request
    job = jobs.describe(started.job, request=request)
    verdict = judge_restore(job, request=request)
    if verdict.state is JobState.FAILED:
        raise RestoreFailedError(verdict.reason)
    if verdict.state is JobState.COMPLETED:
        restored = Restored(created=verdict.made, at=now)
        if book.record(request_id, restored):
            evidence.note(request_id, "restored", at=now, job=job.id, created=verdict.made)
    return verdict
