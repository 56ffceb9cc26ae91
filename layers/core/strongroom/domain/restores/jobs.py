"""Copy-back and restore jobs: what their described state means for the ceremony."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from strongroom.domain.catalogue import fsx, redshift
from strongroom.domain.catalogue.rows import OWN_CALLS
from strongroom.domain.copies.found import ACTIVE_JOB_STATES
from strongroom.domain.restores.deciding.by_hand.judging_names import opens_or_places
from strongroom.domain.restores.deciding.by_hand.own_calls import said_job
from strongroom.domain.restores.kinds.made import why_not_the_approved
from strongroom.domain.restores.kinds.model import Grade, Key, RestoreKind, Use
from strongroom.domain.restores.kinds.table import kinds_of
from strongroom.domain.restores.left_off.steps import said_done
from strongroom.domain.restores.metadata import Metadata, differing_keys, told_settings
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.written import moment_text

# What jobs of S3 and EKS say that are COMPLETED all the same (AWS Backup Developer Guide, "Restore S3 data using AWS
# Backup" and "Restore an Amazon EKS cluster").
_FAULTS = (
    "one or more objects failed to be restored",
    "there are no objects that match",
    "kubernetes objects failed to restore",
)
# What says in JSON that there is nothing.
_NOTHING = {"[]", "{}", "null"}
_COMPLETED = "COMPLETED"
_AWS_OWN = ("aws:backup:", "informationalonly:")
# What these describe names no backup (Amazon FSx API Reference, FileSystem; Amazon Redshift Serverless API Reference,
# Namespace).
_SOURCE_UNTOLD = (fsx.SYSTEM_CALL, redshift.NAMESPACE_CALL)


class JobState(StrEnum):
    """What a job's state means: wait, go on, or give up. PARTIAL is no success.

    A copy that has come as far as the vault BETWEEN goes on by another one.
    """

    RUNNING = "running"
    BETWEEN = "between"
    COMPLETED = "completed"
    FAILED = "failed"


class CopyBackJob(Struct, frozen=True, kw_only=True):
    """A copy job from the central into the local vault, as AWS Backup describes it.

    `source` is the recovery point that is copied, `destination` the vault's ARN.
    """

    id: str
    source: str
    destination: str
    state: str
    message: str
    recovery_point: str
    completed_at: datetime | None


class RestoreJob(Struct, frozen=True, kw_only=True):
    """A restore job as AWS Backup describes it; `metadata` is what it really used.

    Of a call of a service itself it is what the service tells of what was made: no role, but the `request` that it is
    tagged with, and the recovery point where the service tells it. Its `metadata` are those that were approved, and
    what else is told that the call never makes.
    """

    id: str
    account: str
    recovery_point: str
    role: str
    created_at: datetime
    status: str
    message: str
    created: str
    metadata: Mapping[str, str]
    request: str = ""


def restored_table(
    job_id: str,
    *,
    request: RestoreRequest,
    recovery_point: str,
    asked_at: datetime,
    status: str,
    message: str,
    told: Mapping[str, str],
) -> RestoreJob:
    """A table that came into what lives; it is told with neither caller nor tag, and is whose has all of `told`."""
    return RestoreJob(
        id=job_id,
        account=request.account,
        recovery_point=recovery_point,
        role="",
        created_at=asked_at,
        status=status,
        message=message,
        created=request.resource if status == _COMPLETED else "",
        metadata=told,
        request="" if differing_keys(dict(request.metadata), used=told) else request.id,
    )


class JobVerdict(Struct, frozen=True, kw_only=True):
    """What a job's state means, in words; `made` is what it left behind, `added` the keys that it used unasked.

    `faults` are what a job that completed did not do, in AWS Backup's words.
    """

    state: JobState
    reason: str
    job: str
    made: str = ""
    added: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def judge_copy_back(job: CopyBackJob) -> JobVerdict:
    """Whether the recovery point has arrived in the local vault."""
    if job.state in ACTIVE_JOB_STATES:
        return JobVerdict(state=JobState.RUNNING, reason=f"the copy back is {job.state.lower()}", job=job.id)
    if job.state == _COMPLETED and job.recovery_point:
        reason = f"copied back as {job.recovery_point}"
        return JobVerdict(state=JobState.COMPLETED, reason=reason, job=job.id, made=job.recovery_point)
    reason = f"copy job {job.id} ended {job.state}: {job.message or 'no recovery point is named'}"
    return JobVerdict(state=JobState.FAILED, reason=reason, job=job.id)


def judge_restore(job: RestoreJob, *, request: RestoreRequest, recovery_point: str) -> JobVerdict:
    """Whether the restore has ended well: out of this point, as was approved, and with nothing dangerous besides."""
    said = said_job(job.id, call=request.call)
    if not is_the_approved(job, request=request, recovery_point=recovery_point):
        by = "request" if request.is_called else "role"
        reason = f"{said} is not the one that was approved: its account, recovery point or {by} differs"
        return JobVerdict(state=JobState.FAILED, reason=reason, job=job.id, made=job.created)
    if job.status in ACTIVE_JOB_STATES:
        return JobVerdict(state=JobState.RUNNING, reason=f"the restore is {job.status.lower()}", job=job.id)
    if job.status != _COMPLETED or not job.created:
        reason = f"{said} ended {job.status}: {job.message or 'nothing was created'}"
        return JobVerdict(state=JobState.FAILED, reason=reason, job=job.id, made=job.created)
    if wrong := unapproved_settings(job, request=request):
        reason = f"{said} did not use what was approved: {', '.join(wrong)}"
        return JobVerdict(state=JobState.FAILED, reason=reason, job=job.id, made=job.created)
    if other := why_not_the_approved(job.created, request=request):
        reason = f"{said} made {job.created}, which {other}"
        return JobVerdict(state=JobState.FAILED, reason=reason, job=job.id, made=job.created)
    added = additions(request.metadata, used=job.metadata)
    keys, faults = tuple(sorted({key for key, _ in added})), (*faults_of(job), *_unproved(request))
    reason = said_done(request.call, job.created) or restored_as(job.created, faults=faults)
    return JobVerdict(state=JobState.COMPLETED, reason=reason, job=job.id, made=job.created, added=keys, faults=faults)


def judge_made(restored: Mapping[str, Any], *, job: str, call: str) -> JobVerdict:
    """What a service's own call made, as written down when it was seen to be as approved, and judged by its id alone.

    It is no job whose end stands: whoever may tag, change or delete it would have a word in how the restore ended.
    """
    if restored["job"]["Id"] != job:
        reason = f"{restored['job']['Id']} was written down as restored, and {job} was started"
        return JobVerdict(state=JobState.FAILED, reason=reason, job=job)
    made, faults = restored["created"], tuple(restored.get("faults", ()))
    reason = said_done(call, made) or restored_as(made, faults=faults)
    return JobVerdict(state=JobState.COMPLETED, reason=reason, job=job, made=made, faults=faults)


def faults_of(job: RestoreJob) -> tuple[str, ...]:
    """What a completed job did not do: objects that failed, or that were not there; the restore stands."""
    said = job.message.lower()
    return (job.message,) if any(fault in said for fault in _FAULTS) else ()


def _unproved(request: RestoreRequest) -> tuple[str, ...]:
    """What no service tells of what its call has done: whoever reads that it is restored reads that, too."""
    call = OWN_CALLS.get(request.call)
    return (call.unproved,) if call is not None and call.unproved else ()


def restored_as(created: str, *, faults: Iterable[str]) -> str:
    """What was restored, in words, with what AWS Backup says that it did not do."""
    said = "; ".join(faults)
    return f"restored as {created}, with faults: {said}" if said else f"restored as {created}"


def is_the_approved(job: RestoreJob, *, request: RestoreRequest, recovery_point: str) -> bool:
    """Whether the job is in the account, out of the point, and under the role that were approved.

    What a service made by its own call is, where it was made for this very request, and a setting that was asked for
    where it is what the request says.
    """
    if request.is_after:
        return (job.account, job.request, job.created) == (request.account, request.id, request.resource)
    if request.is_native:
        out_of = "" if request.call in _SOURCE_UNTOLD else recovery_point
        return (job.account, job.request, job.recovery_point) == (request.account, request.id, out_of)
    return (job.account, job.recovery_point, job.role) == (request.account, recovery_point, request.role)


def unapproved_settings(job: RestoreJob, *, request: RestoreRequest) -> tuple[str, ...]:
    """The keys that the job did not use as they were approved, and dangerous ones besides, in small letters, sorted."""
    added = additions(request.metadata, used=job.metadata)
    other = differing_keys(told_settings(request.metadata, kind=request.kind), used=job.metadata)
    return tuple(sorted((*other, *_dangers(added, request=request))))


def described_facts(job: RestoreJob, *, request: RestoreRequest) -> dict[str, Any]:
    """The job as the evidence keeps it, in the words of AWS Backup's answer."""
    by_job = {"RecoveryPointArn": job.recovery_point, "IamRoleArn": job.role}
    by_call = {"Request": job.request, **({"Resource": job.created} if request.is_after else {})}
    return {
        "Id": job.id,
        "Status": job.status,
        "AccountId": job.account,
        **(by_call if request.is_called else by_job),
        "CreationDate": moment_text(job.created_at),
        "Metadata": dict(job.metadata),
    }


