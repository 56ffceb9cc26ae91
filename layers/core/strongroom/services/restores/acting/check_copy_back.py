"""Look how far the copy back has come, and remember the recovery point that it leaves in the local vault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strongroom.domain.errors import ApprovalVoidError, CopyBackFailedError
from strongroom.domain.restores.jobs import JobState, JobVerdict, judge_copy_back
from strongroom.domain.restores.steps import Copied, CopyJobStarted

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.ports.restores import CopyBackJobs, RestoreBook
    from strongroom.services.evidence.keep_evidence import EvidenceRecorder


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyBackCheckNeeds:
    """What looking at a copy back needs of the world."""

    book: RestoreBook
    evidence: EvidenceRecorder
    jobs: CopyBackJobs


def check_copy_back(request_id: str, *, needs: CopyBackCheckNeeds, now: datetime) -> JobVerdict:
    """Running or completed; CopyBackFailedError when the job has ended in any other way."""
    started = needs.book.recorded(request_id, CopyJobStarted)
    if started is None:
        raise ApprovalVoidError("no copy back was started for this request")
    job = needs.jobs.describe(started.job)
    verdict = judge_copy_back(job)
    if verdict.state is JobState.FAILED:
        raise CopyBackFailedError(verdict.reason)
    if verdict.state is JobState.COMPLETED:
        copied = Copied(recovery_point=verdict.made, at=job.completed_at or now)
        if needs.book.record(request_id, copied):
            needs.evidence.note(request_id, "copied-back", at=now, job=job.id, recovery_point=verdict.made)
    return verdict
