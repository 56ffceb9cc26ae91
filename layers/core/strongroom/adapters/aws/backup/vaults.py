"""AWS Backup's vaults, recovery points and plans, each read in the account and Region that own it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.backup.absent_vaults import told_from_refused
from strongroom.adapters.aws.backup.creators import creator
from strongroom.adapters.aws.backup.plans import plan_found
from strongroom.adapters.aws.backup.point_tags import point_tags
from strongroom.adapters.aws.clients import MemberClients, client
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.copies.comparing.rounds import PointPage
from strongroom.domain.copies.found import PlanFound, RecoveryPointFound, VaultFound
from strongroom.domain.errors import NotFoundError
from strongroom.domain.identifiers import AccountId, Arn

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from strongroom.domain.copies.reconciling import Window

ACTIONS = (
    "backup:DescribeBackupVault",
    "backup:DescribeRecoveryPoint",
    "backup:ListBackupVaults",
    "backup:ListRecoveryPointsByBackupVault",
    "backup:ListTags",
)
_PAGE: Final = 1_000
# When it was made, where AWS Backup does not say: no backup can be of then.
_UNTOLD: Final = datetime.min.replace(tzinfo=UTC)
MEMBER_ACTIONS = (*ACTIONS, "backup:GetBackupPlan")


class BackupVaults:
    """Vaults of our own account through our own role, those of any other through the inspection role there.

    An account that is not governed and holds vaults alone has a role of that name, too.
    """

    def __init__(self, inspection: MemberClients, *, own_account: AccountId) -> None:
        """`inspection` borrows the inspection role of other accounts; `own_account` is the backup account."""
        self._inspection = inspection
        self._own_account = own_account

    def find(self, recovery_point: str, *, vault: str) -> RecoveryPointFound | None:
        """The recovery point in the vault with this ARN, or None."""
        place = Arn.parse(vault)
        try:
            with self._told_from_refused(place), aws_errors(f"{recovery_point} cannot be described"):
                answer = self._backup(place).describe_recovery_point(
                    BackupVaultName=place.name, RecoveryPointArn=recovery_point
                )
        except NotFoundError:
            return None
        return _recovery_point(answer, vault=vault)

    def of_resource(self, resource: str, *, vault: str) -> tuple[RecoveryPointFound, ...]:
        """Every recovery point of the resource in the vault."""
        place = Arn.parse(vault)
        try:
            with self._told_from_refused(place), aws_errors(f"{vault} cannot be listed"):
                pages = self._backup(place).get_paginator("list_recovery_points_by_backup_vault")
                found = pages.paginate(BackupVaultName=place.name, ByResourceArn=resource)
                return tuple(_recovery_point(each, vault=vault) for page in found for each in page["RecoveryPoints"])
        except NotFoundError:
            return ()

    def page(self, vault: str, window: Window) -> PointPage:
        """One page of the recovery points that were created in the window; none where there is no such vault."""
        place = Arn.parse(vault)
        asked: dict[str, Any] = {
            "BackupVaultName": place.name,
            "ByCreatedAfter": window.since,
            "ByCreatedBefore": window.until,
            "MaxResults": _PAGE,
        }
        if window.token is not None:
            asked["NextToken"] = window.token
        try:
            with self._told_from_refused(place), aws_errors(f"{vault} cannot be listed"):
                answer = self._backup(place).list_recovery_points_by_backup_vault(**asked)
        except NotFoundError:
            return PointPage()
        points = tuple(_recovery_point(each, vault=vault) for each in answer["RecoveryPoints"])
        return PointPage(points=points, token=answer.get("NextToken"))

    def tags(self, recovery_point: str, *, vault: str) -> dict[str, str]:
        """The recovery point's tags as far as AWS Backup can tell them, without those of AWS itself."""
        return point_tags(self._backup(Arn.parse(vault)).list_tags, recovery_point)

    def plan(self, arn: str) -> PlanFound | None:
        """The plan with this ARN; None where its account does not say."""
        return plan_found(self._backup(Arn.parse(arn)).get_backup_plan, arn)

    def describe(self, vault: str) -> VaultFound | None:
        """The vault with this ARN, or None."""
        place = Arn.parse(vault)
        try:
            with self._told_from_refused(place), aws_errors(f"{vault} cannot be described"):
                answer = self._backup(place).describe_backup_vault(BackupVaultName=place.name)
        except NotFoundError:
            return None
        return VaultFound(
            arn=answer["BackupVaultArn"],
            encryption_key=answer.get("EncryptionKeyArn"),
            is_locked=bool(answer.get("Locked")),
            min_retention_days=answer.get("MinRetentionDays"),
            max_retention_days=answer.get("MaxRetentionDays"),
            is_air_gapped=answer.get("VaultType") == "LOGICALLY_AIR_GAPPED_BACKUP_VAULT",
        )

    def _told_from_refused(self, vault: Arn) -> AbstractContextManager[None]:
        return told_from_refused(
            str(vault), listing=lambda: self._backup(vault).get_paginator("list_backup_vaults").paginate()
        )

    def _backup(self, place: Arn) -> Any:
        if place.account == self._own_account:
            return client("backup", place.region)
        return self._inspection.client("backup", account=place.account, region=place.region)


def _recovery_point(answer: dict[str, Any], *, vault: str) -> RecoveryPointFound:
    """The recovery point as AWS Backup describes or lists it, which promises no member of what it says of one."""
    return RecoveryPointFound(
        arn=answer.get("RecoveryPointArn", ""),
        vault=answer.get("BackupVaultArn", vault),
        resource=answer.get("ResourceArn", ""),
        status=answer.get("Status", ""),
        encryption_key=answer.get("EncryptionKeyArn"),
        retention_days=_retention_days(answer),
        created_at=answer.get("CreationDate", _UNTOLD),
        completed_at=answer.get("CompletionDate"),
        made_by=creator(answer),
        is_temporary=answer.get("Lifecycle", {}).get("DeleteAfterEvent") == "DELETE_AFTER_COPY",
        is_cold=answer.get("StorageClass") == "COLD",
        type=answer.get("ResourceType"),
        source_vault=answer.get("SourceBackupVaultArn") or None,
    )


def _retention_days(answer: dict[str, Any]) -> int | None:
    days: int | None = answer.get("Lifecycle", {}).get("DeleteAfterDays")
    if days is not None and days > 0:
        return days
    # A copy without a lifecycle of its own inherits the source's expiry (Developer Guide, "Creating a backup copy").
    delete_at: datetime | None = answer.get("CalculatedLifecycle", {}).get("DeleteAt")
    created_at: datetime | None = answer.get("CreationDate")
    return None if delete_at is None or created_at is None else round((delete_at - created_at).total_seconds() / 86400)
