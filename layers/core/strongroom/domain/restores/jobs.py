"""Copy-back and restore jobs: what their described state means for the ceremony."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from strongroom.domain.copies.found import ACTIVE_JOB_STATES
from strongroom.domain.restores.requests import RestoreRequest

_AWS_OWN = "aws:backup:"


class JobState(StrEnum):
    """What a job's state means: wait, go on, or give up. PARTIAL is no success."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyBackJob:
    """A copy job from the central into the local vault, as AWS Backup describes it."""

    id: str
    state: str
    message: str
    recovery_point: str
    completed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreJob:
    """A restore job as AWS Backup describes it; `metadata` is what it really used."""

    id: str
    status: str
    message: str
    created: str
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobVerdict:
    """What a job's state means, in words; `made` is what it left behind."""

    state: JobState
    reason: str
    job: str
    made: str = ""


def judge_copy_back(job: CopyBackJob) -> JobVerdict:
    """Whether the recovery point has arrived in the local vault."""
    if job.state in ACTIVE_JOB_STATES:
        return JobVerdict(state=JobState.RUNNING, reason=f"the copy back is {job.state.lower()}", job=job.id)
    if job.state == "COMPLETED" and job.recovery_point:
        reason = f"copied back as {job.recovery_point}"
        return JobVerdict(state=JobState.COMPLETED, reason=reason, job=job.id, made=job.recovery_point)
    reason = f"copy job {job.id} ended {job.state}: {job.message or 'no recovery point is named'}"
    return JobVerdict(state=JobState.FAILED, reason=reason, job=job.id)


def judge_restore(job: RestoreJob, *, request: RestoreRequest) -> JobVerdict:
    """Whether the restore has ended well, with exactly the metadata that was approved."""
    if job.status in ACTIVE_JOB_STATES:
        return JobVerdict(state=JobState.RUNNING, reason=f"the restore is {job.status.lower()}", job=job.id)
    if job.status != "COMPLETED" or not job.created:
        reason = f"restore job {job.id} ended {job.status}: {job.message or 'nothing was created'}"
        return JobVerdict(state=JobState.FAILED, reason=reason, job=job.id, made=job.created)
    if changed := differences(request.metadata, used=job.metadata):
        reason = f"restore job {job.id} did not use what was approved: {', '.join(changed)}"
        return JobVerdict(state=JobState.FAILED, reason=reason, job=job.id, made=job.created)
    return JobVerdict(state=JobState.COMPLETED, reason=f"restored as {job.created}", job=job.id, made=job.created)


def differences(approved: tuple[tuple[str, str], ...], *, used: Mapping[str, str]) -> tuple[str, ...]:
    """The keys in which what a job used is not what was approved; AWS Backup's own keys do not count."""
    wanted = {key.lower(): value for key, value in approved}
    found = {key.lower(): value for key, value in used.items() if not key.lower().startswith(_AWS_OWN)}
    return tuple(sorted(key for key in wanted.keys() | found.keys() if wanted.get(key) != found.get(key)))
