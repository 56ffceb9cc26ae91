"""Services work with the rights that they were given: rules, state machines, event source mappings, log groups.

Sources: EventBridge User Guide, "Using resource-based policies" and "Using dead-letter queues" (ERROR_CODE
NO_PERMISSIONS); Step Functions Developer Guide, "IAM policies for Lambda"; Lambda Developer Guide, "Using Lambda with
Amazon SQS", execution role permissions; CloudWatch Logs User Guide, "Encrypt log data using AWS KMS".
"""

import io
import json
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from ministack.services import lambda_svc
from ministack.services.cloudformation import provisioners

from sandbox.clients import client
from sandbox.seams import host as seams
from sandbox.settings import HOME_REGION
from tests.integration.authority.conftest import (
    ACCOUNT,
    Role,
    Statement,
    a_key,
    a_name,
    a_role,
    allow,
    document,
    refusal,
    scp,
)
from tests.integration.queues import let_rules_in

EVENTS = {"Service": "events.amazonaws.com"}


@pytest.fixture(autouse=True)
def _without_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let functions answer at once: what they may is asked before they run."""
    for name in ("_execute_function", "_execute_function_with_config_scope"):
        monkeypatch.setattr(lambda_svc, name, lambda *_: {"body": {}})


def _arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:{HOME_REGION}:{ACCOUNT}:{name}"


def _queue(policy: Statement | None = None, key: str | None = None) -> tuple[str, str]:
    name = a_name()
    attributes = {"Policy": document(policy)} if policy else {}
    attributes |= {"KmsMasterKeyId": key} if key else {}
    url = client("sqs", ACCOUNT).create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return url, _arn("sqs", name)


def _received(url: str, seconds: int = 2) -> list[dict[str, Any]]:
    answer = client("sqs", ACCOUNT).receive_message(
        QueueUrl=url, WaitTimeSeconds=seconds, MessageAttributeNames=["All"]
    )
    found: list[dict[str, Any]] = answer.get("Messages", [])
    return found


def a_function(role: Role) -> str:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("app.py", "def handler(event, context):\n    return event\n")
    name = a_name()
    made = client("lambda", ACCOUNT).create_function(
        FunctionName=name,
        Role=role.arn,
        Runtime="python3.13",
        Handler="app.handler",
        Code={"ZipFile": content.getvalue()},
    )
    return str(made["FunctionArn"])


# --- Rules -------------------------------------------------------------------


def _told(target: dict[str, Any], source: str) -> tuple[str, str]:
    """Let a rule tell the target something; answers the rule's ARN and the URL of the target's dead letters."""
    url, arn = _queue()
    let_rules_in(ACCOUNT, HOME_REGION, url, arn)
    events = client("events", ACCOUNT)
    rule = events.put_rule(Name=source, EventPattern=json.dumps({"source": [source]}))["RuleArn"]
    events.put_targets(Rule=source, Targets=[{"Id": "t", "DeadLetterConfig": {"Arn": arn}, **target}])
    seams.publish_aws_event(source, "Said", {"n": 1}, ACCOUNT, HOME_REGION)
    return rule, url


def test_a_queue_without_a_policy_takes_nothing_from_a_rule() -> None:
    url, arn = _queue()
    rule, dead_letters = _told({"Arn": arn}, a_name())
    (letter,) = _received(dead_letters)
    attributes = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
    assert attributes["ERROR_CODE"] == "NO_PERMISSIONS"
    assert (attributes["RULE_ARN"], attributes["TARGET_ARN"]) == (rule, arn)
    assert not _received(url, 0)


@pytest.mark.parametrize(
    ("condition", "arrives"),
    [
        pytest.param({"StringEquals": {"aws:SourceAccount": ACCOUNT}}, True, id="this-account"),
        pytest.param({"StringEquals": {"aws:SourceAccount": "111122223333"}}, False, id="another-account"),
        pytest.param({"ArnLike": {"aws:SourceArn": _arn("events", "rule/*")}}, True, id="a-rule-of-this-account"),
        pytest.param({"ArnLike": {"aws:SourceArn": _arn("events", "rule/x")}}, False, id="another-rule"),
    ],
)
def test_the_policy_of_the_queue_sees_which_rule_sends(*, condition: dict[str, Any], arrives: bool) -> None:
    url, arn = _queue(allow("sqs:SendMessage", Principal=EVENTS, Condition=condition))
    _, dead_letters = _told({"Arn": arn}, a_name())
    assert bool(_received(url if arrives else dead_letters))


def test_a_rule_needs_the_key_of_an_encrypted_queue() -> None:
    source = a_name()
    policy = allow("sqs:SendMessage", Principal=EVENTS)
    _, closed = _queue(policy, a_key())
    _, dead_letters = _told({"Arn": closed}, source)
    assert "kms:GenerateDataKey" in _received(dead_letters)[0]["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"]
    url, opened = _queue(policy, a_key(allow("kms:GenerateDataKey", "kms:Decrypt", Principal=EVENTS)))
    _told({"Arn": opened}, source)
    assert _received(url)


def test_a_function_takes_nothing_from_a_rule_without_a_permission() -> None:
    function = a_function(a_role(service="lambda.amazonaws.com"))
    source = a_name()
    _, dead_letters = _told({"Arn": function}, source)
    assert _received(dead_letters)[0]["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "NO_PERMISSIONS"
    client("lambda", ACCOUNT).add_permission(
        FunctionName=function, StatementId="rule", Action="lambda:InvokeFunction", Principal="events.amazonaws.com"
    )
    _, dead_letters = _told({"Arn": function}, source)
    assert not _received(dead_letters, 0)


def test_a_topic_takes_nothing_from_a_rule_that_its_policy_does_not_name() -> None:
    topic = client("sns", ACCOUNT).create_topic(Name=a_name())["TopicArn"]
    own = document(allow("sns:Publish", resource=topic, Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))
    client("sns", ACCOUNT).set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=own)
    _, dead_letters = _told({"Arn": topic}, a_name())
    assert _received(dead_letters)[0]["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "NO_PERMISSIONS"


def test_a_dead_letter_queue_without_a_policy_takes_nothing_either() -> None:
    url, arn = _queue()
    _, mute = _queue()
    events, source = client("events", ACCOUNT), a_name()
    events.put_rule(Name=source, EventPattern=json.dumps({"source": [source]}))
    events.put_targets(Rule=source, Targets=[{"Id": "t", "Arn": mute, "DeadLetterConfig": {"Arn": arn}}])
    seams.publish_aws_event(source, "Said", {"n": 1}, ACCOUNT, HOME_REGION)
    assert not _received(url, 1)


# --- State machines ----------------------------------------------------------


def _run(machine_role: Role, function: str) -> dict[str, Any]:
    task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True}
    invoke = {**task, "Parameters": {"FunctionName": function, "Payload": {"said": "yes"}}}
    states = client("stepfunctions", ACCOUNT)
    machine = states.create_state_machine(
        name=a_name(),
        definition=json.dumps({"StartAt": "Invoke", "States": {"Invoke": invoke}}),
        roleArn=machine_role.arn,
    )["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]
    for _ in range(1200):
        found: dict[str, Any] = states.describe_execution(executionArn=execution)
        if found["status"] != "RUNNING":
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def test_a_state_machine_invokes_what_its_role_may_invoke() -> None:
    function = a_function(a_role(service="lambda.amazonaws.com"))
    stranger = _run(a_role(allow("lambda:InvokeFunction", resource=function), service="ecs.amazonaws.com"), function)
    assert "states.amazonaws.com is not authorized to assume" in stranger["cause"]
    role = a_role(service="states.amazonaws.com")
    refused = _run(role, function)
    assert (refused["status"], refused["error"]) == ("FAILED", "Lambda.AWSLambdaException")
    assert f"is not authorized to perform: lambda:InvokeFunction on resource: {function}" in refused["cause"]
    role.may(allow("lambda:InvokeFunction", resource=function))
    assert _run(role, function)["status"] == "SUCCEEDED"
    with scp({"Effect": "Deny", "Action": "lambda:InvokeFunction", "Resource": function}):
        assert _run(role, function)["status"] == "FAILED"


# --- Event source mappings ---------------------------------------------------

RECEIVING = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


def _map(function: str, queue: str) -> Any:
    return client("lambda", ACCOUNT).create_event_source_mapping(FunctionName=function, EventSourceArn=queue)


@pytest.mark.parametrize("missing", RECEIVING)
def test_a_function_that_may_not_receive_is_not_mapped_to_the_queue(missing: str) -> None:
    _, queue = _queue()
    role = a_role(*(allow(each) for each in RECEIVING if each != missing), service="lambda.amazonaws.com")
    code, message = refusal(lambda: _map(a_function(role), queue))
    assert code == "InvalidParameterValueException"
    assert message == "The provided execution role does not have permissions to call ReceiveMessage on SQS"


def test_a_stack_fails_whose_function_may_not_receive() -> None:
    _, queue = _queue()
    function = a_function(a_role(service="lambda.amazonaws.com"))
    create: Callable[..., Any] = provisioners._RESOURCE_HANDLERS["AWS::Lambda::EventSourceMapping"]["create"]  # noqa: SLF001
    with (
        seams.request_scope(ACCOUNT, HOME_REGION),
        pytest.raises(ValueError, match="permissions to call ReceiveMessage"),
    ):
        create("Mapping", {"FunctionName": function, "EventSourceArn": queue}, "stack")


def test_a_queue_that_is_not_there_is_not_mapped() -> None:
    role = a_role(*(allow(each) for each in RECEIVING), service="lambda.amazonaws.com")
    code, message = refusal(lambda: _map(a_function(role), _arn("sqs", "nowhere")))
    assert code == "InvalidParameterValueException"
    assert "NonExistentQueue" in message


def test_a_queue_that_shows_a_message_again_while_the_function_works_is_not_mapped() -> None:
    # hashicorp/terraform-provider-aws, issue 18099, quotes AWS's answer.
    url, queue = _queue()
    function = a_function(a_role(*(allow(each) for each in RECEIVING), service="lambda.amazonaws.com"))
    client("lambda", ACCOUNT).update_function_configuration(FunctionName=function, Timeout=60)
    assert "less than Function timeout: 60 seconds" in refusal(lambda: _map(function, queue))[1]
    client("sqs", ACCOUNT).set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "60"})
    assert _map(function, queue)["UUID"]


def test_a_mapping_rests_while_its_function_may_not_use_the_key_of_the_queue() -> None:
    key = a_key()
    url, queue = _queue(key=key)
    role = a_role(allow(*RECEIVING), allow("kms:Decrypt"), service="lambda.amazonaws.com")
    mapping = _map(a_function(role), queue)["UUID"]
    role.may(allow(*RECEIVING))
    client("sqs", ACCOUNT).send_message(QueueUrl=url, MessageBody="{}")
    time.sleep(1)
    assert _waiting(url) == 1
    found = client("lambda", ACCOUNT).get_event_source_mapping(UUID=mapping)
    assert found["LastProcessingResult"].startswith("PROBLEM")
    role.may(allow(*RECEIVING), allow("kms:Decrypt"))
    deadline = time.monotonic() + 60
    while _waiting(url) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _waiting(url) == 0


def _waiting(url: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = client("sqs", ACCOUNT).get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(found[name]) for name in names)


# --- Log groups --------------------------------------------------------------

LOGS = {"Service": f"logs.{HOME_REGION}.amazonaws.com"}
OF_THIS_ACCOUNT = {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{HOME_REGION}:{ACCOUNT}:*"}}
USE = ("kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*")


@pytest.mark.parametrize("missing", [None, *USE])
def test_a_log_group_is_made_under_a_key_that_logs_may_use_and_look_at(missing: str | None) -> None:
    use = [each for each in USE if each != missing]
    key = a_key(allow(*use, Principal=LOGS, Condition=OF_THIS_ACCOUNT))
    create: Callable[..., Any] = provisioners._RESOURCE_HANDLERS["AWS::Logs::LogGroup"]["create"]  # noqa: SLF001
    with seams.request_scope(ACCOUNT, HOME_REGION):
        if missing is None:
            assert create("Group", {"LogGroupName": a_name(), "KmsKeyId": key}, "stack")
            return
        with pytest.raises(ValueError, match="does not exist or is not allowed to be used"):
            create("Group", {"LogGroupName": a_name(), "KmsKeyId": key}, "stack")
