"""Restores: where they may happen, what they need, and what appears."""

from typing import Any

import pytest

from tests.builders.places import BACKUP_ACCOUNT

ROLE = "arn:aws:iam::222222222222:role/backup"
DATABASE = "arn:aws:rds:eu-west-1:222222222222:db:pay"


def database(world: Any) -> str:
    world.aws.instances["pay"] = {"DBInstanceArn": DATABASE, "Engine": "postgres", "AllocatedStorage": 20}
    world.disks.execute(DATABASE, "create table accounts (balance)")
    world.disks.execute(DATABASE, "insert into accounts values (100)")
    return str(world.backed_up(DATABASE))


def restored(world: Any, arn: str, metadata: dict[str, str], **parameters: Any) -> Any:
    request = {"RecoveryPointArn": arn, "Metadata": metadata, "IamRoleArn": ROLE, **parameters}
    job_id = world.ask("StartRestoreJob", **request)["RestoreJobId"]
    world.settle()
    return world.ask("DescribeRestoreJob", RestoreJobId=job_id)


def test_a_database_comes_back_as_it_was_beside_the_corrupted_one(world: Any) -> None:
    arn = database(world)
    world.disks.execute(DATABASE, "update accounts set balance = 0")
    job = restored(world, arn, {"dbinstanceidentifier": "pay-restored"})
    assert (job["Status"], job["CreatedResourceArn"]) == ("COMPLETED", DATABASE + "-restored")
    assert world.disks.execute(DATABASE + "-restored", "select balance from accounts")["rows"] == [[100]]
    assert world.disks.execute(DATABASE, "select balance from accounts")["rows"] == [[0]]
    assert world.recorded == [("222222222222", "RestoreDBInstanceFromDBSnapshot", ROLE)]
    assert world.ask("GetRestoreJobMetadata", RestoreJobId=job["RestoreJobId"])["Metadata"] == {
        "dbinstanceidentifier": "pay-restored"
    }


def test_a_restored_volume_has_no_tags_unless_they_are_asked_for(world: Any) -> None:
    arn = world.backed_up()
    metadata = {"availabilityZone": "eu-west-1b"}
    bare = restored(world, arn, metadata)["CreatedResourceArn"].rpartition("/")[2]
    tagged = restored(world, arn, metadata, CopySourceTagsToRestoredResource=True)["CreatedResourceArn"]
    assert bare not in world.aws.tags
    assert world.aws.tags[tagged.rpartition("/")[2]] == {"Backup": "daily-prod", "owner": "payments"}
    assert world.aws.volumes[bare]["AvailabilityZone"] == "eu-west-1b"


@pytest.mark.parametrize(
    ("metadata", "extra", "code"),
    [
        pytest.param({}, {}, "InvalidParameterValueException", id="identifier missing"),
        pytest.param(
            {"DBInstanceIdentifier": "a", "dbInstanceIdentifier": "b"},
            {},
            "InvalidParameterValueException",
            id="keys that differ only in case",
        ),
        pytest.param(
            {"DBInstanceIdentifier": "a"}, {"ResourceType": "EBS"}, "InvalidParameterValueException", id="other type"
        ),
        pytest.param({"DBInstanceIdentifier": "a"}, {"IamRoleArn": ""}, "MissingParameterValueException", id="no role"),
    ],
)
def test_a_restore_is_refused(world: Any, metadata: dict[str, str], extra: dict[str, str], code: str) -> None:
    arn = database(world)
    with pytest.raises(Exception, match=code):
        restored(world, arn, metadata, **extra)


def test_only_the_account_that_owns_the_vault_can_restore(world: Any) -> None:
    arn = database(world)
    request = {"RecoveryPointArn": arn, "Metadata": {"DBInstanceIdentifier": "a"}, "IamRoleArn": ROLE}
    with pytest.raises(Exception, match="ResourceNotFoundException"):
        world.ask("StartRestoreJob", BACKUP_ACCOUNT, **request)


def test_a_restore_over_an_existing_identifier_fails(world: Any) -> None:
    arn = database(world)
    job = restored(world, arn, {"DBInstanceIdentifier": "pay"})
    assert (job["Status"], "DBInstanceAlreadyExists" in job["StatusMessage"]) == ("FAILED", True)


def test_a_restore_with_a_role_that_backup_cannot_take_fails(world: Any) -> None:
    arn = database(world)
    job = restored(world, arn, {"DBInstanceIdentifier": "a"}, IamRoleArn=ROLE + "-of-nobody")
    assert job["Status"] == "FAILED"
    assert "a" not in world.aws.instances


def test_an_idempotency_token_restores_once(world: Any) -> None:
    arn = world.backed_up()
    first = restored(world, arn, {"availabilityZone": "eu-west-1a"}, IdempotencyToken="t")
    again = restored(world, arn, {"availabilityZone": "eu-west-1a"}, IdempotencyToken="t")
    assert again["RestoreJobId"] == first["RestoreJobId"]
    assert len(world.aws.volumes) == 2


def test_the_restore_metadata_shows_the_configuration_at_backup_time(world: Any) -> None:
    arn = database(world)
    world.aws.instances["pay"]["Engine"] = "mysql"
    answer = world.ask("GetRecoveryPointRestoreMetadata", BackupVaultName="local", RecoveryPointArn=arn)
    assert (answer["RestoreMetadata"]["Engine"], answer["ResourceType"]) == ("postgres", "RDS")
