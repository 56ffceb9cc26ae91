"""A member account's own services as the inspection role sees them, in boto3's response shapes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.builders.places import LOCAL_NAME
from tests.fakes.account_clients import refusal

OUR_STACK = "StackSet-strongroom-member-vault-0b7d0e8c-9f3a-4d6e-8a51-2f9c1e7b4d60"
MEMBER_ROLES = ("backup", "bucket-names", "copying", "restore", "restore-after", "restore-job", "tagging")


@dataclass
class FakeMemberAccount:
    """One object that plays account, iam, backup, cloudformation, events and kms of an account that has everything.

    `opt_statuses` are those of the Regions that it may be asked about; in one that is off it knows nobody.
    """

    account: str
    targets: list[str]
    roles: set[str] = field(default_factory=lambda: {f"strongroom-{name}" for name in MEMBER_ROLES})
    vaults: set[str] = field(default_factory=lambda: {LOCAL_NAME})
    key_manager: str = "CUSTOMER"
    rule_state: str | None = "ENABLED"
    opt_ins: dict[str, bool] = field(default_factory=lambda: {"RDS": True})
    management: dict[str, bool] = field(default_factory=lambda: {"DynamoDB": True, "EFS": True})
    stacks: dict[str, str] = field(default_factory=lambda: {OUR_STACK: "UPDATE_COMPLETE"})
    refuses: dict[str, str] = field(default_factory=dict)
    opt_statuses: dict[str, str] = field(default_factory=dict)

    def get_region_opt_status(self, *, RegionName: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        self._check("GetRegionOptStatus")
        return {"RegionName": RegionName, "RegionOptStatus": self.opt_statuses[RegionName]}

    def get_role(self, *, RoleName: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        self._check("GetRole")
        if RoleName not in self.roles:
            raise refusal("NoSuchEntity", "GetRole")
        return {"Role": {"Arn": f"arn:aws:iam::{self.account}:role/strongroom/{RoleName}"}}

    def describe_backup_vault(self, *, BackupVaultName: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        self._check("DescribeBackupVault")
        if BackupVaultName not in self.vaults:
            raise refusal("ResourceNotFoundException", "DescribeBackupVault")
        return {"EncryptionKeyArn": f"arn:aws:kms:eu-west-1:{self.account}:key/1"}

    def describe_region_settings(self) -> dict[str, Any]:
        self._check("DescribeRegionSettings")
        return {
            "ResourceTypeOptInPreference": self.opt_ins,
            "ResourceTypeManagementPreference": self.management,
        }

    def describe_key(self, *, KeyId: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        self._check("DescribeKey")
        return {"KeyMetadata": {"KeyId": KeyId, "KeyManager": self.key_manager}}

    def describe_rule(self, *, Name: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        self._check("DescribeRule")
        if self.rule_state is None or Name != "strongroom-forwarder":
            raise refusal("ResourceNotFoundException", "DescribeRule")
        return {"State": self.rule_state}

    def list_targets_by_rule(self, *, Rule: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        return {"Targets": [{"Id": Rule, "Arn": arn} for arn in self.targets]}

    def get_paginator(self, operation: str) -> "FakeMemberAccount":
        assert operation == "list_stacks"
        return self

    def paginate(self, *, StackStatusFilter: list[str]) -> Iterator[dict[str, Any]]:  # noqa: N803 - boto3's spelling
        self._check("ListStacks")
        for name, status in self.stacks.items():
            listed = [{"StackName": name, "StackStatus": status}] if status in StackStatusFilter else []
            yield {"StackSummaries": listed}

    def _check(self, operation: str) -> None:
        if operation in self.refuses:
            raise refusal(self.refuses[operation], operation, "")


@dataclass
class FakeKms:
    """KMS of one account: its keys by their ids, each with who manages it and its policy; `errors` by operation."""

    keys: dict[str, tuple[str, str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def describe_key(self, *, KeyId: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        self._check("DescribeKey")
        name = KeyId.rpartition("/")[2]
        if name not in self.keys:
            raise refusal("NotFoundException", "DescribeKey")
        arn = KeyId if KeyId.startswith("arn:") else f"arn:aws:kms:eu-west-1:222222222222:key/{name}"
        described = {"KeyId": name, "Arn": arn, "KeyManager": self.keys[name][0], "KeyState": "Enabled"}
        return {"KeyMetadata": described}

    def get_key_policy(self, *, KeyId: str, PolicyName: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        self._check("GetKeyPolicy")
        assert PolicyName == "default"
        return {"Policy": self.keys[KeyId][1]}

    def _check(self, operation: str) -> None:
        self.calls.append(operation)
        if operation in self.errors:
            raise refusal(self.errors[operation], operation)
