"""The restore ceremony's state machine: well-formed, loud, and with one way out that nothing gets around."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonata  # type: ignore[import-untyped]
import msgspec
import pytest
import yaml
from cfnlint.api import lint  # type: ignore[import-untyped]
from cfnlint.match import Match  # type: ignore[import-untyped]

from strongroom.domain import errors
from strongroom.domain.restores.steps import RestoreOutcome
from tests.contract.apps import app
from tests.contract.templates import CONTROL_PLANE, ROOT, of_type

type State = dict[str, Any]

MACHINE = CONTROL_PLANE["RestoreApprovalStateMachine"]["Properties"]
SOURCE = (ROOT / MACHINE["DefinitionUri"]).read_text(encoding="utf-8")
DEFINITION: dict[str, Any] = yaml.safe_load(SOURCE)
STATES: dict[str, State] = DEFINITION["States"]
TASKS = {name: state for name, state in STATES.items() if state["Type"] == "Task"}
CLOSING = "CloseRestore"
VERBS = {"Await", "Branch", "Check", "Close", "Fail", "Finish", "Open", "Reject", "Snapshot", "Start", "Tag"}
# What another try may mend: nobody's decision, nothing that was refused.
TRANSIENT = {
    "TemporarilyUnavailableError",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
}
ENDS_OF_AN_EXECUTION = {"ExecutionsFailed", "ExecutionsTimedOut"}
# Our own errors that a `Retry` or a `Catch` names.
MATCHED = {
    error
    for state in STATES.values()
    for each in (*state.get("Catch", ()), *state.get("Retry", ()))
    for error in each["ErrorEquals"]
    if not error.startswith(("States.", "Lambda."))
}


def ways_on(state: State) -> Iterator[str]:
    """Every state that may come next."""
    yield from (state[key] for key in ("Next", "Default") if key in state)
    yield from (each["Next"] for each in (*state.get("Choices", ()), *state.get("Catch", ())))


def reachable(start: str, *, without: str = "") -> set[str]:
    """Every state that an execution can come to from `start`, never entering `without`."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name not in seen and name != without:
            seen.add(name)
            waiting.extend(ways_on(STATES[name]))
    return seen


def texts(node: Any) -> Iterator[str]:
    """Every text in the definition."""
    match node:
        case str():
            yield node
        case dict():
            for value in node.values():
                yield from texts(value)
        case list():
            for value in node:
                yield from texts(value)


EXPRESSIONS = sorted({text[2:-2].strip() for text in texts(DEFINITION) if text.startswith("{%")})


def is_expression_for_a_number(match: Match) -> bool:
    """Whether cfn-lint complains of an expression where AWS takes one, as for `TimeoutSeconds` in JSONata."""
    path = list(match.path or ())
    return path[-1:] == ["TimeoutSeconds"] and match.message.startswith("'{% ") and "is not of type" in match.message


def test_the_definition_follows_the_states_language() -> None:
    properties = {"RoleArn": "arn:aws:iam::999999999999:role/any", "Definition": DEFINITION}
    template = {"Resources": {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}}}
    findings = lint(json.dumps(template), regions=["eu-west-1"])
    assert [match.message for match in findings if not is_expression_for_a_number(match)] == []


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_can_be_parsed(expression: str) -> None:
    jsonata.Jsonata(re.sub(r"\$\{\w+\}", "1", expression))


def test_an_expression_is_the_whole_text_or_none_of_it() -> None:
    assert [text for text in texts(DEFINITION) if "{%" in text and not re.fullmatch(r"\{%.*%\}", text)] == []


def test_every_transition_leads_to_a_state_and_every_state_is_reached() -> None:
    assert reachable(DEFINITION["StartAt"]) == set(STATES)


def test_no_execution_ends_without_being_closed() -> None:
    before = reachable(DEFINITION["StartAt"], without=CLOSING)
    ends = {name for name in before if STATES[name]["Type"] in {"Succeed", "Fail"} or STATES[name].get("End")}
    assert (ends, CLOSING in STATES) == (set(), True)


@pytest.mark.parametrize("name", STATES)
def test_a_state_has_a_comment_of_one_sentence_and_a_name_that_begins_with_a_verb(name: str) -> None:
    assert re.fullmatch(r"[A-Z].*\.", STATES[name]["Comment"])
    assert re.fullmatch(r"([A-Z][a-z]+)+", name)
    assert re.findall(r"[A-Z][a-z]+", name)[0] in VERBS


@pytest.mark.parametrize("name", TASKS)
def test_a_task_calls_the_function_of_its_name(name: str) -> None:
    assert TASKS[name]["Arguments"]["FunctionName"] == f"${{{name}FunctionArn}}"
    assert MACHINE["DefinitionSubstitutions"][f"{name}FunctionArn"] == {"!GetAtt": f"{name}Function.Arn"}


