"""Rules whose target is a bus in another account or Region, and events that could not be delivered."""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from sandbox import lifecycle
from sandbox.clients import client
from sandbox.seams import host as seams
from sandbox.settings import (
    BACKUP_ACCOUNT,
    HOME_REGION,
    LEDGER_ACCOUNT,
    MANAGEMENT_ACCOUNT,
    ORGANIZATION_ID,
    ORGANIZATIONS_REGION,
)
from tests.integration.queues import let_rules_in

EVENTS_ASSUME: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"Service": "events.amazonaws.com"},
    "Action": "sts:AssumeRole",
}


def _name() -> str:
    return f"f-{uuid.uuid4().hex[:10]}"


def _bus(organization: str | None) -> str:
    """A bus in the backup account that takes events from an organization, or has no policy."""
    name = _name()
    events = client("events", BACKUP_ACCOUNT)
    arn: str = events.create_event_bus(Name=name)["EventBusArn"]
    if organization is not None:
        condition = {"Type": "StringEquals", "Key": "aws:PrincipalOrgID", "Value": organization}
        statement = {
            "Sid": "members",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "events:PutEvents",
            "Resource": arn,
            "Condition": {condition["Type"]: {condition["Key"]: condition["Value"]}},
        }
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        seams.set_bus_policy(BACKUP_ACCOUNT, HOME_REGION, name, policy)
    return arn


def _role(account: str, resource: str, *, lets_in_rules_of: str = "*") -> str:
    iam = client("iam", account)
    trust = {**EVENTS_ASSUME, "Condition": {"StringLike": {"aws:SourceAccount": lets_in_rules_of}}}
    name = _name()
    trusts = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusts)["Role"]["Arn"]
    statement = {"Effect": "Allow", "Action": "events:PutEvents", "Resource": resource}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName=name, PolicyName="put", PolicyDocument=document)
    return arn


def _forwarder(account: str, region: str, target_arn: str, role_arn: str | None) -> tuple[str, str]:
    """A rule for events of a source of its own; returns the source and the URL of the target's dead-letter queue."""
    name = _name()
    sqs = client("sqs", account, region)
    dead_letters: str = sqs.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
    let_rules_in(account, region, dead_letters, f"arn:aws:sqs:{region}:{account}:{name}-dead")
    events = client("events", account, region)
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [f"aws.{name}"]}))
    target = {
        "Id": "elsewhere",
        "Arn": target_arn,
        "DeadLetterConfig": {"Arn": f"arn:aws:sqs:{region}:{account}:{name}-dead"},
    }
    events.put_targets(Rule=name, Targets=[target | ({"RoleArn": role_arn} if role_arn else {})])
    return f"aws.{name}", dead_letters


def _dead(account: str, region: str, url: str) -> dict[str, Any]:
    sqs = client("sqs", account, region)
    answer = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2, MessageAttributeNames=["All"])
    message: dict[str, Any] = answer["Messages"][0]
    return message


@pytest.mark.usefixtures("sandbox_host")
def test_a_forwarded_event_keeps_its_account_and_region(listen: Callable[..., Any]) -> None:
    bus = _bus(ORGANIZATION_ID)
    ear = listen(BACKUP_ACCOUNT, {"account": [MANAGEMENT_ACCOUNT]}, bus=bus.rpartition("/")[2])
    role = _role(MANAGEMENT_ACCOUNT, bus)
    source, _ = _forwarder(MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION, bus, role)
    event_id = seams.publish_aws_event(source, "Said", {"n": 1}, MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION, ["arn:x"])
    event = ear.wait(n=1)
    assert event["id"] == event_id
    assert (event["account"], event["region"]) == (MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION)
    assert (event["source"], event["detail-type"], event["resources"]) == (source, "Said", ["arn:x"])


REFUSALS = [
    pytest.param("o-somebodyelse", "own", "NO_PERMISSIONS", id="policy-for-another-organization"),
    pytest.param(None, "own", "NO_PERMISSIONS", id="bus-without-policy"),
    pytest.param(ORGANIZATION_ID, "gone", "NO_PERMISSIONS", id="role-does-not-exist"),
    pytest.param(ORGANIZATION_ID, "narrow", "NO_PERMISSIONS", id="role-may-not-put-on-that-bus"),
    # IAM User Guide, "The confused deputy problem": a role may ask for which account a service works.
    pytest.param(ORGANIZATION_ID, "closed", "NO_PERMISSIONS", id="role-lets-in-rules-of-another-account"),
]


