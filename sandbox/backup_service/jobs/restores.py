"""Restore jobs: in the account whose vault shows the recovery point, into a real resource without its tags."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from itertools import takewhile

from sandbox.backup_service import events
from sandbox.backup_service.errors import (
    InvalidParameterValueException,
    InvalidRequestException,
    MissingParameterValueException,
    ResourceNotFoundException,
)
from sandbox.backup_service.estate import Caller, Estate, RecoveryPoint, RestoreJob, Vault
from sandbox.backup_service.faults import FaultKind
from sandbox.backup_service.jobs import rights
from sandbox.backup_service.jobs.records import FAILURE, breathe, end, remember_token, select, used_before, visible
from sandbox.backup_service.jobs.roles import why_role_fails
from sandbox.backup_service.jobs.shared_vaults import seen_recovery_point, why_key_refuses
from sandbox.backup_service.listing import page
from sandbox.backup_service.resources.catalogue import (
    is_own_state,
    is_restored_whole,
    kind_by_type,
    most_at_once,
    one_into,
    spends_its_token,
    unknown_metadata,
)
from sandbox.backup_service.resources.ec2_instance import roles_lent
from sandbox.backup_service.resources.kind import Metadata, ResourceGoneError, RestoreRefusedError
from sandbox.backup_service.surroundings import Document
from sandbox.backup_service.vaults.approvals import access_to, named_by
from sandbox.backup_service.vaults.recovery_points import ensure_made
from sandbox.seams.backup import InternalCallError

_STRUCK = (FaultKind.FAIL, FaultKind.STALL, FaultKind.COMPLETE_WITH_ISSUES)
# Developer Guide, "Restore S3 data using AWS Backup" and "Restore an Amazon EKS cluster": such a job is COMPLETED all
# the same. Of the words for EKS only their beginning is known.
_OBJECTS_FAILED = "One or more objects failed to be restored."
_ISSUES = {"EKS": "One or more Kubernetes objects failed to restore."}


def start_restore_job(estate: Estate, caller: Caller, request: Document) -> Document:
    """StartRestoreJob: without a token, the same parameters once more are the same restore once more.

    AWS re:Post, "restoring EFS": what was restored once is not restored again under the same parameters.
    """
    request = request | {"IdempotencyToken": request.get("IdempotencyToken") or json.dumps(request, sort_keys=True)}
    point = seen_recovery_point(estate, caller, request["RecoveryPointArn"])
    _ensure_restorable(point, request)
    _ensure_metadata(estate, caller, point, request)
    earlier = used_before(estate, "StartRestoreJob", caller, request)
    if earlier is not None:
        return {"RestoreJobId": earlier}
    job = RestoreJob(
        place=caller.place,
        resource_arn=point.resource_arn,
        resource_type=point.resource_type,
        role_arn=request["IamRoleArn"],
        created=estate.now(),
        size=point.capture.size,
        recovery_point_arn=point.arn,
        vault_arn=_vault_of(estate, caller, point).arn,
        recovery_point_created=point.created,
        metadata=dict(request["Metadata"]),
        used_metadata=_used(point, request["Metadata"]),
        is_parent=point.is_parent,
        copies_source_tags=bool(request.get("CopySourceTagsToRestoredResource")),
    )
    estate.restore_jobs[job.id] = job
    remember_token(estate, "StartRestoreJob", caller, request, job.id)
    estate.clockwork.spawn(run_restore_job(estate, job, point))
    return {"RestoreJobId": job.id}


def _used(point: RecoveryPoint, given: Mapping[str, str]) -> dict[str, str]:
    """What GetRestoreJobMetadata will tell: no echo is promised, and more keys come back than were sent."""
    said = Metadata(given).said()
    filled_in = {name: value for name, value in point.capture.filled_in.items() if name.lower() not in said}
    return {**filled_in, **given, "aws:backup:request-id": str(uuid.uuid4())}


def _vault_of(estate: Estate, caller: Caller, point: RecoveryPoint) -> Vault:
    """The vault that the caller's account restores the point out of."""
    access = None if point.vault.place == caller.place else access_to(estate, caller.place, point)
    return point.vault if access is None else named_by(point, access)


