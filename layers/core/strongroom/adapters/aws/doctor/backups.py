"""What lies in vaults, and the jobs of the last thirty days in every account.

Source: AWS Backup API reference, RecoveryPointByBackupVault, BackupJob and CopyJob.
"""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.doctor.backups import newest_of_each_type
from strongroom.domain.doctor.found import JobFound, VaultContent, VaultedPoint
from strongroom.domain.errors import NotFoundError
from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.rollout.live import LiveOptIns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from strongroom.adapters.aws.account_access import AccountClients

ACTIONS = (
    "backup:DescribeRegionSettings",
    "backup:ListBackupJobs",
    "backup:ListBackupVaults",
    "backup:ListCopyJobs",
    "backup:ListRecoveryPointsByBackupVault",
    "backup:ListTags",
)

_EVERY_ACCOUNT = "*"


class NightlyBackups:
    """What nights left behind."""

    def __init__(self, clients: AccountClients, *, management_account: AccountId) -> None:
        """`management_account` sees the jobs of every account."""
        self._clients = clients
        self._management_account = management_account

    def opt_ins(self, account: AccountId, region: Region) -> LiveOptIns:
        """The account's own opt-ins, which serve what is started by hand."""
        with aws_errors():
            answer = self._clients.client("backup", account=account, region=region).describe_region_settings()
        return LiveOptIns(
            served=answer.get("ResourceTypeOptInPreference", {}),
            fully_managed=answer.get("ResourceTypeManagementPreference", {}),
        )

    def key_of(self, vault: str) -> str | None:
        """The ARN of the vault's key, None where it has none; NotFoundError where there is no such vault."""
        # Listed and not described: AWS Backup denies access to a vault that does not exist.
        with aws_errors():
            pages = _pages(self._backup(vault), "list_backup_vaults")
            listed = [each for page in pages for each in page["BackupVaultList"] if each["BackupVaultArn"] == vault]
        if not listed:
            raise NotFoundError(f"there is no vault {vault}")
        key: str | None = listed[0].get("EncryptionKeyArn")
        return key

    def content(self, vault: str) -> VaultContent:
        """What lies in the vault, with the tags of the newest of each type; NotFoundError where there is no vault."""
        key, backup = self.key_of(vault), self._backup(vault)
        with aws_errors():
            name = Arn.parse(vault).name
            pages = _pages(backup, "list_recovery_points_by_backup_vault", BackupVaultName=name)
            points = [_point(each) for page in pages for each in page["RecoveryPoints"]]
        newest = {each.arn: _tags(backup, each.arn) for each in newest_of_each_type(points)}
        told = tuple(replace(each, tags=newest.get(each.arn)) for each in points)
        return VaultContent(arn=vault, key=key, points=told)

    def jobs(self, region: Region) -> tuple[JobFound, ...]:
        """Every account's backup and copy jobs in that Region."""
        backup = self._clients.client("backup", account=self._management_account, region=region)
        with aws_errors():
            backups = _pages(backup, "list_backup_jobs", ByAccountId=_EVERY_ACCOUNT)
            copies = _pages(backup, "list_copy_jobs", ByAccountId=_EVERY_ACCOUNT)
            return (
                *(_job("backup", each) for page in backups for each in page["BackupJobs"]),
                *(_job("copy", each) for page in copies for each in page["CopyJobs"]),
            )

    def _backup(self, vault: str) -> Any:
        place = Arn.parse(vault)
        return self._clients.client("backup", account=place.account, region=place.region)


def _pages(backup: Any, operation: str, **request: str) -> Iterator[dict[str, Any]]:
    pages: Iterator[dict[str, Any]] = backup.get_paginator(operation).paginate(**request)
    return pages


def _tags(backup: Any, point: str) -> Mapping[str, str] | None:
    try:
        with aws_errors():
            tags: dict[str, str] = backup.list_tags(ResourceArn=point)["Tags"]
            return tags
    except NotFoundError:
        return None


def _point(listed: Mapping[str, Any]) -> VaultedPoint:
    made_by = listed.get("CreatedBy", {})
    return VaultedPoint(
        arn=listed["RecoveryPointArn"],
        type=listed.get("ResourceType", "unknown"),
        status=listed["Status"],
        key=listed.get("EncryptionKeyArn"),
        plan_name=made_by.get("BackupPlanName"),
        is_by_plan="BackupPlanArn" in made_by,
        created_at=listed["CreationDate"],
        delete_at=listed.get("CalculatedLifecycle", {}).get("DeleteAt"),
    )


def _job(kind: str, listed: Mapping[str, Any]) -> JobFound:
    return JobFound(
        kind=kind,
        type=listed.get("ResourceType", "unknown"),
        state=listed["State"],
        account=listed["AccountId"],
        created_at=listed["CreationDate"],
        ended_at=listed.get("CompletionDate"),
        is_by_plan="BackupPlanArn" in listed.get("CreatedBy", {}),
        message=listed.get("StatusMessage"),
        vault=listed.get("BackupVaultArn"),
        point=listed.get("RecoveryPointArn"),
        source=listed.get("SourceRecoveryPointArn"),
    )