@pytest.mark.parametrize("name", TASKS)
def test_a_task_hands_over_exactly_what_its_function_reads(name: str) -> None:
    contract = app(re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()).contract("each_step")
    handed = TASKS[name]["Arguments"]["Payload"]
    assert set(handed) == {each.encode_name for each in msgspec.structs.fields(contract)}


@pytest.mark.parametrize("name", TASKS)
def test_a_task_gives_up_in_time(name: str) -> None:
    timeout = TASKS[name]["TimeoutSeconds"]
    waits_for_people = TASKS[name]["Resource"].endswith(".waitForTaskToken")
    assert timeout == "{% $approval_seconds %}" if waits_for_people else 30 < timeout <= 60


@pytest.mark.parametrize("name", TASKS)
def test_a_task_repeats_what_may_pass_with_growing_jittered_pauses_and_nothing_else(name: str) -> None:
    (retry,) = TASKS[name]["Retry"]
    assert set(retry["ErrorEquals"]) == TRANSIENT
    assert (retry["JitterStrategy"], retry["BackoffRate"] > 1, retry["MaxAttempts"] > 1) == ("FULL", True, True)
    assert retry["MaxDelaySeconds"] >= retry["IntervalSeconds"] > 0


@pytest.mark.parametrize("name", sorted(TASKS.keys() - {CLOSING}))
def test_whatever_goes_wrong_in_a_task_is_closed_with_its_outcome_and_reason(name: str) -> None:
    catches = TASKS[name]["Catch"]
    assert [each["Next"] for each in catches] == [CLOSING] * len(catches)
    assert catches[-1]["ErrorEquals"] == ["States.ALL"]
    assert not any("States.ALL" in each["ErrorEquals"] for each in catches[:-1])
    for each in catches:
        assert {"outcome", "error", "reason"} <= each["Assign"].keys()


def test_everything_is_caught_only_on_the_way_to_the_close() -> None:
    for state in STATES.values():
        for each in (*state.get("Catch", ()), *state.get("Retry", ())):
            assert "States.ALL" not in each["ErrorEquals"] or each.get("Next") == CLOSING


def test_what_fails_in_the_close_itself_fails_the_execution_and_rings() -> None:
    # Nothing is left that could close: the execution fails, is alarmed about, and can be redriven from CloseRestore.
    assert "Catch" not in TASKS[CLOSING]
    alarms = of_type(CONTROL_PLANE, "AWS::CloudWatch::Alarm").values()
    machine = [{"Name": "StateMachineArn", "Value": {"!Ref": "RestoreApprovalStateMachine"}}]
    rung = {
        each["Properties"]["MetricName"]: each["Properties"]["AlarmActions"]
        for each in alarms
        if each["Properties"].get("Dimensions") == machine
    }
    assert rung == {end: [{"!Ref": "AlertsTopic"}] for end in ENDS_OF_AN_EXECUTION}


def test_every_outcome_that_is_written_down_is_one() -> None:
    assigned = {
        assign["outcome"]
        for state in STATES.values()
        for assign in (state.get("Assign", {}), *(each["Assign"] for each in state.get("Catch", ())))
        if "outcome" in assign
    }
    literal = {outcome for outcome in assigned if not outcome.startswith("{%")}
    decided = {"denied", "cancelled"}  # come with the decision
    assert literal | decided == {outcome.value for outcome in RestoreOutcome}
    assert assigned - literal == {"{% $states.result.decision %}"}


def test_every_error_that_is_named_exists() -> None:
    told = {state["Assign"]["error"] for state in STATES.values() if state["Type"] == "Pass"}
    assert [error for error in MATCHED | told if not hasattr(errors, error)] == []


def test_an_error_that_is_named_has_no_kinds_of_its_own_that_would_go_unmatched() -> None:
    # Names are matched exactly; every kind of the one that is retried leaves a step under that one's name.
    assert {error for error in MATCHED if getattr(errors, error).__subclasses__()} == {"TemporarilyUnavailableError"}


def test_every_substitution_is_given_and_every_given_one_is_used() -> None:
    assert set(re.findall(r"\$\{(\w+)\}", SOURCE)) == set(MACHINE["DefinitionSubstitutions"])


def test_the_definition_holds_no_arn_of_ours() -> None:
    assert set(re.findall(r"arn:[^\s}]*", SOURCE)) == {task["Resource"] for task in TASKS.values()}


def test_the_machine_may_invoke_its_own_functions_and_no_other() -> None:
    (statements,) = (policy["Statement"] for policy in MACHINE["Policies"])
    (invoke,) = (each for each in statements if each["Action"] == "lambda:InvokeFunction")
    given = [value for name, value in MACHINE["DefinitionSubstitutions"].items() if name.endswith("FunctionArn")]
    assert sorted(map(str, invoke["Resource"])) == sorted(map(str, given))
    others = {action for each in statements if each is not invoke for action in each["Action"]}
    assert {action.partition(":")[0] for action in others} == {"logs"}


def test_the_logs_of_the_machine_hold_no_execution_data() -> None:
    assert MACHINE["Logging"]["IncludeExecutionData"] is False
