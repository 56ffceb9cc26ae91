"""The scripted day, and what people get for bad input; the scenes build on each other and run in their order."""

import io
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from types import ModuleType
from typing import Any

import pytest
import requests
from rich.console import Console

from sandbox.authority import asked
from sandbox.authority.needs import Statement, needed_actions
from sandbox.clients import client
from sandbox.demo import SCENES
from sandbox.example import deployment
from sandbox.example.timeline import Timeline
from sandbox.example.world import World, as_deployer
from sandbox.model import door
from sandbox.scenes import break_glass
from sandbox.seams.cloudformation import deployed_resources
from sandbox.seams.iam import questions
from sandbox.settings import BACKUP_ACCOUNT, PAYMENTS_ACCOUNT
from sandbox.wire.calls import model_name
from tests.conformance.operations import Operation, operations
from tests.e2e.statements import deployed_statements, listed_as_unasked
from tests.e2e.terminals import administrator

# Of the archive's events one may lose a race, and one may be of a backup that is gone, which is looked at until ten
# minutes after its job. Either comes again after the visibility timeout of its queue (template.yaml: 210 s).
_AT_REST_SECONDS = 600 + 210 + 60

# What becomes of a backup or a copy once and for all.
CONCLUSIONS = ("BackupFailed", "CopyFailed", "CopyVerified")

pytestmark = [
    pytest.mark.timeout(600),
    # The emulator, in this process, ends its Lambda workers without closing their pipes.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.mark.parametrize("part", [*SCENES, break_glass], ids=lambda part: part.__name__.rpartition(".")[2])
def test_scene_holds(part: ModuleType, whole_world: World) -> None:
    said = io.StringIO()
    timeline = Timeline(Console(file=said, width=200))
    with timeline.scene(part.NAME, part.INTENTION) as scene:
        part.play(whole_world, scene)
    assert timeline.ok, said.getvalue()


def test_there_is_nothing_to_change_after_the_day(whole_world: World) -> None:
    planned = deployment.administer(whole_world.settings, "plan", "--confirm-retention", deployment.CONFIRMED_DAYS)
    assert planned.code == 0, f"{planned.out}{planned.err}"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("not json", "malformed"),
        (json.dumps({"id": "1", "source": "aws.backup", "detail-type": "Copy Job State Change"}), "account"),
    ],
    ids=["not-json", "field-missing"],
)
def test_malformed_event_lands_in_the_dead_letters_with_its_reason(body: str, reason: str, whole_world: World) -> None:
    sqs = client("sqs", BACKUP_ACCOUNT)
    sqs.send_message(QueueUrl=_queue("VerifyCopyQueue"), MessageBody=body)
    buried = _await_message(whole_world.deployment.outputs["DeadLettersQueueUrl"])
    assert buried["Body"] == body
    assert reason in buried["MessageAttributes"]["reason"]["StringValue"]


def test_a_dead_letter_is_shown_with_its_reason_and_goes_back_where_it_came_from(whole_world: World) -> None:
    body = json.dumps({"id": "1", "source": "aws.backup", "detail-type": "Copy Job State Change"})
    client("sqs", BACKUP_ACCOUNT).send_message(QueueUrl=_queue("VerifyCopyQueue"), MessageBody=body)
    letter = _until(lambda: _letter(whole_world, body))
    assert letter["kind"] == "BURIED"
    assert "account" in letter["reason"]
    assert "VerifyCopyQueue" in letter["goes_to"]
    sent = administrator(whole_world, "dead-letters", "redrive", letter["id"], "--json")
    assert (sent.returncode, sent.stderr) == (0, "")
    assert [each["id"] for each in json.loads(sent.stdout)["sent"]] == [letter["id"]]
    # The function could still not read it, and says so again.
    again = _until(lambda: _letter(whole_world, body))
    assert again["id"] != letter["id"]
    _await_message(whole_world.deployment.outputs["DeadLettersQueueUrl"])


