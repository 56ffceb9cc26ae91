"""The CloudFormation types that MiniStack lacks, through real stacks."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import pytest
import requests

from sandbox import lifecycle
from sandbox.clients import client, every
from sandbox.example.deployment import ROOT
from sandbox.seams import host as seams
from sandbox.settings import (
    BACKUP_ACCOUNT,
    HOME_REGION,
    MANAGEMENT_ACCOUNT,
    OU_SHARED,
)
from tests.integration.queues import let_rules_in

DENY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "sqs:AddPermission", "Resource": "*"}]}
FAILS = pytest.raises(AssertionError, match="ROLLBACK_COMPLETE")
BROKEN = """
  Broken:
    Type: AWS::Events::EventBusPolicy
    DependsOn: Vault
    Properties: {EventBusName: none, StatementId: none}
"""


def _name() -> str:
    return f"c-{uuid.uuid4().hex[:10]}"


def _template(resource_type: str, properties: dict[str, Any]) -> str:
    bus = {"Type": "AWS::Events::EventBus", "Properties": {"Name": {"Ref": "AWS::StackName"}}}
    thing = {"Type": resource_type, "Properties": properties, "DependsOn": "Bus"}
    outputs = {"Ref": {"Value": {"Ref": "Thing"}}}
    return json.dumps({"Resources": {"Bus": bus, "Thing": thing}, "Outputs": outputs})


def _settled(cloudformation: Any, stack: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found: dict[str, Any] = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
        if not found["StackStatus"].endswith("_IN_PROGRESS"):
            return found
        time.sleep(0.05)
    raise AssertionError(f"{stack} did not settle")


@pytest.fixture
def stack(sandbox_host: lifecycle.Sandbox) -> Iterator[Callable[..., str]]:
    """Create or update a stack of one thing (and a bus with the stack's name); returns what `Ref` gives."""
    made: list[tuple[Any, str]] = []

    def put(name: str, resource_type: str, properties: dict[str, Any], account: str = BACKUP_ACCOUNT) -> str:
        cloudformation = client("cloudformation", account)
        is_new = (cloudformation, name) not in made
        call = cloudformation.create_stack if is_new else cloudformation.update_stack
        call(StackName=name, TemplateBody=_template(resource_type, properties))
        if is_new:
            made.append((cloudformation, name))
        found = _settled(cloudformation, name)
        assert found["StackStatus"] == ("CREATE_COMPLETE" if is_new else "UPDATE_COMPLETE"), found
        outputs = {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}
        return str(outputs["Ref"])

    yield put
    for cloudformation, name in made:
        cloudformation.delete_stack(StackName=name)


def test_an_event_bus_policy_is_put_and_replaced(stack: Callable[..., str]) -> None:
    name = _name()
    bus_arn = f"arn:aws:events:{HOME_REGION}:{BACKUP_ACCOUNT}:event-bus/{name}"
    statement = {"Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource": bus_arn}
    properties = {"EventBusName": name, "StatementId": "members", "Statement": statement}
    stack(name, "AWS::Events::EventBusPolicy", properties)
    policy = seams.bus_policy(BACKUP_ACCOUNT, HOME_REGION, name)
    assert policy is not None
    assert policy["Statement"] == [{**statement, "Sid": "members"}]
    stack(name, "AWS::Events::EventBusPolicy", {**properties, "Statement": {**statement, "Effect": "Deny"}})
    policy = seams.bus_policy(BACKUP_ACCOUNT, HOME_REGION, name)
    assert policy is not None
    assert [one["Effect"] for one in policy["Statement"]] == ["Deny"]


def test_an_archive_keeps_what_its_pattern_matches(stack: Callable[..., str]) -> None:
    name = _name()
    bus_arn = f"arn:aws:events:{HOME_REGION}:{BACKUP_ACCOUNT}:event-bus/{name}"
    pattern = {"source": ["strongroom"]}
    properties = {"SourceArn": bus_arn, "RetentionDays": 30, "EventPattern": pattern, "ArchiveName": name}
    assert stack(name, "AWS::Events::Archive", properties) == name
    events = client("events", BACKUP_ACCOUNT)
    for source in ("strongroom", "other"):
        events.put_events(Entries=[{"Source": source, "DetailType": "x", "Detail": "{}", "EventBusName": name}])
    archive = events.describe_archive(ArchiveName=name)
    assert (archive["EventCount"], archive["RetentionDays"]) == (1, 30)
    stack(name, "AWS::Events::Archive", {**properties, "RetentionDays": 60})
    assert events.describe_archive(ArchiveName=name)["RetentionDays"] == 60


def test_a_vault_comes_with_its_policy_and_its_lock(stack: Callable[..., str]) -> None:
    name = _name()
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*"}],
    }
    lock = {"MinRetentionDays": 30, "MaxRetentionDays": 2600, "ChangeableForDays": 30}
    properties = {"BackupVaultName": name, "AccessPolicy": policy, "LockConfiguration": lock}
    stack(name, "AWS::Backup::BackupVault", properties)
    backup = client("backup", BACKUP_ACCOUNT)
    vault = backup.describe_backup_vault(BackupVaultName=name)
    assert (vault["Locked"], vault["MinRetentionDays"], vault["MaxRetentionDays"]) == (True, 30, 2600)
    assert "LockDate" in vault
    assert json.loads(backup.get_backup_vault_access_policy(BackupVaultName=name)["Policy"]) == policy