def _ensure_restorable(point: RecoveryPoint, request: Document) -> None:
    ensure_made(point)
    if point.is_parent and not is_restored_whole(point.resource_type):
        raise InvalidRequestException(f"{point.arn} is a composite recovery point, which cannot be restored")
    if not request.get("IamRoleArn"):
        raise MissingParameterValueException("IamRoleArn is required")
    if request.get("ResourceType") not in (None, point.resource_type):
        raise InvalidParameterValueException(f"Recovery point is not of type {request['ResourceType']}")


def _ensure_metadata(estate: Estate, caller: Caller, point: RecoveryPoint, request: Document) -> None:
    """Refuse what the type does not take; of some types the token of what was refused is used up by that."""
    why = _wrong_with(request["Metadata"], point)
    if why and spends_its_token(point.resource_type):
        remember_token(estate, "StartRestoreJob", caller, request, "")
    if why:
        raise InvalidParameterValueException(why)


def _wrong_with(given: Mapping[str, str], point: RecoveryPoint) -> str:
    if len({key.lower() for key in given}) != len(given):
        return "Restore metadata has keys that differ only in case"
    if unknown := unknown_metadata(point.resource_type, Metadata(given).said()):
        return f"Invalid restore metadata. Unrecognized key: {', '.join(unknown)}"
    missing = Metadata(given).missing(kind_by_type(point.resource_type, point.resource_arn).required_metadata)
    return f"Invalid restore metadata. Missing required keys: {', '.join(missing)}" if missing else ""


async def run_restore_job(estate: Estate, job: RestoreJob, point: RecoveryPoint) -> None:
    """Take a job from CREATED to its end."""
    fault = estate.faults.take(_STRUCK, events.job_facts(job, "restore"))
    for state in ("CREATED", "PENDING"):
        job.state = state
        events.publish(estate, events.restore_job_event(job))
    await breathe(estate)
    job.state = "RUNNING"
    events.publish(estate, events.restore_job_event(job))
    await breathe(estate)
    if fault is not None and fault.kind is FaultKind.STALL:
        await estate.faults.last(fault)
    if fault is not None and fault.kind is FaultKind.FAIL:
        end(estate, job, "FAILED", fault.message or "Internal failure", FAILURE)
    else:
        await _perform(estate, job, point)
    if fault is not None and fault.kind is FaultKind.COMPLETE_WITH_ISSUES and job.state == "COMPLETED":
        job.message = fault.message or _ISSUES.get(point.resource_type, _OBJECTS_FAILED)
    events.publish(estate, events.restore_job_event(job))


async def _perform(estate: Estate, job: RestoreJob, point: RecoveryPoint) -> None:
    services = estate.services(job.place, job.role_arn)
    kind = kind_by_type(point.resource_type, point.resource_arn)
    roles = await roles_lent(services, point.capture, Metadata(job.metadata))
    asked = [*rights.to_restore(job, point), *(rights.to_lend(job, role) for role in roles)]
    why = await why_role_fails(services, job.role_arn, asked) or await why_key_refuses(estate, job, point)
    if why or (why := _shut(estate, job, point)):
        end(estate, job, "FAILED", why, "AccessDenied")
        return
    if job.copies_source_tags and not kind.restores_tags:
        message = f"CopySourceTagsToRestoredResource is not supported for {point.resource_type}"
        end(estate, job, "FAILED", message, FAILURE)
        return
    if why := _too_many(estate, job):
        end(estate, job, "FAILED", why, FAILURE)
        return
    children = _begin_children(estate, job, point)
    try:
        created = await kind.restore(services, point.capture, Metadata(job.metadata), point.arn)
        if job.copies_source_tags:
            await kind.tag(services, created, point.tags)
    except (InternalCallError, RestoreRefusedError, ResourceGoneError, ValueError) as error:
        for each in (*children, job):
            end(estate, each, "FAILED", str(error), FAILURE)
        return
    point.last_restored = estate.now()
    for each in (*children, job):
        each.created_resource_arn = created
        end(estate, each, "COMPLETED")


