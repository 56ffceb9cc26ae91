"""Clients that read, tell what they were answered, and send nothing else."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from strongroom.adapters.aws.doctor.reading import Answer, ReadingAccess
from strongroom.domain.errors import CallRefusedError
from strongroom.domain.identifiers import AccountId, Region
from tests.builders.places import HOME, PAYMENTS


class Own:
    """Clients of this test's own, because an ear stays on a client for good."""

    def __init__(self) -> None:
        self.made: dict[str, Any] = {}

    def client(self, service: str, *, account: AccountId, region: Region) -> Any:
        if service not in self.made:
            self.made[service] = boto3.client(  # type: ignore[call-overload]
                service, region_name=region, aws_access_key_id="x", aws_secret_access_key="x"
            )
        return self.made[service]


@pytest.fixture
def heard() -> list[Answer]:
    """What was told."""
    return []


@pytest.fixture
def reading(heard: list[Answer]) -> Iterator[ReadingAccess]:
    """An access to moto."""
    with mock_aws():
        yield ReadingAccess(Own(), hear=heard.append)


def test_an_answer_is_told_word_for_word_with_what_was_asked(reading: ReadingAccess, heard: list[Answer]) -> None:
    for _ in range(2):
        reading.client("events", account=PAYMENTS, region=HOME).list_rules(NamePrefix="strongroom-")
    assert len(heard) == 2
    assert heard[0] == Answer(
        service="events",
        operation="ListRules",
        account=PAYMENTS,
        region=HOME,
        request={"NamePrefix": "strongroom-"},
        status=200,
        body=heard[1].body,
    )
    assert json.loads(heard[0].body)["Rules"] == []


def test_a_refusal_is_an_answer_too(reading: ReadingAccess, heard: list[Answer]) -> None:
    with pytest.raises(ClientError):
        reading.client("kms", account=PAYMENTS, region=HOME).describe_key(KeyId="alias/none")
    assert (heard[0].status, "NotFoundException" in heard[0].body) == (400, True)


@pytest.mark.parametrize(
    ("service", "operation", "request_"),
    [
        ("events", "put_rule", {"Name": "x", "EventPattern": "{}"}),
        ("sqs", "create_queue", {"QueueName": "x"}),
        ("kms", "create_key", {}),
        ("sqs", "receive_message", {"QueueUrl": "https://sqs/x"}),
    ],
)
def test_what_is_no_reading_is_not_sent(
    service: str, operation: str, request_: dict[str, str], reading: ReadingAccess, heard: list[Answer]
) -> None:
    client = reading.client(service, account=PAYMENTS, region=HOME)
    with pytest.raises(CallRefusedError, match="is no reading, and was not sent"):
        getattr(client, operation)(**request_)
    assert heard == []
