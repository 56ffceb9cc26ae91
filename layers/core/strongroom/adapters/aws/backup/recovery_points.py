"""Recovery points in AWS Backup, in local and central vaults, as restores look for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from strongroom.adapters.aws.backup.absent_vaults import told_from_refused
from strongroom.adapters.aws.backup.creators import creator
from strongroom.adapters.aws.backup.listed_points import known_scan
from strongroom.adapters.aws.backup.plans import plan_found
from strongroom.adapters.aws.backup.point_tags import AWS_OWN, listed_tags
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.copies.origins import is_our_plan, named
from strongroom.domain.errors import ConfigurationMissingError, NotFoundError
from strongroom.domain.identifiers import Arn
from strongroom.domain.intent.destinations import vault_accounts
from strongroom.domain.intent.places import landing_vault_arn, temporary_vault_arn
from strongroom.domain.restores.arriving.landing import LandingVault
from strongroom.domain.restores.plans import RecoveryPoint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from strongroom.domain.copies.found import MadeBy
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.intent.model import Intent

ACTIONS: tuple[str, ...] = ()

# A person typed the ARN: one that AWS Backup cannot read names nothing.
_ABSENT = ("InvalidParameterValueException",)


class Clients(Protocol):
    """Clients in member accounts, as `adapters.aws.clients.MemberClients` hands them out."""

    @property
    def client(self) -> Callable[..., Any]:
        """Called as `client(service, account=..., region=...)`."""


class LandingVaults:
    """The vaults of members into which copies come back: temporary ones, and without those the local ones."""

    MEMBER_ACTIONS: ClassVar[tuple[str, ...]] = ("backup:DescribeBackupVault", "backup:ListBackupVaults")

    def __init__(self, own: Callable[..., Any], members: Clients, *, intent: Intent) -> None:
        """`own` is `adapters.aws.clients.client`, `members` the clients of the inspection role."""
        self._own = own
        self._members = members
        self._intent = intent

    def landing(self, account: AccountId, region: Region) -> LandingVault:
        """The vault of an account; NotFoundError where there is none."""
        temporary = temporary_vault_arn(self._intent, account=account, region=region)
        vault = temporary or landing_vault_arn(self._intent, account=account, region=region)
        backup = self._backup(vault)
        with (
            told_from_refused(vault, listing=lambda: backup.get_paginator("list_backup_vaults").paginate()),
            aws_errors(f"{vault} cannot be described"),
        ):
            found = backup.describe_backup_vault(BackupVaultName=Arn.parse(vault).name)
        return LandingVault(
            arn=vault,
            encryption_key=found.get("EncryptionKeyArn", ""),
            min_days=found.get("MinRetentionDays"),
            max_days=found.get("MaxRetentionDays"),
        )

    def _backup(self, vault: str) -> Any:
        place = Arn.parse(vault)
        if place.account == self._intent.organization.backup_account:
            return self._own("backup", place.region)
        return self._members.client("backup", account=place.account, region=place.region)


class VaultedPoints(LandingVaults):
    """Recovery points in the central vault, which is ours, and in members' local vaults."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "find": ("backup:DescribeRecoveryPoint", "backup:GetRecoveryPointRestoreMetadata", "backup:ListBackupVaults"),
        "landing": (),
        "sees": (),
        "team_of": ("backup:DescribeBackupVault", "backup:ListBackupVaults"),
    }
    MEMBER_ACTIONS = (
        "backup:DescribeBackupVault",
        "backup:DescribeRecoveryPoint",
        "backup:GetBackupPlan",
        "backup:GetRecoveryPointRestoreMetadata",
        "backup:ListBackupVaults",
    )

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
            is_cold=found.get("StorageClass") == "COLD",
            # Of a key that AWS owns no ARN is told (Developer Guide, "Logically air-gapped vault").
            encryption_key=found.get("EncryptionKeyArn", "" if found.get("IsEncrypted") else None),
            restore_metadata=metadata.get("RestoreMetadata", {}),
            made_by=self._maker(found),
            source_vault="" if (source := found.get("SourceBackupVaultArn") or "") == vault else source,
            scan=known_scan(found.get("ScanResults", ()), of=recovery_point)[0],
            is_composite=bool(found.get("IsParent")),
        )

    def sees(self, account: AccountId, vault: str) -> bool:
        """Whether an account sees the air-gapped vault of another, because it is shared with it.

        AWS Backup Developer Guide, "Logically air-gapped vault": whoever it is not shared with is denied access. A
        refusal of whoever asks is raised: it says nothing of the vault.
        """
        place = Arn.parse(vault)
        backup = self._members.client("backup", account=account, region=place.region)
        try:
            with (
                told_from_refused(vault, listing=lambda: backup.get_paginator("list_backup_vaults").paginate()),
                aws_errors(f"{vault} cannot be described in account {account}"),
            ):
                backup.describe_backup_vault(BackupVaultName=place.name, BackupVaultAccountId=place.account)
        except NotFoundError:
            return False
        return True

    def team_of(self, vault: str) -> str:
        """The ARN of the team that opens the air-gapped vault; empty where there is none, or no such vault."""
        backup = self._backup(vault)
        try:
            with (
                told_from_refused(vault, listing=lambda: backup.get_paginator("list_backup_vaults").paginate()),
                aws_errors(f"{vault} cannot be described"),
            ):
                found = backup.describe_backup_vault(BackupVaultName=Arn.parse(vault).name)
        except NotFoundError:
            return ""
        return str(found.get("MpaApprovalTeamArn", ""))

    def _maker(self, found: Mapping[str, Any]) -> MadeBy | None:
        """The plan that made it, with its name: where that is not told, the account of the resource is asked for it."""
        told = creator(found)
        if told is None or told.plan_name or not is_our_plan(told):
            return told
        place = Arn.parse(told.plan)
        if place.account != Arn.parse(found["ResourceArn"]).account:
            return told
        backup = self._members.client("backup", account=place.account, region=place.region)
        plan = plan_found(backup.get_backup_plan, told.plan)
        return told if plan is None else named(told, plan=plan)


