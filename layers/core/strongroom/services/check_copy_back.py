"""Look how far the copy back has come, and remember the recovery point that it leaves in the local vault."""

from datetime import datetime

from strongroom.domain.errors import ApprovalVoidError, CopyBackFailedError
from strongroom.domain.restore_jobs import JobState, JobVerdict, judge_copy_back
from strongroom.domain.restore_steps import Copied, CopyJobStarted
from strongroom.ports import CopyBackJobs, RestoreBook
from strongroom.services.keep_evidence import EvidenceDesk


def check_copy_back(
    request_id: str, *, book: RestoreBook, evidence: EvidenceDesk, jobs: CopyBackJobs, now: datetime
) -> JobVerdict:
    """Running or completed; CopyBackFailedError when the job has ended in any other way."""
    started = book.recorded(request_id, CopyJobStarted)
    if started is None:
        raise ApprovalVoidError("no copy back was started for this request")
    job = jobs.describe(started.job)
    verdict = judge_copy_back(job)
    if verdict.state is JobState.FAILED:
        raise CopyBackFailedError(verdict.reason)
    if verdict.state is JobState.COMPLETED:
        copied = Copied(recovery_point=verdict.made, at=job.completed_at or now)
        if book.record(request_id, copied):
            evidence.note(request_id, "copied-back", at=now, job=job.id, recovery_point=verdict.made)
    return verdict
