"""Ceremonies begin once, only our own executions run, and late answers are no errors."""

from datetime import timedelta

import pytest

from strongroom.adapters.aws.step_functions.ceremonies import CallbackTasks, CeremonyExecutions, RestoreCeremonies
from strongroom.domain.errors import ConfigurationMissingError
from strongroom.domain.restores.executions import closing_name
from tests.fakes.account_clients import STOPPED, FakeStepFunctions

STATES = "arn:aws:states:eu-west-1:999999999999"


MACHINE = f"{STATES}:stateMachine:strongroom-restore"


EXECUTION = f"{STATES}:execution:strongroom-restore:r-1"


def test_a_ceremony_begins_once_and_knows_only_its_request() -> None:
    fake = FakeStepFunctions()
    ceremonies = RestoreCeremonies(fake, "arn:machine")
    assert [ceremonies.begin("r-1") for _ in range(2)] == [True, False]
    assert fake.started == {"r-1": '{"request_id": "r-1"}'}


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
