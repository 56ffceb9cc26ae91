"""Ceremonies and remediations begin once, only our own executions run, and late answers are no errors."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from sandbox.machines.names import is_name
from strongroom.adapters.aws.step_functions import (
    AccountOnboardings,
    CallbackTasks,
    CeremonyExecutions,
    CopyRemediations,
    RestoreCeremonies,
)
from strongroom.domain.errors import ConfigurationMissingError
from strongroom.domain.restores.executions import closing_name
from tests.builders.copies import CONTINUOUS, SOURCE, a_promise
from tests.builders.places import CENTRAL_VAULT, PAYMENTS, REPLICA_VAULT
from tests.fakes.account_clients import refusal

STOPPED = datetime(2026, 11, 23, 14, 20, tzinfo=UTC)
STATES = "arn:aws:states:eu-west-1:999999999999"
MACHINE = f"{STATES}:stateMachine:strongroom-restore"
EXECUTION = f"{STATES}:execution:strongroom-restore:r-1"


class FakeStepFunctions:
    """`executions` are the state and the machine of each that there is, by its ARN."""

    def __init__(self, error: str = "", executions: dict[str, tuple[str, str]] | None = None) -> None:
        self.error = error
        self.executions = executions or {}
        self.started: dict[str, str] = {}

    def start_execution(self, **request: Any) -> None:
        if request["name"] in self.started:
            raise refusal("ExecutionAlreadyExists", "StartExecution")
        self.started[request["name"]] = request["input"]

    def describe_execution(self, *, executionArn: str) -> dict[str, Any]:  # noqa: N803 - as boto3 has it
        if self.error or executionArn not in self.executions:
            raise refusal(self.error or "ExecutionDoesNotExist", "DescribeExecution")
        status, machine = self.executions[executionArn]
        stopped = {} if status == "RUNNING" else {"stopDate": STOPPED}
        return {"executionArn": executionArn, "status": status, "stateMachineArn": machine} | stopped

    def send_task_success(self, **request: Any) -> None:
        if self.error:
            raise refusal(self.error, "SendTaskSuccess")


def test_a_ceremony_begins_once_and_knows_only_its_request() -> None:
    fake = FakeStepFunctions()
    ceremonies = RestoreCeremonies(fake, "arn:machine")
    assert [ceremonies.begin("r-1") for _ in range(2)] == [True, False]
    assert fake.started == {"r-1": '{"request_id": "r-1"}'}


def test_a_remediation_begins_once_for_a_promise_and_an_attempt_and_knows_only_which_promise() -> None:
    fake = FakeStepFunctions()
    remediations = CopyRemediations(lambda: fake, "arn:machine")
    for attempt in (1, 1, 2):
        remediations.begin(a_promise(), attempt=attempt)
    assert [name.rpartition("-")[2] for name in fake.started] == ["1", "2"]
    assert all(is_name(name) for name in fake.started)
    told = {"recovery_point": SOURCE, "destination": CENTRAL_VAULT, "night": "", "account": PAYMENTS}
    assert [json.loads(each) for each in fake.started.values()] == [told, told]


def test_an_onboarding_begins_once_for_an_event_of_an_account() -> None:
    fake = FakeStepFunctions()
    onboardings = AccountOnboardings(fake, "arn:machine")
    for event in ("e-1", "e-1", "e-2"):
        onboardings.begin(PAYMENTS, event_id=event)
    assert len(fake.started) == 2
    assert all(is_name(name) and name.startswith(f"onboard-{PAYMENTS}-") for name in fake.started)
    assert {*fake.started.values()} == {json.dumps({"account": PAYMENTS})}


def test_each_promise_has_a_remediation_of_its_own() -> None:
    fake = FakeStepFunctions()
    nights = [
        a_promise(recovery_point=CONTINUOUS, night=f"job-{day}", created_at=STOPPED + timedelta(days=day))
        for day in (1, 2)
    ]
    for promise in (a_promise(), a_promise(destination=REPLICA_VAULT), *nights):
        CopyRemediations(lambda: fake, "arn:machine").begin(promise, attempt=1)
    assert len(fake.started) == 4


def test_a_remediation_that_nobody_may_begin_is_a_fault_of_ours() -> None:
    def refused(**_: Any) -> None:
        raise refusal("AccessDeniedException", "StartExecution")

    client = SimpleNamespace(start_execution=refused)
    with pytest.raises(ConfigurationMissingError):
        CopyRemediations(lambda: client, "arn:machine").begin(a_promise(), attempt=1)


def test_what_a_ceremony_left_open_is_closed_under_a_name_of_its_own_once_in_ten_minutes() -> None:
    fake = FakeStepFunctions()
    for minutes in (0, 9, 10):
        RestoreCeremonies(fake, "arn:machine").begin_closing("r-1", now=STOPPED + timedelta(minutes=minutes))
    assert set(fake.started.values()) == {'{"request_id": "r-1"}'}
    assert list(fake.started) == [closing_name("r-1", at=STOPPED + timedelta(minutes=each)) for each in (0, 10)]


@pytest.mark.parametrize(
    ("state", "has_ended"),
    [
        ("RUNNING", False),
        ("SUCCEEDED", True),
        ("FAILED", True),
        ("TIMED_OUT", True),
        ("ABORTED", True),
        ("PENDING_REDRIVE", False),
    ],
)
def test_an_execution_has_ended_when_it_will_not_go_on(state: str, *, has_ended: bool) -> None:
    executions = CeremonyExecutions(FakeStepFunctions(executions={EXECUTION: (state, MACHINE)}), MACHINE)
    assert executions.ended_at(EXECUTION) == (STOPPED if has_ended else None)


@pytest.mark.parametrize("execution", [EXECUTION, f"{STATES}:execution:mine:r-1"], ids=["is not there", "is not ours"])
def test_an_execution_that_is_none_of_ours_has_not_ended(execution: str) -> None:
    fake = FakeStepFunctions(executions={f"{STATES}:execution:mine:r-1": ("FAILED", OTHER_MACHINE)})
    assert CeremonyExecutions(fake, MACHINE).ended_at(execution) is None


@pytest.mark.parametrize("state", ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"])
def test_an_execution_runs_while_step_functions_says_so(state: str) -> None:
    executions = CeremonyExecutions(FakeStepFunctions(executions={EXECUTION: (state, MACHINE)}), MACHINE)
    assert executions.is_running(EXECUTION) is (state == "RUNNING")


OTHER_MACHINE = f"{STATES}:stateMachine:mine"


@pytest.mark.parametrize(
    ("execution", "machine"),
    [
        pytest.param(f"{STATES}:execution:mine:r-1", OTHER_MACHINE, id="of another machine"),
        pytest.param(f"{STATES}:execution:mine:r-1", MACHINE, id="of another name"),
        pytest.param(f"{STATES}:execution:strongroom-restore-mine:r-1", MACHINE, id="of a longer name"),
        pytest.param(EXECUTION, OTHER_MACHINE, id="of a machine that is described as another"),
        pytest.param(EXECUTION.replace("9" * 12, "6" * 12), MACHINE, id="of another account"),
        pytest.param(EXECUTION.replace("eu-west-1", "eu-west-2"), MACHINE, id="of another Region"),
        pytest.param(MACHINE, MACHINE, id="the machine itself"),
        pytest.param("", MACHINE, id="none"),
    ],
)
def test_an_execution_of_another_machine_is_none_of_ours(execution: str, machine: str) -> None:
    running = FakeStepFunctions(executions={execution: ("RUNNING", machine)})
    assert not CeremonyExecutions(running, MACHINE).is_running(execution)


@pytest.mark.parametrize("code", ["ExecutionDoesNotExist", "InvalidArn"])
def test_an_execution_that_is_not_there_does_not_run(code: str) -> None:
    assert not CeremonyExecutions(FakeStepFunctions(code), MACHINE).is_running(EXECUTION)


def test_an_execution_that_cannot_be_looked_at_is_not_taken_for_one_that_does_not_run() -> None:
    executions = CeremonyExecutions(FakeStepFunctions("AccessDeniedException"), MACHINE)
    with pytest.raises(ConfigurationMissingError, match="DescribeExecution answered AccessDeniedException"):
        executions.is_running(EXECUTION)


@pytest.mark.parametrize("code", ["InvalidToken", "TaskTimedOut", "TaskDoesNotExist"])
def test_a_closed_task_is_closed_whatever_it_is_called(code: str) -> None:
    assert not CallbackTasks(FakeStepFunctions(code)).succeed("t", {})


def test_an_open_task_goes_on() -> None:
    assert CallbackTasks(FakeStepFunctions()).succeed("t", {})


def test_any_other_refusal_is_an_error() -> None:
    with pytest.raises(ConfigurationMissingError, match="SendTaskSuccess answered AccessDeniedException"):
        CallbackTasks(FakeStepFunctions("AccessDeniedException")).succeed("t", {})
