"""The restore ceremony's own machine: one way out that nothing gets around, and every end written down."""

import math
import re

import pytest

from strongroom.domain.restores.executions import closing_name
from tests.builders.restores import NOW
from tests.contract.state_machines.machine_laws import TRANSIENT
from tests.contract.state_machines.machines import NOT_WAITED_FOR, catches, machine_of, waits_for_people
from tests.contract.templates import template_of

MACHINE = machine_of("RestoreApprovalStateMachine")
STATES = MACHINE.states
PARAMETERS = template_of("template.yaml")["Parameters"]
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


# Step Functions Developer Guide, "Quotas" and "GetExecutionHistory": what an execution may write down, and of each kind
# of state what it does: a task is entered, scheduled, started, succeeds and is left, and what waits is submitted, too.
MOST_EVENTS = 25_000
EVENTS = {"Task": 5, "Wait": 2, "Choice": 2}
SPAN = re.compile(r"\$min\(\[([0-9]+), \$ceil\(\$(wait|bell) \* ([0-9.]+)\)\]\)")


def _rounds(span: str, *, first: int) -> int:
    """How often it is gone around until the machine ends, where each time lasts longer by what the machine says."""
    found = SPAN.search(span)
    assert found is not None
    rounds, passed, lasts = 0, 0, first
    while passed < MACHINE.definition["TimeoutSeconds"]:
        rounds, passed = rounds + 1, passed + lasts
        lasts = min(int(found[1]), math.ceil(lasts * float(found[3])))
    return rounds


@pytest.mark.parametrize(
    ("names", "first"),
    [
        pytest.param(("AwaitCopyBack", "CheckCopyBack", "BranchOnCopyBack"), "PollSeconds", id="a copy back"),
        pytest.param(("AwaitRestore", "CheckRestore", "BranchOnRestore"), "PollSeconds", id="a restore"),
        pytest.param(
            ("KeepDoorbell", "TellApprovers", "JudgeApproval", "BranchOnDecision"), "BellSeconds", id="people"
        ),
    ],
)
def test_x_07_fourteen_days_of_waiting_leave_an_execution_room_for_its_end(names: tuple[str, ...], first: str) -> None:
    """A copy back runs for two weeks, and it is looked at less and less often, so that the execution lives to its
    end.
    """
    events = sum(EVENTS[STATES[name]["Type"]] + (name == "KeepDoorbell") for name in names)
    assert MACHINE.definition["TimeoutSeconds"] == 14 * 24 * 3600
    assert _rounds(str(STATES[names[0]]), first=PARAMETERS[first]["Default"]) * events < MOST_EVENTS * 3 / 4
