"""Backup jobs: their states, what they leave, and what makes them fail."""

from typing import Any

import pytest

VOLUME = "arn:aws:ec2:eu-west-1:222222222222:volume/vol-1"
ROLE = "arn:aws:iam::222222222222:role/backup"
JOB = {"BackupVaultName": "local", "ResourceArn": VOLUME, "IamRoleArn": ROLE}


def ended(world: Any, **parameters: Any) -> Any:
    job_id = world.ask("StartBackupJob", **(JOB | parameters))["BackupJobId"]
    world.settle()
    return world.ask("DescribeBackupJob", BackupJobId=job_id)


def test_a_backup_runs_from_created_to_completed_and_leaves_a_recovery_point(world: Any) -> None:
    job = ended(world, Lifecycle={"DeleteAfterDays": 35}, RecoveryPointTags={"made-by": "test"})
    assert world.states("Backup Job State Change") == ["CREATED", "RUNNING", "COMPLETED"]
    assert world.states("Recovery Point State Change") == ["COMPLETED"]
    arn = job["RecoveryPointArn"]
    assert arn.startswith("arn:aws:ec2:eu-west-1::snapshot/snap-")
    point = world.ask("DescribeRecoveryPoint", BackupVaultName="local", RecoveryPointArn=arn)
    assert (point["ResourceArn"], point["Lifecycle"]) == (VOLUME, {"DeleteAfterDays": 35})
    tags = world.natives.kept[arn].tags
    assert tags == {"Backup": "daily-prod", "owner": "payments", "made-by": "test"}
    assert [row["ResourceArn"] for row in world.ask("ListProtectedResources")["Results"]] == [VOLUME]


def test_a_second_backup_of_a_resource_waits_for_the_first(world: Any) -> None:
    world.service.order_fault({"fault": "stall", "match": {"kind": "backup"}, "seconds": 0.05})
    world.ask("StartBackupJob", **JOB)
    world.ask("StartBackupJob", **JOB)
    world.settle()
    assert "PENDING" in world.states("Backup Job State Change")
    assert world.states("Backup Job State Change").count("COMPLETED") == 2


@pytest.mark.parametrize(
    ("parameters", "prepare"),
    [
        pytest.param({"IamRoleArn": ROLE + "-of-nobody"}, None, id="no such role"),
        pytest.param({"IamRoleArn": "arn:aws:iam::999999999999:role/backup"}, None, id="role of another account"),
        pytest.param({"ResourceArn": VOLUME + "9"}, None, id="no such resource"),
        pytest.param({"Lifecycle": {"DeleteAfterDays": 7}}, {"MinRetentionDays": 30}, id="shorter than the lock"),
        pytest.param({"Lifecycle": {"DeleteAfterDays": 99}}, {"MaxRetentionDays": 90}, id="longer than the lock"),
        pytest.param({}, {"MaxRetentionDays": 90}, id="for ever, in a lock with a maximum"),
    ],
)
def test_a_backup_fails(world: Any, parameters: dict[str, Any], prepare: dict[str, int] | None) -> None:
    if prepare:
        world.ask("PutBackupVaultLockConfiguration", BackupVaultName="local", **prepare)
    job = ended(world, **parameters)
    assert job["State"] == "FAILED"
    assert job["StatusMessage"]
    assert world.ask("ListRecoveryPointsByBackupVault", BackupVaultName="local")["RecoveryPoints"] == []


def test_an_idempotency_token_starts_one_job_and_not_another(world: Any) -> None:
    first = world.ask("StartBackupJob", **JOB, IdempotencyToken="t")
    again = world.ask("StartBackupJob", **JOB, IdempotencyToken="t")
    assert again["BackupJobId"] == first["BackupJobId"]
    with pytest.raises(Exception, match="InvalidParameterValueException"):
        world.ask("StartBackupJob", **JOB, IdempotencyToken="t", Lifecycle={"DeleteAfterDays": 5})


def test_a_running_backup_can_be_stopped(world: Any) -> None:
    world.service.order_fault({"fault": "stall", "match": {"kind": "backup"}, "seconds": 0.2})
    job_id = world.ask("StartBackupJob", **JOB)["BackupJobId"]
    world.ask("StopBackupJob", BackupJobId=job_id)
    world.settle()
    assert world.ask("DescribeBackupJob", BackupJobId=job_id)["State"] == "ABORTED"
    assert "COMPLETED" not in world.states("Backup Job State Change")


def test_jobs_of_others_are_listed_for_the_delegate_and_refused_to_a_member(world: Any) -> None:
    ended(world)
    accounts = [job["AccountId"] for job in world.ask("ListBackupJobs", "999999999999", ByAccountId="*")["BackupJobs"]]
    assert accounts == ["222222222222"]
    assert world.ask("ListBackupJobs", "999999999999")["BackupJobs"] == []
    with pytest.raises(Exception, match="AccessDeniedException"):
        world.ask("ListBackupJobs", "222222222222", ByAccountId="*")


def test_lists_come_in_pages(world: Any) -> None:
    for _ in range(3):
        ended(world)
    first = world.ask("ListBackupJobs", MaxResults=2)
    rest = world.ask("ListBackupJobs", MaxResults=2, NextToken=first["NextToken"])
    assert (len(first["BackupJobs"]), len(rest["BackupJobs"]), "NextToken" in rest) == (2, 1, False)


def test_lists_are_filtered(world: Any) -> None:
    ended(world)
    assert world.ask("ListBackupJobs", ByState="FAILED")["BackupJobs"] == []
    assert len(world.ask("ListBackupJobs", ByState="COMPLETED", ByResourceType="EBS")["BackupJobs"]) == 1
    assert world.ask("ListBackupJobs", ByCreatedAfter=world.moment.replace(year=2027))["BackupJobs"] == []
