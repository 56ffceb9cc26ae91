"""The laws that every state machine keeps: each answers with what breaks it, and with nothing where all is well."""

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import jsonata  # type: ignore[import-untyped]
import msgspec
from cfnlint.api import lint  # type: ignore[import-untyped]
from cfnlint.match import Match  # type: ignore[import-untyped]

from strongroom.domain import errors
from tests.contract.apps import app
from tests.contract.state_machines.machines import EVERYTHING, Machine, catches, is_for_everything, waits_for_people

type Law = Callable[[Machine], list[str]]

VERBS = {
    "Await",
    "Branch",
    "Check",
    "Claim",
    "Close",
    "Diagnose",
    "Fail",
    "Finish",
    "Inspect",
    "Judge",
    "Keep",
    "Report",
    "Snapshot",
    "Start",
    "Tag",
    "Tell",
}
# What another try may mend: nobody's decision, nothing that was refused.
TRANSIENT = {
    "TemporarilyUnavailableError",
    # Lambda ended the function: it took too long, or its process died (Step Functions Developer Guide, "Error names").
    "Sandbox.Timedout",
    "Lambda.Unknown",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
}
_ENDS_TO_RING_FOR = {"ExecutionsAborted", "ExecutionsFailed", "ExecutionsTimedOut"}
_SECONDS = range(31, 61)


def follows_the_states_language(machine: Machine) -> list[str]:
    """The definition is one, by AWS's own schema."""
    properties = {"RoleArn": "arn:aws:iam::999999999999:role/any", "Definition": machine.definition}
    template = {"Resources": {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}}}
    findings = lint(json.dumps(template).replace("${Partition}", "aws"), regions=["eu-west-1"])
    return [match.message for match in findings if not _is_expression_for_a_number(match)]


def expressions_can_be_parsed(machine: Machine) -> list[str]:
    """What stands between `{%` and `%}` is JSONata."""
    return [text for text in machine.texts if text.startswith("{%") and not _is_jsonata(text[2:-2])]


def expressions_are_whole_texts(machine: Machine) -> list[str]:
    """A text is an expression or none: half of one would be sent as it stands."""
    return [text for text in machine.texts if "{%" in text and not re.fullmatch(r"\{%.*%\}", text)]


def every_transition_leads_to_a_state_and_every_state_is_reached(machine: Machine) -> list[str]:
    """No way leads nowhere, and no state stands aside."""
    return sorted(machine.reachable() ^ machine.states.keys())


def comments_are_one_sentence(machine: Machine) -> list[str]:
    """The machine and each state say in one sentence what they are for."""
    spoken = {machine.logical_id: machine.definition} | machine.states
    return [name for name, each in spoken.items() if not re.fullmatch(r"[A-Z][^.]*\.", each.get("Comment", ""))]


def names_begin_with_a_verb(machine: Machine) -> list[str]:
    """A state is called by what it does, in PascalCase, in the verbs that all machines share."""
    return [
        name
        for name in machine.states
        if not re.fullmatch(r"([A-Z][a-z]+)+", name) or re.findall(r"[A-Z][a-z]+", name)[0] not in VERBS
    ]


def tasks_call_the_function_of_their_name(machine: Machine) -> list[str]:
    """One name from the state to the function, by way of a substitution."""
    return [
        name
        for name, task in machine.tasks.items()
        if task["Arguments"]["FunctionName"] != f"${{{name}FunctionArn}}"
        or machine.substitutions.get(f"{name}FunctionArn") != {"!GetAtt": f"{name}Function.Arn"}
    ]


def no_two_tasks_call_one_function(machine: Machine) -> list[str]:
    """What fails is known by its state, so a function does one thing in one place."""
    called = Counter(task["Arguments"]["FunctionName"] for task in machine.tasks.values())
    return [function for function, count in called.items() if count > 1]


def tasks_hand_over_what_their_functions_read(machine: Machine) -> list[str]:
    """The payload is the function's contract, no more and no less."""
    return [
        name
        for name, task in machine.tasks.items()
        if set(task["Arguments"]["Payload"]) != {each.encode_name for each in _contract_fields(name)}
    ]


def tasks_give_up_in_time(machine: Machine) -> list[str]:
    """Each task has a limit of at most a minute, or what was said of how long people may take."""
    return [
        name
        for name, task in machine.tasks.items()
        if "TimeoutSeconds" not in task or (not waits_for_people(task) and task["TimeoutSeconds"] not in _SECONDS)
    ]


def tasks_repeat_what_may_pass(machine: Machine) -> list[str]:
    """What may pass is tried again with growing, jittered pauses, and nothing else is."""
    return [name for name, task in machine.tasks.items() if not _is_patient(task.get("Retry", []))]


def whatever_goes_wrong_comes_to_the_way_out(machine: Machine) -> list[str]:
    """Each task but the way out catches everything, last, and leads it there."""
    return [
        name
        for name, task in machine.tasks.items()
        if name not in machine.ways_out and not any(map(is_for_everything, catches(task)[-1:]))
    ]


def everything_is_caught_only_on_the_way_out(machine: Machine) -> list[str]:
    """There is one way out; `States.ALL` leads there, stands alone and last, and is never retried."""
    astray = [
        name
        for name, state in machine.states.items()
        if any(map(is_for_everything, [*state.get("Retry", ()), *catches(state)[:-1]]))
        or any(is_for_everything(each) and each["ErrorEquals"] != [EVERYTHING] for each in catches(state))
    ]
    return astray if len(machine.ways_out) == 1 else [*astray, *sorted(machine.ways_out), "is not one way out"]


