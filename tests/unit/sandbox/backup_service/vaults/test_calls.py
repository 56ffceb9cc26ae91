"""Calls on vaults, their locks and policies refuse what AWS refuses."""

from typing import Any

import pytest

from tests.builders.places import BACKUP_ACCOUNT, PAYMENTS

VOLUME = "arn:aws:ec2:eu-west-1:222222222222:volume/vol-1"
DENIES_ALL = '{"Statement": [{"Effect": "Deny"}]}'


def refusal_of(world: Any, operation: str, **parameters: Any) -> str:
    with pytest.raises(Exception) as refused:  # noqa: PT011 the code is the assertion
        world.ask(operation, **parameters)
    return str(refused.value)


def test_a_vault_shows_its_key_and_counts_its_recovery_points(world: Any) -> None:
    world.backed_up()
    vault = world.ask("DescribeBackupVault", BackupVaultName="local")
    assert vault["EncryptionKeyArn"] == "arn:aws:kms:eu-west-1:222222222222:key/own"
    assert (vault["NumberOfRecoveryPoints"], vault["Locked"]) == (1, False)


def test_vaults_of_other_accounts_and_regions_are_not_there(world: Any) -> None:
    assert (
        refusal_of(world, "DescribeBackupVault", account=BACKUP_ACCOUNT, BackupVaultName="local")
        == "AccessDeniedException"
    )
    names = [vault["BackupVaultName"] for vault in world.ask("ListBackupVaults", BACKUP_ACCOUNT)["BackupVaultList"]]
    assert names == ["central"]
    assert world.ask("ListBackupVaults", BACKUP_ACCOUNT, "eu-central-1")["BackupVaultList"] == []


# https://github.com/boto/boto3/issues/2269, https://github.com/aws/aws-sdk-js/issues/2625,
# https://github.com/ansible-collections/amazon.aws/pull/1436: AWS does not say that a vault is missing.
@pytest.mark.parametrize(
    ("operation", "extra"),
    [
        ("DescribeBackupVault", {}),
        ("DeleteBackupVault", {}),
        ("GetBackupVaultAccessPolicy", {}),
        ("PutBackupVaultLockConfiguration", {"MinRetentionDays": 1}),
        ("ListRecoveryPointsByBackupVault", {}),
        ("DescribeRecoveryPoint", {"RecoveryPointArn": "arn:any"}),
        ("StartBackupJob", {"ResourceArn": VOLUME, "IamRoleArn": "arn:any"}),
    ],
)
def test_a_vault_that_does_not_exist_is_denied(world: Any, operation: str, extra: dict[str, Any]) -> None:
    assert refusal_of(world, operation, BackupVaultName="of-nobody", **extra) == "AccessDeniedException"


# API reference, DescribeRecoveryPoint: BackupVaultAccountId is "the account ID of the specified backup vault"; a vault
# is shared through AWS RAM only, and nobody shares one here.
@pytest.mark.parametrize(
    ("operation", "named"),
    [
        ("DescribeBackupVault", ()),
        ("ListRecoveryPointsByBackupVault", ()),
        ("DescribeRecoveryPoint", ("RecoveryPointArn",)),
        ("GetRecoveryPointRestoreMetadata", ("RecoveryPointArn",)),
    ],
)
def test_a_vault_that_is_said_to_be_another_accounts_is_denied(
    world: Any, operation: str, named: tuple[str, ...]
) -> None:
    request = {"BackupVaultName": "local", **dict.fromkeys(named, world.backed_up())}
    assert world.ask(operation, BackupVaultAccountId=PAYMENTS, **request)
    assert refusal_of(world, operation, BackupVaultAccountId=BACKUP_ACCOUNT, **request) == "AccessDeniedException"


def test_a_vault_is_not_made_under_a_key_that_does_not_exist(world: Any) -> None:
    # CreateBackupVault of the API reference: "an AWS KMS encryption key that you can use"; its errors know no other.
    request = {"BackupVaultName": "new", "EncryptionKeyArn": "arn:aws:kms:eu-west-1:222222222222:key/of-nobody"}
    assert refusal_of(world, "CreateBackupVault", **request) == "InvalidParameterValueException"


@pytest.mark.parametrize("name", ["x", "with space", "with.dot"])
def test_a_vault_needs_a_good_name(world: Any, name: str) -> None:
    assert refusal_of(world, "CreateBackupVault", BackupVaultName=name) == "InvalidParameterValueException"


def test_a_vault_is_made_once(world: Any) -> None:
    assert refusal_of(world, "CreateBackupVault", BackupVaultName="local") == "AlreadyExistsException"


def test_a_vault_with_recovery_points_cannot_be_deleted_but_an_empty_one_can(world: Any) -> None:
    arn = world.backed_up()
    assert refusal_of(world, "DeleteBackupVault", BackupVaultName="local") == "InvalidRequestException"
    world.ask("DeleteRecoveryPoint", BackupVaultName="local", RecoveryPointArn=arn)
    world.ask("DeleteBackupVault", BackupVaultName="local")
    assert refusal_of(world, "DescribeBackupVault", BackupVaultName="local") == "AccessDeniedException"


