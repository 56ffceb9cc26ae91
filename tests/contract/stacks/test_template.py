"""The template, the functions and the project's own settings agree with each other."""

import ast
import tomllib

import pytest

from strongroom.adapters.aws.clients import connect
from strongroom.adapters.aws.keys.managers import TOGETHER
from strongroom.domain.identifiers import Region
from tests.contract.templates import APPLICATIONS, ROOT, application_of, of_type, template_of
from tests.contract.templates import CONTROL_PLANE as RESOURCES

FUNCTIONS = sorted(path.parent.name for path in ROOT.glob("functions/*/app.py"))
DEPLOYED = {
    name: function
    for resources in APPLICATIONS.values()
    for name, function in of_type(resources, "AWS::Serverless::Function").items()
}


DEAD = {"DeadLettersQueue", "ForwarderDeadLettersQueue", "UnwatchedQueue"}


def _logical_id(function: str) -> str:
    return "".join(word.capitalize() for word in function.split("_")) + "Function"


def test_every_folder_is_a_function_and_every_function_a_folder() -> None:
    assert {_logical_id(function) for function in FUNCTIONS} == set(DEPLOYED)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_function_lives_in_the_folder_of_its_name(function: str) -> None:
    template = ROOT / application_of(_logical_id(function))
    code = template.parent / DEPLOYED[_logical_id(function)]["Properties"]["CodeUri"]
    assert code.resolve() == ROOT / "functions" / function


