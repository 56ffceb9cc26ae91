"""Events are taken in every form in which people have them, and what is none is named."""

import json
from typing import Any

import pytest

from strongroom_cli.explain.documents import EventFileError, Given, events_in

RECORD: dict[str, Any] = {
    "eventID": "e-1",
    "eventSource": "dynamodb.amazonaws.com",
    "eventName": "CreateTable",
    "eventTime": "2026-09-01T00:00:00Z",
    "awsRegion": "eu-west-1",
    "recipientAccountId": "222222222222",
}
ENVELOPE: dict[str, Any] = {
    "id": "e-1",
    "source": "aws.dynamodb",
    "detail-type": "AWS API Call via CloudTrail",
    "account": "222222222222",
    "region": "eu-west-1",
    "time": "2026-09-01T00:00:00Z",
    "resources": [],
    "detail": RECORD,
}


def read(document: Any) -> tuple[Given, ...]:
    return events_in(json.dumps(document).encode(), name="event.json")


@pytest.mark.parametrize(
    ("document", "forms"),
    [
        pytest.param(ENVELOPE, ["event"], id="event"),
        pytest.param(RECORD, ["record"], id="record"),
        pytest.param({"Records": [RECORD, RECORD]}, ["record", "record"], id="file of CloudTrail"),
        pytest.param([ENVELOPE, RECORD], ["event", "record"], id="list"),
        pytest.param({"Events": [{"CloudTrailEvent": json.dumps(RECORD)}]}, ["record"], id="lookup-events"),
    ],
)
def test_every_form_comes_to_the_event_that_would_be_delivered(document: Any, forms: list[str]) -> None:
    given = read(document)
    assert [each.form for each in given] == forms
    assert all((each.event, each.fault) == (ENVELOPE, None) for each in given)


def test_a_service_event_keeps_its_kind_and_an_account_is_the_callers_where_nobody_received_it() -> None:
    record = RECORD | {"eventType": "AwsServiceEvent", "userIdentity": {"accountId": "333333333333"}}
    [given] = read({key: value for key, value in record.items() if key != "recipientAccountId"})
    assert given.event["detail-type"] == "AWS Service Event via CloudTrail"
    assert given.event["account"] == "333333333333"


@pytest.mark.parametrize(
    "document", [7, "text", None, {}, {"Records": 7}, {"eventSource": "ec2.amazonaws.com"}], ids=repr
)
def test_what_is_no_event_is_named(document: Any) -> None:
    [given] = read(document)
    assert given.form == "unknown"
    assert given.fault is not None
    assert "neither an event of EventBridge" in given.fault


def test_an_envelope_with_holes_is_taken_and_the_holes_are_named() -> None:
    [given] = read({"source": "aws.ec2", "detail-type": "x", "detail": {}})
    assert given.fault == "EventBridge delivers no event without id, account, region, time"


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"\xff\xfe", b'"\\ud800"', b"[]", b'{"Records": []}', b"[" * 20_000 + b"]" * 20_000],
    ids=["empty", "half", "no text", "half a character", "no event", "no record", "too deep"],
)
def test_what_holds_no_event_is_refused_with_the_file_named(text: bytes) -> None:
    with pytest.raises(EventFileError, match=r"event\.json"):
        events_in(text, name="event.json")
