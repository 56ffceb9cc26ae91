"""Backup jobs: CREATED, RUNNING, COMPLETED; one at a time for each resource."""

import asyncio
from datetime import timedelta

from sandbox.backup_service import events
from sandbox.backup_service.errors import (
    InvalidParameterValueException,
    InvalidRequestException,
    ResourceNotFoundException,
)
from sandbox.backup_service.estate import BackupJob, Caller, CreatedBy, Estate, RecoveryPoint, Vault, vault_arn
from sandbox.backup_service.faults import Fault, FaultKind
from sandbox.backup_service.jobs import rights
from sandbox.backup_service.jobs.continuous import extended
from sandbox.backup_service.jobs.records import (
    ACCESS_DENIED,
    FAILURE,
    INVALID_PARAMETERS,
    breathe,
    end,
    remember_token,
    select,
    used_before,
    visible,
)
from sandbox.backup_service.jobs.roles import why_may_not, why_role_fails
from sandbox.backup_service.lifecycles import FOREVER, read_lifecycle
from sandbox.backup_service.listing import page
from sandbox.backup_service.preferences import region_settings
from sandbox.backup_service.resources.catalogue import kind_of
from sandbox.backup_service.resources.kind import Capture, ResourceGoneError, ResourceKind
from sandbox.backup_service.surroundings import Document, Place
from sandbox.backup_service.tags import tag_natively
from sandbox.backup_service.vaults.calls import find_vault
from sandbox.seams.backup import InternalCallError

_STRUCK = (FaultKind.FAIL, FaultKind.EXPIRE, FaultKind.STALL, FaultKind.COMPLETE_WITH_ISSUES)
_BUSY = "Backup job failed because there was a running job for the same resource."


def kind_here(estate: Estate, place: Place, resource_arn: str) -> ResourceKind:
    """The type of a resource as AWS Backup manages it in an account and Region."""
    kind = kind_of(resource_arn, region_settings(estate, place).management)
    if kind is None:
        raise InvalidParameterValueException(f"Unsupported resource: {resource_arn}")
    return kind


def start_backup_job(estate: Estate, caller: Caller, request: Document) -> Document:
    """StartBackupJob."""
    find_vault(estate, caller.place, request["BackupVaultName"])
    kind = kind_here(estate, caller.place, request["ResourceArn"])
    if not region_settings(estate, caller.place).opt_in.get(kind.resource_type, False):
        raise InvalidRequestException(f"{kind.resource_type} is not opted in to AWS Backup in this Region")
    earlier = used_before(estate, "StartBackupJob", caller, request)
    if earlier is None:
        job = new_backup_job(
            estate,
            caller.place,
            resource_arn=request["ResourceArn"],
            vault_name=request["BackupVaultName"],
            role_arn=request["IamRoleArn"],
        )
        job.lifecycle = read_lifecycle(request.get("Lifecycle")) or FOREVER
        job.recovery_point_tags = dict(request.get("RecoveryPointTags") or {})
        job.start_window = timedelta(minutes=request.get("StartWindowMinutes") or 480)
        remember_token(estate, "StartBackupJob", caller, request, job.id)
        estate.clockwork.spawn(run_backup_job(estate, job))
    else:
        job = estate.backup_jobs[earlier]
    answer: Document = {"BackupJobId": job.id, "CreationDate": job.created, "IsParent": False}
    if kind.is_fully_managed:
        answer["RecoveryPointArn"] = job.recovery_point_arn
    return answer


def new_backup_job(estate: Estate, place: Place, *, resource_arn: str, vault_name: str, role_arn: str) -> BackupJob:
    """A job in its first state, on record."""
    kind = kind_here(estate, place, resource_arn)
    job = BackupJob(
        place=place,
        resource_arn=resource_arn,
        resource_type=kind.resource_type,
        role_arn=role_arn,
        created=estate.now(),
        vault_name=vault_name,
        recovery_point_arn="",
    )
    job.recovery_point_arn = kind.recovery_point_arn(place.account, place.region, resource_arn, job.id.lower())
    estate.backup_jobs[job.id] = job
    return job


