"""Where CloudFormation refuses, forgets or keeps, so does the sandbox; each test names who says so."""

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from sandbox import lifecycle
from sandbox.clients import client
from sandbox.settings import BACKUP_ACCOUNT

QUEUE = {"Type": "AWS::SQS::Queue"}
BROKEN = {
    "Type": "AWS::Events::EventBusPolicy",
    "DependsOn": "First",
    "Properties": {"EventBusName": "none", "StatementId": "none"},
}
FAILING = {"Resources": {"First": QUEUE, "Broken": BROKEN}}

type Settle = Callable[[str], dict[str, Any]]


@pytest.fixture
def cloudformation(sandbox_host: lifecycle.Sandbox) -> Any:
    """CloudFormation of the backup account."""
    return client("cloudformation", BACKUP_ACCOUNT)


@pytest.fixture
def name() -> str:
    """A name of its own."""
    return f"c-{uuid.uuid4().hex[:10]}"


@pytest.fixture
def settled(cloudformation: Any) -> Settle:
    """A stack once nothing goes on in it."""

    def wait(stack: str) -> dict[str, Any]:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            [found] = cloudformation.describe_stacks(StackName=stack)["Stacks"]
            if not found["StackStatus"].endswith("_IN_PROGRESS"):
                return dict(found)
            time.sleep(0.05)
        raise AssertionError(f"{stack} did not settle")

    return wait


def refusal(call: Callable[..., Any], **request: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**request)
    return str(refused.value)


@pytest.fixture
def rolled_back(cloudformation: Any, name: str, settled: Settle) -> str:
    """A stack whose creation was rolled back."""
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(FAILING))
    assert settled(name)["StackStatus"] == "ROLLBACK_COMPLETE"
    return name


@pytest.mark.parametrize("kind", ["CREATE", "UPDATE"])
def test_a_stack_that_was_rolled_back_takes_no_change_set(cloudformation: Any, rolled_back: str, kind: str) -> None:
    """serverless #5630 and lamby #132: "is in ROLLBACK_COMPLETE state and can not be updated"."""
    request = {"StackName": rolled_back, "ChangeSetName": "again", "ChangeSetType": kind}
    said = refusal(cloudformation.create_change_set, TemplateBody=json.dumps(FAILING), **request)
    assert ("already exists" if kind == "CREATE" else "is in ROLLBACK_COMPLETE state and can not be updated") in said


def test_a_stack_that_is_there_is_created_by_no_change_set(cloudformation: Any, name: str, settled: Settle) -> None:
    """aws/copilot-cli, `pkg/deploy/cloudformation`, knows it by these words: it is a ValidationError."""
    template = json.dumps({"Resources": {"First": QUEUE}})
    cloudformation.create_stack(StackName=name, TemplateBody=template)
    settled(name)
    request = {"StackName": name, "ChangeSetName": "again", "ChangeSetType": "CREATE"}
    said = refusal(cloudformation.create_change_set, TemplateBody=template, **request)
    assert "ValidationError" in said
    assert f"Stack [{name}] already exists and cannot be created again with the changeSet [again]." in said


def test_of_two_change_sets_that_create_a_stack_one_is_executed(
    cloudformation: Any, name: str, settled: Settle
) -> None:
    """API reference of ExecuteChangeSet: "CloudFormation deletes all the change sets associated with the stack"."""
    for change_set in ("first", "second"):
        request = {"StackName": name, "ChangeSetName": change_set, "ChangeSetType": "CREATE"}
        cloudformation.create_change_set(TemplateBody=json.dumps({"Resources": {"First": QUEUE}}), **request)
    cloudformation.execute_change_set(StackName=name, ChangeSetName="second")
    said = refusal(cloudformation.execute_change_set, StackName=name, ChangeSetName="first")
    assert "ChangeSetNotFound" in said
    assert settled(name)["StackStatus"] == "CREATE_COMPLETE"


def test_a_stack_that_was_rolled_back_can_only_be_deleted(
    cloudformation: Any, rolled_back: str, settled: Settle
) -> None:
    """User Guide, "Stack status codes": of ROLLBACK_COMPLETE, "Only a delete operation can be performed"."""
    template = json.dumps({"Resources": {"First": QUEUE}})
    for call in (cloudformation.create_stack, cloudformation.update_stack):
        refusal(call, StackName=rolled_back, TemplateBody=template)
    cloudformation.delete_stack(StackName=rolled_back)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=rolled_back, WaiterConfig={"Delay": 1})
    cloudformation.create_stack(StackName=rolled_back, TemplateBody=template)
    assert settled(rolled_back)["StackStatus"] == "CREATE_COMPLETE"


