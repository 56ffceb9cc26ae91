"""A machine that waits for a bell, judges, and waits again, longer each time; and that lies under a customer's key.

Sources: Step Functions Developer Guide, "Service integration patterns" (`.waitForTaskToken`), "Handling errors"
(`States.Timeout` before `States.ALL`), "Transforming data with JSONata" (`Assign`, `{% … %}`, `Seconds` of a Wait) and
"Data at rest encryption in Step Functions"; CloudFormation Template Reference, AWS::StepFunctions::StateMachine
(`EncryptionConfiguration`).
"""

import json
import time
from collections.abc import Callable
from typing import Any, Final

import pytest
from ministack.services import lambda_svc

from sandbox import lifecycle
from sandbox.clients import client
from tests.integration.authority.conftest import ACCOUNT, a_key, a_name, a_role, allow, refusal
from tests.integration.authority.test_services import a_function

END: Final[dict[str, Any]] = {"Type": "Pass", "End": True}
WAITING: Final = "arn:aws:states:::lambda:invoke.waitForTaskToken"

type Answer = dict[str, Any]


@pytest.fixture(autouse=True)
def _sandbox(sandbox_host: lifecycle.Sandbox) -> None:
    """A sandbox runs."""


def _answers(monkeypatch: pytest.MonkeyPatch, answer: Callable[..., Answer]) -> None:
    """Let functions answer at once, without a worker."""
    for name in ("_execute_function", "_execute_function_with_config_scope"):
        monkeypatch.setattr(lambda_svc, name, answer)


def _role() -> str:
    return a_role(allow("lambda:InvokeFunction"), service="states.amazonaws.com").arn


def _machine(states: dict[str, Any], **more: Any) -> str:
    definition = {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states}
    made = client("stepfunctions", ACCOUNT).create_state_machine(
        name=a_name(), definition=json.dumps(definition), roleArn=_role(), **more
    )
    return str(made["stateMachineArn"])


def _end_of(machine: str, given: Any, *, within: float = 60) -> dict[str, Any]:
    states = client("stepfunctions", ACCOUNT)
    execution = states.start_execution(stateMachineArn=machine, input=json.dumps(given))["executionArn"]
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        found: dict[str, Any] = states.describe_execution(executionArn=execution)
        if found["status"] != "RUNNING":
            return found
        time.sleep(0.05)
    raise AssertionError(f"still running: {found}")


# --- The bell ----------------------------------------------------------------


def _bell(**more: Any) -> dict[str, Any]:
    payload = {"token": "{% $states.context.Task.Token %}"}
    return {
        "Type": "Task",
        "Resource": WAITING,
        "Arguments": {"FunctionName": a_function(a_role(service="lambda.amazonaws.com")), "Payload": payload},
        "TimeoutSeconds": 1,
        "Catch": [
            {"ErrorEquals": ["States.Timeout"], "Next": "Silent"},
            {"ErrorEquals": ["BellBrokenError"], "Next": "Broken", "Output": "{% $states.errorOutput %}"},
            {"ErrorEquals": ["States.ALL"], "Next": "Other"},
        ],
        "Next": "Rung",
        **more,
    }


def _told(word: str) -> dict[str, Any]:
    return {"Type": "Pass", "Output": {"word": word, "with": "{% $states.input %}"}, "End": True}


def _doorbell() -> str:
    places = {name: _told(name) for name in ("Silent", "Broken", "Other", "Rung")}
    return _machine({"AwaitDoorbell": _bell(), **places})


BELLS: Final[dict[str, tuple[Answer, str]]] = {
    "keeps the token and nobody rings": ({"body": {}}, "Silent"),
    "fails by a name of its own": (
        {"error": True, "body": {"errorType": "BellBrokenError", "errorMessage": "no rope"}},
        "Broken",
    ),
    "fails otherwise": ({"error": True, "body": {"errorType": "KeyError", "errorMessage": "x"}}, "Other"),
    "is throttled": ({"error": True, "throttle": True, "body": {"__type": "TooManyRequestsException"}}, "Other"),
}


