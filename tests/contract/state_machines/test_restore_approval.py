"""The restore ceremony's own machine: one way out that nothing gets around, and every end written down."""

import pytest

from strongroom.domain.restores.steps import RestoreOutcome
from tests.contract.state_machines.machines import catches, machine_of, waits_for_people

MACHINE = machine_of("RestoreApprovalStateMachine")
STATES = MACHINE.states
TASKS = MACHINE.tasks
CLOSING = "CloseRestore"


def test_whatever_goes_wrong_is_closed() -> None:
    assert MACHINE.ways_out == {CLOSING}
    assert {each["Next"] for task in TASKS.values() for each in catches(task)} == {CLOSING}


def test_no_execution_ends_without_being_closed() -> None:
    before = MACHINE.reachable(without=CLOSING)
    ends = {name for name in before if STATES[name]["Type"] in {"Succeed", "Fail"} or STATES[name].get("End")}
    assert (ends, CLOSING in STATES) == (set(), True)


def test_people_have_as_long_as_the_request_says() -> None:
    waits = {name: task["TimeoutSeconds"] for name, task in TASKS.items() if waits_for_people(task)}
    assert waits == {"OpenApproval": "{% $approval_seconds %}"}


@pytest.mark.parametrize("name", sorted(TASKS.keys() - {CLOSING}))
def test_whatever_goes_wrong_in_a_task_is_told_with_its_outcome_and_reason(name: str) -> None:
    assert catches(TASKS[name])
    for each in catches(TASKS[name]):
        assert {"outcome", "error", "reason"} <= each["Assign"].keys()


def test_what_fails_in_the_close_itself_fails_the_execution() -> None:
    # Nothing is left that could close: the execution fails, is alarmed about, and can be redriven from CloseRestore.
    assert "Catch" not in TASKS[CLOSING]


def test_every_outcome_that_is_written_down_is_one() -> None:
    assigned = {
        assign["outcome"]
        for state in STATES.values()
        for assign in (state.get("Assign", {}), *(each["Assign"] for each in catches(state)))
        if "outcome" in assign
    }
    literal = {outcome for outcome in assigned if not outcome.startswith("{%")}
    decided = {"denied", "cancelled"}  # come with the decision
    assert literal | decided == {outcome.value for outcome in RestoreOutcome}
    assert assigned - literal == {"{% $states.result.decision %}"}
