"""Executions in the sandbox end where AWS ends them, and are not begun where AWS does not begin them.

Sources: Step Functions Developer Guide, "Service integration patterns" (a task under `.waitForTaskToken` fails when its
call fails), "Task" (`HeartbeatSeconds`, `States.HeartbeatTimeout`), "Quotas" (256 KiB, 25,000 events); API Reference,
StartExecution (`InvalidName`, `InvalidExecutionInput`, idempotence while it runs), CreateStateMachine.
"""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from ministack.services import lambda_svc

from sandbox import lifecycle
from sandbox.clients import client
from sandbox.seams.machines import executions
from tests.integration.authority.conftest import ACCOUNT, a_name, a_role, allow, refusal
from tests.integration.authority.test_services import a_function

FAILED: dict[str, Any] = {"error": True, "body": {"errorType": "DoorStuckError", "errorMessage": "no way out"}}
END: dict[str, Any] = {"Type": "Pass", "End": True}


@pytest.fixture(autouse=True)
def _sandbox(sandbox_host: lifecycle.Sandbox) -> None:
    """A sandbox runs."""


def _answers(monkeypatch: pytest.MonkeyPatch, answer: Callable[..., dict[str, Any]]) -> None:
    """Let functions answer at once, without a worker."""
    for name in ("_execute_function", "_execute_function_with_config_scope"):
        monkeypatch.setattr(lambda_svc, name, answer)


def _machine(**states: dict[str, Any]) -> str:
    role = a_role(allow("lambda:InvokeFunction"), service="states.amazonaws.com")
    definition = json.dumps({"StartAt": next(iter(states)), "States": states})
    made = client("stepfunctions", ACCOUNT).create_state_machine(name=a_name(), definition=definition, roleArn=role.arn)
    return str(made["stateMachineArn"])


def _call(*, waits: bool, **more: Any) -> dict[str, Any]:
    function = a_function(a_role(service="lambda.amazonaws.com"))
    payload = {"token.$": "$$.Task.Token"} if waits else {}
    return {
        "Type": "Task",
        "Resource": f"arn:aws:states:::lambda:invoke{'.waitForTaskToken' if waits else ''}",
        "Parameters": {"FunctionName": function, "Payload": payload},
        "End": True,
        **more,
    }


def _end_of(machine: str, *, within: float = 60) -> dict[str, Any]:
    states = client("stepfunctions", ACCOUNT)
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        found: dict[str, Any] = states.describe_execution(executionArn=execution)
        if found["status"] != "RUNNING":
            return found
        time.sleep(0.05)
    raise AssertionError(f"still running: {found}")


def test_a_function_that_fails_before_it_hands_on_its_token_fails_the_task(monkeypatch: pytest.MonkeyPatch) -> None:
    _answers(monkeypatch, lambda *_: FAILED)
    ended = _end_of(_machine(Ask=_call(waits=True)))
    assert (ended["status"], ended["error"]) == ("FAILED", "DoorStuckError")
    assert json.loads(ended["cause"])["errorMessage"] == "no way out"


def test_such_a_failure_is_tried_again_and_caught_by_its_class(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[object, ...]] = []

    def fail(*given: object) -> dict[str, Any]:
        calls.append(given)
        return FAILED

    _answers(monkeypatch, fail)
    ask = _call(
        waits=True,
        Retry=[{"ErrorEquals": ["DoorStuckError"], "IntervalSeconds": 1, "MaxAttempts": 1}],
        Catch=[{"ErrorEquals": ["DoorStuckError"], "Next": "Caught"}],
    )
    assert _end_of(_machine(Ask=ask, Caught=END))["status"] == "SUCCEEDED"
    assert len(calls) == 2


def test_a_task_that_is_silent_for_longer_than_its_heartbeat_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    _answers(monkeypatch, lambda *_: {"body": {}})
    ended = _end_of(_machine(Ask=_call(waits=True, HeartbeatSeconds=1)))
    assert ended["error"] == "States.HeartbeatTimeout"


def test_a_result_above_256_kib_fails_the_task(monkeypatch: pytest.MonkeyPatch) -> None:
    _answers(monkeypatch, lambda *_: {"body": {"text": "x" * executions.MOST_BYTES}})
    assert _end_of(_machine(Ask=_call(waits=False)))["error"] == "States.DataLimitExceeded"


def test_a_history_that_is_full_ends_the_execution_and_nothing_catches_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executions, "MOST_EVENTS", 20)
    around = {"Type": "Pass", "Next": "Around"}
    ended = _end_of(_machine(Around=around))
    assert ended["status"] == "FAILED"
    assert "maximum number of history events" in ended["cause"]


@pytest.mark.parametrize(
    ("given", "code"),
    [({"name": "a name"}, "InvalidName"), ({"input": "{"}, "InvalidExecutionInput")],
)
def test_what_cannot_be_an_execution_is_not_begun(given: dict[str, str], code: str) -> None:
    states = client("stepfunctions", ACCOUNT)
    assert refusal(lambda: states.start_execution(stateMachineArn=_machine(A=END), **given))[0] == code


def test_the_same_name_with_the_same_input_is_the_same_execution_while_it_runs() -> None:
    states = client("stepfunctions", ACCOUNT)
    machine = _machine(Wait={"Type": "Wait", "Seconds": 600, "End": True})
    first, again = (states.start_execution(stateMachineArn=machine, name="one", input='{"a":1}') for _ in range(2))
    assert (first["executionArn"], first["startDate"]) == (again["executionArn"], again["startDate"])
    other = refusal(lambda: states.start_execution(stateMachineArn=machine, name="one", input='{"a":2}'))
    assert other[0] == "ExecutionAlreadyExists"
    states.stop_execution(executionArn=first["executionArn"])
    ended = refusal(lambda: states.start_execution(stateMachineArn=machine, name="one", input='{"a":1}'))
    assert ended[0] == "ExecutionAlreadyExists"


def test_a_transition_to_nowhere_is_not_stored() -> None:
    code, message = refusal(lambda: _machine(A={"Type": "Pass", "Next": "Nowhere"}))
    assert code == "InvalidDefinition"
    assert "Missing 'Next' target: Nowhere" in message
