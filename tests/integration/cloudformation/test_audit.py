"""The audit account's stack and the frameworks of a governed account, deployed by CloudFormation."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
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


def _refused(call: Callable[..., Any], **parameters: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return str(refused.value.response["Error"]["Code"])


def test_bucket_keeps_everything_for_the_promised_time(audit: dict[str, str]) -> None:
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
CHAIN = (
    "check-copy-back",
    "check-restore",
    "close-restore",
    "snapshot-ticket",
    "start-copy-back",
    "start-restore",
    "tag-restored",
)
READERS = (
    *("judge-approval", "refresh-cards", "request-restore", "show-approval", "show-restores", "sweep-ceremonies"),
    *("take-proof", *CHAIN),
)
PUTS = {
    "ends/r-1/1.json": ("sweep-ceremonies",),
    "ends/r-1/1-closed.json": ("sweep-ceremonies",),
    "evidence/r-1/request.json": ("request-restore",),
    "evidence/r-1/proofs/a.json": ("take-proof",),
    "evidence/r-1/stated/a.json": ("take-proof",),
    "evidence/r-1/chain/00000001.json": CHAIN,
    "evidence/r-1/else.json": (),
    "evidence/r-1/proofs/a/chain/b.json": (),
    "evidence/r-1/chain/proofs/a.json": (),
    "evidence/r-1/proofs/request.json": (),
    "evidence/r-1/stated/request.json": (),
    "evidence/r-1/stated/a/chain/b.json": (),
    "log/leaves/00000000000000000000.txt": (),
    "outages/a.json": (),
    "policies/a.json": (),
    "issuer-keys/idp/2026-11-26T140000Z.json": (),
    "reports/a.csv": (),
}


def ours(name: str, account: str = BACKUP_ACCOUNT) -> str:
    """The role of one of our functions."""
    return f"arn:aws:iam::{account}:role/strongroom/strongroom-{name}"


DEPLOYER = f"arn:aws:iam::{AUDIT_ACCOUNT}:role/OrganizationAccountAccessRole"
ADMIN = f"arn:aws:iam::{AUDIT_ACCOUNT}:role/Admin"
LOG = ours("log-evidence", AUDIT_ACCOUNT)
KEYS_WATCH = ours("watch-issuer-keys", AUDIT_ACCOUNT)


@dataclass
class BucketPolicy:
    """The bucket's policy, asked about callers whose roles no test has made."""

    organization: str

    def says(self, caller: str, action: str, key: str = "", **facts: str | None) -> str:
        """Allow, Deny, or ImplicitDeny where nothing is said, of a call with these condition keys; None: without."""
        from ministack.core import iam_evaluator

        usual = {"principalorgid": self.organization, "x_amz_acl": "bucket-owner-full-control", "if_none_match": "*"}
        told = {**usual, "tls": "true", **facts}
        names = {"x_amz_acl": "s3:x-amz-acl", "if_none_match": "s3:if-none-match", "prefix": "s3:prefix"}
        context = iam_evaluator.EvalContext(
            principal_arn=caller,
            principal_type="AssumedRole",
            principal_account=caller.split(":")[4],
            action=action,
            resource_arn=f"arn:aws:s3:::{BUCKET}/{key}" if key else f"arn:aws:s3:::{BUCKET}",
            region="eu-west-1",
            secure_transport=told["tls"] == "true",
            service_context={name: told[fact] for fact, name in names.items() if told.get(fact)},
            principal_keys={"aws:principalorgid": told["principalorgid"], "aws:principalarn": caller},
        )
        policy = client("s3", AUDIT_ACCOUNT).get_bucket_policy(Bucket=BUCKET)["Policy"]
        decision: str = iam_evaluator.evaluate_resource_policy(policy, context).decision
        return decision


@pytest.fixture
def policy(audit: dict[str, str]) -> BucketPolicy:
    """The bucket's policy as it was deployed."""
    return BucketPolicy(audit["OrganizationId"])


@pytest.mark.parametrize("key", PUTS)
def test_evidence_is_brought_by_the_functions_that_make_it_and_by_nobody_else(key: str, policy: BucketPolicy) -> None:
    everybody = [*(ours(name) for name in READERS), *(ours(name, PAYMENTS_ACCOUNT) for name in READERS), ADMIN]
    allowed = {caller for caller in everybody if policy.says(caller, "s3:PutObject", key) == "Allow"}
    assert allowed == {ours(name) for name in PUTS[key]}


@pytest.mark.parametrize("key", [key for key in PUTS if not key.startswith("reports/")])
def test_an_account_that_allows_everything_brings_no_evidence_all_the_same(key: str, policy: BucketPolicy) -> None:
    assert policy.says(ADMIN, "s3:PutObject", key) == "Deny"


def test_the_log_is_written_by_its_function_and_rules_are_brought_by_whoever_deploys(policy: BucketPolicy) -> None:
    assert policy.says(LOG, "s3:PutObject", "log/leaves/0.txt") == "ImplicitDeny"  # its own policy allows it
    assert policy.says(DEPLOYER, "s3:PutObject", "policies/a.json") == "Allow"
    assert policy.says(DEPLOYER, "s3:PutObject", "outages/a.json") == "Allow"
    assert policy.says(LOG, "s3:PutObject", "outages/a.json") == "Deny"
    assert policy.says(DEPLOYER, "s3:PutObject", "log/leaves/0.txt") == "Deny"
    assert policy.says(LOG, "s3:PutObject", "policies/a.json") == "Deny"
    assert policy.says(ours("log-evidence"), "s3:PutObject", "log/leaves/0.txt") == "Deny"


