"""The function behind POST /scans."""

import json
from typing import Any

import pytest

from strongroom.domain.identifiers import CENTRAL_BACKUP_ROLE, SCANNER_ROLE
from tests.builders.places import BACKUP_ACCOUNT, PAYMENTS
from tests.builders.restores import CENTRAL_POINT, POINT
from tests.fakes.ceremony import Functions
from tests.fakes.control_plane import load_handler

VOLUME = f"arn:aws:ec2:eu-west-1:{PAYMENTS}:volume/vol-1"


def asked(functions: Functions, *, person: str = "ada", **body: str) -> tuple[int, Any]:
    """The status and the JSON that answer the wish."""
    text = json.dumps({"resource": VOLUME, "recovery_point": POINT} | body)
    event = functions.http("POST", "/scans", person=person, body=text)
    answer = load_handler("start_scan")(event, None)
    return answer["statusCode"], json.loads(answer["body"])


@pytest.fixture
def volume(functions: Functions) -> Functions:
    """What lies in the vaults is of a volume; the role that starts scans is lent."""
    for backup in (functions.central, functions.member):
        for point in backup.points:
            point |= {"ResourceArn": VOLUME, "ResourceType": "EBS"}
    functions.central.points[0]["SourceBackupVaultArn"] = functions.member.points[0]["BackupVaultArn"]
    functions.clients.member[BACKUP_ACCOUNT, "backup"] = functions.central
    return functions


def test_the_copy_in_the_central_vault_is_scanned_once_and_by_our_roles(volume: Functions) -> None:
    status, content = asked(volume)
    assert (status, content["job"], content["recovery_point"]) == (202, "started-1", CENTRAL_POINT)
    assert asked(volume)[1]["job"] == "started-1"
    [started] = volume.central.started
    assert {name: started[name] for name in ("BackupVaultName", "RecoveryPointArn", "MalwareScanner", "ScanMode")} == {
        "BackupVaultName": "central-backup-vault",
        "RecoveryPointArn": CENTRAL_POINT,
        "MalwareScanner": "GUARDDUTY",
        "ScanMode": "FULL_SCAN",
    }
    roles = [f"arn:aws:iam::{BACKUP_ACCOUNT}:role/{name}" for name in (CENTRAL_BACKUP_ROLE, SCANNER_ROLE)]
    assert [started["IamRoleArn"], started["ScannerRoleArn"]] == roles


def test_the_twenty_first_within_an_hour_is_refused_before_anything_is_read(volume: Functions) -> None:
    assert {asked(volume)[0] for _ in range(20)} == {202}
    calls = list(volume.central.calls)
    assert asked(volume)[0] == 409
    assert volume.central.calls == calls
    assert asked(volume, person="omar")[0] == 202


def test_the_log_says_who_asked(volume: Functions, capsys: pytest.CaptureFixture[str]) -> None:
    asked(volume)
    [decided] = [line for line in map(json.loads, capsys.readouterr().out.splitlines()) if line["message"] == "decided"]
    assert (decided["decision"], decided["correlation_id"]) == ("ScanStarted", "started-1")
    assert (decided["verdict"]["asked_by"], decided["verdict"]["recovery_point"]) == ("idp|ada", CENTRAL_POINT)


def test_once_a_scan_has_ended_the_next_one_is_another(volume: Functions) -> None:
    asked(volume)
    volume.central.points[0]["AggregatedScanResult"] = {"FailedScan": True, "LastComputed": volume.world.now}
    assert asked(volume)[1]["job"] == "started-2"


def test_one_that_runs_already_is_of_the_moment(volume: Functions) -> None:
    volume.central.errors["start_scan_job"] = "LimitExceededException"
    assert asked(volume)[0] == 503


@pytest.mark.parametrize("person", ["", "mallory"])
def test_nothing_is_scanned_for_whoever_is_not_known(person: str, volume: Functions) -> None:
    assert asked(volume, person=person)[0] in (401, 403)
    assert volume.central.calls == []