class LeftPoints:
    """Recovery points that are to go by themselves: ours, and in members' vaults, under the inspection role."""

    ACTIONS = ("backup:DescribeRecoveryPoint", "backup:ListBackupVaults")
    MEMBER_ACTIONS = ACTIONS

    def __init__(self, own: Callable[..., Any], inspection: Clients, *, own_account: AccountId) -> None:
        """`own` is `adapters.aws.clients.client`, `inspection` the clients of the inspection role."""
        self._own = own
        self._inspection = inspection
        self._own_account = own_account

    def status(self, recovery_point: str, *, vault: str) -> str | None:
        """What AWS Backup calls its state, or None where it is not there; a refusal is never taken for that."""
        place = Arn.parse(vault)
        if place.account == self._own_account:
            backup = self._own("backup", place.region)
        else:
            backup = self._inspection.client("backup", account=place.account, region=place.region)
        try:
            with (
                told_from_refused(vault, listing=lambda: backup.get_paginator("list_backup_vaults").paginate()),
                aws_errors(f"{recovery_point} cannot be described"),
            ):
                found = backup.describe_recovery_point(BackupVaultName=place.name, RecoveryPointArn=recovery_point)
        except NotFoundError:
            return None
        return str(found["Status"])


class NativeTags(Protocol):
    """Tags at the service that keeps a snapshot, as `adapters.tagging.member_tags.MemberTags` reads them."""

    def read(self, arn: str, *, account: AccountId, region: Region) -> dict[str, str]:
        """The tags now."""


class MemberPointTags:
    """The tags of recovery points that members restore, each from where AWS keeps them.

    AWS Backup tells those of what has an ARN of its own and no others (API reference, ListTags). It is asked in the
    account of that ARN: of what is shared, or seen through an access vault, the account of the air-gapped vault. The
    tags of snapshots of RDS, Aurora and EBS, and of images of EC2, lie on these.
    """

    ACTIONS = ("backup:ListTags",)
    MEMBER_ACTIONS = ACTIONS

    def __init__(self, own: Callable[..., Any], inspection: Clients, *, native: NativeTags, intent: Intent) -> None:
        """`own` is `adapters.aws.clients.client`, `inspection` the clients of the inspection role."""
        self._own = own
        self._inspection = inspection
        self._native = native
        self._intent = intent

    def tags(self, recovery_point: str, *, account: AccountId, region: Region) -> dict[str, str]:
        """The tags from where AWS keeps them for this type, without those of AWS itself.

        NotFoundError where AWS Backup does not tell them: nobody knows then whether it has any.
        """
        point = Arn.parse(recovery_point)
        if point.service == "backup":
            return listed_tags(self._keeper(point, account=account).list_tags, recovery_point)
        found = self._native.read(recovery_point, account=account, region=region)
        return {key: value for key, value in found.items() if not key.startswith(AWS_OWN)}

    def _keeper(self, point: Arn, *, account: AccountId) -> Any:
        """AWS Backup in the account of the recovery point, if that is one of those of which we read any."""
        if point.account == self._intent.organization.backup_account:
            return self._own("backup", point.region)
        if point.account not in (account, *vault_accounts(self._intent)):
            raise ConfigurationMissingError(
                f"the tags of {point} cannot be listed: account {point.account} has no vaults by the intent; "
                "read them there, and set them by hand"
            )
        return self._inspection.client("backup", account=point.account, region=point.region)
