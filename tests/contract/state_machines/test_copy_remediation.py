"""The machine that sees to copies: nothing is waited for, and whatever cannot be started is diagnosed."""

from tests.contract.state_machines.machines import catches, machine_of
from tests.contract.templates import CONTROL_PLANE

MACHINE = machine_of("CopyRemediationStateMachine")
STATES = MACHINE.states


def test_it_has_two_steps_that_start_and_that_diagnose() -> None:
    assert MACHINE.tasks.keys() == {"StartCopy", "DiagnoseCopy"}


def test_nothing_is_waited_for_and_nothing_is_asked_twice() -> None:
    # The promise's own looks are the clock: a machine that polls would be paid for each look.
    assert {state["Type"] for state in STATES.values()} == {"Task", "Choice", "Succeed"}
    behind = MACHINE.reachable(without="StartCopy")
    assert behind == set(), "every way begins with reading again"
    assert "StartCopy" not in {STATES[name].get("Next") for name in STATES}


def test_whatever_ends_the_start_leads_to_the_diagnosis_with_its_words() -> None:
    assert MACHINE.ways_out == {"DiagnoseCopy"}
    [caught] = catches(STATES["StartCopy"])
    assert {"error", "reason", "promise"} <= caught["Assign"].keys()


def test_only_what_no_other_try_mends_is_diagnosed() -> None:
    branch = STATES["BranchOnRemedy"]
    assert [(each["Condition"], each["Next"]) for each in branch["Choices"]] == [
        ("{% $remedy = 'diagnose' %}", "DiagnoseCopy")
    ]
    assert branch["Default"] == "FinishRemediation"


def test_only_the_step_that_starts_borrows_the_role_that_copies() -> None:
    text = {name: str(CONTROL_PLANE[f"{name}Role"]) for name in ("StartCopy", "DiagnoseCopy", "SweepOverdueCopies")}
    assert {name for name, policies in text.items() if "strongroom-copying" in policies} == {"StartCopy"}