def test_a_stack_that_kept_what_succeeded_goes_on_where_it_failed(
    cloudformation: Any, sandbox_host: lifecycle.Sandbox, name: str, settled: Settle
) -> None:
    """User Guide, "Choose how to handle failures when provisioning resources", and amazon.aws #1655."""
    fault = {"stack": name, "resource": "Second", "reason": "Rate exceeded"}
    requests.post(f"{sandbox_host.url}/_sandbox/cloudformation/faults", json=fault, timeout=60).raise_for_status()
    template = json.dumps({"Resources": {"First": QUEUE, "Second": {**QUEUE, "DependsOn": "First"}}})
    cloudformation.create_stack(StackName=name, TemplateBody=template, DisableRollback=True)
    assert settled(name)["StackStatus"] == "CREATE_FAILED"
    first = cloudformation.describe_stack_resource(StackName=name, LogicalResourceId="First")
    said = refusal(cloudformation.update_stack, StackName=name, TemplateBody=template)
    assert "non-terminal [CREATE_FAILED] state" in said
    cloudformation.update_stack(StackName=name, TemplateBody=template, DisableRollback=True)
    assert settled(name)["StackStatus"] == "UPDATE_COMPLETE"
    again = cloudformation.describe_stack_resource(StackName=name, LogicalResourceId="First")
    identity = [each["StackResourceDetail"]["PhysicalResourceId"] for each in (first, again)]
    assert identity[0] == identity[1]


def test_the_creation_that_is_rolled_back_keeps_retain_and_deletes_retain_except_on_create(
    cloudformation: Any, name: str, settled: Settle
) -> None:
    """User Guide, "DeletionPolicy attribute": so the second try finds the first name taken, and the other one free."""

    def template(policy: str, *, fails: bool) -> str:
        queue = {**QUEUE, "DeletionPolicy": policy, "Properties": {"QueueName": f"{name}-{policy}"}}
        return json.dumps({"Resources": {"First": queue, **({"Broken": BROKEN} if fails else {})}})

    sqs = client("sqs", BACKUP_ACCOUNT)
    for policy, is_kept in (("Retain", True), ("RetainExceptOnCreate", False)):
        cloudformation.create_stack(StackName=f"{name}-{policy}", TemplateBody=template(policy, fails=True))
        assert settled(f"{name}-{policy}")["StackStatus"] == "ROLLBACK_COMPLETE"
        urls = sqs.list_queues(QueueNamePrefix=f"{name}-{policy}").get("QueueUrls", [])
        assert bool([url for url in urls if url.endswith(f"-{policy}")]) is is_kept


def test_get_template_forgets_what_is_not_ascii(cloudformation: Any, name: str) -> None:
    """cloudformation-coverage-roadmap #1220 and #814: "?" in place of each such character."""
    text = "Description: ── Geschäft\nResources:\n  Q: {Type: AWS::SQS::Queue}\n"
    cloudformation.create_stack(StackName=name, TemplateBody=text)
    got = cloudformation.get_template(StackName=name, TemplateStage="Original")["TemplateBody"]
    assert got == text.replace("─", "?").replace("ä", "?")


DANGLING = {
    "a Ref": ({"Ref": "Nowhere"}, "Unresolved resource dependencies [Nowhere] in the Resources block"),
    "a Sub": ({"Fn::Sub": "${Nowhere}"}, "Unresolved resource dependencies [Nowhere] in the Resources block"),
    "a GetAtt": ({"Fn::GetAtt": ["Nowhere", "Arn"]}, "Fn::GetAtt references undefined resource Nowhere"),
    "what is not made": (
        {"Fn::If": ["Never", "x", {"Ref": "Absent"}]},
        "Unresolved resource dependencies [Absent] in the Resources block",
    ),
}


@pytest.mark.parametrize(("value", "reason"), DANGLING.values(), ids=DANGLING)
def test_a_template_that_refers_to_nothing_is_refused(
    cloudformation: Any, name: str, value: dict[str, Any], reason: str
) -> None:
    """Recorded: "Template format error: Unresolved resource dependencies" (LocalStack's CloudFormation snapshots)."""
    template = {
        "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
        "Resources": {
            "Absent": {**QUEUE, "Condition": "Never"},
            "Q": {**QUEUE, "Properties": {"QueueName": value}},
        },
    }
    assert reason in refusal(cloudformation.create_stack, StackName=name, TemplateBody=json.dumps(template))


@pytest.mark.parametrize("resource", ["a text", None, []], ids=["text", "nothing", "list"])
@pytest.mark.parametrize("call", ["create_stack", "create_change_set"])
def test_a_resource_that_is_no_object_is_refused(cloudformation: Any, name: str, call: str, resource: object) -> None:
    """CloudFormation Workshop, "Nested stacks": by these words."""
    template = json.dumps({"Resources": {"First": QUEUE, "Odd": resource}})
    more = {"ChangeSetName": "first", "ChangeSetType": "CREATE"} if call == "create_change_set" else {}
    said = refusal(getattr(cloudformation, call), StackName=name, TemplateBody=template, **more)
    assert "ValidationError" in said
    assert "Template format error: [/Resources/Odd] resource definition is malformed" in said


