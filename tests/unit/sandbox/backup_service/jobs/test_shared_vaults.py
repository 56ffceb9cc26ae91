"""Air-gapped vaults of another account: what of them is seen and restored where they are shared through AWS RAM.

Source: AWS Backup Developer Guide, "Logically air-gapped vault" ("Share a logically air-gapped vault", "Restore a
backup from a logically air-gapped vault"); API reference, `BackupVaultAccountId`.
"""

from typing import Any

import pytest

from tests.builders.places import BACKUP_ACCOUNT, PAYMENTS, a_vault_arn
from tests.unit.sandbox.backup_service.conftest import CUSTOMER_KEY, LETS_ALL_IN, ROLE, STRANGER, RefusedError

GAPPED = a_vault_arn("gapped")
VAULT = {"BackupVaultName": "gapped", "BackupVaultAccountId": BACKUP_ACCOUNT}
CREATE = {"BackupVaultName": "gapped", "MinRetentionDays": 7, "MaxRetentionDays": 365}
ZONE = {"availabilityZone": "eu-west-1a"}
SERVICE_ROLE = f"arn:aws:iam::{PAYMENTS}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"


def gap(world: Any, **more: str) -> str:
    """The backup account's vault with a copy in it; the copy's ARN."""
    world.ask("CreateLogicallyAirGappedBackupVault", BACKUP_ACCOUNT, **CREATE, **more)
    world.ask("PutBackupVaultAccessPolicy", BACKUP_ACCOUNT, BackupVaultName="gapped", Policy=LETS_ALL_IN)
    copy = world.copied(world.backed_up(), GAPPED, Lifecycle={"DeleteAfterDays": 30})
    return str(copy["DestinationRecoveryPointArn"])


def restored(world: Any, arn: str, account: str = PAYMENTS) -> Any:
    request = {"RecoveryPointArn": arn, "Metadata": ZONE, "IamRoleArn": ROLE.replace(PAYMENTS, account)}
    job = world.ask("StartRestoreJob", account, **request)["RestoreJobId"]
    world.settle()
    return world.ask("DescribeRestoreJob", account, RestoreJobId=job)


def test_whom_it_is_shared_with_sees_what_lies_in_it_and_must_say_whose_it_is(world: Any) -> None:
    arn = gap(world)
    world.shared[GAPPED] = {PAYMENTS}
    assert world.ask("DescribeBackupVault", **VAULT)["BackupVaultArn"] == GAPPED
    listed = world.ask("ListRecoveryPointsByBackupVault", **VAULT)["RecoveryPoints"]
    assert [point["RecoveryPointArn"] for point in listed] == [arn]
    assert world.ask("DescribeRecoveryPoint", RecoveryPointArn=arn, **VAULT)["RecoveryPointArn"] == arn
    assert world.ask("GetRecoveryPointRestoreMetadata", RecoveryPointArn=arn, **VAULT)["RestoreMetadata"]
    with pytest.raises(RefusedError, match="AccessDeniedException"):
        world.ask("DescribeRecoveryPoint", RecoveryPointArn=arn, BackupVaultName="gapped")


def test_its_own_account_alone_is_told_the_tags_of_what_lies_in_it(world: Any) -> None:
    """API reference, ListTags: it takes an ARN, and no account of a vault as BackupVaultAccountId is."""
    arn = gap(world)
    world.shared[GAPPED] = {PAYMENTS}
    with pytest.raises(RefusedError, match="ResourceNotFoundException"):
        world.ask("ListTags", ResourceArn=arn)
    assert world.ask("ListTags", BACKUP_ACCOUNT, ResourceArn=arn)["Tags"]["Backup"] == "daily-prod"


@pytest.mark.parametrize("operation", ["DescribeBackupVault", "ListRecoveryPointsByBackupVault"])
def test_nobody_else_sees_anything_of_it(world: Any, operation: str) -> None:
    gap(world)
    world.shared[GAPPED] = {STRANGER}
    with pytest.raises(RefusedError, match="AccessDeniedException"):
        world.ask(operation, **VAULT)
    with pytest.raises(RefusedError, match="AccessDeniedException"):
        world.ask(operation, STRANGER, "eu-central-1", **VAULT)


def test_out_of_it_is_restored_without_a_copy_where_it_is_shared(world: Any) -> None:
    arn = gap(world)
    world.shared[GAPPED] = {PAYMENTS}
    job = restored(world, arn)
    assert (job["Status"], job["AccountId"], job["RecoveryPointArn"]) == ("COMPLETED", PAYMENTS, arn)
    assert job["CreatedResourceArn"].startswith(f"arn:aws:ec2:eu-west-1:{PAYMENTS}:volume/")


def test_a_volume_out_of_it_is_made_of_a_snapshot_that_is_cleared_in_the_end(world: Any) -> None:
    arn = gap(world)
    world.shared[GAPPED] = {PAYMENTS}
    world.denied = {"ec2:DeleteSnapshot"}
    assert "Insufficient privileges" in restored(world, arn)["StatusMessage"]


def test_nothing_is_restored_out_of_it_where_it_is_not_shared(world: Any) -> None:
    arn = gap(world)
    with pytest.raises(RefusedError, match="ResourceNotFoundException"):
        restored(world, arn)


def test_nothing_is_copied_out_of_a_vault_that_is_shared(world: Any) -> None:
    # "... you cannot copy backups from a shared vault": whoever shall have a copy asks the account whose it is.
    arn = gap(world)
    world.shared[GAPPED] = {PAYMENTS}
    asked = {
        "RecoveryPointArn": arn,
        "IamRoleArn": ROLE,
        "DestinationBackupVaultArn": a_vault_arn("local", account=PAYMENTS),
    }
    with pytest.raises(RefusedError, match="AccessDeniedException"):
        world.ask("StartCopyJob", SourceBackupVaultName="gapped", **asked)


@pytest.mark.parametrize(
    ("refused", "status"),
    [((), "COMPLETED"), ((ROLE,), "FAILED"), ((SERVICE_ROLE,), "FAILED")],
    ids=["let", "role", "slr"],
)
def test_a_key_of_ones_own_lets_the_role_and_aws_backup_of_the_account_in(
    world: Any, refused: tuple[str, ...], status: str
) -> None:
    arn = gap(world, EncryptionKeyArn=CUSTOMER_KEY)
    world.shared[GAPPED] = {PAYMENTS}
    world.aws.keys[CUSTOMER_KEY].refuses = refused
    job = restored(world, arn)
    assert (job["Status"], CUSTOMER_KEY in job.get("StatusMessage", "")) == (status, bool(refused))
