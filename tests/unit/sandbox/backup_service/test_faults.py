"""Each fault strikes what it matches, once."""

import time
from typing import Any

import pytest

from tests.builders.places import a_vault_arn

CENTRAL_VAULT = a_vault_arn("central")
VOLUME = "arn:aws:ec2:eu-west-1:222222222222:volume/vol-1"
BACKUP = "Backup Job State Change"


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        pytest.param({"fault": "drop_event"}, ["CREATED", "COMPLETED"], id="drop"),
        pytest.param({"fault": "duplicate_event"}, ["CREATED", "RUNNING", "RUNNING", "COMPLETED"], id="twice"),
        pytest.param({"fault": "delay_event", "seconds": 0.1}, ["CREATED", "COMPLETED", "RUNNING"], id="late"),
        pytest.param({"fault": "reorder_events", "seconds": 0.1}, ["CREATED", "COMPLETED", "RUNNING"], id="order"),
    ],
)
def test_an_event_fault_strikes_one_event(world: Any, fault: dict[str, Any], told: list[str]) -> None:
    world.service.order_fault(fault | {"match": {"kind": "backup", "state": "RUNNING"}})
    world.backed_up()
    assert world.states(BACKUP) == told
    world.events.clear()
    world.backed_up()
    assert world.states(BACKUP) == ["CREATED", "RUNNING", "COMPLETED"]


def test_a_fault_waits_for_its_nth_match(world: Any) -> None:
    world.service.order_fault({"fault": "fail", "match": {"kind": "copy", "nth": 2}, "message": "throttled"})
    source = world.backed_up()
    jobs = [world.copied(source) for _ in range(3)]
    assert [job["State"] for job in jobs] == ["COMPLETED", "FAILED", "COMPLETED"]
    assert jobs[1]["StatusMessage"] == "throttled"


@pytest.mark.parametrize(
    ("match", "state"),
    [
        pytest.param({"resource_arn": VOLUME}, "FAILED", id="this resource"),
        pytest.param({"resource_arn": VOLUME + "0"}, "COMPLETED", id="another resource"),
        pytest.param({"account": "222222222222"}, "FAILED", id="this account"),
        pytest.param({"account": "999999999999"}, "COMPLETED", id="another account"),
        pytest.param({"destination_vault": "central"}, "FAILED", id="this vault by name"),
        pytest.param({"destination_vault": CENTRAL_VAULT}, "FAILED", id="this vault by ARN"),
        pytest.param({"destination_vault": "replica"}, "COMPLETED", id="another vault"),
    ],
)
def test_a_fault_strikes_only_what_it_matches(world: Any, match: dict[str, str], state: str) -> None:
    source = world.backed_up()
    world.service.order_fault({"fault": "fail", "match": {"kind": "copy", **match}})
    assert world.copied(source)["State"] == state


def test_a_copy_that_never_starts_leaves_no_job_and_no_event(world: Any) -> None:
    rule = {
        "target_backup_vault_name": "local",
        "copy_actions": {CENTRAL_VAULT: {"target_backup_vault_arn": CENTRAL_VAULT}},
    }
    tags = {"iam_role_arn": "arn:aws:iam::$account:role/backup", "tag_key": "Backup", "tag_value": "daily-prod"}
    plan = {"regions": ["eu-west-1"], "rules": {"r": rule}, "selections": {"tags": {"s": tags}}}
    world.organization.policies["222222222222"] = {"plans": {"p": plan}}
    world.service.order_fault({"fault": "copy_never_starts", "match": {"destination_vault": "central"}})
    for expected in (0, 1):
        world.service.run_plans()
        world.settle()
        assert len(world.ask("ListCopyJobs")["CopyJobs"]) == expected
        assert world.states("Copy Job State Change").count("CREATED") == expected


def test_a_backup_can_complete_with_issues(world: Any) -> None:
    world.service.order_fault({"fault": "complete_with_issues", "message": "some objects were skipped"})
    world.backed_up()
    (job,) = world.ask("ListBackupJobs")["BackupJobs"]
    assert (job["State"], job["StatusMessage"]) == ("COMPLETED", "some objects were skipped")