@pytest.mark.parametrize("function", FUNCTIONS)
def test_description_is_the_docstring(function: str) -> None:
    source = (ROOT / "functions" / function / "app.py").read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(source))
    assert docstring is not None
    described = " ".join(DEPLOYED[_logical_id(function)]["Properties"]["Description"].split())
    assert described == docstring.splitlines()[0]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_function_folder_holds_the_handler_and_nothing_else(function: str) -> None:
    files = {path.name for path in (ROOT / "functions" / function).iterdir() if path.name != "__pycache__"}
    assert files == {"app.py"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_function_has_a_service_and_a_test_of_its_name(function: str) -> None:
    assert len([*(ROOT / "layers" / "core" / "strongroom" / "services").rglob(f"{function}.py")]) == 1
    assert len([*(ROOT / "tests" / "functions").rglob(f"test_{function}.py")]) == 1


@pytest.mark.parametrize("function", DEPLOYED)
def test_a_service_that_never_answers_is_given_up_before_lambda_ends_the_function(function: str) -> None:
    waits = connect("dynamodb", region=Region("eu-west-1"), credentials=None).meta.config
    longest = (waits.connect_timeout + waits.read_timeout) * waits.retries["total_max_attempts"]
    of_all = template_of(application_of(function))["Globals"]["Function"]["Timeout"]
    assert longest < DEPLOYED[function]["Properties"].get("Timeout", of_all)


@pytest.mark.parametrize("function", ["AnswerDriftFunction", "EnforceTagsFunction"])
def test_silent_kms_leave_a_batch_half_of_its_time(function: str) -> None:
    """What was asked for last may take as long as its client waits."""
    waits = connect("kms", region=Region("eu-west-1"), credentials=None, hasty=True).meta.config
    longest = (waits.connect_timeout + waits.read_timeout) * waits.retries["total_max_attempts"]
    assert TOGETHER.seconds + longest < DEPLOYED[function]["Properties"]["Timeout"] / 2


def test_what_a_person_waits_for_is_traced_and_what_a_queue_brings_is_not() -> None:
    """A trace for each backup would be a third of what a night costs; the event's id follows it through the logs."""
    traced = {name for name, function in DEPLOYED.items() if function["Properties"].get("Tracing") == "Active"}
    ceremony = RESOURCES["RestoreApprovalStateMachine"]["Properties"]["DefinitionSubstitutions"]
    steps = {name.removesuffix("Arn") for name in ceremony if name.endswith("FunctionArn")}
    events = {name: function["Properties"].get("Events", {}).values() for name, function in DEPLOYED.items()}
    asked = {name for name, each in events.items() if any(event["Type"] == "Api" for event in each)}
    assert traced == steps | asked


def test_a_batch_that_is_gathered_stays_hidden_until_it_is_tried() -> None:
    """Six times the timeout, and the window (AWS Lambda Developer Guide, "Using Lambda with Amazon SQS")."""
    of_all = template_of("template.yaml")["Globals"]["Function"]["Timeout"]
    for name, function in of_type(RESOURCES, "AWS::Serverless::Function").items():
        for event in function["Properties"].get("Events", {}).values():
            source = event["Properties"]
            if window := source.get("MaximumBatchingWindowInSeconds"):
                hidden = RESOURCES[source["Queue"]["!GetAtt"].partition(".")[0]]["Properties"]["VisibilityTimeout"]
                assert hidden >= 6 * function["Properties"].get("Timeout", of_all) + window, name


def test_every_queue_gives_up_to_the_dead_letters() -> None:
    queues = {name: each for name, each in RESOURCES.items() if each["Type"] == "AWS::SQS::Queue"}
    for name, queue in queues.items():
        if name != "DeadLettersQueue":
            redrive = queue["Properties"]["RedrivePolicy"]
            assert redrive["deadLetterTargetArn"] == {"!GetAtt": "DeadLettersQueue.Arn"}, name


FOURTEEN_DAYS = 14 * 24 * 3600
# A heartbeat says that all was well when it was sent, and nothing once the next is due.
# Nobody reads what the audit account counts. Which account was not gone through is told again, for a day.
SHORT_LIVED = {"HearHeartbeatQueue": 2 * 3600, "SweepEndsQueue": 60, "TakeInventoryQueue": 24 * 3600}
KEPT = {
    name: resources[name]["Properties"].get("MessageRetentionPeriod")
    for resources in APPLICATIONS.values()
    for rule in of_type(resources, "AWS::Events::Rule").values()
    if "EventBusName" in rule["Properties"]
    for target in rule["Properties"]["Targets"]
    for name in [target["Arn"].get("!GetAtt", "").partition(".")[0]]
    if name
}


def test_the_queues_of_events_are_found_in_both_applications() -> None:
    assert {"OpenPromisesQueue", "VerifyCopyQueue", "PostAlertQueue", "WatchRestoresQueue"} <= KEPT.keys()


@pytest.mark.parametrize("queue", KEPT)
def test_what_happened_is_kept_for_as_long_as_sqs_keeps_anything(queue: str) -> None:
    """Nobody sends an event of AWS again; six days away were too long for the four days that SQS keeps by itself."""
    assert KEPT[queue] == SHORT_LIVED.get(queue, FOURTEEN_DAYS)


@pytest.mark.parametrize(
    "path",
    [
        *APPLICATIONS,
        "stacks/member.yaml",
        "stacks/member-global.yaml",
        "stacks/management.yaml",
        "stacks/management-home.yaml",
        "stacks/vault-forwarder.yaml",
    ],
)
def test_dead_letters_are_kept_as_long(path: str) -> None:
    queues = of_type(template_of(path)["Resources"], "AWS::SQS::Queue")
    dead = {name: each["Properties"]["MessageRetentionPeriod"] for name, each in queues.items() if name in DEAD}
    assert set(dead.values()) == {FOURTEEN_DAYS}


# What a function of ours hands on, and no rule.
HANDED_ON = {"TakeAlertClickQueue"}


def test_every_queue_takes_messages_from_rules_but_what_a_function_hands_on() -> None:
    queues = {name for name, each in RESOURCES.items() if each["Type"] == "AWS::SQS::Queue"}
    assert {each["!Ref"] for each in RESOURCES["QueuesPolicy"]["Properties"]["Queues"]} == queues - HANDED_ON


def test_clicks_are_handed_on_by_the_function_that_takes_them_and_nobody_else() -> None:
    said = {name: str(each) for name, each in RESOURCES.items() if each["Type"] != "AWS::Serverless::Function"}
    sending = {name for name, text in said.items() if "sqs:SendMessage" in text and "TakeAlertClickQueue" in text}
    assert sending == {"ReceiveSlackClickRole"}


def test_nobody_publishes_alerts_without_a_policy_that_names_him() -> None:
    [policy] = of_type(RESOURCES, "AWS::SNS::TopicPolicy").values()
    assert policy["Properties"]["Topics"] == [{"!Ref": name} for name in of_type(RESOURCES, "AWS::SNS::Topic")]
    [statement] = policy["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Principal"], statement["Action"]) == ({"Service": "cloudwatch.amazonaws.com"}, "sns:Publish")
    alarms = "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:*"
    assert statement["Condition"] == {"ArnLike": {"aws:SourceArn": {"!Sub": alarms}}}


def test_every_rule_target_has_a_place_for_what_it_cannot_deliver() -> None:
    for name, rule in RESOURCES.items():
        if rule["Type"] == "AWS::Events::Rule":
            for target in rule["Properties"]["Targets"]:
                assert target["DeadLetterConfig"] == {"Arn": {"!GetAtt": "DeadLettersQueue.Arn"}}, name


def test_python_is_the_same_everywhere() -> None:
    version = (ROOT / ".python-version").read_text(encoding="utf-8").strip()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert {template_of(path)["Globals"]["Function"]["Runtime"] for path in APPLICATIONS} == {f"python{version}"}
    assert project["tool"]["mypy"]["python_version"] == version
    assert project["project"]["requires-python"].startswith(f">={version},")
