"""A compliance report of AWS Backup Audit Manager beside our own: who disagrees, and about what."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from strongroom_cli.main import main
from strongroom_cli.status.comparing import join_compliance
from strongroom_cli.status.compliance import Compliance, ControlFinding
from tests.builders.copies import RESOURCE
from tests.builders.places import PAYMENTS
from tests.unit.cli.status.conftest import HOSTILE, OTHER, StatusApi

# The fields of the guide's sample ("Choosing your report template"), in its order.
FIELDS = (
    *("accountId", "region", "frameworkName", "frameworkDescription", "controlName", "resourceName", "resourceId"),
    *("resourceType", "resourceComplianceStatus", "lastEvaluationTime"),
)
PLAN, AGE = "BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN", "BACKUP_LAST_RECOVERY_POINT_CREATED"
NAME = RESOURCE.rpartition(":")[2]


def a_row(status: str, **changes: str) -> dict[str, str]:
    """What a control found of the database that Strongroom calls protected; Config knows it by an id of RDS's own."""
    row = {
        "accountId": str(PAYMENTS),
        "region": "eu-west-1",
        "frameworkName": "strongroom_TierDailyProd",
        "frameworkDescription": "What resources of the tier must show, all of it.",
        "controlName": PLAN,
        "resourceName": NAME,
        "resourceId": "AWS::RDS::DBInstance/db-ABCDEFGHIJKL",
        "resourceType": "AWS::RDS::DBInstance",
        "resourceComplianceStatus": status,
        "lastEvaluationTime": "2026-09-01T02:55:40.963Z",
    }
    return row | changes


def of_other(status: str) -> dict[str, str]:
    """What a control found of the database without a copy."""
    return a_row(status, accountId=str(OTHER), resourceName=HOSTILE.rpartition(":db:")[2])


type Told = Callable[..., dict[str, Any]]