def test_what_is_chosen_by_a_condition_may_name_what_is_made_under_it(
    cloudformation: Any, name: str, settled: Settle
) -> None:
    template = {
        "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
        "Resources": {
            "Absent": {**QUEUE, "Condition": "Never"},
            "Q": {
                **QUEUE,
                "DependsOn": "Absent",
                "Properties": {
                    "QueueName": {"Fn::If": ["Never", {"Ref": "Absent"}, {"Fn::Sub": "${AWS::StackName}-q"}]}
                },
            },
        },
    }
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template))
    assert settled(name)["StackStatus"] == "CREATE_COMPLETE"


def test_a_role_whose_name_is_taken_is_not_made_a_second_time(cloudformation: Any, name: str, settled: Settle) -> None:
    """IAM API reference, CreateRole: EntityAlreadyExists; so a stack that fails does not take the first one away."""
    trust = {"Version": "2012-10-17", "Statement": []}
    properties = {"RoleName": name, "Path": "/strongroom/", "AssumeRolePolicyDocument": trust}
    template = json.dumps({"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": properties}}})
    for stack, ended in ((name, "CREATE_COMPLETE"), (f"{name}-2", "ROLLBACK_COMPLETE")):
        cloudformation.create_stack(StackName=stack, TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"])
        assert settled(stack)["StackStatus"] == ended
    assert client("iam", BACKUP_ACCOUNT).get_role(RoleName=name)["Role"]["Path"] == "/strongroom/"


def a_policy(characters: int) -> dict[str, Any]:
    """A policy that is longer than that."""
    statement = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*", "Sid": "A" * characters}
    return {"Version": "2012-10-17", "Statement": [statement]}


TOO_MUCH = [
    pytest.param("Role", {"AssumeRolePolicyDocument": a_policy(2_048)}, "ACLSizePerRole: 2048", id="trust"),
    pytest.param(
        "Role",
        {"ManagedPolicyArns": [f"arn:aws:iam::aws:policy/{each}" for each in range(11)]},
        "PoliciesPerRole: 10",
        id="attached",
    ),
    pytest.param(
        "Role",
        {"Policies": [{"PolicyName": each, "PolicyDocument": a_policy(5_100)} for each in "ab"]},
        "Maximum policy size of 10240 bytes exceeded",
        id="inline",
    ),
    pytest.param("ManagedPolicy", {"PolicyDocument": a_policy(6_144)}, "PolicySize: 6144", id="managed"),
]


@pytest.mark.parametrize(("kind", "properties", "words"), TOO_MUCH)
def test_what_is_more_than_iam_takes_fails_its_stack(
    cloudformation: Any, name: str, settled: Settle, kind: str, properties: dict[str, Any], words: str
) -> None:
    """IAM User Guide, "IAM and AWS STS quotas"; aws/eks-hybrid #741 for how CloudFormation says it."""
    whole = {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}} if kind == "Role" else {}
    resource = {"Type": f"AWS::IAM::{kind}", "Properties": {**whole, **properties}}
    template = json.dumps({"Resources": {"Much": resource}})
    cloudformation.create_stack(StackName=name, TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"])
    assert settled(name)["StackStatus"] == "ROLLBACK_COMPLETE"
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    assert any(words in each.get("ResourceStatusReason", "") for each in events)


NOBODY = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/nobody"


def _naming(principal: str, action: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


@pytest.mark.parametrize(
    ("kind", "properties", "words"),
    [
        ("IAM::Role", {"AssumeRolePolicyDocument": _naming(NOBODY, "sts:AssumeRole")}, f'"AWS":"{NOBODY}"'),
        ("KMS::Key", {"KeyPolicy": _naming(NOBODY, "kms:*")}, "one or more invalid principals"),
        ("S3::BucketPolicy", {"Bucket": "b", "PolicyDocument": _naming(NOBODY, "s3:*")}, "Invalid principal in policy"),
    ],
    ids=["trust", "key", "bucket"],
)
def test_a_policy_that_names_nobody_fails_its_stack(
    cloudformation: Any, name: str, settled: Settle, kind: str, properties: dict[str, Any], words: str
) -> None:
    """opstrace/opstrace #88, GoogleCloudPlatform/anthos-samples #357, serverless/serverless #10361."""
    template = json.dumps({"Resources": {"Naming": {"Type": f"AWS::{kind}", "Properties": properties}}})
    cloudformation.create_stack(StackName=name, TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"])
    assert settled(name)["StackStatus"] == "ROLLBACK_COMPLETE"
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    assert any(words in each.get("ResourceStatusReason", "") for each in events)
