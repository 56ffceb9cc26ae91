"""What callers ask of backup jobs: StartBackupJob, StopBackupJob, and what is told of them."""

from datetime import timedelta
from typing import Final

from sandbox.backup_service.errors import InvalidRequestException, ResourceNotFoundException
from sandbox.backup_service.estate import BackupJob, Caller, Estate, vault_arn
from sandbox.backup_service.jobs.air_gap import aim
from sandbox.backup_service.jobs.backups import abort, kind_here, new_backup_job
from sandbox.backup_service.jobs.chains import back_up_and_copy
from sandbox.backup_service.jobs.records import children_told, remember_token, select, used_before, visible
from sandbox.backup_service.keys import told_key
from sandbox.backup_service.lifecycles import FOREVER, read_lifecycle
from sandbox.backup_service.listing import page
from sandbox.backup_service.preferences import region_settings
from sandbox.backup_service.surroundings import Document
from sandbox.backup_service.vaults.air_gapped import ensure_primary_target
from sandbox.backup_service.vaults.calls import find_vault

# API reference, StopBackupJob: "This action is not supported for the following services".
_UNSTOPPABLE: Final = frozenset({"Aurora", "DocumentDB", "FSx", "Neptune", "SAP HANA on Amazon EC2", "RDS"})


def start_backup_job(estate: Estate, caller: Caller, request: Document) -> Document:
    """StartBackupJob."""
    find_vault(estate, caller.place, request["BackupVaultName"])
    air_gapped = request.get("LogicallyAirGappedBackupVaultArn")
    ensure_primary_target(estate, caller.place, request["BackupVaultName"], air_gapped)
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
        aim(job, kind, air_gapped)
        remember_token(estate, "StartBackupJob", caller, request, job.id)
        estate.clockwork.spawn(back_up_and_copy(estate, job))
    else:
        job = estate.backup_jobs[earlier]
    answer: Document = {"BackupJobId": job.id, "CreationDate": job.created, "IsParent": job.is_parent}
    if kind.is_fully_managed:
        answer["RecoveryPointArn"] = job.recovery_point_arn
    return answer


def stop_backup_job(estate: Estate, caller: Caller, request: Document) -> Document:
    """StopBackupJob."""
    job = _find(estate, caller, request["BackupJobId"])
    if not job.is_open:
        raise InvalidRequestException(f"Backup job {job.id} is not running")
    if job.resource_type in _UNSTOPPABLE:
        raise InvalidRequestException(f"A backup job of {job.resource_type} cannot be stopped")
    abort(estate, job)
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
        "VaultType": vault.type if vault else None,
        "VaultLockState": "LOCKED" if vault and vault.lock else "UNLOCKED",
        "RecoveryPointArn": job.recovery_point_arn if job.has_made_a_point else None,
        "RecoveryPointLifecycle": (point or job).lifecycle.described(),
        "EncryptionKeyArn": told_key(point.key_arn, point.vault.place) if point else None,
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
        "PercentDone": "100.0" if job.has_made_a_point else "0.0",
        "BackupSizeInBytes": job.size,
        "BytesTransferred": job.size,
        "IamRoleArn": job.role_arn,
        "CreatedBy": job.created_by.described() if job.created_by else None,
        **children_told(estate.backup_jobs.values(), job),
    }


OPERATIONS = {
    "StartBackupJob": start_backup_job,
    "StopBackupJob": stop_backup_job,
    "DescribeBackupJob": describe_backup_job,
    "ListBackupJobs": list_backup_jobs,
}