def test_x_12_keys_of_the_identity_provider_are_brought_by_who_watches_them(policy: BucketPolicy) -> None:
    key = "issuer-keys/idp/2026-11-26T140000Z.json"
    assert policy.says(KEYS_WATCH, "s3:PutObject", key) == "ImplicitDeny"  # its own policy allows it
    others = (DEPLOYER, ADMIN, LOG, ours("watch-issuer-keys"), ours("take-proof"))
    assert {policy.says(caller, "s3:PutObject", key) for caller in others} == {"Deny"}
    assert policy.says(KEYS_WATCH, "s3:PutObject", "policies/a.json") == "Deny"


@pytest.mark.parametrize(
    ("caller", "key"),
    [
        (ours("request-restore"), "evidence/r-1/request.json"),
        (ours("take-proof"), "evidence/r-1/proofs/a.json"),
        (ours("take-proof"), "evidence/r-1/stated/a.json"),
        (ours("close-restore"), "evidence/r-1/chain/00000001.json"),
        (ours("sweep-ceremonies"), "ends/r-1/1-closed.json"),
        (LOG, "log/leaves/0.txt"),
        (DEPLOYER, "policies/a.json"),
        (DEPLOYER, "outages/a.json"),
        (KEYS_WATCH, "issuer-keys/idp/2026-11-26T140000Z.json"),
    ],
)
def test_nothing_is_put_where_something_may_lie(caller: str, key: str, policy: BucketPolicy) -> None:
    assert policy.says(caller, "s3:PutObject", key, if_none_match=None) == "Deny"


@pytest.mark.parametrize("action", ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"])
@pytest.mark.parametrize("key", PUTS)
def test_nobody_deletes_anything(action: str, key: str, policy: BucketPolicy) -> None:
    assert {policy.says(caller, action, key) for caller in (DEPLOYER, ADMIN, LOG, ours("close-restore"))} == {"Deny"}


@pytest.mark.parametrize("key", ["evidence/r-1/request.json", "log/requests/r-1/1.json", "policies/a.json"])
def test_the_ceremony_reads_evidence_by_version_and_nobody_else_does(key: str, policy: BucketPolicy) -> None:
    for name in READERS:
        assert policy.says(ours(name), "s3:GetObjectVersion", key) == "Allow"
        assert policy.says(ours(name, PAYMENTS_ACCOUNT), "s3:GetObjectVersion", key) == "ImplicitDeny"
    for name in ("keep-doorbell", "receive-slack-click", "tell-approvers", "verify-copy", "log-evidence"):
        assert policy.says(ours(name), "s3:GetObjectVersion", key) == "ImplicitDeny"


@pytest.mark.parametrize("key", ["reports/1.csv", "log/leaves/0.txt", "log/checkpoints/1.txt"])
def test_the_ceremony_reads_nothing_else(key: str, policy: BucketPolicy) -> None:
    assert policy.says(ours("close-restore"), "s3:GetObjectVersion", key) == "ImplicitDeny"


@pytest.mark.parametrize(
    ("prefix", "decision"),
    [
        ("evidence/r-1/", "Allow"),
        ("log/requests/r-1/", "Allow"),
        ("policies/a.json", "Allow"),
        ("log/", "ImplicitDeny"),
        ("reports/", "ImplicitDeny"),
        (None, "ImplicitDeny"),
    ],
)
def test_the_ceremony_lists_where_evidence_lies(prefix: str | None, decision: str, policy: BucketPolicy) -> None:
    assert policy.says(ours("show-restores"), "s3:ListBucketVersions", prefix=prefix) == decision
    assert policy.says(ours("verify-copy"), "s3:ListBucketVersions", prefix=prefix) == "ImplicitDeny"


@pytest.mark.parametrize(
    "action",
    [
        "s3:DeleteBucketPolicy",
        "s3:PutBucketObjectLockConfiguration",
        "s3:PutBucketPolicy",
        "s3:PutBucketVersioning",
        "s3:PutLifecycleConfiguration",
        "s3:PutReplicationConfiguration",
    ],
)
def test_only_deployers_change_the_bucket(action: str, policy: BucketPolicy) -> None:
    assert {policy.says(caller, action) for caller in (ADMIN, LOG, ours("close-restore"))} == {"Deny"}
    assert policy.says(DEPLOYER, action) == "ImplicitDeny"


@pytest.mark.parametrize(
    ("key", "facts", "decision"),
    [
        ("reports/1.csv", {"if_none_match": None}, "Allow"),  # AWS Backup sends no such header
        ("evidence/1.json", {}, "Deny"),
        ("reports/1.csv", {"x_amz_acl": "public-read"}, "ImplicitDeny"),
        ("reports/1.csv", {"principalorgid": "o-stranger"}, "ImplicitDeny"),
        ("reports/1.csv", {"tls": "false"}, "Deny"),
    ],
)
def test_aws_backup_delivers_reports_and_nothing_else(
    key: str, facts: dict[str, str | None], decision: str, policy: BucketPolicy
) -> None:
    assert policy.says(REPORTS_ROLE, "s3:PutObject", key, **facts) == decision


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
