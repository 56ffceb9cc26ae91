"""The function that enforces tags, fed with real sample events from its queue."""

from collections.abc import Callable
from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from strongroom.adapters.ledger.changes import Change, Exists, Key
from strongroom.adapters.ledger.resources import WAITING
from strongroom.adapters.ledger.table import LedgerTable, to_text
from strongroom.domain.intent.model import Exemption, Intent
from tests.builders.places import PAYMENTS
from tests.conftest import FakeClients
from tests.fakes.control_plane import FakeOrganizations, FakePost, batch, load_handler

ORDERS = "arn:aws:dynamodb:eu-west-1:222222222222:table/orders"
SCRATCH = "arn:aws:dynamodb:eu-west-1:222222222222:table/scratch"


@pytest.fixture
def intent(intent: Intent, request: pytest.FixtureRequest) -> Intent:
    """The example, in which one table is exempted for another month, changed as a test asks."""
    until = (datetime.now(UTC) + timedelta(days=30)).date()
    exemption = Exemption(resource=SCRATCH, until=until, reason="thrown away each night", granted_by="sana")
    change: Callable[[Intent], Intent] = getattr(request, "param", lambda unchanged: unchanged)
    return change(replace(intent, exceptions=(exemption,)))


@pytest.fixture
def post(platform_environment: None, fake_clients: FakeClients, dynamodb: Any) -> FakePost:
    """The control plane's own clients; the member's tables are moto's."""
    fake = FakePost()
    fake_clients.own |= {"events": fake, "sns": fake, "sqs": fake, "dynamodb": dynamodb}
    fake_clients.own["organizations"] = FakeOrganizations()
    fake_clients.member[PAYMENTS, "dynamodb"] = payments_dynamodb()
    fake_clients.member[PAYMENTS, "backup"] = FakeBackup()
    return fake


class FakeBackup:
    """AWS Backup, with the advanced features for tables."""

    def describe_region_settings(self) -> dict[str, Any]:
        return {"ResourceTypeManagementPreference": {"DynamoDB": True}}


def enforce(event: dict[str, Any], table: LedgerTable) -> dict[str, Any]:
    """What the function answers to an event; what was written is read back by the round of a minute later."""
    answer: dict[str, Any] = load_handler("enforce_tags")(batch(event), None)
    make_due(table)
    assert load_handler("revisit_resources")(batch(a_tick()), None) == {"batchItemFailures": []}
    return answer


def make_due(table: LedgerTable) -> None:
    """Let the time of what waits have come."""
    past = to_text(datetime.now(UTC) - timedelta(seconds=1))
    for item in table.due(bucket=WAITING, until="~"):
        table.change(Key(item["pk"], item["sk"]), Change(set={"due_at": past}, when=Exists("due_at")))


def a_tick() -> dict[str, Any]:
    place = {"account": "999999999999", "region": "eu-west-1", "time": "2026-11-23T14:20:00Z"}
    return {"id": "t-1", "source": "aws.events", "detail-type": "Scheduled Event", "detail": {}} | place


def payments_dynamodb() -> Any:
    """A client in the member account: moto goes by the account of the role that was assumed."""
    role = f"arn:aws:iam::{PAYMENTS}:role/strongroom/strongroom-tagging"
    sts = boto3.client("sts", region_name="eu-west-1")
    borrowed = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    return boto3.client(
        "dynamodb",
        region_name="eu-west-1",
        aws_access_key_id=borrowed["AccessKeyId"],
        aws_secret_access_key=borrowed["SecretAccessKey"],
        aws_session_token=borrowed["SessionToken"],
    )


def create_orders(fake_clients: FakeClients, tags: dict[str, str], *, name: str = "orders") -> None:
    fake_clients.member[PAYMENTS, "dynamodb"].create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )


def tags_of(client: Any, arn: str = ORDERS) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in client.list_tags_of_resource(ResourceArn=arn)["Tags"]}


def test_a_wrong_value_is_corrected_through_the_tagging_role_and_published(
    post: FakePost, fake_clients: FakeClients, sample: Callable[[str], dict[str, Any]], ledger_table: LedgerTable
) -> None:
    create_orders(fake_clients, {"Backup": "weekly", "team": "payments"})
    answer = enforce(sample("aws.dynamodb/CreateTable"), ledger_table)
    assert answer == {"batchItemFailures": []}
    assert tags_of(fake_clients.member[PAYMENTS, "dynamodb"]) == {"Backup": "daily-prod", "team": "payments"}
    assert fake_clients.own["sts"].assumed == [f"arn:aws:iam::{PAYMENTS}:role/strongroom/strongroom-tagging"]
    (fact,) = post.facts
    assert fact["DetailType"] == "TagEnforced"
    assert (fact["Detail"]["state"], fact["Detail"]["previous"]) == ("CORRECTED", "weekly")
    item = ledger_table.get(Key(f"RESOURCE#{ORDERS}", "STATE"))
    assert item is not None
    assert item["tier"] == "daily-prod"