@pytest.mark.timeout(1200)
def test_everything_that_was_archived_comes_twice_and_changes_nothing(whole_world: World) -> None:
    facts = [whole_world.facts(kind) for kind in CONCLUSIONS]
    told = [(alert["fingerprint"], alert["status"]) for alert in whole_world.alerts()]
    since = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    done = administrator(whole_world, "replay", "--since", since, "--wait")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].endswith("COMPLETED")
    waiting = partial(
        _waiting_in, *(f"{name}Queue" for name in ("OpenPromises", "VerifyCopy", "EnforceTags", "AnswerDrift"))
    )
    _until(lambda: not waiting(), _AT_REST_SECONDS, instead=waiting)
    assert [whole_world.facts(kind) for kind in CONCLUSIONS] == facts
    assert [(alert["fingerprint"], alert["status"]) for alert in whole_world.alerts()] == told


def _letter(world: World, body: str) -> dict[str, Any] | None:
    shown = administrator(world, "dead-letters", "--json")
    assert shown.returncode == 0, shown.stderr
    return next((each for each in json.loads(shown.stdout) if each["body"] == body), None)


def _waiting_in(*queues: str) -> dict[str, int]:
    return {name: count for name in queues if (count := _waiting(name))}


def _waiting(queue: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = client("sqs", BACKUP_ACCOUNT).get_queue_attributes(QueueUrl=_queue(queue), AttributeNames=names)
    return sum(int(found["Attributes"][name]) for name in names)


def _until[Found](look: Callable[[], Found], seconds: float = 60, instead: Callable[[], object] = lambda: "") -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.5)
    raise AssertionError(f"it never came {instead()}")


@pytest.mark.parametrize("age", [0, 301, -61], ids=["forged-now", "stale", "from-the-future"])
def test_slack_request_without_a_good_signature_is_refused(age: int, whole_world: World) -> None:
    answer = requests.post(
        f"{whole_world.api_url}/slack/interactions",
        data={"payload": "{}"},
        headers={"X-Slack-Request-Timestamp": str(int(time.time()) - age), "X-Slack-Signature": "v0=" + "0" * 64},
        timeout=30,
    )
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "r-aaaaaaaaaaaa"), "r-aaaaaaaaaaaa"),
        (
            ("request", *("--recovery-point", "arn:aws:rds:eu-west-1:222222222222:snapshot:awsbackup:none")),
            "awsbackup:none",
        ),
    ],
    ids=["unknown-request", "unknown-recovery-point"],
)
def test_unknown_id_is_answered_with_one_clear_line(arguments: tuple[str, ...], words: str, whole_world: World) -> None:
    if arguments[0] == "request":
        ticket = whole_world.jira.create_issue("Restore")
        whole_world.jira.transition(ticket, "Approve")
        arguments += ("--account", PAYMENTS_ACCOUNT, "--target-name", "new", "--ticket", ticket, "--reason", "a test")
    said = whole_world.strongroom("restore", *arguments, person="omar")
    assert said.returncode == 2
    assert words in said.stderr
    assert len(said.stderr.strip().splitlines()) == 1


def _queue(logical_id: str) -> str:
    described = client("cloudformation", BACKUP_ACCOUNT).describe_stack_resource(
        StackName="strongroom", LogicalResourceId=logical_id
    )
    return str(described["StackResourceDetail"]["PhysicalResourceId"])


def _await_message(queue: str) -> dict[str, Any]:
    sqs = as_deployer("sqs")
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        received = sqs.receive_message(QueueUrl=queue, MessageAttributeNames=["All"], WaitTimeSeconds=1)
        for message in received.get("Messages", []):
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            return dict(message)
    raise AssertionError("nothing was buried")


def test_every_operation_that_the_day_called_is_held_to_its_model() -> None:
    heard = {Operation(str(model_name(service)), name) for service, name in door.called}
    assert sorted(map(str, heard - set(operations()))) == [], "add them to tests/conformance/recorded.txt"


def test_something_fails_without_any_statement_of_ours(whole_world: World) -> None:
    """Of each action of each statement, the day asked what is answered otherwise without it, or the table says why."""
    statements = deployed_statements(deployed_resources())
    idle = {
        f"{name}: {action}"
        for name, instances in statements.items()
        for action in set(instances[0].actions) - _needed(instances)
    }
    listed, certain = set(listed_as_unasked()), set(listed_as_unasked(for_certain=True))
    assert (sorted(idle - listed), sorted(certain - idle)) == ([], []), "(needed by nobody, listed in vain)"


def _needed(instances: list[Statement]) -> set[str]:
    heard = asked.questions()
    found = (needed_actions(e, heard, decide=questions.decide, names=questions.names_action) for e in instances)
    return set().union(*found)
