"""Look how far the restore has come, and that it used the metadata that was approved; what it added is noted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strongroom.domain.errors import ApprovalVoidError, RestoreFailedError
from strongroom.domain.restores.jobs import JobState, JobVerdict, judge_restore
from strongroom.domain.restores.steps import Restored, RestoreJobStarted

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.ports.restores import RestoreBook, RestoreJobs
    from strongroom.services.evidence.keep_evidence import EvidenceRecorder


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreCheckNeeds:
    """What looking at a restore needs of the world."""

    book: RestoreBook
    evidence: EvidenceRecorder
    jobs: RestoreJobs


def check_restore(request_id: str, *, needs: RestoreCheckNeeds, now: datetime) -> JobVerdict:
    """Running or completed as approved; RestoreFailedError when the job has ended in any other way."""
    started = needs.book.recorded(request_id, RestoreJobStarted)
    if started is None:
        raise ApprovalVoidError("no restore was started for this request")
    request = needs.book.read(request_id).request
    job = needs.jobs.describe(started.job, request=request)
    verdict = judge_restore(job, request=request)
    if verdict.state is JobState.FAILED:
        raise RestoreFailedError(verdict.reason)
    if verdict.state is JobState.COMPLETED:
        restored = Restored(created=verdict.made, at=now)
        if needs.book.record(request_id, restored):
            added = ", ".join(verdict.added)
            needs.evidence.note(request_id, "restored", at=now, job=job.id, created=verdict.made, added=added)
    return verdict