@pytest.mark.parametrize(("organization", "role", "code"), REFUSALS)
def test_a_refused_event_goes_to_the_dead_letter_queue_of_the_target(
    sandbox_host: lifecycle.Sandbox, organization: str | None, role: str, code: str
) -> None:
    bus = _bus(organization)
    role_arn = {
        "own": lambda: _role(LEDGER_ACCOUNT, bus),
        "gone": lambda: f"arn:aws:iam::{LEDGER_ACCOUNT}:role/nobody",
        "narrow": lambda: _role(LEDGER_ACCOUNT, bus + "-other"),
        "closed": lambda: _role(LEDGER_ACCOUNT, bus, lets_in_rules_of=MANAGEMENT_ACCOUNT),
    }[role]()
    source, dead_letters = _forwarder(LEDGER_ACCOUNT, HOME_REGION, bus, role_arn)
    seams.publish_aws_event(source, "Said", {"n": 2}, LEDGER_ACCOUNT, HOME_REGION)
    message = _dead(LEDGER_ACCOUNT, HOME_REGION, dead_letters)
    assert json.loads(message["Body"])["detail"] == {"n": 2}
    assert message["MessageAttributes"]["ERROR_CODE"]["StringValue"] == code
    assert message["MessageAttributes"]["TARGET_ARN"]["StringValue"] == bus


