"""Logically air-gapped vaults: locked for ever from the start, and picky about what they take.

Each refusal's source: AWS Backup Developer Guide, "Logically air-gapped vault" (the section in quotes below), or the
API reference.
"""

from typing import Any

import pytest

from tests.builders.places import BACKUP_ACCOUNT, PAYMENTS, a_vault_arn
from tests.unit.sandbox.backup_service.conftest import CENTRAL_ROLE, LETS_ALL_IN, OWN_KEY, VOLUME

CREATE = "CreateLogicallyAirGappedBackupVault"
DAYS = {"MinRetentionDays": 7, "MaxRetentionDays": 365}
GAPPED = a_vault_arn("gapped")
A_MONTH = {"DeleteAfterDays": 30}


def refusal_of(world: Any, operation: str, account: str = PAYMENTS, /, **parameters: Any) -> str:
    with pytest.raises(Exception) as refused:  # noqa: PT011 the code is the assertion
        world.ask(operation, account, **parameters)
    return str(refused.value)


@pytest.fixture
def central(world: Any) -> Any:
    """The backup account has an air-gapped vault that lets copies in."""
    world.ask(CREATE, BACKUP_ACCOUNT, BackupVaultName="gapped", **DAYS)
    world.ask("PutBackupVaultAccessPolicy", BACKUP_ACCOUNT, BackupVaultName="gapped", Policy=LETS_ALL_IN)
    return world


def test_it_is_locked_for_ever_from_its_first_moment_and_names_no_key_of_its_own(world: Any) -> None:
    # "View logically air-gapped vault details": the answer has a key type, a lock date that is the creation, no key.
    assert world.ask(CREATE, BackupVaultName="gapped", **DAYS)["VaultState"] == "CREATING"
    vault = world.ask("DescribeBackupVault", BackupVaultName="gapped")
    assert (vault["VaultType"], vault["VaultState"]) == ("LOGICALLY_AIR_GAPPED_BACKUP_VAULT", "AVAILABLE")
    assert (vault["Locked"], vault["MinRetentionDays"], vault["MaxRetentionDays"]) == (True, 7, 365)
    assert vault["LockDate"] == vault["CreationDate"]
    assert (vault["EncryptionKeyType"], "EncryptionKeyArn" in vault) == ("AWS_OWNED_KMS_KEY", False)
    for operation in ("PutBackupVaultLockConfiguration", "DeleteBackupVaultLockConfiguration"):
        assert refusal_of(world, operation, BackupVaultName="gapped") == "InvalidRequestException"


def test_a_customers_key_is_named(world: Any) -> None:
    world.ask(CREATE, BackupVaultName="gapped", EncryptionKeyArn=OWN_KEY, **DAYS)
    vault = world.ask("DescribeBackupVault", BackupVaultName="gapped")
    assert (vault["EncryptionKeyType"], vault["EncryptionKeyArn"]) == ("CUSTOMER_MANAGED_KMS_KEY", OWN_KEY)


def test_vaults_are_listed_by_their_type(world: Any) -> None:
    world.ask(CREATE, BackupVaultName="gapped", **DAYS)

    def names(**filters: str) -> list[str]:
        return [vault["BackupVaultName"] for vault in world.ask("ListBackupVaults", **filters)["BackupVaultList"]]

    assert names() == ["gapped", "local"]
    assert names(ByVaultType="LOGICALLY_AIR_GAPPED_BACKUP_VAULT") == ["gapped"]
    assert names(ByVaultType="BACKUP_VAULT") == ["local"]


@pytest.mark.parametrize(
    ("days", "code"),
    [
        # API reference, CreateLogicallyAirGappedBackupVault: both are required, "the minimum value accepted is 7 days".
        pytest.param({"MinRetentionDays": 7}, "MissingParameterValueException", id="no longest retention"),
        pytest.param({"MaxRetentionDays": 30}, "MissingParameterValueException", id="no shortest retention"),
        pytest.param(DAYS | {"MinRetentionDays": 6}, "InvalidParameterValueException", id="six days"),
        pytest.param(DAYS | {"MaxRetentionDays": 6}, "InvalidParameterValueException", id="no range"),
    ],
)
def test_it_is_not_made_without_a_range_of_retentions(world: Any, days: dict[str, int], code: str) -> None:
    assert refusal_of(world, CREATE, BackupVaultName="gapped", **days) == code


def test_a_name_is_taken_by_either_kind(world: Any) -> None:
    assert refusal_of(world, CREATE, BackupVaultName="local", **DAYS) == "AlreadyExistsException"


def test_a_copy_lies_there_under_the_vaults_key_and_as_a_point_of_aws_backup(central: Any) -> None:
    # "Considerations and limitations": the ARN has `backup` in place of the resource type.
    job = central.copied(central.backed_up(), GAPPED, Lifecycle=A_MONTH)
    assert (job["State"], job["DestinationVaultType"]) == ("COMPLETED", "LOGICALLY_AIR_GAPPED_BACKUP_VAULT")
    assert job["DestinationVaultLockState"] == "LOCKED"
    arn = job["DestinationRecoveryPointArn"]
    assert arn.startswith(f"arn:aws:backup:eu-west-1:{BACKUP_ACCOUNT}:recovery-point:")
    asked = {"BackupVaultName": "gapped", "RecoveryPointArn": arn}
    point = central.ask("DescribeRecoveryPoint", BACKUP_ACCOUNT, **asked)
    assert (point["VaultType"], point["EncryptionKeyType"]) == (
        "LOGICALLY_AIR_GAPPED_BACKUP_VAULT",
        "AWS_OWNED_KMS_KEY",
    )
    assert (point["IsEncrypted"], "EncryptionKeyArn" in point) == (True, False)
    assert refusal_of(central, "DeleteRecoveryPoint", BACKUP_ACCOUNT, **asked) == "InvalidRequestException"