def test_a_backup_can_be_stopped_and_leaves_no_recovery_point(world: Any) -> None:
    world.service.order_fault({"fault": "abort"})
    role = "arn:aws:iam::222222222222:role/backup"
    world.ask("StartBackupJob", BackupVaultName="local", ResourceArn=VOLUME, IamRoleArn=role)
    world.settle()
    (job,) = world.ask("ListBackupJobs")["BackupJobs"]
    assert (job["State"], job["StatusMessage"]) == ("ABORTED", "Backup job was stopped by user.")
    assert world.ask("ListRecoveryPointsByBackupVault", BackupVaultName="local")["RecoveryPoints"] == []


def test_a_backup_can_lack_a_part_and_its_recovery_point_says_so(world: Any) -> None:
    world.service.order_fault({"fault": "leave_part_out", "message": "one member failed"})
    arn = world.backed_up()
    (job,) = world.ask("ListBackupJobs")["BackupJobs"]
    assert (job["State"], job["StatusMessage"]) == ("PARTIAL", "one member failed")
    (point,) = world.ask("ListRecoveryPointsByBackupVault", BackupVaultName="local")["RecoveryPoints"]
    assert (point["RecoveryPointArn"], point["Status"]) == (arn, "PARTIAL")


def test_a_restore_can_complete_though_objects_failed(world: Any) -> None:
    """Developer Guide, "Restore S3 data using AWS Backup": the job is COMPLETED, and its StatusMessage says so."""
    arn = world.backed_up()
    world.service.order_fault({"fault": "complete_with_issues", "match": {"kind": "restore"}})
    role = "arn:aws:iam::222222222222:role/backup"
    metadata = {"availabilityZone": "eu-west-1b"}
    job = world.ask("StartRestoreJob", RecoveryPointArn=arn, Metadata=metadata, IamRoleArn=role)["RestoreJobId"]
    world.settle()
    told = world.ask("DescribeRestoreJob", RestoreJobId=job)
    assert (told["Status"], told["StatusMessage"]) == ("COMPLETED", "One or more objects failed to be restored.")
    assert told["CreatedResourceArn"]


def test_a_stalled_copy_arrives_late(world: Any) -> None:
    source = world.backed_up()
    world.service.order_fault({"fault": "stall", "match": {"kind": "copy"}, "seconds": 0.1})
    request = {"SourceBackupVaultName": "local", "RecoveryPointArn": source}
    role = "arn:aws:iam::222222222222:role/backup"
    world.ask("StartCopyJob", **request, DestinationBackupVaultArn=CENTRAL_VAULT, IamRoleArn=role)
    assert world.ask("ListCopyJobs", ByState="COMPLETED")["CopyJobs"] == []
    world.settle()
    assert len(world.ask("ListCopyJobs", ByState="COMPLETED")["CopyJobs"]) == 1


def test_what_stalls_goes_on_once_the_faults_are_taken_back(world: Any) -> None:
    world.service.order_fault({"fault": "stall", "match": {"kind": "copy"}, "seconds": 600})
    request = {"SourceBackupVaultName": "local", "RecoveryPointArn": world.backed_up()}
    role = "arn:aws:iam::222222222222:role/backup"
    world.ask("StartCopyJob", **request, DestinationBackupVaultArn=CENTRAL_VAULT, IamRoleArn=role)
    while not world.ask("ListCopyJobs", ByState="RUNNING")["CopyJobs"]:
        time.sleep(0.01)
    world.service.clear_faults()
    world.settle()
    assert len(world.ask("ListCopyJobs", ByState="COMPLETED")["CopyJobs"]) == 1


def test_cleared_faults_do_not_strike(world: Any) -> None:
    assert len(world.service.order_fault({"fault": "expire"})) == 1
    world.service.clear_faults()
    world.backed_up()
    assert world.states(BACKUP)[-1] == "COMPLETED"


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param({"fault": "melt"}, id="unknown fault"),
        pytest.param({"fault": "fail", "match": {"colour": "red"}}, id="unknown property"),
    ],
)
def test_an_unknown_fault_is_refused(world: Any, request_: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"unknown fault|cannot match"):
        world.service.order_fault(request_)