def test_an_air_gapped_vault_is_made_with_its_lock_which_no_update_changes(stack: Callable[..., str]) -> None:
    name = _name()
    properties = {"BackupVaultName": name, "MinRetentionDays": 7, "MaxRetentionDays": 400}
    assert stack(name, "AWS::Backup::LogicallyAirGappedBackupVault", properties) == name
    vault = client("backup", BACKUP_ACCOUNT).describe_backup_vault(BackupVaultName=name)
    assert vault["VaultType"] == "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
    assert (vault["Locked"], vault["MinRetentionDays"], vault["MaxRetentionDays"]) == (True, 7, 400)
    cloudformation = client("cloudformation", BACKUP_ACCOUNT)
    longer = _template("AWS::Backup::LogicallyAirGappedBackupVault", properties | {"MaxRetentionDays": 500})
    cloudformation.update_stack(StackName=name, TemplateBody=longer)
    assert _settled(cloudformation, name)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"


@pytest.mark.parametrize("organization", ["o-strongroom1", ""], ids=["of copies", "of its own account"])
def test_the_template_of_an_air_gapped_vault_is_deployed_and_its_vault_outlives_it(
    sandbox_host: lifecycle.Sandbox, organization: str
) -> None:
    name = _name()
    cloudformation, backup = client("cloudformation", BACKUP_ACCOUNT), client("backup", BACKUP_ACCOUNT)
    values = {"OrganizationId": organization, "VaultName": name, "MinRetentionDays": "7", "MaxRetentionDays": "400"}
    template = (ROOT / "stacks" / "air-gapped-vault.yaml").read_text(encoding="utf-8")
    parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]
    cloudformation.create_stack(StackName=name, TemplateBody=template, Parameters=parameters)
    assert _settled(cloudformation, name)["StackStatus"] == "CREATE_COMPLETE"
    policy = json.loads(backup.get_backup_vault_access_policy(BackupVaultName=name)["Policy"])
    assert [statement["Effect"] for statement in policy["Statement"]] == ["Allow", "Deny"][not organization :]
    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    assert backup.describe_backup_vault(BackupVaultName=name)["VaultType"] == "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
    backup.delete_backup_vault(BackupVaultName=name)


def test_a_vault_survives_its_stack_but_not_the_rollback_of_its_own_creation(sandbox_host: lifecycle.Sandbox) -> None:
    name = _name()
    cloudformation, backup = client("cloudformation", BACKUP_ACCOUNT), client("backup", BACKUP_ACCOUNT)
    days = {"MinRetentionDays": "30", "MaxRetentionDays": "2555", "ChangeableForDays": "30"}
    values = {"OrganizationId": "o-strongroom1", "GovernedPaths": "o-strongroom1/*", "VaultName": name, **days}
    whole = (ROOT / "stacks" / "vault.yaml").read_text(encoding="utf-8")
    parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]
    for template, ended in ((whole + BROKEN, "ROLLBACK_COMPLETE"), (whole, "CREATE_COMPLETE")):
        cloudformation.create_stack(StackName=name, TemplateBody=template, Parameters=parameters)
        assert _settled(cloudformation, name)["StackStatus"] == ended
        cloudformation.delete_stack(StackName=name)
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    assert backup.describe_backup_vault(BackupVaultName=name)["Locked"] is True
    backup.delete_backup_vault(BackupVaultName=name)


def test_an_organizations_policy_is_attached_to_its_targets(stack: Callable[..., str]) -> None:
    name = _name()
    content = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Action": "backup:DeleteBackupVault", "Resource": "*"}],
    }
    properties = {
        "Name": name,
        "Type": "SERVICE_CONTROL_POLICY",
        "Content": content,
        "TargetIds": [OU_SHARED],
    }
    policy_id = stack(name, "AWS::Organizations::Policy", properties, MANAGEMENT_ACCOUNT)
    organizations = client("organizations", MANAGEMENT_ACCOUNT)
    targets = every(organizations, "list_targets_for_policy", PolicyId=policy_id)
    assert [target["TargetId"] for target in targets] == [OU_SHARED]
    stack(name, "AWS::Organizations::Policy", {**properties, "TargetIds": []}, MANAGEMENT_ACCOUNT)
    assert every(organizations, "list_targets_for_policy", PolicyId=policy_id) == []


