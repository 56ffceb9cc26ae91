"""Tags of tables at the front door: five a second and account, shown late, and every table ends in its tier.

DynamoDB API reference, TagResource: "up to five times per second, per account"; ListTagsOfResource "might return your
previous tag set, if there was one, or an empty tag set".
"""

import time
from collections.abc import Iterator
from copy import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError

from sandbox import lifecycle
from sandbox.clients import client
from sandbox.settings import HOME_REGION, PAYMENTS_ACCOUNT, ROOT_SECRET
from strongroom.adapters.tagging.member_tags import MemberTags
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.calls import Heard
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.verdicts import TagState
from strongroom.services.tags.answering import EnforcementVerdict
from strongroom.services.tags.enforce_tags import enforce_tags
from strongroom.services.tags.revisit_resources import revisit_resources
from tests.contract.iam.tagging_documents import tagging_statements
from tests.integration.authority.conftest import Role, a_name, a_role, scp
from tests.unit.services.tags.world import CREATED, World

LATE = 2.0
TAGS = [{"Key": "Backup", "Value": "daily-prod"}]
DAILY = {"Backup": "daily-prod"}


def order(sandbox: lifecycle.Sandbox, path: str, **wanted: Any) -> None:
    requests.post(f"{sandbox.url}/_sandbox{path}", json=wanted, timeout=60).raise_for_status()


@pytest.fixture
def weather(sandbox_host: lifecycle.Sandbox) -> Iterator[None]:
    """Tables take tags as slowly, and show them as late, as AWS says."""
    order(sandbox_host, "/tables/rates", held=True)
    order(sandbox_host, "/lag", dynamodb=LATE)
    yield
    order(sandbox_host, "/tables/rates", held=False)
    order(sandbox_host, "/lag")


def aws() -> Any:
    return client("dynamodb", PAYMENTS_ACCOUNT)


def a_table() -> str:
    made = aws().create_table(
        TableName=a_name(),
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    return str(made["TableDescription"]["TableArn"])


def tags_of(arn: str) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in aws().list_tags_of_resource(ResourceArn=arn)["Tags"]}


def creation(arn: str) -> Heard[Any]:
    call = replace(
        CREATED,
        event_id=arn,
        source="dynamodb.amazonaws.com",
        told_by="aws.dynamodb",
        name="CreateTable",
        request={"tableName": arn.rpartition("/")[2]},
        response={"tableDescription": {"tableArn": arn}},
    )
    return Heard(subject=call)


class Lent:
    """Clients of the tagging role, which ask once."""

    def __init__(self, role: Role) -> None:
        self._role = role

    def client(self, service: str, *, account: str, region: str) -> Any:
        assert (account, region) == (PAYMENTS_ACCOUNT, HOME_REGION)
        return self._role.client(service)


@pytest.fixture
def world(intent: Intent, sandbox_host: lifecycle.Sandbox) -> World:
    """Payments with its tagging role, as the member stack makes it."""
    assert sandbox_host
    lent: Any = Lent(a_role(*tagging_statements(account=PAYMENTS_ACCOUNT), account=PAYMENTS_ACCOUNT))
    made = World(intent)
    made.tags = MemberTags(lent)  # type: ignore[assignment]
    return made


def enforced(world: World, *arns: str) -> dict[str, Any]:
    answers = enforce_tags([creation(arn) for arn in arns], needs=world.needs, now=world.now)
    verdicts: list[Any] = []
    for each in answers:
        assert isinstance(each, EnforcementVerdict), each
        verdicts += each.verdicts
    return {each.resource: each for each in verdicts}


def in_tier(world: World, arn: str) -> bool:
    """Whether it was seen to be so: by what was written, or where that was not to be read then, by a later look."""
    return world.item(arn).get("tag_state") in (TagState.TAGGED, TagState.COMPLIANT)


@pytest.mark.usefixtures("weather")
def test_a_tag_is_shown_late_and_then_for_good() -> None:
    arn = a_table()
    aws().tag_resource(ResourceArn=arn, Tags=TAGS)
    assert tags_of(arn) == {}
    time.sleep(LATE + 1)
    assert tags_of(arn) == DAILY
    aws().untag_resource(ResourceArn=arn, TagKeys=["Backup"])
    assert tags_of(arn) == DAILY, "the set before"


@pytest.mark.usefixtures("weather")
def test_more_than_five_tags_of_a_second_are_refused_as_throttled(sandbox_host: lifecycle.Sandbox) -> None:
    arn = a_table()
    asking_once: Any = boto3.client(
        "dynamodb",
        region_name=HOME_REGION,
        endpoint_url=sandbox_host.url,
        aws_access_key_id=PAYMENTS_ACCOUNT,
        aws_secret_access_key=ROOT_SECRET,
        config=Config(retries={"total_max_attempts": 1}),
    )
    said = []
    for _ in range(30):
        try:
            asking_once.tag_resource(ResourceArn=arn, Tags=TAGS)
        except ClientError as error:
            said.append(error.response["Error"]["Code"])
    assert set(said) == {"ThrottlingException"}


@pytest.mark.usefixtures("weather")
def test_twelve_tables_at_once_end_in_their_tier_none_is_lost_and_nobody_is_told(world: World) -> None:
    arns = [a_table() for _ in range(12)]
    states = {each.state for each in enforced(world, *arns).values()}
    assert states <= {TagState.WAITING}, "written, and not shown yet; or refused for a moment"
    for _ in range(20):
        time.sleep(1)
        world.now += timedelta(minutes=1)
        revisit_resources(needs=world.needs, now=world.now)
        if all(in_tier(world, arn) for arn in arns):
            break
    assert [arn for arn in arns if not in_tier(world, arn)] == []
    time.sleep(LATE)
    assert [tags_of(arn) for arn in arns] == [DAILY] * len(arns)
    assert world.alerts.told == []


DENIAL = {"Effect": "Deny", "Action": "dynamodb:TagResource", "Resource": "*"} | {
    "Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": ["Backup"]}}
}


def test_a_key_that_the_organisation_denies_is_told_with_its_reason_and_ends_as_refused(world: World) -> None:
    arn = a_table()
    with scp(DENIAL, account=PAYMENTS_ACCOUNT):
        verdict = enforced(world, arn)[arn]
        assert verdict.state is TagState.WAITING
        [alert] = world.alerts.told
        assert (alert.kind, alert.subject) == (AlertKind.RESOURCE_NOT_TAGGED, arn)
        assert "dynamodb:TagResource" in alert.reason
        assert "explicit deny in a service control policy" in alert.reason
        for _ in range(26 * 4):
            world.now += timedelta(minutes=15)
            revisit_resources(needs=world.needs, now=world.now)
        assert world.item(arn)["tag_state"] == TagState.REFUSED
        assert "explicit deny in a service control policy" in world.item(arn)["tag_reason"]
        assert tags_of(arn) == {}
        assert world.alerts.told == [alert], "once"


def test_a_key_that_is_let_through_again_meanwhile_is_written(world: World) -> None:
    arn = a_table()
    with scp(DENIAL, account=PAYMENTS_ACCOUNT):
        assert enforced(world, arn)[arn].state is TagState.WAITING
    for _ in range(3):
        world.now += timedelta(minutes=15)
        revisit_resources(needs=world.needs, now=world.now)
    assert (world.item(arn)["tag_state"], tags_of(arn)) == (TagState.TAGGED, DAILY)
    assert world.alerts.settled == world.alerts.told
