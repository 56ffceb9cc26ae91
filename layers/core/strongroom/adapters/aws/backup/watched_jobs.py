"""Restores and copies as they are, read under a role that does nothing else, whoever began them.

Source: AWS Backup API reference, ListRestoreJobs, DescribeRestoreJob, GetRestoreJobMetadata and ListCopyJobs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import NotFoundError
from strongroom.domain.evidence.explaining import WatchedCopy, WatchedRestore
from strongroom.domain.restores.jobs import RestoreJob

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.adapters.aws.backup.recovery_points import Clients
    from strongroom.domain.identifiers import AccountId, Region

ACTIONS: tuple[str, ...] = ()


class MemberWatchedRestores:
    """Restore jobs of an account, under its role for the watch."""

    MEMBER_ACTIONS = ("backup:DescribeRestoreJob", "backup:GetRestoreJobMetadata", "backup:ListRestoreJobs")

    def __init__(self, watchers: Clients) -> None:
        """`watchers` are the clients of that role."""
        self._watchers = watchers

    def ids(self, account: AccountId, region: Region, *, since: datetime) -> tuple[str, ...]:
        """The jobs that were made there since then."""
        backup = self._watchers.client("backup", account=account, region=region)
        with aws_errors(f"the restore jobs of {account} in {region} cannot be listed"):
            pages = backup.get_paginator("list_restore_jobs").paginate(ByAccountId=account, ByCreatedAfter=since)
            return tuple(str(job["RestoreJobId"]) for page in pages for job in page["RestoreJobs"])

    def describe(self, job_id: str, *, account: AccountId, region: Region) -> WatchedRestore | None:
        """The job as it is now, with the settings that it used; None when it is not there."""
        backup = self._watchers.client("backup", account=account, region=region)
        try:
            with aws_errors(f"restore job {job_id} of {account} in {region} cannot be described"):
                job = backup.describe_restore_job(RestoreJobId=job_id)
                metadata = backup.get_restore_job_metadata(RestoreJobId=job_id)
        except NotFoundError:
            return None
        return WatchedRestore(
            job=_restore(job, metadata.get("Metadata", {})),
            account=account,
            region=region,
            parent=job.get("ParentJobId", ""),
            tested_by=job.get("CreatedBy", {}).get("RestoreTestingPlanArn", ""),
        )


class CentralWatchedCopies:
    """Copy jobs of an account with vaults of ours: a copy is a job of the account of its source."""

    MEMBER_ACTIONS = ("backup:ListCopyJobs",)

    def __init__(self, watchers: Clients) -> None:
        """`watchers` are the clients of the role for the watch."""
        self._watchers = watchers

    def out_of(self, vault: str, *, account: AccountId, region: Region, since: datetime) -> tuple[WatchedCopy, ...]:
        """The jobs that were made since then to copy something out of the vault, by its ARN."""
        backup = self._watchers.client("backup", account=account, region=region)
        with aws_errors(f"the copy jobs of {account} in {region} cannot be listed"):
            pages = backup.get_paginator("list_copy_jobs").paginate(ByAccountId=account, ByCreatedAfter=since)
            jobs = [job for page in pages for job in page["CopyJobs"]]
        return tuple(
            _copy(job, account=account, region=region) for job in jobs if job.get("SourceBackupVaultArn") == vault
        )


def _restore(job: dict[str, Any], metadata: dict[str, str]) -> RestoreJob:
    """What AWS leaves out stays empty: it is then nobody's job, and told."""
    return RestoreJob(
        id=job["RestoreJobId"],
        account=job.get("AccountId", ""),
        recovery_point=job.get("RecoveryPointArn", ""),
        role=job.get("IamRoleArn", ""),
        created_at=job["CreationDate"],
        status=job.get("Status", ""),
        message=job.get("StatusMessage", ""),
        created=job.get("CreatedResourceArn", ""),
        metadata=metadata,
    )


def _copy(job: dict[str, Any], *, account: AccountId, region: Region) -> WatchedCopy:
    return WatchedCopy(
        id=job["CopyJobId"],
        account=account,
        region=region,
        source=job.get("SourceRecoveryPointArn", ""),
        source_vault=job.get("SourceBackupVaultArn", ""),
        destination=job.get("DestinationBackupVaultArn", ""),
        role=job.get("IamRoleArn", ""),
        created_at=job["CreationDate"],
        made=job.get("DestinationRecoveryPointArn", ""),
    )
