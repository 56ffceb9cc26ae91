"""What lies around a copy: the key of its source, the access policy of its vault, and what is switched on.

Sources: KMS API reference, KeyMetadata and GetKeyPolicy; AWS Backup API reference, GetBackupVaultAccessPolicy,
DescribeRegionSettings and DescribeGlobalSettings.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.clients import MemberClients, client
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.copies.remediation.circumstances import SourceKey
from strongroom.domain.errors import AccessRefusedError, NotFoundError
from strongroom.domain.identifiers import AccountId, Arn, Region

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.domain.statements import Statements

ACTIONS: tuple[str, ...] = ()

_CUSTOMER = "CUSTOMER"
_CROSS_ACCOUNT = "isCrossAccountBackupEnabled"


class MemberKeys:
    """Keys of member accounts, through their inspection role."""

    MEMBER_ACTIONS = ("kms:DescribeKey", "kms:GetKeyPolicy")

    def __init__(self, inspection: MemberClients) -> None:
        """`inspection` borrows the members' inspection role."""
        self._inspection = inspection

    def find(self, key: str, *, account: AccountId, region: Region) -> SourceKey | None:
        """The key with this ARN, or with this id in that account; None where it does not exist."""
        owner = Arn.parse(key).account if key.startswith("arn:") else account  # nobody else may read its policy
        kms = self._inspection.client("kms", account=owner, region=region)
        try:
            with aws_errors(f"the key {key} cannot be described"):
                described = kms.describe_key(KeyId=key)["KeyMetadata"]
        except NotFoundError:
            return None
        is_customers = described["KeyManager"] == _CUSTOMER
        return SourceKey(
            arn=described["Arn"],
            manager=described["KeyManager"],
            state=described["KeyState"],
            statements=_key_statements(kms, described["KeyId"]) if is_customers else None,
        )


class VaultAccessPolicies:
    """Access policies of vaults: of our own account through our own role, of any other through its inspection role."""

    ACTIONS = ("backup:GetBackupVaultAccessPolicy",)
    MEMBER_ACTIONS = ("backup:GetBackupVaultAccessPolicy",)

    def __init__(self, inspection: MemberClients, *, own_account: AccountId) -> None:
        """`inspection` borrows the inspection role of other accounts; `own_account` is the backup account."""
        self._inspection = inspection
        self._own_account = own_account

    def statements(self, vault: str) -> Statements:
        """The statements of the policy of the vault with this ARN, none where it has none."""
        place = Arn.parse(vault)
        is_own = place.account == self._own_account
        backup = (
            client("backup", place.region)
            if is_own
            else self._inspection.client("backup", account=place.account, region=place.region)
        )
        try:
            with aws_errors(f"the policy of {vault} cannot be read"):
                answer = backup.get_backup_vault_access_policy(BackupVaultName=place.name)
        except NotFoundError:
            return ()
        return _statements(answer.get("Policy"))


class BackupSettings:
    """What is switched on in AWS Backup, in an account's Region and in the organisation."""

    ACTIONS = ("backup:DescribeGlobalSettings",)
    MEMBER_ACTIONS = ("backup:DescribeRegionSettings",)

    def __init__(self, inspection: MemberClients, *, home: Region) -> None:
        """`inspection` borrows the members' inspection role; `home` is the Region where our own account is asked."""
        self._inspection = inspection
        self._home = home

    def opt_ins(self, account: AccountId, region: Region) -> Mapping[str, bool]:
        """Which types AWS Backup serves in that account and Region, by its names of them."""
        backup = self._inspection.client("backup", account=account, region=region)
        with aws_errors(f"the opt-ins of {account} cannot be described"):
            opt_ins: dict[str, bool] = backup.describe_region_settings().get("ResourceTypeOptInPreference", {})
        return opt_ins

    def is_cross_account(self) -> bool | None:
        """Whether the organisation lets copies go from one account to another; None where AWS does not say."""
        with aws_errors("the organisation's settings cannot be described"):
            settings: dict[str, str] = client("backup", self._home).describe_global_settings().get("GlobalSettings", {})
        told = settings.get(_CROSS_ACCOUNT)
        return None if told is None else told == "true"


def _key_statements(kms: Any, key: str) -> Statements | None:
    try:
        with aws_errors(f"the policy of the key {key} cannot be read"):
            return _statements(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    except AccessRefusedError:
        return None


def _statements(policy: str | None) -> Statements:
    statements = json.loads(policy)["Statement"] if policy else ()
    return (statements,) if isinstance(statements, dict) else tuple(statements)