def additions(approved: Metadata, *, used: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What a job used besides what was approved, keys in small letters; AWS Backup's own keys do not count.

    AWS promises no echo: it fills in defaults, and tells what is for information only (API reference,
    GetRestoreJobMetadata).
    """
    known = {key.lower() for key, _ in approved}
    said = ((key.lower(), value) for key, value in used.items())
    return tuple((key, value) for key, value in said if key not in known and not key.startswith(_AWS_OWN))


def _dangers(added: Metadata, *, request: RestoreRequest) -> tuple[str, ...]:
    """The keys besides the approved by which what was made could be open, elsewhere, or under another key."""
    if request.is_called:
        return tuple(key for key, _ in added)
    kinds = kinds_of(request.resource_type, resource=request.resource)
    if request.is_raw:
        own = tuple(word for kind in kinds for word in kind.own_words)
        return tuple(key for key, value in added if opens_or_places(key, value, own=own))
    return tuple(key for key, value in added if _is_danger(key, value, kinds=kinds, request=request))


def _is_danger(name: str, value: str, *, kinds: tuple[RestoreKind, ...], request: RestoreRequest) -> bool:
    """By the strictest that any of the kinds says of the key; of a graver kind what nobody knows is judged by name."""
    known = [key for kind in kinds for key in kind.keys if key.name.lower() == name]
    if not known:
        return any(kind.grade is Grade.ELEVATED for kind in kinds) and opens_or_places(name, value, own=())
    return any(_is_grave(key, value, request=request) for key in known)


def _is_grave(key: Key, value: str, *, request: RestoreRequest) -> bool:
    harmless = {"", "false", request.key.lower(), *((key.value.lower(),) if key.use is Use.FIXED else ())}
    if key.use in (Use.NEVER, Use.NESTED):
        harmless |= _NOTHING
    return (key.is_judged or key.use is Use.NESTED) and value.lower() not in harmless
