"""A dead letter says why it is here and where it goes back to, by whichever way it came, and whatever stands in it."""

import json
from typing import Any

import pytest

from strongroom.domain.health.letters import LetterKind, read_letter
from strongroom.domain.written import moment_text

QUEUE = "arn:aws:sqs:eu-west-1:999999999999:strongroom-VerifyCopyQueue-1"
EVENT = json.dumps(
    {
        "detail-type": "Copy Job State Change",
        "account": "222222222222",
        "region": "eu-west-1",
        "time": "2026-09-01T06:15:00Z",
    }
)


def message(body: str = EVENT, *, attributes: dict[str, str] | None = None, **marks: str) -> dict[str, Any]:
    """A message of the dead-letter queue, as SQS answers it."""
    return {
        "MessageId": "m-1",
        "Body": body,
        "Attributes": {"SentTimestamp": "1788243300000"} | (attributes or {}),
        "MessageAttributes": {name: {"DataType": "String", "StringValue": value} for name, value in marks.items()},
    }


@pytest.mark.parametrize(
    ("message", "kind", "reason", "goes_to"),
    [
        pytest.param(
            message(reason="$.detail is missing", queue=QUEUE),
            LetterKind.BURIED,
            "it breaks its contract: $.detail is missing",
            QUEUE,
            id="buried by a function",
        ),
        pytest.param(
            message(reason="$.detail is missing"),
            LetterKind.BURIED,
            "it breaks its contract: $.detail is missing",
            None,
            id="buried by an earlier release, which did not say where from",
        ),
        pytest.param(
            message(TARGET_ARN=QUEUE, RULE_ARN="arn:rule", ERROR_CODE="NO_PERMISSIONS", ERROR_MESSAGE="not allowed"),
            LetterKind.UNDELIVERED,
            "EventBridge could not deliver it: not allowed",
            QUEUE,
            id="put there by EventBridge",
        ),
        pytest.param(
            message(TARGET_ARN=QUEUE, ERROR_CODE="NO_RESOURCE"),
            LetterKind.UNDELIVERED,
            "EventBridge could not deliver it: NO_RESOURCE",
            QUEUE,
            id="put there by EventBridge with a code alone",
        ),
        pytest.param(
            message(attributes={"DeadLetterQueueSourceArn": QUEUE}),
            LetterKind.FAILED,
            "it failed as often as its queue allows",
            QUEUE,
            id="moved there by SQS",
        ),
        pytest.param(message(), LetterKind.FOREIGN, "nobody of ours has put it here", None, id="put there by hand"),
    ],
)
def test_each_way_leaves_marks_of_its_own(
    message: dict[str, Any], kind: LetterKind, reason: str, goes_to: str | None
) -> None:
    letter = read_letter(message)
    assert (letter.kind, letter.reason, letter.goes_to) == (kind, reason, goes_to)


def test_a_letter_tells_what_it_is_about_and_since_when_it_is_here() -> None:
    letter = read_letter(message())
    assert letter.about == "Copy Job State Change, 222222222222, eu-west-1, 2026-09-01T06:15:00Z"
    assert letter.sent_at is not None
    assert moment_text(letter.sent_at) == "2026-09-01T06:15:00Z"
    assert letter.body == EVENT


@pytest.mark.parametrize(
    ("body", "about"),
    [
        pytest.param("not json", "no event: it is not JSON", id="no JSON"),
        pytest.param("[" * 20_000, "no event: it is not JSON", id="nested too deep"),
        pytest.param("[]", "no event: it is not an object", id="a list"),
        pytest.param('{"detail-type": {}, "account": 5}', "no event: nothing of its envelope is there", id="no texts"),
        pytest.param(json.dumps({"detail-type": "x" * 3000}), "x" * 100, id="a name of 3 KB"),
    ],
)
def test_a_letter_is_read_whatever_stands_in_it(body: str, about: str) -> None:
    assert read_letter(message(body)).about == about


def test_a_letter_without_attributes_is_one() -> None:
    letter = read_letter({"MessageId": "m-1", "Body": ""})
    assert (letter.kind, letter.sent_at) == (LetterKind.FOREIGN, None)
