"""Every state machine keeps every law, and every law is one that can be broken."""

import re
from collections.abc import Callable
from copy import deepcopy

import pytest

from tests.contract.state_machines import machine_laws as laws
from tests.contract.state_machines.machine_laws import LAWS, Law
from tests.contract.state_machines.machines import Machine, machine_of
from tests.contract.templates import CONTROL_PLANE, ROOT, actions_of, of_type, statements_of

MACHINES = {name: machine_of(name) for name in of_type(CONTROL_PLANE, "AWS::Serverless::StateMachine")}
SAMPLE = MACHINES["RestoreApprovalStateMachine"]


def test_every_definition_is_deployed_under_its_own_name() -> None:
    files = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("statemachines/*")}
    named = {
        f"statemachines/{re.sub(r'(?<!^)(?=[A-Z])', '_', name.removesuffix('StateMachine')).lower()}.asl.yaml"
        for name in MACHINES
    }
    assert files == named == {machine.properties["DefinitionUri"] for machine in MACHINES.values()}


@pytest.mark.parametrize("machine", MACHINES)
def test_a_machine_that_logs_may_set_up_the_delivery_of_its_logs(machine: str) -> None:
    # Step Functions Developer Guide, "Logging in CloudWatch Logs": without these a machine that logs is not made.
    actions = {action for statement in statements_of(machine) for action in actions_of(statement)}
    deliveries = {f"logs:{verb}LogDelivery" for verb in ("Create", "Get", "Update", "Delete")} | {
        "logs:ListLogDeliveries"
    }
    policies = {"logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"}
    assert "Logging" in MACHINES[machine].properties
    assert {action for action in actions if action.startswith("logs:")} == deliveries | policies


@pytest.mark.parametrize("machine", MACHINES)
def test_a_machine_that_traces_may_write_its_traces(machine: str) -> None:
    # Step Functions Developer Guide, "X-Ray and Step Functions", "IAM policies for X-Ray".
    actions = {action for statement in statements_of(machine) for action in actions_of(statement)}
    sampling = {"xray:GetSamplingRules", "xray:GetSamplingTargets"}
    assert {action for action in actions if action.startswith("xray:")} == (
        sampling | {"xray:PutTelemetryRecords", "xray:PutTraceSegments"}
    )


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("machine", MACHINES)
def test_a_machine_keeps_the_law(machine: str, law: Law) -> None:
    assert law(MACHINES[machine]) == []