@pytest.fixture
def told(api: StatusApi, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Told:
    """The report as JSON, made with a compliance report of these rows."""

    def report(*rows: dict[str, str], spelled: Callable[[str], str] = str, is_json: bool = False) -> dict[str, Any]:
        path = tmp_path / "compliance"
        path.write_text(json.dumps({"reportItems": rows}) if is_json else as_csv(rows, spelled), encoding="utf-8")
        main(["report", "--format", "json", "--audit-manager", str(path)])
        content: dict[str, Any] = json.loads(capsys.readouterr().out)
        return content

    return report


def as_csv(rows: tuple[dict[str, str], ...], spelled: Callable[[str], str] = str) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([[spelled(field) for field in FIELDS], *([row[field] for field in FIELDS] for row in rows)])
    return text.getvalue()


def title(field: str) -> str:
    """`accountId` as `Account Id`."""
    return "".join(f" {each}" if each.isupper() else each for each in field).title()


def states(report: dict[str, Any]) -> dict[str, str]:
    every = [each for unit in report["units"] for account in unit["accounts"] for each in account["resources"]]
    return {each["resource"]: each["audit_manager"] for each in every}


@pytest.mark.parametrize(
    ("rows", "says", "disagrees"),
    [
        ([a_row("COMPLIANT")], "compliant", ""),
        ([a_row("COMPLIANT"), a_row("NON_COMPLIANT", controlName=AGE)], "non-compliant", f"non-compliant in {AGE}; "),
        ([a_row("NON_COMPLIANT", lastEvaluationTime="2026-08-31T02:00:00Z"), a_row("COMPLIANT")], "compliant", ""),
        ([a_row("INSUFFICIENT_DATA")], "not judged", ""),
        ([a_row("NON_COMPLIANT", resourceName="", resourceId=RESOURCE)], "non-compliant", f"in {PLAN}; "),
        ([a_row("NON_COMPLIANT", resourceName="", resourceId=f"AWS::RDS::DBInstance/{NAME}")], "non-compliant", PLAN),
        ([a_row("NON_COMPLIANT", region="eu-central-1")], "not evaluated", ""),
        ([a_row("NON_COMPLIANT", accountId=str(OTHER))], "not evaluated", ""),
        ([a_row("NON_COMPLIANT", resourceType="AWS::RDS::DBCluster")], "not evaluated", ""),
        ([a_row("NON_COMPLIANT", resourceType="AWS::EC2::Volume")], "not evaluated", ""),
        ([], "not evaluated", ""),
    ],
    ids=[
        *("it agrees", "one control says no", "it has said no before", "it could not judge", "by its ARN"),
        *("by its name as id", "another Region", "another account", "a cluster of its name", "another service"),
        "nothing of it",
    ],
)
def test_what_is_protected_by_us_may_fail_a_control_there(
    told: Told, rows: list[dict[str, str]], says: str, disagrees: str
) -> None:
    report = told(*rows)
    assert states(report)[RESOURCE] == says
    said = " ".join(report["audit_manager"]["disagreements"])
    assert (disagrees in said) if disagrees else said == ""
    if disagrees:
        assert said.endswith("Strongroom calls it protected, because its last backup is there, and so is each copy")


def test_what_is_not_protected_by_us_may_pass_there(told: Told) -> None:
    (said,) = told(of_other("COMPLIANT"))["audit_manager"]["disagreements"]
    assert said == (
        f"{HOSTILE}: Audit Manager calls it compliant; Strongroom calls it not fully protected, because nothing arrived"
    )
    assert told(of_other("NON_COMPLIANT"))["audit_manager"]["disagreements"] == []


@pytest.mark.parametrize(
    ("state", "status", "disagree"),
    [
        ("PROTECTED", "NON_COMPLIANT", True),
        ("ENDED", "NON_COMPLIANT", True),
        ("AWAITED", "NON_COMPLIANT", False),
        ("NO_BACKUP", "NON_COMPLIANT", False),
        ("NO_BACKUP", "COMPLIANT", True),
        ("NOT_KNOWN", "COMPLIANT", True),
        ("NO_BACKUP", "NOT_JUDGED", False),
        ("AWAITED", "COMPLIANT", False),
        ("PROTECTED", "COMPLIANT", False),
    ],
)
def test_who_disagrees_depends_on_both(state: str, status: str, *, disagree: bool) -> None:
    resource = {"resource": RESOURCE, "account": PAYMENTS, "region": "eu-west-1", "state": state, "reason": "it is so"}
    report = {"units": [{"unit": "u", "accounts": [{"account": PAYMENTS, "resources": [resource]}]}]}
    found = ControlFinding(
        account=PAYMENTS,
        region="eu-west-1",
        control=PLAN,
        id_="db-X",
        name=NAME,
        kind="AWS::RDS::DBInstance",
        status=Compliance(status),
        at="",
    )
    assert bool(join_compliance(report, [found])["audit_manager"]["disagreements"]) is disagree


@pytest.mark.parametrize("spelled", [str, title, str.upper], ids=["as in JSON", "as a title", "in capitals"])
def test_the_heads_may_be_spelled_otherwise(told: Told, spelled: Callable[[str], str]) -> None:
    assert states(told(a_row("COMPLIANT"), spelled=spelled))[RESOURCE] == "compliant"


def test_a_report_in_json_is_read_as_well(told: Told) -> None:
    assert states(told(a_row("COMPLIANT"), is_json=True))[RESOURCE] == "compliant"


def test_what_only_audit_manager_knows_is_named_and_its_findings_on_vaults_are_counted(told: Told) -> None:
    said = told(
        a_row("COMPLIANT", resourceName="forgotten", resourceId="AWS::RDS::DBInstance/db-X"),
        a_row("COMPLIANT", accountId="444444444444"),
        a_row("NON_COMPLIANT", resourceType="AWS::Backup::RecoveryPoint", resourceId="AWS::Backup::RecoveryPoint/p"),
    )["audit_manager"]
    assert said["not_known_here"] == ["AWS::RDS::DBInstance db-X in 222222222222, eu-west-1"]
    assert (said["apart"], said["evaluated_at"]) == (1, "2026-09-01T02:55:40.963Z")


def test_without_a_report_nobody_was_asked(api: StatusApi, capsys: pytest.CaptureFixture[str]) -> None:
    main(["report", "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    assert (report["audit_manager"], set(states(report).values())) == ({"is_asked": False}, {"not asked"})
    main(["report"])
    assert "It was not asked." in capsys.readouterr().out


def test_the_page_and_the_table_say_who_disagrees(
    api: StatusApi, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "compliance.csv"
    path.write_text(as_csv((a_row("NON_COMPLIANT"),)), encoding="utf-8")
    main(["report", "--audit-manager", str(path)])
    page = capsys.readouterr().out
    assert ["1 disagreement with Strongroom." in page, f"Audit Manager: non-compliant in {PLAN}" in page] == [True] * 2
    main(["report", "--audit-manager", str(path), "--format", "csv"])
    rows = {row["resource"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    assert (rows[RESOURCE]["audit_manager"], rows[RESOURCE]["failed_controls"]) == ("non-compliant", PLAN)
    assert rows[HOSTILE]["audit_manager"] == "not evaluated"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "for it has no accountid"),
        ("a,b\n1,2\n", "for it has no accountid"),
        ("{", "this is no JSON"),
        ('{"reportItems": [1]}', "no list reportItems of objects"),
        ("{}", "no list reportItems of objects"),
        (None, "this cannot be read as a report"),
    ],
    ids=["nothing", "another table", "broken JSON", "no objects", "no items", "no file"],
)
def test_what_is_no_compliance_report_is_refused(
    api: StatusApi, tmp_path: Path, content: str | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "compliance"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert main(["report", "--audit-manager", str(path)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert api.asked == []