@pytest.mark.parametrize(
    ("lifecycle", "words"),
    [
        pytest.param({"DeleteAfterDays": 6}, "shorter than the minimum of 7 days", id="too short"),
        pytest.param({"DeleteAfterDays": 366}, "longer than the maximum of 365 days", id="too long"),
        pytest.param({}, "longer than the maximum of 365 days", id="for ever"),
    ],
)
def test_a_copy_outside_its_range_fails(central: Any, lifecycle: dict[str, int], words: str) -> None:
    job = central.copied(central.backed_up(), GAPPED, Lifecycle=lifecycle)
    assert (job["State"], words in job["StatusMessage"]) == ("FAILED", True)


def test_a_copy_of_another_account_needs_its_policy(world: Any) -> None:
    world.ask(CREATE, BACKUP_ACCOUNT, BackupVaultName="gapped", **DAYS)
    assert world.copied(world.backed_up(), GAPPED, Lifecycle=A_MONTH)["MessageCategory"] == "AccessDenied"


def test_what_lies_under_an_aws_managed_key_is_not_copied_there_even_at_home(world: Any) -> None:
    # "Compatible encryption": of types that are not fully managed the source must be under a customer's key.
    world.ask(CREATE, BackupVaultName="gapped", **DAYS)
    world.aws.volumes["vol-1"]["Encrypted"] = True
    world.aws.volumes["vol-1"]["KmsKeyId"] = "alias/aws/ebs"
    job = world.copied(world.backed_up(), a_vault_arn("gapped", account=PAYMENTS), Lifecycle=A_MONTH)
    assert (job["State"], "AWS managed key" in job["StatusMessage"]) == ("FAILED", True)


def test_a_type_that_it_does_not_know_is_not_copied_there(central: Any) -> None:
    # "Feature availability by resource": RDS instances have no tick in the column.
    arn = f"arn:aws:rds:eu-west-1:{PAYMENTS}:db:orders"
    central.aws.instances["orders"] = {"DBInstanceIdentifier": "orders", "DBInstanceArn": arn, "AllocatedStorage": 5}
    job = central.copied(central.backed_up(arn), GAPPED, Lifecycle=A_MONTH)
    assert job["StatusMessage"] == "RDS is not supported by logically air-gapped backup vault"


def test_from_one_to_another_is_copied_on_demand_and_out_of_it_under_a_customers_key(central: Any) -> None:
    # "Creating backups in a logically air-gapped vault".
    central.ask(CREATE, BACKUP_ACCOUNT, BackupVaultName="second", **DAYS)
    central.ask("CreateBackupVault", BACKUP_ACCOUNT, BackupVaultName="default-key")
    arn = central.copied(central.backed_up(), GAPPED, Lifecycle=A_MONTH)["DestinationRecoveryPointArn"]

    def copied_to(vault: str) -> str:
        request = {
            "SourceBackupVaultName": "gapped",
            "RecoveryPointArn": arn,
            "DestinationBackupVaultArn": a_vault_arn(vault),
            "IamRoleArn": CENTRAL_ROLE,
        }
        job_id = central.ask("StartCopyJob", BACKUP_ACCOUNT, **request)["CopyJobId"]
        central.settle()
        return str(central.ask("DescribeCopyJob", BACKUP_ACCOUNT, CopyJobId=job_id)["CopyJob"]["State"])

    assert [copied_to(vault) for vault in ("second", "central", "default-key")] == ["COMPLETED", "COMPLETED", "FAILED"]


@pytest.mark.parametrize(
    ("vault", "target"),
    [
        pytest.param("gapped", None, id="an air-gapped vault in the place of a standard one"),
        pytest.param("local", GAPPED, id="of another account"),
        pytest.param("local", a_vault_arn("gapped", account=PAYMENTS, region="eu-central-1"), id="of another Region"),
        pytest.param("local", a_vault_arn("local", account=PAYMENTS), id="a standard vault"),
        pytest.param("local", a_vault_arn("nowhere", account=PAYMENTS), id="a vault that does not exist"),
    ],
)
def test_neither_a_backup_nor_a_plan_takes_another_vault_for_its_target(
    central: Any, vault: str, target: str | None
) -> None:
    # API reference, "BackupRule": "ARN must be in the same account and Region".
    central.ask(CREATE, BackupVaultName="gapped", **DAYS)
    air_gapped = {} if target is None else {"LogicallyAirGappedBackupVaultArn": target}
    rule = {"RuleName": "night", "TargetBackupVaultName": vault}
    plan = {"BackupPlanName": "p", "Rules": [rule | {f"Target{key}": arn for key, arn in air_gapped.items()}]}
    asked = {"BackupVaultName": vault, "ResourceArn": VOLUME, "IamRoleArn": "arn:any"}
    assert refusal_of(central, "StartBackupJob", **asked, **air_gapped) == "InvalidParameterValueException"
    assert refusal_of(central, "CreateBackupPlan", BackupPlan=plan) == "InvalidParameterValueException"
