"""Recovery points in AWS Backup, in local and central vaults, as restores look for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from strongroom.adapters.aws.backup.absent_vaults import told_from_refused
from strongroom.adapters.aws.backup.point_tags import point_tags
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import NotFoundError
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.plans import RecoveryPoint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from strongroom.domain.intent.model import Intent

ACTIONS: tuple[str, ...] = ()

# A person typed the ARN: one that AWS Backup cannot read names nothing.
_ABSENT = ("InvalidParameterValueException",)


class Clients(Protocol):
    """Clients in member accounts, as `adapters.aws.clients.MemberClients` hands them out."""

    @property
    def client(self) -> Callable[..., Any]:
        """Called as `client(service, account=..., region=...)`."""


class VaultedPoints:
    """Recovery points in the central vault, which is ours, and in members' local vaults."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "find": ("backup:DescribeRecoveryPoint", "backup:GetRecoveryPointRestoreMetadata", "backup:ListBackupVaults"),
        "tags": ("backup:ListTags",),
    }
    MEMBER_ACTIONS = (
        "backup:DescribeRecoveryPoint",
        "backup:GetRecoveryPointRestoreMetadata",
        "backup:ListBackupVaults",
        "backup:ListTags",
    )

    def __init__(self, own: Callable[..., Any], members: Clients, *, intent: Intent) -> None:
        """`own` is `adapters.aws.clients.client`, `members` the clients of the inspection role."""
        self._own = own
        self._members = members
        self._intent = intent

    def find(self, recovery_point: str, *, vault: str) -> RecoveryPoint | None:
        """The recovery point as its vault describes it, or None when it is not there."""
        backup, place = self._backup(vault), {"BackupVaultName": Arn.parse(vault).name}
        try:
            with (
                told_from_refused(vault, listing=lambda: backup.get_paginator("list_backup_vaults").paginate()),
                aws_errors(f"{recovery_point} cannot be described", absent=_ABSENT),
            ):
                found = backup.describe_recovery_point(RecoveryPointArn=recovery_point, **place)
                metadata = backup.get_recovery_point_restore_metadata(RecoveryPointArn=recovery_point, **place)
        except NotFoundError:
            return None
        return RecoveryPoint(
            arn=recovery_point,
            vault=vault,
            resource=found["ResourceArn"],
            resource_type=found["ResourceType"],
            created_at=found["CreationDate"],
            status=found["Status"],
            restore_metadata=metadata.get("RestoreMetadata", {}),
        )

    def tags(self, recovery_point: str, *, vault: str) -> dict[str, str]:
        """The recovery point's tags as far as AWS Backup can tell them, without those of AWS itself."""
        return point_tags(self._backup(vault).list_tags, recovery_point)

    def _backup(self, vault: str) -> Any:
        place = Arn.parse(vault)
        if place.account == self._intent.organization.backup_account:
            return self._own("backup", place.region)
        return self._members.client("backup", account=place.account, region=place.region)