def test_an_exempted_table_is_left_as_it_is_and_the_reason_is_published(
    post: FakePost, fake_clients: FakeClients, sample: Callable[[str], dict[str, Any]]
) -> None:
    create_orders(fake_clients, {"Backup": "weekly"}, name="scratch")
    event = sample("aws.dynamodb/CreateTable")
    event["detail"]["responseElements"]["tableDescription"]["tableArn"] = SCRATCH
    assert load_handler("enforce_tags")(batch(event), None) == {"batchItemFailures": []}
    assert tags_of(fake_clients.member[PAYMENTS, "dynamodb"], SCRATCH) == {"Backup": "weekly"}
    (fact,) = post.facts
    assert (fact["Detail"]["state"], fact["Detail"]["previous"]) == ("EXEMPT", "weekly")
    assert "by sana: thrown away each night" in fact["Detail"]["reason"]


def with_two_keys(intent: Intent) -> Intent:
    """The default tier has two tags, of which the second has two values; both keys are guarded."""
    default = replace(intent.tiers["daily-prod"], tag={"Backup": "daily", "Stage": ("live", "beta")})
    guardrails = replace(intent.guardrails, tag_keys=("Backup", "Stage"))
    return replace(intent, tiers={**intent.tiers, "daily-prod": default}, guardrails=guardrails)


@pytest.mark.parametrize("intent", [with_two_keys], indirect=True, ids=["two keys"])
@pytest.mark.parametrize(
    ("tags", "state", "written"),
    [
        pytest.param({"Backup": "daily", "Stage": "beta"}, "COMPLIANT", {}, id="both right"),
        pytest.param({"Backup": "monthly-prod", "Stage": "test"}, "COMPLIANT", {}, id="another tier"),
        pytest.param({"Stage": "beta"}, "TAGGED", {"Backup": "daily"}, id="one missing"),
        pytest.param({"Backup": "daily", "Stage": "test"}, "CORRECTED", {"Stage": "live"}, id="one wrong"),
    ],
)
def test_a_tier_of_two_tags_is_put_with_both(
    post: FakePost,
    fake_clients: FakeClients,
    sample: Callable[[str], dict[str, Any]],
    tags: dict[str, str],
    state: str,
    written: dict[str, str],
    ledger_table: LedgerTable,
) -> None:
    create_orders(fake_clients, tags | {"team": "payments"})
    assert enforce(sample("aws.dynamodb/CreateTable"), ledger_table) == {"batchItemFailures": []}
    assert tags_of(fake_clients.member[PAYMENTS, "dynamodb"]) == tags | written | {"team": "payments"}
    (fact,) = post.facts
    assert fact["Detail"]["state"] == state


def test_a_failed_call_does_nothing(
    post: FakePost, fake_clients: FakeClients, sample: Callable[[str], dict[str, Any]]
) -> None:
    create_orders(fake_clients, {})
    event = sample("aws.dynamodb/CreateTable")
    event["detail"] |= {"errorCode": "AccessDenied", "responseElements": None}
    assert load_handler("enforce_tags")(batch(event), None) == {"batchItemFailures": []}
    assert tags_of(fake_clients.member[PAYMENTS, "dynamodb"]) == {}
    assert (post.facts, fake_clients.own["sts"].assumed) == ([], [])


class CreatingTable:
    """A table that cannot be tagged yet."""

    def describe_table(self, **_: str) -> dict[str, Any]:
        return {"Table": {"TableStatus": "CREATING"}}


def test_a_table_that_is_not_active_waits_in_the_ledger_and_the_next_message_is_judged(
    post: FakePost, fake_clients: FakeClients, sample: Callable[[str], dict[str, Any]], ledger_table: LedgerTable
) -> None:
    fake_clients.member[PAYMENTS, "dynamodb"] = CreatingTable()
    failed = sample("aws.s3/CreateBucket")
    failed["detail"]["errorCode"] = "BucketAlreadyExists"
    answer = load_handler("enforce_tags")(batch(sample("aws.dynamodb/CreateTable"), failed), None)
    assert answer == {"batchItemFailures": []}
    [listed] = ledger_table.due(bucket=WAITING, until="~")
    assert listed["pk"] == f"RESOURCE#{ORDERS}"
    assert post.facts == []


@pytest.mark.parametrize("body", ["{", '{"id": "1"}'], ids=["no JSON", "no event"])
def test_a_malformed_event_is_buried_with_the_reason(post: FakePost, body: str) -> None:
    assert load_handler("enforce_tags")(batch(body), None) == {"batchItemFailures": []}
    (letter,) = post.buried
    assert letter["MessageBody"] == body
    assert letter["MessageAttributes"]["reason"]["StringValue"]


def test_a_warm_event_makes_no_client_and_borrows_no_role(
    post: FakePost, fake_clients: FakeClients, sample: Callable[[str], dict[str, Any]], ledger_table: LedgerTable
) -> None:
    create_orders(fake_clients, {"Backup": "sometimes"})
    enforce(sample("aws.dynamodb/CreateTable"), ledger_table)
    made, assumed = list(fake_clients.made), list(fake_clients.own["sts"].assumed)
    load_handler("enforce_tags")(batch(sample("aws.dynamodb/CreateTable") | {"id": "another"}), None)
    assert (fake_clients.made, fake_clients.own["sts"].assumed) == (made, assumed)
    assert len(post.facts) == 2


def test_an_event_that_nobody_has_to_be_told_of_makes_no_client_for_telling(
    post: FakePost, fake_clients: FakeClients, sample: Callable[[str], dict[str, Any]]
) -> None:
    create_orders(fake_clients, {"Backup": "daily-prod"})
    load_handler("enforce_tags")(batch(sample("aws.dynamodb/CreateTable")), None)
    assert "events" in fake_clients.made
    assert "sns" not in fake_clients.made