@pytest.mark.parametrize(
    ("operation", "extra"),
    [
        pytest.param("DeleteRecoveryPoint", {}, id="delete"),
        pytest.param("UpdateRecoveryPointLifecycle", {"Lifecycle": {"DeleteAfterDays": 1}}, id="shorten"),
        pytest.param("DisassociateRecoveryPoint", {}, id="disassociate"),
    ],
)
def test_a_locked_vault_keeps_its_recovery_points_also_while_cooling_off(
    world: Any, operation: str, extra: dict[str, Any]
) -> None:
    arn = world.backed_up()
    world.ask("PutBackupVaultLockConfiguration", BackupVaultName="local", MinRetentionDays=30, ChangeableForDays=3)
    code = refusal_of(world, operation, BackupVaultName="local", RecoveryPointArn=arn, **extra)
    assert code == "InvalidRequestException"
    assert world.ask("DescribeRecoveryPoint", BackupVaultName="local", RecoveryPointArn=arn)["Lifecycle"] == {}


def test_an_unlocked_vault_lets_a_lifecycle_be_shortened(world: Any) -> None:
    arn = world.backed_up(Lifecycle={"DeleteAfterDays": 35})
    world.ask(
        "UpdateRecoveryPointLifecycle",
        BackupVaultName="local",
        RecoveryPointArn=arn,
        Lifecycle={"DeleteAfterDays": 7},
    )
    point = world.ask("DescribeRecoveryPoint", BackupVaultName="local", RecoveryPointArn=arn)
    assert (point["CalculatedLifecycle"]["DeleteAt"] - point["CreationDate"]).days == 7


def test_a_compliance_lock_can_be_lifted_until_its_date_and_never_after(world: Any) -> None:
    lock = {"BackupVaultName": "local", "MinRetentionDays": 30, "MaxRetentionDays": 2555, "ChangeableForDays": 3}
    world.ask("PutBackupVaultLockConfiguration", **lock)
    world.ask("DeleteBackupVaultLockConfiguration", BackupVaultName="local")
    assert world.ask("DescribeBackupVault", BackupVaultName="local")["Locked"] is False
    world.ask("PutBackupVaultLockConfiguration", **lock)
    vault = world.ask("DescribeBackupVault", BackupVaultName="local")
    assert (vault["LockDate"] - world.moment).days == 3
    world.pass_days(3)
    raised = lock | {"MaxRetentionDays": 9999}
    assert refusal_of(world, "PutBackupVaultLockConfiguration", **raised) == "InvalidRequestException"
    assert refusal_of(world, "DeleteBackupVaultLockConfiguration", BackupVaultName="local") == (
        "InvalidRequestException"
    )
    assert world.ask("DescribeBackupVault", BackupVaultName="local")["MaxRetentionDays"] == 2555


def test_a_governance_lock_can_always_be_removed(world: Any) -> None:
    world.ask("PutBackupVaultLockConfiguration", BackupVaultName="local", MinRetentionDays=30)
    world.pass_days(4000)
    world.ask("DeleteBackupVaultLockConfiguration", BackupVaultName="local")
    assert world.ask("DescribeBackupVault", BackupVaultName="local")["Locked"] is False


@pytest.mark.parametrize(
    "lock",
    [
        pytest.param({"ChangeableForDays": 2}, id="cooling-off under three days"),
        pytest.param({"MinRetentionDays": 0}, id="minimum under one day"),
        pytest.param({"MinRetentionDays": 40, "MaxRetentionDays": 30}, id="minimum above maximum"),
        pytest.param({"MaxRetentionDays": 36501}, id="maximum beyond the longest"),
    ],
)
def test_a_lock_out_of_range_is_refused(world: Any, lock: dict[str, int]) -> None:
    code = refusal_of(world, "PutBackupVaultLockConfiguration", BackupVaultName="local", **lock)
    assert code == "InvalidParameterValueException"


def test_a_deny_in_the_vaults_own_policy_binds_its_owner(world: Any) -> None:
    arn = world.backed_up()
    world.ask("PutBackupVaultAccessPolicy", BackupVaultName="local", Policy=DENIES_ALL)
    code = refusal_of(world, "DeleteRecoveryPoint", BackupVaultName="local", RecoveryPointArn=arn)
    assert code == "AccessDeniedException"


def test_a_policy_that_is_no_policy_is_refused(world: Any) -> None:
    assert refusal_of(world, "PutBackupVaultAccessPolicy", BackupVaultName="local", Policy="{") == (
        "InvalidParameterValueException"
    )


def test_only_management_switches_cross_account_backup(world: Any) -> None:
    wish = {"GlobalSettings": {"isCrossAccountBackupEnabled": "false"}}
    assert refusal_of(world, "UpdateGlobalSettings", account=BACKUP_ACCOUNT, **wish) == "InvalidRequestException"
    settings = world.ask("DescribeGlobalSettings", BACKUP_ACCOUNT)["GlobalSettings"]
    assert settings["isCrossAccountBackupEnabled"] == "true"
