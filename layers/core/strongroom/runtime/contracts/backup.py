"""Job events of AWS Backup, with all that its published samples have taught.

Any field but the state may be missing, a destination that is not there yet is an empty object, and a restore's state
comes under two names (Developer Guide, "Monitoring AWS Backup events using Amazon EventBridge").
"""

from datetime import datetime
from typing import Any

import msgspec

from strongroom.domain.copies.backup_jobs import BackupJob
from strongroom.domain.copies.found import CopyJob, CopyNotice
from strongroom.domain.errors import MalformedEventError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.runtime.contracts.envelope import Event


class CreatedBy(msgspec.Struct, frozen=True, rename="camel"):
    """The plan that started a job; on-demand jobs have none."""

    backup_plan_arn: str | None = None


class BackupJobChange(msgspec.Struct, frozen=True, rename="camel"):
    """The detail of "Backup Job State Change"."""

    backup_job_id: str
    state: str
    backup_vault_arn: str | None = None
    resource_arn: str | None = None
    creation_date: datetime | None = None
    status_message: str | None = None
    created_by: CreatedBy | None = None

    def observed(self, event: Event["BackupJobChange"]) -> BackupJob:
        """The job; `resources` of the envelope holds the recovery point, or nothing yet."""
        return BackupJob(
            id=self.backup_job_id,
            state=self.state,
            account=AccountId(event.account),
            region=Region(event.region),
            vault=self.backup_vault_arn,
            resource=self.resource_arn,
            recovery_point=event.resources[0] if event.resources else None,
            created_at=self.creation_date,
            message=self.status_message,
            plan=None if self.created_by is None else self.created_by.backup_plan_arn,
        )


class CopyJobChange(msgspec.Struct, frozen=True, rename="camel"):
    """The detail of "Copy Job State Change"; it comes from the account of the source."""

    state: str
    source_backup_vault_arn: str
    destination_backup_vault_arn: str
    copy_job_id: str | None = None
    destination_recovery_point_arn: str | dict[str, Any] | None = None
    creation_date: datetime | None = None
    status_message: str | None = None

    def observed(self, event: Event["CopyJobChange"]) -> CopyNotice:
        """The job and where it happened; `resources` of the envelope holds the source recovery point."""
        if not event.resources:
            raise MalformedEventError("a copy job's event names no source recovery point in `resources`")
        destination = self.destination_recovery_point_arn
        job = CopyJob(
            id=self.copy_job_id,
            state=self.state,
            recovery_point=event.resources[0],
            source_vault=self.source_backup_vault_arn,
            destination=self.destination_backup_vault_arn,
            destination_recovery_point=destination if isinstance(destination, str) else None,
            created_at=self.creation_date,
            message=self.status_message,
        )
        return CopyNotice(account=AccountId(event.account), region=Region(event.region), job=job)
