"""What callers ask of copy jobs: StartCopyJob, and what is told of them."""

from sandbox.backup_service.errors import (
    InvalidParameterValueException,
    InvalidRequestException,
    ResourceNotFoundException,
)
from sandbox.backup_service.estate import Caller, CopyJob, Estate
from sandbox.backup_service.jobs.continuous import ensure_copyable_on_demand
from sandbox.backup_service.jobs.copies import new_copy_job, run_copy_job
from sandbox.backup_service.jobs.records import children_told, remember_token, select, used_before, visible
from sandbox.backup_service.lifecycles import read_lifecycle
from sandbox.backup_service.listing import page
from sandbox.backup_service.surroundings import Document
from sandbox.backup_service.vaults.recovery_points import ensure_made, find_recovery_point


def start_copy_job(estate: Estate, caller: Caller, request: Document) -> Document:
    """StartCopyJob: asked for in the account that owns the source vault."""
    point = find_recovery_point(estate, caller, request["SourceBackupVaultName"], request["RecoveryPointArn"])
    if point.vault.place != caller.place:
        # AWS copies out of one as well (Developer Guide, "Administrator tasks" of multi-party approval).
        raise InvalidRequestException(f"copies out of {request['SourceBackupVaultName']} are not played here")
    ensure_made(point)
    ensure_copyable_on_demand(point)
    destination = request["DestinationBackupVaultArn"]
    if not destination.startswith("arn:aws:backup:") or ":backup-vault:" not in destination:
        raise InvalidParameterValueException(f"Invalid destination backup vault ARN: {destination}")
    lifecycle = read_lifecycle(request.get("Lifecycle"))
    earlier = used_before(estate, "StartCopyJob", caller, request)
    if earlier is None:
        job = new_copy_job(
            estate, point, destination_vault_arn=destination, role_arn=request["IamRoleArn"], lifecycle=lifecycle
        )
        remember_token(estate, "StartCopyJob", caller, request, job.id)
        estate.clockwork.spawn(run_copy_job(estate, job))
    else:
        job = estate.copy_jobs[earlier]
    return {"CopyJobId": job.id, "CreationDate": job.created, "IsParent": job.is_parent}


def describe_copy_job(estate: Estate, caller: Caller, request: Document) -> Document:
    """DescribeCopyJob."""
    job = estate.copy_jobs.get(request["CopyJobId"])
    if job is None or job.place != caller.place:
        raise ResourceNotFoundException(f"Copy job {request['CopyJobId']} does not exist")
    return {"CopyJob": _described(estate, job)}


def list_copy_jobs(estate: Estate, caller: Caller, request: Document) -> Document:
    """ListCopyJobs."""
    jobs = select(
        visible(estate, caller, estate.copy_jobs, request),
        request,
        {
            "ByResourceArn": lambda job: job.resource_arn,
            "ByState": lambda job: job.state,
            "ByDestinationVaultArn": lambda job: job.destination_vault_arn,
            "BySourceRecoveryPointArn": lambda job: job.source_recovery_point_arn,
            "ByMessageCategory": lambda job: job.category,
        },
    )
    return page([_described(estate, job) for job in jobs], request, "CopyJobs")


def _described(estate: Estate, job: CopyJob) -> Document:
    return {
        "AccountId": job.place.account,
        "CopyJobId": job.id,
        "SourceBackupVaultArn": job.source_vault_arn,
        "SourceRecoveryPointArn": job.source_recovery_point_arn,
        "DestinationBackupVaultArn": job.destination_vault_arn,
        "DestinationVaultType": _type_of_destination(estate, job),
        "DestinationVaultLockState": "LOCKED" if job.is_destination_locked else "UNLOCKED",
        "DestinationRecoveryPointArn": job.destination_recovery_point_arn,
        "DestinationEncryptionKeyArn": job.destination_key_arn,
        "DestinationRecoveryPointLifecycle": job.lifecycle.described(),
        "ResourceArn": job.resource_arn,
        "ResourceType": job.resource_type,
        "ResourceName": job.resource_arn.rpartition(":")[2].rpartition("/")[2],
        "CreationDate": job.created,
        "CompletionDate": job.completed,
        "State": job.state,
        "StatusMessage": job.message,
        "MessageCategory": job.category,
        "BackupSizeInBytes": job.size,
        "IamRoleArn": job.role_arn,
        "CreatedBy": job.created_by.described() if job.created_by else None,
        "CreatedByBackupJobId": job.created_by_backup_job_id,
        "CompositeMemberIdentifier": job.member,
        **children_told(estate.copy_jobs.values(), job),
    }


def _type_of_destination(estate: Estate, job: CopyJob) -> str | None:
    destination = estate.vault_by_arn(job.destination_vault_arn)
    return destination.type if destination else None


OPERATIONS = {
    "StartCopyJob": start_copy_job,
    "DescribeCopyJob": describe_copy_job,
    "ListCopyJobs": list_copy_jobs,
}
