"""AWS Backup's copy jobs: read and started in the account that owns the source vault."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.backup.creators import creator
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.copies.found import CopyJob
from strongroom.domain.errors import NotFoundError
from strongroom.domain.identifiers import AccountId, Arn, Region

if TYPE_CHECKING:
    from strongroom.adapters.aws.clients import MemberClients
    from strongroom.domain.copies.promises import Promise
    from strongroom.domain.intent.destinations import Lifecycle
    from strongroom.domain.intent.model import Intent

ACTIONS: tuple[str, ...] = ()

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
# A copy of an earlier backup may still stand before the promised one.
_LONGEST_COPY = timedelta(days=3)


class MemberCopyJobs:
    """Copy jobs of member accounts, through their inspection role."""

    MEMBER_ACTIONS = ("backup:DescribeCopyJob", "backup:ListCopyJobs")

    def __init__(self, inspection: MemberClients) -> None:
        """`inspection` borrows the members' inspection role."""
        self._inspection = inspection

    def describe(self, copy_job: str, *, account: AccountId, region: Region) -> CopyJob | None:
        """The copy job, or None once AWS has forgotten it, 30 days after its end."""
        backup = self._inspection.client("backup", account=account, region=region)
        try:
            with aws_errors(f"copy job {copy_job} cannot be described"):
                return copy_job_of(backup.describe_copy_job(CopyJobId=copy_job)["CopyJob"])
        except NotFoundError:
            return None

    def of_promise(self, promise: Promise) -> tuple[CopyJob, ...]:
        """The copy jobs of the promise's resource since some days before its backup, oldest first."""
        backup = self._inspection.client("backup", account=promise.account, region=promise.region)
        with aws_errors(f"the copy jobs of {promise.account} cannot be listed"):
            pages = backup.get_paginator("list_copy_jobs").paginate(
                ByResourceArn=promise.resource, ByCreatedAfter=promise.created_at - _LONGEST_COPY
            )
            jobs = [copy_job_of(each) for page in pages for each in page["CopyJobs"]]
        return tuple(sorted(jobs, key=lambda job: job.created_at or _LONG_AGO))


class MemberCopyStarter:
    """Starts copies in member accounts: their copying role asks, their backup role carries them out."""

    MEMBER_ACTIONS = ("backup:StartCopyJob", "iam:PassRole")

    def __init__(self, copiers: MemberClients, *, intent: Intent) -> None:
        """`copiers` borrow the members' copying role, which may start copies and nothing else."""
        self._copiers = copiers
        self._intent = intent

    def start(self, promise: Promise, *, attempt: int) -> str:
        """Start the copy and return its job's id; the same promise and attempt give the same job."""
        backup = self._copiers.client("backup", account=promise.account, region=promise.region)
        with aws_errors(f"the copy of {promise.recovery_point} cannot be started"):
            answer = backup.start_copy_job(
                RecoveryPointArn=promise.recovery_point,
                SourceBackupVaultName=Arn.parse(promise.source_vault).name,
                DestinationBackupVaultArn=promise.destination,
                IamRoleArn=self._intent.member_role_arn(self._intent.roles.backup, promise.account),
                IdempotencyToken=_token(promise, attempt),
                Lifecycle=_lifecycle(promise.lifecycle),
            )
        return str(answer["CopyJobId"])


def _token(promise: Promise, attempt: int) -> str:
    return hashlib.sha256(f"{promise.subject}\n{attempt}".encode()).hexdigest()


def _lifecycle(lifecycle: Lifecycle) -> dict[str, Any]:
    cold = lifecycle.cold_storage_after_days
    return {
        **({} if cold is None else {"MoveToColdStorageAfterDays": cold}),
        "DeleteAfterDays": lifecycle.retention_days,
        **({"OptInToArchiveForSupportedResources": True} if lifecycle.archive else {}),
    }


def copy_job_of(answer: dict[str, Any]) -> CopyJob:
    """The job as AWS Backup describes or lists it, which promises no member of what it says of one."""
    return CopyJob(
        id=answer.get("CopyJobId"),
        state=answer.get("State", ""),
        recovery_point=answer.get("SourceRecoveryPointArn", ""),
        source_vault=answer.get("SourceBackupVaultArn", ""),
        destination=answer.get("DestinationBackupVaultArn", ""),
        destination_recovery_point=answer.get("DestinationRecoveryPointArn"),
        created_at=answer.get("CreationDate"),
        message=answer.get("StatusMessage"),
        completed_at=answer.get("CompletionDate"),
        backup_job=answer.get("CreatedByBackupJobId"),
        made_by=creator(answer),
    )