async def run_backup_job(estate: Estate, job: BackupJob) -> None:
    """Take a job from CREATED to its end."""
    _announce(estate, job)
    fault = estate.faults.take(_STRUCK, events.job_facts(job, "backup"))
    await breathe(estate)
    if fault is not None and fault.kind is FaultKind.EXPIRE:
        _end(estate, job, "EXPIRED", fault.message or _BUSY)
        return
    turn = estate.turn(job.resource_arn, "backup")
    if turn.locked():
        _enter(estate, job, "PENDING")
    try:
        await asyncio.wait_for(turn.acquire(), timeout=job.start_window.total_seconds())
    except TimeoutError:
        _end(estate, job, "EXPIRED", _BUSY)
        return
    try:
        await _perform(estate, job, fault)
    finally:
        turn.release()


async def _perform(estate: Estate, job: BackupJob, fault: Fault | None) -> None:
    refusal = await _why_refused(estate, job)
    if refusal is not None:
        _end(estate, job, "FAILED", *refusal)
        return
    _enter(estate, job, "RUNNING")
    await breathe(estate)
    issues = None
    match fault.kind if fault else None:
        case FaultKind.STALL:
            await asyncio.sleep(fault.seconds if fault else 0)
        case FaultKind.FAIL:
            _end(estate, job, "FAILED", (fault and fault.message) or "Internal failure")
        case FaultKind.COMPLETE_WITH_ISSUES:
            issues = (fault and fault.message) or "Completed with issues"
    if job.is_open:
        await _complete(estate, job, issues)


async def _why_refused(estate: Estate, job: BackupJob) -> tuple[str, str] | None:
    vault = estate.vaults.get((job.place, job.vault_name))
    if vault is None:
        arn = vault_arn(job.place, job.vault_name)
        return f"Backup job failed because backup vault {arn} does not exist.", INVALID_PARAMETERS
    if vault.lock is not None and (why := vault.lock.why_refused(job.lifecycle)):
        return why, INVALID_PARAMETERS
    asked = rights.to_back_up(job, kind_here(estate, job.place, job.resource_arn), vault)
    if why := await why_role_fails(estate.services(job.place), job.role_arn, asked):
        return why, ACCESS_DENIED
    return None


async def _complete(estate: Estate, job: BackupJob, issues: str | None) -> None:
    services = estate.services(job.place)
    kind = kind_here(estate, job.place, job.resource_arn)
    try:
        capture = await kind.capture(services, job.resource_arn)
        source = {resource.arn: resource for resource in await kind.find_all(services)}.get(job.resource_arn)
    except (ResourceGoneError, InternalCallError) as error:
        _end(estate, job, "FAILED", str(error), FAILURE)
        return
    if why := why_may_not(services, rights.to_read(job, kind, capture)):
        _end(estate, job, "FAILED", why, ACCESS_DENIED)
        return
    vault = estate.vaults.get((job.place, job.vault_name))
    if vault is None or not job.is_open:
        _end(estate, job, "FAILED", f"Backup vault {job.vault_name} does not exist", FAILURE)
        return
    job.size = capture.size
    point = _recovery_point(estate, job, vault, capture, kind)
    point.tags = {**(source.tags if source else {}), **job.recovery_point_tags}
    known = estate.recovery_points.get(point.arn)
    point = extended(known, point) if known else point
    estate.recovery_points[point.arn] = point
    await tag_natively(estate, point)
    _end(estate, job, "COMPLETED", issues, "SUCCESS" if issues is None else FAILURE)
    events.publish(estate, events.recovery_point_event(point, "COMPLETED"))


def _recovery_point(
    estate: Estate, job: BackupJob, vault: Vault, capture: Capture, kind: ResourceKind
) -> RecoveryPoint:
    return RecoveryPoint(
        arn=job.recovery_point_arn,
        vault=vault,
        resource_arn=job.resource_arn,
        resource_type=job.resource_type,
        resource_name=job.resource_arn.rpartition(":")[2].rpartition("/")[2],
        capture=capture,
        created=job.created,
        completed=estate.now(),
        role_arn=job.role_arn,
        lifecycle=job.lifecycle,
        key_arn=vault.key_arn if kind.is_fully_managed else capture.key_arn,
        backup_job_id=job.id,
        created_by=_mark_of(estate, job),
        is_continuous=job.is_continuous,
    )


