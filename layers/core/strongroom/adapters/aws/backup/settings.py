"""AWS Backup's settings of the organisation and of Regions, and the locks of the backup account's vaults.

Source: AWS Backup API reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.identifiers import Arn, Region
from strongroom.domain.rollout.live import LiveOptIns, LiveVault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.adapters.aws.account_access import AccountClients
    from strongroom.domain.intent.model import Organization
    from strongroom.domain.intent.vaults import VaultLock

ACTIONS = (
    "backup:DescribeBackupVault",
    "backup:DescribeGlobalSettings",
    "backup:DescribeRegionSettings",
    "backup:ListBackupVaults",
    "backup:PutBackupVaultLockConfiguration",
    "backup:UpdateGlobalSettings",
    "backup:UpdateRegionSettings",
)

_AIR_GAPPED: Final = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"


class OrganizationBackupSettings:
    """Settings through the management account, vaults through the account that owns them."""

    def __init__(self, clients: AccountClients, *, place: Organization) -> None:
        """`place` is the organisation in the intent."""
        self._clients = clients
        self._place = place

    def global_settings(self) -> Mapping[str, str]:
        """The organisation's settings by name, `true` or `false`."""
        with aws_errors():
            settings: dict[str, str] = self._management(self._place.home_region).describe_global_settings()[
                "GlobalSettings"
            ]
        return settings

    def switch_on(self, names: tuple[str, ...]) -> None:
        """Switch settings of the organisation on."""
        with aws_errors():
            self._management(self._place.home_region).update_global_settings(
                GlobalSettings=dict.fromkeys(names, "true")
            )

    def opt_ins(self, region: Region) -> LiveOptIns:
        """The opt-ins of the management account, which win over those of members for the organisation's plans."""
        with aws_errors():
            answer = self._management(region).describe_region_settings()
        return LiveOptIns(
            served=answer.get("ResourceTypeOptInPreference", {}),
            fully_managed=answer.get("ResourceTypeManagementPreference", {}),
        )

    def opt_in(self, region: Region, *, served: tuple[str, ...], fully_managed: tuple[str, ...]) -> None:
        """Switch types on; the others stay as they are."""
        request = {
            "ResourceTypeOptInPreference": dict.fromkeys(served, True),
            "ResourceTypeManagementPreference": dict.fromkeys(fully_managed, True),
        }
        with aws_errors():
            self._management(region).update_region_settings(**{key: value for key, value in request.items() if value})

    def vault(self, arn: str) -> LiveVault | None:
        """A vault's lock, and of an air-gapped one its team and its owner's key; None when there is no such vault."""
        # Listed and not described: for a vault that does not exist DescribeBackupVault answers AccessDeniedException
        # (github.com/aws/aws-sdk-js/issues/2625), as it does for one that may not be read.
        with aws_errors():
            pages = self._owner(Arn.parse(arn)).get_paginator("list_backup_vaults").paginate()
            vaults = (vault for page in pages for vault in page["BackupVaultList"])
            found = next((vault for vault in vaults if vault["BackupVaultArn"] == arn), None)
            if found is not None and found.get("VaultType") == _AIR_GAPPED:
                # No list tells an approval team.
                found = self._owner(Arn.parse(arn)).describe_backup_vault(BackupVaultName=Arn.parse(arn).name)
        return None if found is None else _live_vault(found)

    def lock(self, arn: str, lock: VaultLock) -> None:
        """Put the lock on the vault; AWS Backup refuses it where the lock that is there is immutable."""
        place = Arn.parse(arn)
        with aws_errors():
            self._owner(place).put_backup_vault_lock_configuration(
                BackupVaultName=place.name,
                MinRetentionDays=lock.min_retention_days,
                MaxRetentionDays=lock.max_retention_days,
                **({"ChangeableForDays": lock.changeable_for_days} if lock.is_final else {}),
            )

    def _management(self, region: Region) -> Any:
        return self._clients.client("backup", account=self._place.management_account, region=region)

    def _owner(self, vault: Arn) -> Any:
        return self._clients.client("backup", account=vault.account, region=vault.region)


def _live_vault(listed: Mapping[str, Any]) -> LiveVault:
    return LiveVault(
        is_locked=bool(listed.get("Locked")),
        min_retention_days=listed.get("MinRetentionDays"),
        max_retention_days=listed.get("MaxRetentionDays"),
        lock_date=listed.get("LockDate"),
        approval_team=listed.get("MpaApprovalTeamArn", ""),
        key=_owners_key(listed) if listed.get("VaultType") == _AIR_GAPPED else "",
    )


def _owners_key(described: Mapping[str, Any]) -> str:
    is_of_aws = described.get("EncryptionKeyType") == "AWS_OWNED_KMS_KEY"
    return "" if is_of_aws else described.get("EncryptionKeyArn", "")
