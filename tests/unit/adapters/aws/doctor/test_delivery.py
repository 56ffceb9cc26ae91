"""Rules, buses and queues."""

import json
from collections.abc import Iterator

import pytest
from moto import mock_aws

from strongroom.adapters.aws.doctor.delivery import Deliveries
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS
from tests.fakes.account_clients import FakeAccountClients
from tests.fakes.moto_clients import moto_client

NAME = "strongroom-forwarder"


@pytest.fixture(autouse=True)
def _aws(platform_environment: None) -> Iterator[None]:
    with mock_aws():
        yield


def new_queue(name: str, **attributes: str) -> str:
    sqs = moto_client("sqs", HOME)
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return str(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"])


def test_a_rule_is_found_with_what_it_could_not_deliver() -> None:
    events, target, dead = moto_client("events", HOME), new_queue("target"), new_queue("dead")
    events.put_rule(Name=NAME, EventPattern='{"source": ["aws.backup"]}', State="DISABLED")
    events.put_rule(Name="theirs", EventPattern='{"source": ["aws.backup"]}')
    events.put_targets(Rule=NAME, Targets=[{"Id": "1", "Arn": target, "DeadLetterConfig": {"Arn": dead}}])
    sqs = moto_client("sqs", HOME)
    sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName="dead")["QueueUrl"], MessageBody="lost")
    [found] = Deliveries(FakeAccountClients()).rules(NAME, account=PAYMENTS, region=HOME)
    assert (found.name, found.is_enabled, found.targets) == (NAME, False, (target,))
    assert dict(found.dead_letters) == {dead: 1}


def test_a_bus_is_found_with_its_policy_and_those_of_its_queues() -> None:
    statement = {"Sid": "X", "Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource": "*"}
    filling = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage"}
    queue = new_queue("filled", Policy=json.dumps({"Version": "2012-10-17", "Statement": [filling]}))
    events = moto_client("events", HOME)
    events.create_event_bus(Name="strongroom")
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    events.put_permission(EventBusName="strongroom", Policy=json.dumps(policy))
    events.put_rule(Name="copies", EventBusName="strongroom", EventPattern='{"source": ["aws.backup"]}')
    events.put_targets(Rule="copies", EventBusName="strongroom", Targets=[{"Id": "1", "Arn": queue}])
    found = Deliveries(FakeAccountClients()).bus("strongroom", account=BACKUP_ACCOUNT, region=HOME)
    assert found is not None
    assert [each["Action"] for each in found.statements] == ["events:PutEvents"]
    assert [rule.name for rule in found.rules] == ["copies"]
    assert dict(found.queues) == {queue: (filling,)}


def test_a_bus_without_policy_and_one_that_is_not_there() -> None:
    deliveries = Deliveries(FakeAccountClients())
    assert deliveries.bus("strongroom", account=BACKUP_ACCOUNT, region=HOME) is None
    moto_client("events", HOME).create_event_bus(Name="strongroom")
    found = deliveries.bus("strongroom", account=BACKUP_ACCOUNT, region=HOME)
    assert found is not None
    assert found.statements == ()