# What is done to a good machine, and the law that it breaks by that.
BREACHES: list[tuple[Law, Callable[[Machine], object]]] = [
    (laws.follows_the_states_language, lambda bad: bad.states["CheckRestore"].update(Type="Tusk")),
    (laws.follows_the_states_language, lambda bad: bad.states["BranchOnRestore"].pop("Choices")),
    (laws.expressions_can_be_parsed, lambda bad: bad.states["AwaitRestore"].update(Seconds="{% (1 + %}")),
    (laws.expressions_are_whole_texts, lambda bad: bad.states["FailRestore"].update(Cause="so: {% $reason %}")),
    (
        laws.every_transition_leads_to_a_state_and_every_state_is_reached,
        lambda bad: bad.states["CheckRestore"].update(Next="CheckRestored"),
    ),
    (
        laws.every_transition_leads_to_a_state_and_every_state_is_reached,
        lambda bad: bad.states.update(FinishUnseen={"Type": "Succeed"}),
    ),
    (laws.comments_are_one_sentence, lambda bad: bad.states["TagRestored"].pop("Comment")),
    (laws.comments_are_one_sentence, lambda bad: bad.states["TagRestored"].update(Comment="Tag. And so on.")),
    (laws.comments_are_one_sentence, lambda bad: bad.definition.update(Comment="no sentence")),
    (laws.names_begin_with_a_verb, lambda bad: bad.states.update(RestoreTagged={})),
    (laws.names_begin_with_a_verb, lambda bad: bad.states.update(check_it={})),
    (
        laws.tasks_call_the_function_of_their_name,
        lambda bad: bad.states["TagRestored"]["Arguments"].update(FunctionName="${CheckRestoreFunctionArn}"),
    ),
    (
        laws.tasks_call_the_function_of_their_name,
        lambda bad: bad.substitutions.update(TagRestoredFunctionArn={"!GetAtt": "CheckRestoreFunction.Arn"}),
    ),
    (
        laws.no_two_tasks_call_one_function,
        lambda bad: bad.states.update(TagAgain=bad.states["TagRestored"]),
    ),
    (
        laws.tasks_hand_over_what_their_functions_read,
        lambda bad: bad.states["CheckRestore"]["Arguments"]["Payload"].update(more="x"),
    ),
    (
        laws.tasks_hand_over_what_their_functions_read,
        lambda bad: bad.states["StartRestore"]["Arguments"]["Payload"].pop("execution"),
    ),
    (laws.tasks_give_up_in_time, lambda bad: bad.states["CheckRestore"].pop("TimeoutSeconds")),
    (laws.tasks_give_up_in_time, lambda bad: bad.states["CheckRestore"].update(TimeoutSeconds=900)),
    (laws.tasks_repeat_what_may_pass, lambda bad: bad.states["CheckRestore"].pop("Retry")),
    (
        laws.tasks_repeat_what_may_pass,
        lambda bad: bad.states["CheckRestore"]["Retry"][0]["ErrorEquals"].append("RestoreFailedError"),
    ),
    (
        laws.tasks_repeat_what_may_pass,
        lambda bad: bad.states["CheckRestore"]["Retry"][0].pop("JitterStrategy"),
    ),
    (laws.whatever_goes_wrong_comes_to_the_way_out, lambda bad: bad.states["CheckRestore"].pop("Catch")),
    (laws.whatever_goes_wrong_comes_to_the_way_out, lambda bad: bad.states["StartRestore"]["Catch"].pop()),
    (
        laws.everything_is_caught_only_on_the_way_out,
        lambda bad: bad.states["CheckRestore"]["Catch"][-1].update(Next="FailRestore"),
    ),
    (laws.everything_is_caught_only_on_the_way_out, lambda bad: bad.states["StartRestore"]["Catch"].reverse()),
    (
        laws.everything_is_caught_only_on_the_way_out,
        lambda bad: bad.states["CheckRestore"]["Retry"][0].update(ErrorEquals=["States.ALL"]),
    ),
    (
        laws.errors_that_are_named_exist,
        lambda bad: bad.states["StartRestore"]["Catch"][0].update(ErrorEquals=["TicketLostError"]),
    ),
    (laws.errors_that_are_named_exist, lambda bad: bad.states["FailRestore"].update(Error="UnheardOfError")),
    (
        laws.errors_that_are_named_have_no_kinds_that_go_unmatched,
        lambda bad: bad.states["StartRestore"]["Catch"][0].update(ErrorEquals=["ApprovalVoidError"]),
    ),
    (laws.substitutions_are_given_and_used, lambda bad: bad.substitutions.update(Forgotten="x")),
    (laws.substitutions_are_given_and_used, lambda bad: bad.substitutions.pop("PollSeconds")),
    (
        laws.definitions_hold_no_arn_of_ours,
        lambda bad: bad.states["FinishRestore"].update(Output="arn:aws:sns:eu-west-1:999999999999:alerts"),
    ),
    (
        laws.machines_invoke_their_own_functions_and_no_other,
        lambda bad: bad.role["Policies"][0]["PolicyDocument"]["Statement"][0]["Resource"].append(
            {"!GetAtt": "CastVoteFunction.Arn"}
        ),
    ),
    (
        laws.machines_invoke_their_own_functions_and_no_other,
        lambda bad: bad.role["Policies"][0]["PolicyDocument"]["Statement"][0]["Resource"].pop(),
    ),
    (
        laws.machines_invoke_their_own_functions_and_no_other,
        lambda bad: bad.role["Policies"][0]["PolicyDocument"]["Statement"][1]["Action"].append(
            "backup:StartRestoreJob"
        ),
    ),
    (laws.logs_hold_no_execution_data, lambda bad: bad.properties["Logging"].update(IncludeExecutionData=True)),
    (laws.executions_that_fail_ring, lambda bad: bad.alarms.popitem()),
    (
        laws.executions_that_fail_ring,
        lambda bad: [alarm["Properties"].update(AlarmActions=[]) for alarm in bad.alarms.values()],
    ),
]


@pytest.mark.parametrize(("law", "breach"), BREACHES, ids=[law.__name__ for law, _ in BREACHES])
def test_a_machine_that_breaks_the_law_is_found(law: Law, breach: Callable[[Machine], object]) -> None:
    bad = deepcopy(SAMPLE)
    breach(bad)
    assert law(bad) != []


def test_every_law_has_been_seen_broken() -> None:
    assert {law for law, _ in BREACHES} == set(LAWS)