@pytest.mark.parametrize(
    ("fault", "operation", "times", "outcome"),
    [
        pytest.param("throttle", "CreatePolicy", 2, nullcontext(), id="throttled twice"),
        pytest.param("throttle", "CreatePolicy", 3, FAILS, id="throttled all the time"),
        pytest.param(
            "concurrent_modification", "AttachPolicy", 1, nullcontext(), id="another change while it is attached"
        ),
        pytest.param("concurrent_modification", "CreatePolicy", 1, FAILS, id="another change while it is created"),
    ],
)
def test_a_policy_is_tried_again_as_aws_tries_it(
    fault: str, operation: str, times: int, outcome: Any, stack: Callable[..., str], sandbox_host: lifecycle.Sandbox
) -> None:
    """BaseHandlerStd of aws-cloudformation-resource-providers-organizations, "handleRetriableException"."""
    order = {"fault": fault, "operation": operation, "times": times}
    requests.post(f"{sandbox_host.url}/_sandbox/organization/fault", json=order, timeout=60).raise_for_status()
    name = _name()
    properties = {"Name": name, "Type": "SERVICE_CONTROL_POLICY", "Content": DENY, "TargetIds": [OU_SHARED]}
    with outcome:
        assert stack(name, "AWS::Organizations::Policy", properties, MANAGEMENT_ACCOUNT)


def test_the_organization_has_the_resource_policy_of_the_stack(stack: Callable[..., str]) -> None:
    name = _name()
    organizations = client("organizations", MANAGEMENT_ACCOUNT)
    for operation in ("organizations:ListRoots", "organizations:ListAccounts"):
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{BACKUP_ACCOUNT}:root"},
            "Action": operation,
            "Resource": "*",
        }
        content = {"Version": "2012-10-17", "Statement": [statement]}
        stack(name, "AWS::Organizations::ResourcePolicy", {"Content": content}, MANAGEMENT_ACCOUNT)
        assert json.loads(organizations.describe_resource_policy()["ResourcePolicy"]["Content"]) == content


def test_a_second_resource_policy_is_refused_and_the_first_stays(stack: Callable[..., str]) -> None:
    # Source: CreateHandler of aws-cloudformation-resource-providers-organizations, resourcepolicy.
    organizations = client("organizations", MANAGEMENT_ACCOUNT)
    theirs = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*"}]}
    organizations.put_resource_policy(Content=json.dumps(theirs))
    try:
        name = _name()
        with pytest.raises(AssertionError, match="ROLLBACK_COMPLETE"):
            stack(name, "AWS::Organizations::ResourcePolicy", {"Content": theirs}, MANAGEMENT_ACCOUNT)
        events = client("cloudformation", MANAGEMENT_ACCOUNT).describe_stack_events(StackName=name)["StackEvents"]
        reasons = {event.get("ResourceStatusReason") for event in events}
        assert "There is already a ResourcePolicy in the Organization!" in reasons
        assert json.loads(organizations.describe_resource_policy()["ResourcePolicy"]["Content"]) == theirs
    finally:
        organizations.delete_resource_policy()


def test_rate_schedules_fire_faster(sandbox_host: lifecycle.Sandbox, listen: Callable[..., Any]) -> None:
    name = _name()
    sqs, events = client("sqs", BACKUP_ACCOUNT), client("events", BACKUP_ACCOUNT)
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    events.put_rule(Name=name, ScheduleExpression="rate(1 minute)")
    target = {"Id": "q", "Arn": f"arn:aws:sqs:{HOME_REGION}:{BACKUP_ACCOUNT}:{name}"}
    let_rules_in(BACKUP_ACCOUNT, HOME_REGION, url, target["Arn"])
    events.put_targets(Rule=name, Targets=[target])
    try:
        # The clock thread of an earlier sandbox in this process may still sleep through its ten seconds.
        received = (sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10).get("Messages") for _ in range(2))
        assert any(received)
    finally:
        events.disable_rule(Name=name)


def test_an_alarm_on_several_metrics_is_made(stack: Callable[..., str]) -> None:
    """CloudFormation Template Reference, AWS::CloudWatch::Alarm, `Metrics`; MiniStack refuses them."""
    name = _name()
    metric = {"Namespace": "Strongroom", "MetricName": "FoundWithoutEvent", "Dimensions": []}
    stat = {"Metric": metric, "Period": 3600, "Stat": "Sum"}
    properties = {
        "AlarmName": name,
        "Metrics": [
            {"Id": "lost", "Expression": "found > 5", "ReturnData": True},
            {"Id": "found", "MetricStat": stat, "ReturnData": False},
        ],
        "EvaluationPeriods": 1,
        "Threshold": 0,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    assert stack(name, "AWS::CloudWatch::Alarm", properties) == name
    [alarm] = client("cloudwatch", BACKUP_ACCOUNT).describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert (alarm["MetricName"], alarm["Period"]) == ("FoundWithoutEvent", 3600)
