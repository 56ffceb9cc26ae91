"""The function behind GET /candidates."""

import json
from typing import Any

import pytest

from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.alerts.lifecycle import judge_complaint
from strongroom.domain.scans.findings import subject_of
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, REPLICA_VAULT
from tests.builders.restores import CENTRAL_POINT, DATABASE, NOW, POINT
from tests.conftest import VIEWS, create_ledger
from tests.fakes.ceremony import Functions
from tests.fakes.control_plane import load_handler

AT_14 = "2026-11-23T14:00:00Z"


def asked(functions: Functions, *, person: str = "ada", **query: str) -> tuple[int, Any]:
    """The status and the JSON that answer the query."""
    event = functions.http("GET", "/candidates", person=person, queryStringParameters=query or None)
    answer = load_handler("find_candidates")(event, None)
    return answer["statusCode"], json.loads(answer["body"])


@pytest.fixture
def sized(functions: Functions, dynamodb: Any) -> Functions:
    """Each list tells the size, and the central one what it is a copy of; there are views."""
    create_ledger(dynamodb, VIEWS)
    for backup in (functions.central, functions.member):
        for point in backup.points:
            point |= {"BackupSizeInBytes": 2**30}
    functions.central.points[0]["SourceBackupVaultArn"] = LOCAL_VAULT
    functions.member.points[1]["SourceBackupVaultArn"] = CENTRAL_VAULT
    return functions


def test_the_candidates_are_answered_as_json(sized: Functions) -> None:
    status, content = asked(sized, resource=DATABASE, before=AT_14)
    assert status == 200
    [row] = content["candidates"]
    assert {name: row[name] for name in ("recovery_point", "vault", "instant", "minutes_lost", "plan", "marks")} == {
        "recovery_point": row["recovery_point"],
        "vault": LOCAL_VAULT,
        "instant": "2026-11-23T02:00:00Z",
        "minutes_lost": 720,
        "plan": "local",
        "marks": ["least loss", "soonest"],
    }
    assert {each["recovery_point"] for each in row["ways"]} >= {POINT, CENTRAL_POINT}
    assert (row["minutes"], row["measured"], row["dollars"], row["storage"]) == (13, False, None, "WARM")
    assert (row["verified"], row["scan"], row["scanned_at"]) == (None, "never", None)
    assert content["unread"] == [{"vault": REPLICA_VAULT, "reason": "there is no such vault"}]
    assert (content["before"], content["resource"], content["not_offered"]) == (AT_14, DATABASE, [])


def test_malware_that_was_told_of_is_known_when_aws_tells_of_a_later_scan_alone(
    sized: Functions, ledger_table: LedgerTable
) -> None:
    volume = DATABASE.replace(":rds:", ":ec2:").replace("db:", "volume/")
    made = {"ResourceArn": volume, "ResourceType": "EBS"}
    scan = {"MalwareScanner": "GUARDDUTY", "ScanJobState": "COMPLETED", "Findings": []}
    for backup in (sized.central, sized.member):
        for point in backup.points:
            point.update(made, ScanResults=[scan | {"LastScanTimestamp": point["CreationDate"]}])
    [row] = asked(sized, resource=volume, before=AT_14)[1]["candidates"]
    assert row["scan"] == "clean"
    subject = subject_of(volume, made_at=sized.member.points[0]["CreationDate"])
    alert = Alert(kind=AlertKind.MALWARE_FOUND, subject=subject, account=PAYMENTS, region=HOME, reason="malware")
    opened = judge_complaint(None, alert, version=None, now=NOW).state
    assert opened is not None
    LedgerAlerts(ledger_table).keep(opened, was=None)
    content = asked(sized, resource=volume, before=AT_14)[1]
    assert content["candidates"] == []
    assert any("malware was found in it" in each["reason"] for each in content["not_offered"])


def test_a_mistake_is_told_in_one_line(functions: Functions) -> None:
    status, content = asked(functions, resource=DATABASE, before="14:00")
    assert (status, content["error"].startswith("the time must be in UTC")) == (400, True)


def test_an_account_of_nobodys_is_not_looked_into(functions: Functions) -> None:
    """Whoever is known could else have a role borrowed in an account of their own, which answers what they like."""
    functions.clients.own["organizations"].left.add("123123123123")
    status, content = asked(functions, resource=DATABASE.replace("222222222222", "123123123123"))
    assert (status, "123123123123" in content["error"]) == (404, True)
    assert functions.member.calls == functions.central.calls == []


@pytest.mark.parametrize("person", ["", "mallory"])
def test_nothing_is_looked_for_for_whoever_is_not_known(person: str, functions: Functions) -> None:
    status, _ = asked(functions, person=person, resource=DATABASE)
    assert status in (401, 403)
    assert functions.central.calls == []
