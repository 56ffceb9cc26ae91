"""The restore ceremony's own machine: one way out that nothing gets around, and every end written down."""

import pytest

from strongroom.domain.restores.executions import closing_name
from tests.builders.restores import NOW
from tests.contract.state_machines.machine_laws import TRANSIENT
from tests.contract.state_machines.machines import NOT_WAITED_FOR, catches, machine_of, waits_for_people

MACHINE = machine_of("RestoreApprovalStateMachine")
STATES = MACHINE.states
TASKS = MACHINE.tasks
CLOSING = "CloseRestore"
MARK = "-close-"
# Where a task waits on when whoever it asked is away for longer than it is tried again.
WAITING = {
    "SnapshotTicket": "AwaitTicket",
    "JudgeApproval": "KeepDoorbell",
    "StartCopyBack": "KeepDoorbell",
    "CheckCopyBack": "AwaitCopyBack",
    "StartRestore": "KeepDoorbell",
    "CheckRestore": "AwaitRestore",
}


def test_whatever_goes_wrong_is_closed() -> None:
    assert MACHINE.ways_out == {CLOSING}
    nexts = {each["Next"] for name, task in TASKS.items() for each in catches(task) if name not in NOT_WAITED_FOR}
    # What is still awaited, or was away for a moment, is waited for, and nothing else goes on.
    assert nexts == {CLOSING, *WAITING.values()}


def test_x07_whoever_is_away_is_waited_for_and_ends_nothing() -> None:
    passing = {
        name: [each["Next"] for each in catches(TASKS[name]) if set(each["ErrorEquals"]) == TRANSIENT]
        for name in WAITING
    }
    assert passing == {name: [waits] for name, waits in WAITING.items()}


def test_only_what_is_still_awaited_leads_back_to_people() -> None:
    back = [each for task in TASKS.values() for each in catches(task) if each["Next"] == "KeepDoorbell"]
    named = [each["ErrorEquals"] for each in back if set(each["ErrorEquals"]) != TRANSIENT]
    assert named == [["ApprovalPendingError"]] * 2


def test_x07_an_execution_that_closes_what_another_left_does_nothing_else() -> None:
    [closing] = STATES[MACHINE.definition["StartAt"]]["Choices"]
    assert closing["Condition"] == f"{{% $contains($states.context.Execution.Name, '{MARK}') %}}"
    assert closing["Next"] == CLOSING
    after = {STATES[CLOSING]["Next"], *(each["Next"] for each in STATES["BranchOnOutcome"]["Choices"])}
    assert {name for name in after | {STATES["BranchOnOutcome"]["Default"]} if name in TASKS} == set()
    assert MARK in closing_name("r-bbbbbbbbbbbb", at=NOW)


def test_no_execution_ends_without_being_closed() -> None:
    before = MACHINE.reachable(without=CLOSING)
    ends = {name for name in before if STATES[name]["Type"] in {"Succeed", "Fail"} or STATES[name].get("End")}
    assert (ends, CLOSING in STATES) == (set(), True)


def test_the_judge_looks_again_after_some_minutes_if_nobody_rings() -> None:
    waits = {name: task["TimeoutSeconds"] for name, task in TASKS.items() if waits_for_people(task)}
    assert waits == {"KeepDoorbell": "{% $bell %}"}
    assert STATES["BranchOnExecution"]["Assign"]["bell"] == "{% ${BellSeconds} %}"
    [timeout, *_] = catches(TASKS["KeepDoorbell"])
    assert (timeout["ErrorEquals"], timeout["Next"]) == (["States.Timeout"], "TellApprovers")
    assert TASKS["TellApprovers"]["Next"] == "JudgeApproval"
    # In fourteen days 12,500 events of the 25,000: a bell that was lost is rung by the sweep within a minute.
    assert timeout["Assign"] == {"bell": "{% $min([1800, $ceil($bell * 1.25)]) %}"}


@pytest.mark.parametrize("name", sorted(TASKS.keys() - {CLOSING}))
def test_what_leads_to_the_close_tells_its_error_and_reason(name: str) -> None:
    assert catches(TASKS[name])
    for each in catches(TASKS[name]):
        if each["Next"] == CLOSING:
            assert {"error", "reason"} <= each["Assign"].keys()


def test_what_fails_in_the_close_itself_fails_the_execution() -> None:
    # Nothing is left that could close: the execution fails, is alarmed about, and can be redriven from CloseRestore.
    assert "Catch" not in TASKS[CLOSING]


def test_no_state_says_how_it_ended_but_the_close() -> None:
    saying = {
        name
        for name, state in STATES.items()
        for assign in (state.get("Assign", {}), *(each.get("Assign", {}) for each in catches(state)))
        if "outcome" in assign
    }
    assert saying == {CLOSING}


def test_a_job_is_looked_at_less_and_less_often() -> None:
    # 18,225 events in fourteen days, of the 25,000 that an execution may have.
    for name in ("AwaitCopyBack", "AwaitRestore"):
        assert STATES[name]["Assign"] == {"wait": "{% $min([600, $ceil($wait * 1.5)]) %}"}
