"""Events of backup and copy jobs, with all that AWS's published samples have taught.

Any field but the state may be missing or oddly spelled, and a destination that is not there yet is an empty object
(Developer Guide, "Monitoring AWS Backup events using Amazon EventBridge"). Only what a decision needs is demanded, so
that no failure goes untold for the sake of a date.
"""

from typing import Any

import msgspec

from strongroom.domain.copies.backup_jobs import BackupJob
from strongroom.domain.copies.found import CopyJob, CopyNotice, MadeBy
from strongroom.domain.errors import MalformedEventError
from strongroom.domain.identifiers import AccountId, Region, parse_region, vault_arn
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.readings import as_mapping, as_moment, as_text, as_texts


class BackupJobChange(msgspec.Struct, frozen=True, rename="camel"):
    """The detail of "Backup Job State Change"."""

    state: str
    backup_job_id: Any = None
    backup_vault_arn: Any = None
    backup_vault_name: Any = None
    resource_arn: Any = None
    creation_date: Any = None
    completion_date: Any = None
    status_message: Any = None
    created_by: Any = None

    def observed(self, event: Event["BackupJobChange"]) -> BackupJob:
        """The job; `resources` of the envelope holds the recovery point, or nothing yet."""
        account, region = AccountId(event.account), parse_region(event.region)
        return BackupJob(
            id=as_text(self.backup_job_id),
            state=self.state,
            account=account,
            region=region,
            vault=told_vault(self.backup_vault_arn, self.backup_vault_name, account=account, region=region),
            resource=as_text(self.resource_arn),
            recovery_point=next(iter(as_texts(event.resources)), None),
            created_at=as_moment(self.creation_date),
            message=as_text(self.status_message),
            made_by=_made_by(self.created_by),
            completed_at=as_moment(self.completion_date),
        )


class CopyJobChange(msgspec.Struct, frozen=True, rename="camel"):
    """The detail of "Copy Job State Change"; it comes from the account of the source."""

    state: str
    source_backup_vault_arn: str
    destination_backup_vault_arn: str
    copy_job_id: Any = None
    destination_recovery_point_arn: Any = None
    creation_date: Any = None
    status_message: Any = None
    created_by: Any = None

    def observed(self, event: Event["CopyJobChange"]) -> CopyNotice:
        """The job and where it happened; `resources` of the envelope holds the source recovery point."""
        source = next(iter(as_texts(event.resources)), None)
        if source is None:
            raise MalformedEventError("a copy job's event names no source recovery point in `resources`")
        job = CopyJob(
            id=as_text(self.copy_job_id),
            state=self.state,
            recovery_point=source,
            source_vault=self.source_backup_vault_arn,
            destination=self.destination_backup_vault_arn,
            destination_recovery_point=as_text(self.destination_recovery_point_arn),
            created_at=as_moment(self.creation_date),
            message=as_text(self.status_message),
            made_by=_made_by(self.created_by),
        )
        return CopyNotice(account=AccountId(event.account), region=parse_region(event.region), job=job)


def told_vault(arn: Any, name: Any, *, account: AccountId, region: Region) -> str | None:
    """The vault by its ARN, or as its account calls it."""
    called = as_text(name)
    return as_text(arn) or (None if called is None else vault_arn(called, account=account, region=region))


def _made_by(created_by: Any) -> MadeBy | None:
    """The plan and the rule that started a job; on-demand jobs have none."""
    told = as_mapping(created_by) or {}
    plan = as_text(told.get("backupPlanArn"))
    return None if plan is None else MadeBy(plan=plan, rule_id=as_text(told.get("backupPlanRuleId")))
