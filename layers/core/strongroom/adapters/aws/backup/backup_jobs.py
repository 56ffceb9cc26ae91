"""AWS Backup's backup jobs: read in the account of the resource."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.backup.creators import creator
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.copies.backup_jobs import BackupJob
from strongroom.domain.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.adapters.aws.clients import MemberClients
    from strongroom.domain.identifiers import AccountId, Region

ACTIONS: tuple[str, ...] = ()

_A_MOMENT: Final = timedelta(seconds=1)


class MemberBackupJobs:
    """Backup jobs of member accounts, through their inspection role."""

    MEMBER_ACTIONS = ("backup:DescribeBackupJob", "backup:ListBackupJobs")

    def __init__(self, inspection: MemberClients) -> None:
        """`inspection` borrows the members' inspection role."""
        self._inspection = inspection

    def describe(self, backup_job: str, *, account: AccountId, region: Region) -> BackupJob | None:
        """The backup job, or None of one that AWS does not know, or has forgotten: 30 days after its end it does."""
        backup = self._inspection.client("backup", account=account, region=region)
        try:
            with aws_errors(f"backup job {backup_job} cannot be described"):
                answer = backup.describe_backup_job(BackupJobId=backup_job)
        except NotFoundError:
            return None
        return backup_job_of(answer, account=account, region=region)

    def of_resource(
        self, resource: str, *, account: AccountId, region: Region, since: datetime
    ) -> tuple[BackupJob, ...]:
        """The backup jobs of the resource that were created at `since` or later, oldest first."""
        backup = self._inspection.client("backup", account=account, region=region)
        with aws_errors(f"the backup jobs of {account} cannot be listed"):
            # Whether the bound itself is within is not documented, so it is drawn here.
            pages = backup.get_paginator("list_backup_jobs").paginate(
                ByResourceArn=resource, ByCreatedAfter=since - _A_MOMENT
            )
            jobs = [
                backup_job_of(each, account=account, region=region) for page in pages for each in page["BackupJobs"]
            ]
        dated = [(job.created_at, job) for job in jobs if job.created_at is not None and job.created_at >= since]
        return tuple(job for _, job in sorted(dated, key=lambda each: each[0]))


def backup_job_of(answer: Mapping[str, Any], *, account: AccountId, region: Region) -> BackupJob:
    """The job as AWS Backup describes or lists it, which promises no member of what it says of one."""
    return BackupJob(
        id=answer.get("BackupJobId"),
        state=answer.get("State", ""),
        account=account,
        region=region,
        vault=answer.get("BackupVaultArn"),
        resource=answer.get("ResourceArn"),
        recovery_point=answer.get("RecoveryPointArn"),
        created_at=answer.get("CreationDate"),
        message=answer.get("StatusMessage"),
        made_by=creator(answer),
        completed_at=answer.get("CompletionDate"),
    )