@pytest.mark.parametrize("what", BELLS)
def test_the_function_of_a_bell(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answer, expected = BELLS[what]
    _answers(monkeypatch, lambda *_: answer)
    ended = _end_of(_doorbell(), {})
    assert ended["status"] == "SUCCEEDED"
    told = json.loads(ended["output"])
    assert told["word"] == expected
    if expected == "Broken":
        assert told["with"]["Error"] == "BellBrokenError"
        assert "no rope" in told["with"]["Cause"]


def test_a_bell_that_is_rung_goes_on_with_what_it_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    states = client("stepfunctions", ACCOUNT)

    def ring(_: Any, event: dict[str, Any], *more: Any) -> Answer:
        states.send_task_success(taskToken=event["token"], output="{}")
        return {"body": {}}

    _answers(monkeypatch, ring)
    assert json.loads(_end_of(_doorbell(), {})["output"]) == {"word": "Rung", "with": {}}


# --- Waiting longer each time ------------------------------------------------


def test_a_wait_grows_by_half_until_ten_minutes() -> None:
    grown = {"waits": "{% $append($waits, $wait) %}", "wait": "{% $min([600, $floor($wait * 1.5)]) %}"}
    states = {
        "Begin": {"Type": "Pass", "Assign": {"wait": 10, "waits": []}, "Next": "Grow"},
        "Grow": {"Type": "Pass", "Assign": grown, "Next": "Enough"},
        "Enough": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $count($waits) >= 12 %}", "Next": "Tell"}],
            "Default": "Grow",
        },
        "Tell": {"Type": "Pass", "Output": "{% $waits %}", "End": True},
    }
    waits = json.loads(_end_of(_machine(states), {})["output"])
    assert waits == [10, 15, 22, 33, 49, 73, 109, 163, 244, 366, 549, 600]


def test_a_state_waits_as_long_as_is_computed_then(sandbox_host: lifecycle.Sandbox) -> None:
    states = {
        "Begin": {"Type": "Pass", "Assign": {"wait": 3}, "Next": "Wait"},
        "Wait": {"Type": "Wait", "Seconds": "{% $min([600, $floor($wait * 1.5)]) %}", "End": True},
    }
    begun = time.monotonic()
    assert _end_of(_machine(states), {})["status"] == "SUCCEEDED"
    assert time.monotonic() - begun >= 4 * sandbox_host.settings.wait_scale


# --- The key -----------------------------------------------------------------


def _encrypted(key: str) -> dict[str, Any]:
    return {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": key, "kmsDataKeyReusePeriodSeconds": 300}


def test_a_machine_may_lie_under_a_customers_key() -> None:
    key = a_key()
    machine = _machine({"Only": END}, encryptionConfiguration=_encrypted(key))
    states = client("stepfunctions", ACCOUNT)
    assert states.describe_state_machine(stateMachineArn=machine)["encryptionConfiguration"] == _encrypted(key)
    assert _end_of(machine, {})["status"] == "SUCCEEDED"
    nameless = refusal(lambda: _machine({"Only": END}, encryptionConfiguration={"type": "CUSTOMER_MANAGED_KMS_KEY"}))
    assert nameless[0] == "InvalidEncryptionConfiguration"


def test_so_may_a_machine_of_a_stack() -> None:
    key, name = a_key(), a_name()
    definition = {"StartAt": "Only", "States": {"Only": END}}
    encryption = {"Type": "CUSTOMER_MANAGED_KMS_KEY", "KmsKeyId": key, "KmsDataKeyReusePeriodSeconds": 300}
    properties = {"Definition": definition, "RoleArn": _role(), "EncryptionConfiguration": encryption}
    resource = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    template = {"Resources": {"Machine": resource}, "Outputs": {"Arn": {"Value": {"Ref": "Machine"}}}}
    cloudformation = client("cloudformation", ACCOUNT)
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    [output] = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
    described = client("stepfunctions", ACCOUNT).describe_state_machine(stateMachineArn=output["OutputValue"])
    assert described["encryptionConfiguration"] == _encrypted(key)