def _shut(estate: Estate, job: RestoreJob, point: RecoveryPoint) -> str:
    """Why the account sees the point no more, if it does not (API reference, RevokeRestoreAccessBackupVault)."""
    is_seen = point.vault.place == job.place or estate.shows_vault(point.vault, job.place)
    if is_seen or access_to(estate, job.place, point) is not None:
        return ""
    return f"Access to {job.vault_arn} was revoked"


def _begin_children(estate: Estate, job: RestoreJob, point: RecoveryPoint) -> list[RestoreJob]:
    """A job in it for the state of what a composite is of (API reference, DescribeRestoreJob, `ParentJobId`)."""
    nested = [each for each in estate.nested_in(point) if is_own_state(each.resource_type, is_parent=each.is_parent)]
    children = [
        replace(job, id=str(uuid.uuid4()).upper(), recovery_point_arn=each.arn, is_parent=False, parent_id=job.id)
        for each in nested
    ]
    estate.restore_jobs |= {each.id: each for each in children}
    return children


def _too_many(estate: Estate, job: RestoreJob) -> str:
    """Why a job is one too many of its type, if it is: what becomes of such a one AWS's pages do not say."""
    most = most_at_once(job.resource_type)
    if most is None:
        return ""
    before = takewhile(lambda other: other is not job, estate.restore_jobs.values())
    running = [
        other
        for other in before
        if other.is_open
        and other.parent_id is None
        and (other.place, other.resource_type) == (job.place, job.resource_type)
    ]
    key = one_into(job.resource_type)
    if key and Metadata(job.metadata).get(key) in [Metadata(other.metadata).get(key) for other in running]:
        return f"Another restore into {Metadata(job.metadata).get(key)} is running"
    return f"At most {most} restores of {job.resource_type} run at once" if len(running) >= most else ""


def _find(estate: Estate, caller: Caller, job_id: str) -> RestoreJob:
    job = estate.restore_jobs.get(job_id)
    if job is None or job.place != caller.place:
        raise ResourceNotFoundException(f"Restore job {job_id} does not exist")
    return job


def describe_restore_job(estate: Estate, caller: Caller, request: Document) -> Document:
    """DescribeRestoreJob."""
    return _described(_find(estate, caller, request["RestoreJobId"]))


def get_restore_job_metadata(estate: Estate, caller: Caller, request: Document) -> Document:
    """GetRestoreJobMetadata: what the job really used, which is more than was sent."""
    job = _find(estate, caller, request["RestoreJobId"])
    return {"RestoreJobId": job.id, "Metadata": dict(job.used_metadata)}


def list_restore_jobs(estate: Estate, caller: Caller, request: Document) -> Document:
    """ListRestoreJobs."""
    jobs = select(
        visible(estate, caller, estate.restore_jobs, request),
        request,
        {
            "ByStatus": _status,
            "ByRestoreTestingPlanArn": lambda _: None,
        },
    )
    return page([_described(job) for job in jobs], request, "RestoreJobs")


def _status(job: RestoreJob) -> str:
    """The API knows no CREATED restore; only the event does."""
    return "PENDING" if job.state == "CREATED" else job.state


def _described(job: RestoreJob) -> Document:
    return {
        "AccountId": job.place.account,
        "RestoreJobId": job.id,
        "RecoveryPointArn": job.recovery_point_arn,
        "RecoveryPointCreationDate": job.recovery_point_created,
        "SourceResourceArn": job.resource_arn,
        "BackupVaultArn": job.vault_arn,
        "CreationDate": job.created,
        "CompletionDate": job.completed,
        "Status": _status(job),
        "StatusMessage": job.message,
        "PercentDone": "100.00%" if job.state == "COMPLETED" else "0.00%",
        "BackupSizeInBytes": job.size,
        "IamRoleArn": job.role_arn,
        "CreatedResourceArn": job.created_resource_arn,
        "ResourceType": job.resource_type,
        "IsParent": job.is_parent,
        "ParentJobId": job.parent_id,
    }


OPERATIONS = {
    "StartRestoreJob": start_restore_job,
    "DescribeRestoreJob": describe_restore_job,
    "GetRestoreJobMetadata": get_restore_job_metadata,
    "ListRestoreJobs": list_restore_jobs,
}
