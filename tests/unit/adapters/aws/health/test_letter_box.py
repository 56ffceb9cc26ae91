"""The dead-letter queue as it is emptied: every letter once, none lost, and back where it came from."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from strongroom.adapters.aws.health.letter_box import DeadLetterBox
from strongroom.domain.health.letters import LetterKind
from tests.builders.places import HOME
from tests.fakes.moto_clients import moto_client

ACCOUNT = "123456789012"
CAME_FROM = f"arn:aws:sqs:{HOME}:{ACCOUNT}:verify"


@pytest.fixture
def sqs() -> Iterator[Any]:
    with mock_aws():
        client = moto_client("sqs", HOME)
        for name in ("dead", "verify"):
            client.create_queue(QueueName=name)
        yield client


@pytest.fixture
def box(sqs: Any) -> DeadLetterBox:
    return DeadLetterBox(sqs, url(sqs, "dead"), queues={CAME_FROM: url(sqs, "verify")})


def url(sqs: Any, name: str) -> str:
    found: str = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    return found


def bury(sqs: Any, body: str) -> None:
    marks = {"reason": "no account", "queue": CAME_FROM}
    attributes = {name: {"DataType": "String", "StringValue": value} for name, value in marks.items()}
    sqs.send_message(QueueUrl=url(sqs, "dead"), MessageBody=body, MessageAttributes=attributes)


def bodies(sqs: Any, name: str) -> list[str]:
    received = sqs.receive_message(QueueUrl=url(sqs, name), MaxNumberOfMessages=10)
    return sorted(message["Body"] for message in received.get("Messages", []))


def test_every_letter_is_had_though_sqs_hands_out_ten_at_most(sqs: Any, box: DeadLetterBox) -> None:
    for number in range(25):
        bury(sqs, f"{number:02}")
    letters = [*box.letters()]
    assert sorted(letter.body for letter in letters) == [f"{number:02}" for number in range(25)]
    assert {(letter.kind, letter.goes_to) for letter in letters} == {(LetterKind.BURIED, CAME_FROM)}
    assert letters[0].sent_at is not None


def test_a_letter_that_is_put_down_can_be_taken_up_at_once(sqs: Any, box: DeadLetterBox) -> None:
    bury(sqs, "a")
    letters = [*box.letters()]
    assert bodies(sqs, "dead") == []
    box.put_down(letters)
    assert bodies(sqs, "dead") == ["a"]


def test_a_letter_that_is_sent_back_is_there_and_here_no_more(sqs: Any, box: DeadLetterBox) -> None:
    bury(sqs, "a")
    [letter] = box.letters()
    assert box.is_ours(CAME_FROM)
    box.send_back(letter, to=CAME_FROM)
    assert bodies(sqs, "verify") == ["a"]
    assert [*box.letters()] == []


def test_a_queue_of_others_is_none_of_ours(box: DeadLetterBox) -> None:
    assert not box.is_ours(f"arn:aws:sqs:{HOME}:{ACCOUNT}:orders")
