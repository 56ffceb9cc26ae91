"""The audit account's stack and the frameworks of a governed account, deployed by CloudFormation."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from sandbox import lifecycle
from sandbox.clients import client, every
from sandbox.example import estate
from sandbox.settings import AUDIT_ACCOUNT, BACKUP_ACCOUNT, LEDGER_ACCOUNT, MANAGEMENT_ACCOUNT, PAYMENTS_ACCOUNT
from strongroom.domain.intent.model import Intent
from strongroom.domain.stacks.audit_frameworks import render_frameworks
from strongroom.domain.stacks.parameters import render_parameters
from strongroom.domain.stacks.templates import carried_body, with_more
from strongroom_cli.templates import read_templates

BUCKET = f"strongroom-audit-{AUDIT_ACCOUNT}-eu-west-1"


def _create(account: str, name: str, template: str, parameters: dict[str, str]) -> None:
    cloudformation = client("cloudformation", account)
    values = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
    cloudformation.create_stack(StackName=name, TemplateBody=template, Parameters=values)
    waiter = cloudformation.get_waiter("stack_create_complete")
    waiter.wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})


def _deploy(account: str, name: str, template: str, parameters: dict[str, str]) -> None:
    try:
        _create(account, name, template, parameters)
    finally:
        cloudformation = client("cloudformation", account)
        events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        failed = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
        assert [(event["LogicalResourceId"], event["ResourceStatusReason"]) for event in failed] == []


@pytest.fixture(scope="module")
def audit(sandbox_host: lifecycle.Sandbox, intent: Intent) -> dict[str, str]:
    """The stack in the audit account, a delegated administrator of AWS Backup; its parameters."""
    organizations = client("organizations", MANAGEMENT_ACCOUNT)
    service = {"ServicePrincipal": "backup.amazonaws.com"}
    if AUDIT_ACCOUNT not in {one["Id"] for one in every(organizations, "list_delegated_administrators", **service)}:
        organizations.enable_aws_service_access(**service)
        organizations.register_delegated_administrator(AccountId=AUDIT_ACCOUNT, **service)
    parameters = render_parameters(intent)["audit"]
    _deploy(AUDIT_ACCOUNT, "strongroom-audit", read_templates().texts["audit"], parameters)
    return parameters


@pytest.fixture
def without_tls_rule(audit: dict[str, str]) -> Iterator[None]:
    """The bucket policy without its demand for TLS, which is not spoken here."""
    s3 = client("s3", AUDIT_ACCOUNT)
    whole = s3.get_bucket_policy(Bucket=BUCKET)["Policy"]
    policy = json.loads(whole)
    policy["Statement"] = [each for each in policy["Statement"] if each["Sid"] != "NothingWithoutTls"]
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))
    yield
    s3.put_bucket_policy(Bucket=BUCKET, Policy=whole)


def _refused(call: Callable[..., Any], **parameters: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return str(refused.value.response["Error"]["Code"])


def test_bucket_keeps_everything_for_the_promised_time(audit: dict[str, str], without_tls_rule: None) -> None:
    s3 = client("s3", AUDIT_ACCOUNT)
    lock = s3.get_object_lock_configuration(Bucket=BUCKET)["ObjectLockConfiguration"]
    days = int(audit["ReportRetentionDays"])
    assert lock["Rule"]["DefaultRetention"] == {"Mode": "COMPLIANCE", "Days": days}
    version = s3.put_object(Bucket=BUCKET, Key="reports/today.csv", Body=b"x")["VersionId"]
    kept = s3.get_object_retention(Bucket=BUCKET, Key="reports/today.csv")["Retention"]
    assert kept["RetainUntilDate"] - datetime.now(UTC) > timedelta(days=days - 1)
    # Its own account's root, too.
    assert _refused(s3.delete_object, Bucket=BUCKET, Key="reports/today.csv", VersionId=version) == "AccessDenied"


def test_bucket_is_closed_and_encrypted(audit: dict[str, str]) -> None:
    s3 = client("s3", AUDIT_ACCOUNT)
    assert set(s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"].values()) == {True}
    [rule] = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    ownership = s3.get_bucket_ownership_controls(Bucket=BUCKET)["OwnershipControls"]
    assert ownership["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]


REPORTS_ROLE = (
    f"arn:aws:iam::{AUDIT_ACCOUNT}:role/aws-service-role/reports.backup.amazonaws.com/AWSServiceRoleForBackupReports"
)
CLOSER = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/strongroom/strongroom-close-restore"
OTHER = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/strongroom/strongroom-cast-vote"
NAMESAKE = f"arn:aws:iam::{PAYMENTS_ACCOUNT}:role/strongroom/strongroom-close-restore"

WRITES = {
    "AWS Backup delivers a report": (REPORTS_ROLE, "s3:PutObject", "reports/1.csv", {}, "Allow"),
    "AWS Backup keeps off the evidence": (REPORTS_ROLE, "s3:PutObject", "evidence/1.json", {}, "ImplicitDeny"),
    "a report is private to the auditors": (
        REPORTS_ROLE, "s3:PutObject", "reports/1.csv", {"s3:x-amz-acl": "public-read"}, "ImplicitDeny",
    ),
    "a report of a stranger": (
        REPORTS_ROLE, "s3:PutObject", "reports/1.csv", {"aws:principalorgid": "o-stranger"}, "ImplicitDeny",
    ),
    "the ceremony's end brings evidence": (CLOSER, "s3:PutObject", "evidence/1.json", {}, "Allow"),
    "it forges no report": (CLOSER, "s3:PutObject", "reports/1.csv", {}, "ImplicitDeny"),
    "it reads nothing back": (CLOSER, "s3:GetObject", "evidence/1.json", {}, "ImplicitDeny"),
    "another function brings none": (OTHER, "s3:PutObject", "evidence/1.json", {}, "ImplicitDeny"),
    "a namesake elsewhere brings none": (NAMESAKE, "s3:PutObject", "evidence/1.json", {}, "ImplicitDeny"),
    "nothing without TLS": (CLOSER, "s3:PutObject", "evidence/1.json", {"aws:securetransport": "false"}, "Deny"),
}  # fmt: skip


@pytest.mark.parametrize(("caller", "action", "key", "facts", "decision"), WRITES.values(), ids=WRITES)
def test_bucket_policy_lets_two_write_and_nobody_else(
    audit: dict[str, str], caller: str, action: str, key: str, facts: dict[str, str], decision: str
) -> None:
    # MiniStack's S3 sees every caller of another account as that account's root: hence its evaluator is asked.
    from ministack.core import iam_evaluator

    facts = {"aws:principalorgid": audit["OrganizationId"], "s3:x-amz-acl": "bucket-owner-full-control", **facts}
    context = iam_evaluator.EvalContext(
        principal_arn=caller,
        principal_type="AssumedRole",
        principal_account=caller.split(":")[4],
        action=action,
        resource_arn=f"arn:aws:s3:::{BUCKET}/{key}",
        region="eu-west-1",
        secure_transport=facts.pop("aws:securetransport", "true") == "true",
        service_context={"s3:x-amz-acl": facts["s3:x-amz-acl"]},
        principal_keys={"aws:principalorgid": facts["aws:principalorgid"]},
    )
    policy = client("s3", AUDIT_ACCOUNT).get_bucket_policy(Bucket=BUCKET)["Policy"]
    assert iam_evaluator.evaluate_resource_policy(policy, context).decision == decision


def test_reports_cover_every_account_and_region(audit: dict[str, str]) -> None:
    plans = client("backup", AUDIT_ACCOUNT).list_report_plans()["ReportPlans"]
    assert {plan["ReportSetting"]["ReportTemplate"] for plan in plans} == {
        "BACKUP_JOB_REPORT",
        "COPY_JOB_REPORT",
        "RESTORE_JOB_REPORT",
        "RESOURCE_COMPLIANCE_REPORT",
        "CONTROL_COMPLIANCE_REPORT",
    }
    for plan in plans:
        assert (plan["ReportSetting"]["Accounts"], plan["ReportSetting"]["Regions"]) == (["ROOT"], ["*"])
        assert plan["ReportDeliveryChannel"]["S3BucketName"] == BUCKET


@pytest.mark.parametrize(
    "group",
    [
        pytest.param(None, id="no recorder"),
        pytest.param({"allSupported": False, "resourceTypes": ["AWS::Backup::BackupVault"]}, id="one of four types"),
    ],
)
def test_no_framework_comes_about_where_config_does_not_record_what_aws_backup_has(
    sandbox_host: lifecycle.Sandbox, intent: Intent, group: dict[str, Any] | None
) -> None:
    """AWS Backup Developer Guide, "Turning on resource tracking"; that the resource fails then is a guess."""
    if group is not None:
        config = client("config", LEDGER_ACCOUNT)
        config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "recordingGroup": group})
        config.start_configuration_recorder(ConfigurationRecorderName="default")
    template = carried_body(with_more(read_templates().carried["framework"], render_frameworks(intent)))
    name = f"framework-{uuid.uuid4().hex[:6]}"
    with pytest.raises(WaiterError, match="ROLLBACK"):
        _create(LEDGER_ACCOUNT, name, template, render_parameters(intent)["framework"])
    assert client("backup", LEDGER_ACCOUNT).list_frameworks()["Frameworks"] == []


def test_governed_account_gets_a_framework_for_itself_and_one_for_each_tier(
    sandbox_host: lifecycle.Sandbox, intent: Intent
) -> None:
    template = carried_body(with_more(read_templates().carried["framework"], render_frameworks(intent)))
    estate.record(PAYMENTS_ACCOUNT)
    _deploy(PAYMENTS_ACCOUNT, "strongroom-framework", template, render_parameters(intent)["framework"])
    backup = client("backup", PAYMENTS_ACCOUNT)
    names = {framework["FrameworkName"] for framework in backup.list_frameworks()["Frameworks"]}
    tiers = {resource["Properties"]["FrameworkName"] for resource in render_frameworks(intent).values()}
    assert names == {"strongroom_account", *tiers}
    controls = backup.describe_framework(FrameworkName="strongroom_account")["FrameworkControls"]
    frequency = controls[-1]["ControlInputParameters"]
    assert {one["ParameterName"]: one["ParameterValue"] for one in frequency} == {
        "requiredRetentionDays": "35",
        "requiredFrequencyUnit": "days",
        "requiredFrequencyValue": "31",
    }
    cloudformation = client("cloudformation", PAYMENTS_ACCOUNT)
    cloudformation.delete_stack(StackName="strongroom-framework")
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName="strongroom-framework", WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    assert backup.list_frameworks()["Frameworks"] == []
