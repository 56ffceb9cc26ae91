"""Scans for malware that somebody starts, as the API reference has StartScanJob."""

import json
from typing import Any

import pytest

from tests.builders.places import PAYMENTS
from tests.conftest import ROOT
from tests.unit.sandbox.backup_service.conftest import ROLE, RefusedError

SCANNER = f"arn:aws:iam::{PAYMENTS}:role/strongroom/strongroom-scanner"


def start(world: Any, arn: str, **changed: Any) -> Any:
    request = {
        "BackupVaultName": "local",
        "RecoveryPointArn": arn,
        "IamRoleArn": ROLE,
        "ScannerRoleArn": SCANNER,
        "MalwareScanner": "GUARDDUTY",
        "ScanMode": "FULL_SCAN",
    }
    return world.ask("StartScanJob", **request | changed)


def described(world: Any, arn: str) -> Any:
    return world.ask("DescribeRecoveryPoint", BackupVaultName="local", RecoveryPointArn=arn)


def test_a_scan_runs_to_its_end_and_is_told_at_each_state(world: Any) -> None:
    """Developer Guide, "Monitoring AWS Backup events using Amazon EventBridge"."""
    arn = world.backed_up()
    job = start(world, arn)["ScanJobId"]
    world.settle()
    assert world.states("Scan Job State Change") == ["CREATED", "RUNNING", "COMPLETED"]
    assert [scan["Findings"] for scan in described(world, arn)["ScanResults"]] == [[]]
    found = world.ask("DescribeScanJob", ScanJobId=job)
    assert (found["State"], found["ScanResult"]) == ("COMPLETED", {"ScanResultStatus": "NO_THREATS_FOUND"})
    assert (found["IamRoleArn"], found["ScannerRoleArn"], found["ScanMode"]) == (ROLE, SCANNER, "FULL_SCAN")


@pytest.mark.parametrize("state", ["created", "running"])
def test_the_event_of_a_scan_that_is_not_over_has_the_fields_of_the_sample_that_aws_publishes(
    state: str, world: Any
) -> None:
    sample = json.loads((ROOT / f"events/aws.backup/scan_job__{state}.json").read_text("utf-8"))["detail"]
    start(world, world.backed_up())
    world.settle()
    details = [each["detail"] for each in world.events if each["detail-type"] == "Scan Job State Change"]
    [detail] = [each for each in details if each["state"] == sample["state"]]
    assert detail.keys() == sample.keys() - {"createdBy", "scanBaseRecoveryPointArn"}


def test_a_point_shows_no_scan_that_is_not_over(world: Any) -> None:
    """API reference, ScanResult: its states are the last ones only."""
    arn = world.backed_up()
    start(world, arn)
    world.settle()
    world.service.estate.recovery_points[arn].scans[0].ended = None
    assert "ScanResults" not in described(world, arn)


def test_malware_that_one_copy_has_is_found_again(world: Any) -> None:
    arn = world.backed_up()
    world.service.end_scan(arn, state="COMPLETED", result="THREATS_FOUND")
    world.service.end_scan(arn, state="FAILED", result="UNKNOWN")
    start(world, arn)
    world.settle()
    assert described(world, arn)["ScanResults"][0]["Findings"] == ["MALWARE"]


def test_the_same_token_starts_one_scan(world: Any) -> None:
    """API reference, StartScanJob, IdempotencyToken; the answer has the first job's id."""
    arn = world.backed_up()
    first = start(world, arn, IdempotencyToken="t")["ScanJobId"]
    world.settle()
    assert start(world, arn, IdempotencyToken="t")["ScanJobId"] == first
    world.settle()
    assert len(world.ask("ListScanJobs")["ScanJobs"]) == 1
    with pytest.raises(RefusedError, match="InvalidParameterValueException"):
        start(world, arn, IdempotencyToken="t", IamRoleArn=f"{ROLE}-other")
    assert start(world, arn, IdempotencyToken="u")["ScanJobId"] != first


def test_a_role_that_may_not_start_scans_at_guardduty_fails_the_job(world: Any) -> None:
    """AWS managed policy AWSBackupServiceRolePolicyForScans: the role that AWS Backup works under starts the scan."""
    arn = world.backed_up()
    start(world, arn, IamRoleArn=f"arn:aws:iam::{PAYMENTS}:role/nobody")
    world.settle()
    [job] = world.ask("ListScanJobs")["ScanJobs"]
    assert (job["State"], "ScanResult" in job) == ("FAILED", False)
    assert "does not have sufficient permissions" in job["StatusMessage"]
    world.denied.add("guardduty:StartMalwareScan")
    start(world, arn)
    world.settle()
    assert [each["State"] for each in world.ask("ListScanJobs")["ScanJobs"]] == ["FAILED", "FAILED"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"RecoveryPointArn": "arn:aws:ec2:eu-west-1::snapshot/snap-none"}, "ResourceNotFoundException"),
        ({"ScanMode": "INCREMENTAL_SCAN"}, "MissingParameterValueException"),
        ({"ScanMode": "QUICK"}, "InvalidParameterValueException"),
        ({"ScannerRoleArn": ROLE}, "InvalidParameterValueException"),
    ],
)
def test_what_no_scan_can_be_started_with_is_refused(changed: dict[str, str], code: str, world: Any) -> None:
    with pytest.raises(RefusedError, match=code):
        start(world, world.backed_up(), **changed)


def test_what_aws_does_not_scan_is_refused(world: Any) -> None:
    arn = world.backed_up()
    world.service.estate.recovery_points[arn].resource_type = "RDS"
    with pytest.raises(RefusedError, match="InvalidRequestException"):
        start(world, arn)


def test_one_scan_of_a_recovery_point_runs_at_a_time(world: Any) -> None:
    """Developer Guide, "AWS Backup quotas"."""
    arn = world.backed_up()
    world.service.end_scan(arn, state="COMPLETED", result="NO_THREATS_FOUND")
    world.service.estate.recovery_points[arn].scans[0].ended = None
    with pytest.raises(RefusedError, match="LimitExceededException"):
        start(world, arn)
