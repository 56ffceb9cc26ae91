"""The statuses that a recovery point and its job pass through.

API reference, DescribeRecoveryPoint, Status: CREATING; StopBackupJob; DeleteRecoveryPoint,
InvalidResourceStateException.
"""

from copy import replace
from typing import Any

import pytest

from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS, a_vault_arn

ROLE = f"arn:aws:iam::{PAYMENTS}:role/backup"
VOLUME = f"arn:aws:ec2:{HOME}:{PAYMENTS}:volume/vol-1"
DATABASE = f"arn:aws:rds:{HOME}:{PAYMENTS}:db:payments"
CENTRAL_VAULT = a_vault_arn("central")
STALL = {"fault": "stall", "match": {"kind": "backup"}, "seconds": 0.2}


def in_vault(world: Any, vault: str = "local", account: str = PAYMENTS) -> list[dict[str, Any]]:
    listed = world.ask("ListRecoveryPointsByBackupVault", account, BackupVaultName=vault)
    return list(listed["RecoveryPoints"])


def wait_for_listing(world: Any, vault: str = "local", account: str = PAYMENTS) -> list[dict[str, Any]]:
    """What the vault lists as soon as it lists anything."""
    return next(listed for _ in range(1000) if (listed := in_vault(world, vault, account)))


@pytest.fixture
def stalled(world: Any) -> Any:
    """A backup of the volume is under way."""
    world.service.order_fault(STALL)
    world.job = world.ask("StartBackupJob", BackupVaultName="local", ResourceArn=VOLUME, IamRoleArn=ROLE)["BackupJobId"]
    wait_for_listing(world)
    return world


def test_a_recovery_point_is_listed_while_its_job_runs(stalled: Any) -> None:
    [being_made] = in_vault(stalled)
    assert (being_made["Status"], "CompletionDate" in being_made) == ("CREATING", False)
    assert stalled.ask("ListProtectedResources")["Results"] == []
    stalled.settle()
    [made] = in_vault(stalled)
    assert (made["Status"], made["RecoveryPointArn"]) == ("COMPLETED", being_made["RecoveryPointArn"])


@pytest.mark.parametrize(
    ("call", "more", "code"),
    [
        ("DeleteRecoveryPoint", {"BackupVaultName": "local"}, "InvalidResourceStateException"),
        ("StartRestoreJob", {"IamRoleArn": ROLE, "Metadata": {"availabilityZone": "a"}}, "InvalidRequestException"),
        (
            "StartCopyJob",
            {"SourceBackupVaultName": "local", "DestinationBackupVaultArn": CENTRAL_VAULT, "IamRoleArn": ROLE},
            "InvalidRequestException",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nothing_is_done_with_what_is_still_being_made(
    call: str, more: dict[str, Any], code: str, stalled: Any
) -> None:
    [point] = in_vault(stalled)
    with pytest.raises(Exception, match=code):
        stalled.ask(call, RecoveryPointArn=point["RecoveryPointArn"], **more)
    stalled.settle()


def test_a_stopped_job_is_aborting_then_aborted_and_leaves_nothing(stalled: Any) -> None:
    estate = stalled.service.estate
    estate.surroundings = replace(estate.surroundings, job_seconds=0.2)
    stalled.ask("StopBackupJob", BackupJobId=stalled.job)
    assert stalled.ask("DescribeBackupJob", BackupJobId=stalled.job)["State"] == "ABORTING"
    stalled.settle()
    assert stalled.ask("DescribeBackupJob", BackupJobId=stalled.job)["State"] == "ABORTED"
    assert in_vault(stalled) == []
    assert stalled.states("Backup Job State Change") == ["CREATED", "RUNNING", "ABORTED"]


def test_a_job_of_a_database_is_not_stopped(world: Any) -> None:
    world.aws.instances["payments"] = {"DBInstanceArn": DATABASE, "Engine": "postgres"}
    world.service.order_fault(STALL)
    job = world.ask("StartBackupJob", BackupVaultName="local", ResourceArn=DATABASE, IamRoleArn=ROLE)["BackupJobId"]
    with pytest.raises(Exception, match="InvalidRequestException"):
        world.ask("StopBackupJob", BackupJobId=job)
    world.settle()
    assert world.ask("DescribeBackupJob", BackupJobId=job)["State"] == "COMPLETED"


def test_a_failed_job_leaves_no_recovery_point(world: Any) -> None:
    world.service.order_fault({"fault": "fail", "match": {"kind": "backup"}})
    world.ask("StartBackupJob", BackupVaultName="local", ResourceArn=VOLUME, IamRoleArn=ROLE)
    world.settle()
    assert in_vault(world) == []


def test_a_copy_can_be_listed_while_it_is_made(world: Any) -> None:
    source = world.backed_up()
    world.service.order_fault({"fault": "copy_listed_early", "match": {"kind": "copy"}, "seconds": 0.2})
    request = {"SourceBackupVaultName": "local", "RecoveryPointArn": source, "DestinationBackupVaultArn": CENTRAL_VAULT}
    world.ask("StartCopyJob", **request, IamRoleArn=ROLE)
    assert [point["Status"] for point in wait_for_listing(world, "central", BACKUP_ACCOUNT)] == ["CREATING"]
    world.settle()
    assert [point["Status"] for point in in_vault(world, "central", BACKUP_ACCOUNT)] == ["COMPLETED"]


def test_a_copy_can_be_kept_shorter_than_its_plan_says(world: Any) -> None:
    source = world.backed_up()
    world.service.order_fault({"fault": "keep_shorter", "match": {"kind": "copy"}, "days": 90})
    for kept in (90, 400):
        world.copied(source, Lifecycle={"DeleteAfterDays": 400})
        assert kept in [point["Lifecycle"]["DeleteAfterDays"] for point in in_vault(world, "central", BACKUP_ACCOUNT)]