def _mark_of(estate: Estate, job: BackupJob) -> CreatedBy | None:
    fault = estate.faults.take((FaultKind.LEAVE_OUT_PLAN_NAME,), events.job_facts(job, "backup"))
    return job.created_by.nameless() if job.created_by and fault else job.created_by


def _enter(estate: Estate, job: BackupJob, state: str) -> None:
    if job.is_open:
        job.state = state
        _announce(estate, job)


def _end(estate: Estate, job: BackupJob, state: str, message: str | None = None, category: str = FAILURE) -> None:
    if job.is_open:
        end(estate, job, state, message, category)
        _announce(estate, job)


def _announce(estate: Estate, job: BackupJob) -> None:
    events.publish(estate, events.backup_job_event(job, vault_arn(job.place, job.vault_name)))


def stop_backup_job(estate: Estate, caller: Caller, request: Document) -> Document:
    """StopBackupJob."""
    job = _find(estate, caller, request["BackupJobId"])
    if not job.is_open:
        raise InvalidRequestException(f"Backup job {job.id} is not running")
    _end(estate, job, "ABORTED", "Backup job was stopped by user.")
    return {}


def _find(estate: Estate, caller: Caller, job_id: str) -> BackupJob:
    job = estate.backup_jobs.get(job_id)
    if job is None or job.place != caller.place:
        raise ResourceNotFoundException(f"Backup job {job_id} does not exist")
    return job


def describe_backup_job(estate: Estate, caller: Caller, request: Document) -> Document:
    """DescribeBackupJob."""
    return _described(estate, _find(estate, caller, request["BackupJobId"]))


def list_backup_jobs(estate: Estate, caller: Caller, request: Document) -> Document:
    """ListBackupJobs."""
    jobs = select(
        visible(estate, caller, estate.backup_jobs, request),
        request,
        {
            "ByResourceArn": lambda job: job.resource_arn,
            "ByState": lambda job: job.state,
            "ByBackupVaultName": lambda job: job.vault_name,
            "ByMessageCategory": lambda job: job.category,
        },
    )
    return page([_described(estate, job) for job in jobs], request, "BackupJobs")


def _described(estate: Estate, job: BackupJob) -> Document:
    vault = estate.vaults.get((job.place, job.vault_name))
    point = estate.recovery_points.get(job.recovery_point_arn)
    return {
        "AccountId": job.place.account,
        "BackupJobId": job.id,
        "BackupVaultName": job.vault_name,
        "BackupVaultArn": vault_arn(job.place, job.vault_name),
        "VaultType": "BACKUP_VAULT",
        "VaultLockState": "LOCKED" if vault and vault.lock else "UNLOCKED",
        "RecoveryPointArn": job.recovery_point_arn if job.state == "COMPLETED" else None,
        "RecoveryPointLifecycle": job.lifecycle.described(),
        "EncryptionKeyArn": point.key_arn if point else None,
        "IsEncrypted": bool(point and point.key_arn),
        "ResourceArn": job.resource_arn,
        "ResourceType": job.resource_type,
        "ResourceName": job.resource_arn.rpartition(":")[2].rpartition("/")[2],
        "CreationDate": job.created,
        "InitiationDate": job.created,
        "CompletionDate": job.completed,
        "StartBy": job.created + job.start_window,
        "State": job.state,
        "StatusMessage": job.message,
        "MessageCategory": job.category,
        "PercentDone": "100.0" if job.state == "COMPLETED" else "0.0",
        "BackupSizeInBytes": job.size,
        "BytesTransferred": job.size,
        "IamRoleArn": job.role_arn,
        "CreatedBy": job.created_by.described() if job.created_by else None,
        "IsParent": False,
    }


OPERATIONS = {
    "StartBackupJob": start_backup_job,
    "StopBackupJob": stop_backup_job,
    "DescribeBackupJob": describe_backup_job,
    "ListBackupJobs": list_backup_jobs,
}