def errors_that_are_named_exist(machine: Machine) -> list[str]:
    """What is caught, retried or told by name is an error of ours."""
    told = {state.get("Assign", {}).get("error", "") for state in machine.states.values()}
    told |= {state.get("Error", "") for state in machine.states.values()}
    named = _matched(machine) | {error for error in told if error and not error.startswith("{%")}
    return sorted(error for error in named if not hasattr(errors, error))


def errors_that_are_named_have_no_kinds_that_go_unmatched(machine: Machine) -> list[str]:
    """Names are matched exactly; every kind of the one that is retried leaves a step under that one's name."""
    kinds = {error for error in _matched(machine) if hasattr(errors, error) and getattr(errors, error).__subclasses__()}
    return sorted(kinds - {"TemporarilyUnavailableError"})


def substitutions_are_given_and_used(machine: Machine) -> list[str]:
    """The template puts in what the definition leaves open, and nothing else."""
    return sorted(
        {name for text in machine.texts for name in re.findall(r"\$\{(\w+)\}", text)} ^ set(machine.substitutions)
    )


def definitions_hold_no_arn_of_ours(machine: Machine) -> list[str]:
    """An ARN of ours comes by substitution; what is left names Step Functions' own integrations."""
    integrations = {task["Resource"] for task in machine.tasks.values()}
    return sorted(arn for text in {*machine.texts} - integrations for arn in re.findall(r"arn:[^\s}]*", text))


def machines_invoke_their_own_functions_and_no_other(machine: Machine) -> list[str]:
    """The machine's role may run what the machine runs, and beside that write its log and its traces."""
    statements = [each for policy in machine.role["Policies"] for each in policy["PolicyDocument"]["Statement"]]
    allowed = [(action, each["Resource"]) for each in statements for action in _listed(each["Action"])]
    given = [value for name, value in machine.substitutions.items() if name.endswith("FunctionArn")]
    invoked = [arn for action, arns in allowed if action == "lambda:InvokeFunction" for arn in _listed(arns)]
    others = {action for action, _ in allowed if action.partition(":")[0] not in ("logs", "xray")}
    others -= {"lambda:InvokeFunction"}
    return sorted(others) + sorted(str(arn) for arn in [*invoked, *given] if invoked.count(arn) != given.count(arn))


def logs_hold_no_execution_data(machine: Machine) -> list[str]:
    """Execution data holds task tokens."""
    return [] if machine.properties["Logging"]["IncludeExecutionData"] is False else ["IncludeExecutionData"]


def executions_that_fail_ring(machine: Machine) -> list[str]:
    """An execution that ends without reaching its way out is told to those on call."""
    rung = {
        alarm["Properties"]["MetricName"]
        for alarm in machine.alarms.values()
        if alarm["Properties"]["AlarmActions"] == [{"!Ref": "AlertsTopic"}]
    }
    return sorted(_ENDS_TO_RING_FOR - rung)


LAWS: tuple[Law, ...] = (
    follows_the_states_language,
    expressions_can_be_parsed,
    expressions_are_whole_texts,
    every_transition_leads_to_a_state_and_every_state_is_reached,
    comments_are_one_sentence,
    names_begin_with_a_verb,
    tasks_call_the_function_of_their_name,
    no_two_tasks_call_one_function,
    tasks_hand_over_what_their_functions_read,
    tasks_give_up_in_time,
    tasks_repeat_what_may_pass,
    whatever_goes_wrong_comes_to_the_way_out,
    everything_is_caught_only_on_the_way_out,
    errors_that_are_named_exist,
    errors_that_are_named_have_no_kinds_that_go_unmatched,
    substitutions_are_given_and_used,
    definitions_hold_no_arn_of_ours,
    machines_invoke_their_own_functions_and_no_other,
    logs_hold_no_execution_data,
    executions_that_fail_ring,
)


def _is_jsonata(expression: str) -> bool:
    try:
        jsonata.Jsonata(re.sub(r"\$\{\w+\}", "1", expression.strip()))
    except jsonata.JException:
        return False
    return True


def _is_expression_for_a_number(match: Match) -> bool:
    """Whether cfn-lint complains of an expression where AWS takes one, as for `TimeoutSeconds` in JSONata."""
    path = list(match.path or ())
    return path[-1:] == ["TimeoutSeconds"] and match.message.startswith("'{% ") and "is not of type" in match.message


def _contract_fields(task: str) -> tuple[msgspec.structs.FieldInfo, ...]:
    function = re.sub(r"(?<!^)(?=[A-Z])", "_", task).lower()
    return msgspec.structs.fields(app(function).contract("each_step"))


def _is_patient(retries: list[dict[str, Any]]) -> bool:
    if len(retries) != 1:
        return False
    [retry] = retries
    grows = retry.get("JitterStrategy") == "FULL" and retry["BackoffRate"] > 1 and retry["MaxAttempts"] > 1
    return set(retry["ErrorEquals"]) == TRANSIENT and grows and retry["MaxDelaySeconds"] >= retry["IntervalSeconds"] > 0


def _matched(machine: Machine) -> set[str]:
    """Our own errors that a `Retry` or a `Catch` names."""
    return {
        error
        for state in machine.states.values()
        for each in (*catches(state), *state.get("Retry", ()))
        for error in each["ErrorEquals"]
        if not error.startswith(("States.", "Lambda.", "Sandbox."))
    }


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