def test_a_bus_that_does_not_exist_is_no_resource(sandbox_host: lifecycle.Sandbox) -> None:
    bus = f"arn:aws:events:{HOME_REGION}:{BACKUP_ACCOUNT}:event-bus/nowhere"
    source, dead_letters = _forwarder(LEDGER_ACCOUNT, HOME_REGION, bus, _role(LEDGER_ACCOUNT, bus))
    seams.publish_aws_event(source, "Said", {"n": 3}, LEDGER_ACCOUNT, HOME_REGION)
    message = _dead(LEDGER_ACCOUNT, HOME_REGION, dead_letters)
    assert message["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "NO_RESOURCE"


def test_a_missing_function_sends_the_event_to_the_dead_letter_queue(sandbox_host: lifecycle.Sandbox) -> None:
    function = f"arn:aws:lambda:{HOME_REGION}:{LEDGER_ACCOUNT}:function:nobody"
    source, dead_letters = _forwarder(LEDGER_ACCOUNT, HOME_REGION, function, None)
    seams.publish_aws_event(source, "Said", {"n": 4}, LEDGER_ACCOUNT, HOME_REGION)
    assert json.loads(_dead(LEDGER_ACCOUNT, HOME_REGION, dead_letters)["Body"])["detail"] == {"n": 4}


def test_a_forwarded_event_is_not_forwarded_to_a_third_account(listen: Callable[..., Any]) -> None:
    bus = _bus(ORGANIZATION_ID)
    name = bus.rpartition("/")[2]
    third = f"arn:aws:events:{HOME_REGION}:{MANAGEMENT_ACCOUNT}:event-bus/default"
    seams.set_bus_policy(
        MANAGEMENT_ACCOUNT,
        HOME_REGION,
        "default",
        {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource": third}]},
    )
    source, _ = _forwarder(LEDGER_ACCOUNT, HOME_REGION, bus, _role(LEDGER_ACCOUNT, bus))
    events = client("events", BACKUP_ACCOUNT)
    events.put_rule(Name=name, EventBusName=name, EventPattern=json.dumps({"source": [source]}))
    target = {"Id": "third", "Arn": third, "RoleArn": _role(BACKUP_ACCOUNT, third)}
    events.put_targets(Rule=name, EventBusName=name, Targets=[target])
    second, last = (
        listen(BACKUP_ACCOUNT, {"source": [source]}, bus=name),
        listen(MANAGEMENT_ACCOUNT, {"source": [source]}),
    )
    seams.publish_aws_event(source, "Said", {"n": 5}, LEDGER_ACCOUNT, HOME_REGION)
    second.wait(n=5)
    with pytest.raises(AssertionError, match="no event"):
        last.wait(seconds=0.3, n=5)


def test_a_rule_with_a_pattern_and_a_schedule_sends_both_the_same_way(
    sandbox_host: lifecycle.Sandbox, listen: Callable[..., Any]
) -> None:
    """EventBridge API reference, PutRule: it triggers on matching events as well as on a schedule."""
    bus = _bus(ORGANIZATION_ID)
    ear = listen(BACKUP_ACCOUNT, {"account": [LEDGER_ACCOUNT]}, bus=bus.rpartition("/")[2])
    source, _ = _forwarder(LEDGER_ACCOUNT, HOME_REGION, bus, _role(LEDGER_ACCOUNT, bus))
    name = source.removeprefix("aws.")
    client("events", LEDGER_ACCOUNT).put_rule(
        Name=name, EventPattern=json.dumps({"source": [source]}), ScheduleExpression="rate(12 hours)"
    )
    order = {"account": LEDGER_ACCOUNT, "region": HOME_REGION, "rule": name}
    requests.post(f"{sandbox_host.url}/_sandbox/schedules/strike", json=order, timeout=60).raise_for_status()
    beat = ear.wait()
    assert (beat["source"], beat["detail-type"], beat["account"]) == ("aws.events", "Scheduled Event", LEDGER_ACCOUNT)
    assert beat["resources"] == [f"arn:aws:events:{HOME_REGION}:{LEDGER_ACCOUNT}:rule/{name}"]
    seams.publish_aws_event(source, "Said", {"n": 2}, LEDGER_ACCOUNT, HOME_REGION)
    assert ear.wait(n=2)["detail-type"] == "Said"


def test_a_clock_that_is_not_there_does_not_strike(sandbox_host: lifecycle.Sandbox) -> None:
    order = {"account": LEDGER_ACCOUNT, "region": HOME_REGION, "rule": "nobody"}
    answer = requests.post(f"{sandbox_host.url}/_sandbox/schedules/strike", json=order, timeout=60)
    assert answer.status_code == 404


@pytest.mark.usefixtures("sandbox_host")
def test_a_replay_hands_archived_events_to_the_rules_that_it_names_only(listen: Callable[..., Any]) -> None:
    """EventBridge User Guide, "Replaying archived events in Amazon EventBridge": each carries the replay's name."""
    bus, events = _bus(ORGANIZATION_ID), client("events", BACKUP_ACCOUNT)
    name, archive = bus.rpartition("/")[2], _name()
    named, other = (listen(BACKUP_ACCOUNT, {"source": ["aws.said"]}, bus=name) for _ in range(2))
    archive_arn = events.create_archive(ArchiveName=archive, EventSourceArn=bus)["ArchiveArn"]
    told = {"EventId": "0", "Source": "aws.said", "DetailType": "Said", "Detail": "{}", "Resources": []}
    place = {"Account": BACKUP_ACCOUNT, "Region": HOME_REGION, "Time": "2026-09-01T06:00:00Z"}
    seams.deliver_to_bus(told | place, BACKUP_ACCOUNT, HOME_REGION, name)  # as some of MiniStack's emitters write it
    seams.publish_aws_event("aws.said", "Said", {"n": 1}, BACKUP_ACCOUNT, HOME_REGION, bus=name)
    assert "replay-name" not in named.wait(n=1)
    other.wait(n=1)
    for ear in (named, other):
        ear.events.clear()
    rules = events.list_rules(EventBusName=name)["Rules"]
    rule = next(each["Arn"] for each in rules if each["Name"] == named.queue.rpartition("/")[2])
    now = datetime.now(UTC)
    events.start_replay(
        ReplayName=archive,
        EventSourceArn=archive_arn,
        EventStartTime=now - timedelta(minutes=5),
        EventEndTime=now + timedelta(minutes=5),
        Destination={"Arn": bus, "FilterArns": [rule]},
    )
    assert named.wait(n=1)["replay-name"] == archive
    with pytest.raises(AssertionError, match="no event"):
        other.wait(0.5, n=1)
