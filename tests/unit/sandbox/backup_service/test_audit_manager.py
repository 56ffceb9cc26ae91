"""Audit Manager takes what AWS takes, and refuses the names, numbers and scopes that AWS refuses."""

from typing import Any

import pytest

from tests.builders.places import BACKUP_ACCOUNT

ENCRYPTED = {"ControlName": "BACKUP_RECOVERY_POINT_ENCRYPTED"}
CSV_TO_BUCKET = {"S3BucketName": "reports", "Formats": ["CSV"]}


def control(name: str, scope: dict[str, Any] | None = None, **parameters: str) -> dict[str, Any]:
    inputs = [{"ParameterName": key, "ParameterValue": value} for key, value in parameters.items()]
    return {"ControlName": name, "ControlInputParameters": inputs, **({"ControlScope": scope} if scope else {})}


def refusal_of(world: Any, operation: str, account: str = BACKUP_ACCOUNT, **parameters: Any) -> str:
    with pytest.raises(Exception) as refused:  # noqa: PT011 the code is the assertion
        world.ask(operation, account, **parameters)
    return str(refused.value)


def test_a_framework_is_kept_changed_listed_and_deleted(world: Any) -> None:
    world.ask("CreateFramework", FrameworkName="mine", FrameworkControls=[ENCRYPTED])
    described = world.ask("DescribeFramework", FrameworkName="mine")
    assert (described["FrameworkControls"], described["FrameworkStatus"]) == ([ENCRYPTED], "ACTIVE")
    more = control("BACKUP_RESOURCES_PROTECTED_BY_CROSS_ACCOUNT", crossAccountList=BACKUP_ACCOUNT)
    world.ask("UpdateFramework", FrameworkName="mine", FrameworkControls=[ENCRYPTED, more])
    [listed] = world.ask("ListFrameworks")["Frameworks"]
    assert (listed["FrameworkName"], listed["NumberOfControls"]) == ("mine", 2)
    assert world.ask("ListFrameworks", BACKUP_ACCOUNT)["Frameworks"] == []
    world.ask("DeleteFramework", FrameworkName="mine")
    assert world.ask("ListFrameworks")["Frameworks"] == []


REFUSED_CONTROLS = {
    "unknown control": [control("BACKUP_RESOURCES_PROTECTED_BY_CROSS_REGION_COPY")],
    "unknown parameter": [control("BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK", minimumRetentionDays="30")],
    "number that is none": [control("BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK", requiredRetentionDays="long")],
    "too old": [control("BACKUP_LAST_RECOVERY_POINT_CREATED", recoveryPointAgeValue="7440")],
    "six accounts": [
        control("BACKUP_RESOURCES_PROTECTED_BY_CROSS_ACCOUNT", crossAccountList=",".join([BACKUP_ACCOUNT] * 6))
    ],
    "no account": [control("BACKUP_RESOURCES_PROTECTED_BY_CROSS_ACCOUNT", crossAccountList="")],
    "two tags": [control("BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN", {"Tags": {"a": "1", "b": "2"}})],
    "two scopes": [
        control("BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN", {"Tags": {"a": "1"}, "ComplianceResourceTypes": ["RDS"]})
    ],
    "twice the same": [ENCRYPTED, ENCRYPTED],
    "none": [],
}


@pytest.mark.parametrize("controls", REFUSED_CONTROLS.values(), ids=REFUSED_CONTROLS)
def test_a_framework_needs_controls_that_aws_has(world: Any, controls: list[dict[str, Any]]) -> None:
    refusal = refusal_of(world, "CreateFramework", FrameworkName="mine", FrameworkControls=controls)
    assert refusal == "InvalidParameterValueException"


def test_no_two_frameworks_have_the_same_controls_and_parameters(world: Any) -> None:
    world.ask("CreateFramework", BACKUP_ACCOUNT, FrameworkName="first", FrameworkControls=[ENCRYPTED])
    scoped = {**ENCRYPTED, "ControlScope": {"Tags": {"Backup": "gold"}}}
    refusal = refusal_of(world, "CreateFramework", FrameworkName="second", FrameworkControls=[scoped])
    assert refusal == "AlreadyExistsException"
    world.ask("CreateFramework", BACKUP_ACCOUNT, "eu-central-1", FrameworkName="first", FrameworkControls=[ENCRYPTED])


@pytest.mark.parametrize("name", ["with-hyphen", "1digit", "", "a" * 257], ids=["hyphen", "digit", "empty", "long"])
def test_names_are_letters_digits_and_underscores(world: Any, name: str) -> None:
    assert refusal_of(world, "CreateFramework", FrameworkName=name, FrameworkControls=[ENCRYPTED]) in (
        "InvalidParameterValueException",
        "MissingParameterValueException",
    )


def test_a_report_plan_is_kept_changed_listed_and_deleted(world: Any) -> None:
    setting = {"ReportTemplate": "COPY_JOB_REPORT", "Accounts": ["ROOT"], "Regions": ["*"]}
    request: dict[str, Any] = {
        "ReportPlanName": "copies",
        "ReportSetting": setting,
        "ReportDeliveryChannel": CSV_TO_BUCKET,
    }
    world.ask("CreateReportPlan", BACKUP_ACCOUNT, **request)
    assert refusal_of(world, "CreateReportPlan", **request) == "AlreadyExistsException"
    world.ask("UpdateReportPlan", BACKUP_ACCOUNT, ReportPlanName="copies", ReportPlanDescription="Every copy.")
    plan = world.ask("DescribeReportPlan", BACKUP_ACCOUNT, ReportPlanName="copies")["ReportPlan"]
    assert (plan["ReportSetting"], plan["ReportPlanDescription"]) == (setting, "Every copy.")
    world.ask("DeleteReportPlan", BACKUP_ACCOUNT, ReportPlanName="copies")
    assert world.ask("ListReportPlans", BACKUP_ACCOUNT)["ReportPlans"] == []


REFUSED_REPORTS = {
    "unknown template": ({"ReportTemplate": "ALL_JOBS_REPORT"}, CSV_TO_BUCKET),
    "framework of a job report": ({"ReportTemplate": "COPY_JOB_REPORT", "FrameworkArns": ["arn:x"]}, CSV_TO_BUCKET),
    "organisation in JSON": (
        {"ReportTemplate": "COPY_JOB_REPORT", "Accounts": ["ROOT"]},
        {"S3BucketName": "reports", "Formats": ["JSON"]},
    ),
}


@pytest.mark.parametrize(("setting", "channel"), REFUSED_REPORTS.values(), ids=REFUSED_REPORTS)
def test_a_report_plan_needs_what_aws_can_report(world: Any, setting: Any, channel: Any) -> None:
    request = {"ReportPlanName": "mine", "ReportSetting": setting, "ReportDeliveryChannel": channel}
    assert refusal_of(world, "CreateReportPlan", **request) == "InvalidParameterValueException"


def test_only_management_and_delegates_report_on_other_accounts(world: Any) -> None:
    request = {
        "ReportPlanName": "all",
        "ReportSetting": {"ReportTemplate": "COPY_JOB_REPORT", "Accounts": ["ROOT"]},
        "ReportDeliveryChannel": CSV_TO_BUCKET,
    }
    assert refusal_of(world, "CreateReportPlan", "222222222222", **request) == "InvalidParameterValueException"
    assert world.ask("CreateReportPlan", BACKUP_ACCOUNT, **request)["ReportPlanName"] == "all"
