"""Scans for malware: how they end is shown by recovery points and told by events, as AWS documents both."""

import json
from typing import Any

import pytest

from sandbox.backup_service.vaults.scans import ScanRequestError
from tests.conftest import ROOT

THREATS, NONE = "THREATS_FOUND", "NO_THREATS_FOUND"
SAMPLES = ROOT / "events/aws.backup"


def described(world: Any, arn: str) -> Any:
    return world.ask("DescribeRecoveryPoint", BackupVaultName="local", RecoveryPointArn=arn)


def listed(world: Any, arn: str) -> Any:
    found = world.ask("ListRecoveryPointsByBackupVault", BackupVaultName="local")["RecoveryPoints"]
    return next(each for each in found if each["RecoveryPointArn"] == arn)


def test_what_was_never_scanned_shows_no_scan(world: Any) -> None:
    arn = world.backed_up()
    assert "ScanResults" not in described(world, arn)
    assert "AggregatedScanResult" not in listed(world, arn)


@pytest.mark.parametrize(
    ("state", "result", "findings"),
    [
        ("COMPLETED", THREATS, ["MALWARE"]),
        ("COMPLETED", NONE, []),
        ("COMPLETED_WITH_ISSUES", THREATS, ["MALWARE"]),
        ("COMPLETED_WITH_ISSUES", NONE, []),
        ("FAILED", THREATS, []),
        ("CANCELED", NONE, []),
    ],
)
def test_a_point_describes_its_last_scan_and_a_list_aggregates_it(
    world: Any, state: str, result: str, findings: list[str]
) -> None:
    """API reference, DescribeRecoveryPoint, ScanResults; RecoveryPointByBackupVault, AggregatedScanResult."""
    arn = world.backed_up()
    world.service.end_scan(arn, state="COMPLETED", result=THREATS)
    world.service.end_scan(arn, state=state, result=result)
    [scan] = described(world, arn)["ScanResults"]
    assert (scan["MalwareScanner"], scan["ScanJobState"], scan["Findings"]) == ("GUARDDUTY", state, findings)
    assert scan["LastScanTimestamp"] == world.moment
    aggregated = listed(world, arn)["AggregatedScanResult"]
    assert (aggregated["FailedScan"], aggregated["Findings"]) == (state == "FAILED", findings)
    assert "ScanResults" not in listed(world, arn)
    assert "AggregatedScanResult" not in described(world, arn)


@pytest.mark.parametrize("state", ["COMPLETED", "COMPLETED_WITH_ISSUES", "FAILED", "CANCELED"])
def test_its_event_has_the_fields_of_the_sample_that_aws_publishes(world: Any, state: str) -> None:
    """Developer Guide, "Monitoring AWS Backup events using Amazon EventBridge"."""
    sample = json.loads((SAMPLES / f"scan_job__{state.lower()}.json").read_text("utf-8"))
    arn = world.backed_up()
    result = sample["detail"].get("scanResult", {}).get("scanResultStatus", NONE)
    world.service.end_scan(arn, state=state, result=result)
    [event] = [each for each in world.events if each["detail-type"] == "Scan Job State Change"]
    assert event["resources"] == [arn]
    # Not made by a plan, and never scanned before.
    plans = {"createdBy", "scanBaseRecoveryPointArn"}
    assert event["detail"].keys() == sample["detail"].keys() - plans
    for field in ("state", "statusMessage", "malwareScanner"):
        assert event["detail"][field] == sample["detail"][field]
    assert event["detail"].get("scanResult") == sample["detail"].get("scanResult")


def test_only_what_aws_scans_is_scanned_and_only_to_an_end_that_there_is(world: Any) -> None:
    arn = world.backed_up()
    with pytest.raises(LookupError):
        world.service.end_scan("arn:aws:ec2:eu-west-1::snapshot/snap-none", state="COMPLETED", result=NONE)
    for state, result in (("RUNNING", NONE), ("COMPLETED", "FINE")):
        with pytest.raises(ScanRequestError):
            world.service.end_scan(arn, state=state, result=result)
    world.service.estate.recovery_points[arn].resource_type = "RDS"
    with pytest.raises(ScanRequestError, match="RDS is not scanned"):
        world.service.end_scan(arn, state="COMPLETED", result=NONE)


def test_each_scan_stays_in_the_list_of_jobs_whatever_the_last_one_came_to(world: Any) -> None:
    """API reference, ListScanJobs: a later scan that fails hides what one before it found from the point alone."""
    arn = world.backed_up()
    for state in ("COMPLETED", "FAILED"):
        world.service.end_scan(arn, state=state, result=THREATS)
    assert described(world, arn)["ScanResults"][0]["Findings"] == []
    jobs = world.ask("ListScanJobs", ByRecoveryPointArn=arn)["ScanJobs"]
    assert sorted((job["State"], job.get("ScanResult")) for job in jobs if job["RecoveryPointArn"] == arn) == [
        ("COMPLETED", {"ScanResultStatus": THREATS}),
        ("FAILED", None),
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, 1),
        ({"ByScanResultStatus": THREATS}, 1),
        ({"ByScanResultStatus": NONE}, 0),
        ({"ByBackupVaultName": "local"}, 1),
        ({"ByBackupVaultName": "other"}, 0),
        ({"ByState": "FAILED"}, 0),
        ({"ByResourceType": "EBS"}, 1),
        ({"ByResourceType": "S3"}, 0),
    ],
)
def test_scan_jobs_are_listed_as_they_are_asked_for(world: Any, asked: dict[str, str], found: int) -> None:
    world.service.end_scan(world.backed_up(), state="COMPLETED", result=THREATS)
    assert len(world.ask("ListScanJobs", **asked)["ScanJobs"]) == found


def test_scan_jobs_are_listed_for_thirty_days(world: Any) -> None:
    arn = world.backed_up()
    world.service.end_scan(arn, state="COMPLETED", result=THREATS)
    world.service.let_days_pass(29)
    assert world.ask("ListScanJobs")["ScanJobs"]
    world.service.let_days_pass(2)
    assert not world.ask("ListScanJobs")["ScanJobs"]
