"""The function that answers drift, fed with sample events from its queue."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.table import LedgerTable
from tests.builders.places import PAYMENTS
from tests.conftest import FakeClients
from tests.fakes.control_plane import FakePost, batch, load_handler
from tests.functions.tags.test_enforce_tags import ORDERS, create_orders, enforce, make_due, post, tags_of

__all__ = ["post"]
UNTAGGED = "aws.dynamodb/UntagResource"


def changed(event: dict[str, Any], table: LedgerTable) -> dict[str, Any]:
    """What the function answers; what was written is read back by the round of a minute later."""
    answer: dict[str, Any] = load_handler("answer_drift")(batch(event), None)
    make_due(table)
    load_handler("revisit_resources")(
        batch(
            {"id": "t-2", "source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}
            | {"account": "999999999999", "region": "eu-west-1", "time": "2026-11-23T14:20:00Z"}
        ),
        None,
    )
    return answer


@pytest.fixture
def protected(
    post: FakePost, fake_clients: FakeClients, sample: Callable[[str], dict[str, Any]], ledger_table: LedgerTable
) -> Any:
    """A table in its tier, whose tag was taken off since."""
    create_orders(fake_clients, {"Backup": "monthly-prod", "team": "payments"})
    enforce(sample("aws.dynamodb/CreateTable"), ledger_table)
    post.facts.clear()
    client = fake_clients.member[PAYMENTS, "dynamodb"]
    client.untag_resource(ResourceArn=ORDERS, TagKeys=["Backup"])
    return client


@pytest.mark.parametrize("name", [UNTAGGED, "aws.tagging/UntagResources"])
def test_the_tag_that_was_taken_off_is_put_back_through_the_tagging_role_and_the_actor_is_published(
    protected: Any,
    post: FakePost,
    sample: Callable[[str], dict[str, Any]],
    ledger_table: LedgerTable,
    name: str,
) -> None:
    now = datetime.now(UTC).isoformat()
    assert changed(sample(name) | {"time": now}, ledger_table) == {"batchItemFailures": []}
    assert tags_of(protected) == {"Backup": "monthly-prod", "team": "payments"}
    (fact,) = post.facts
    assert (fact["DetailType"], fact["Detail"]["state"]) == ("TagEnforced", "TAGGED")
    assert "changed by arn:aws:sts::222222222222:assumed-role/Developer/dev" in fact["Detail"]["reason"]
    item = ledger_table.get(Key(f"RESOURCE#{ORDERS}", "STATE"))
    assert item is not None
    assert [each["by"] for each in item["quarrels"]] == ["arn:aws:iam::222222222222:role/Developer"]


def test_a_notice_alone_is_enough(
    protected: Any, post: FakePost, sample: Callable[[str], dict[str, Any]], ledger_table: LedgerTable
) -> None:
    notice = sample("aws.tag/TagChange") | {"resources": [ORDERS]}
    assert changed(notice, ledger_table) == {"batchItemFailures": []}
    assert tags_of(protected)["Backup"] == "monthly-prod"
    assert "whom no event names" in post.facts[0]["Detail"]["reason"]


def test_what_names_no_call_is_buried_and_keeps_no_other_from_its_end(
    protected: Any, post: FakePost, sample: Callable[[str], dict[str, Any]], ledger_table: LedgerTable
) -> None:
    odd = sample(UNTAGGED) | {"id": "odd", "detail": {"eventSource": "dynamodb.amazonaws.com"}}
    short = sample(UNTAGGED) | {"id": "short", "account": "1234567890123"}
    good = sample(UNTAGGED)
    assert load_handler("answer_drift")(batch(odd, short, good), None) == {"batchItemFailures": []}
    assert tags_of(protected)["Backup"] == "monthly-prod"
    assert len(post.buried) == 2
    assert ledger_table.get(Key(f"RESOURCE#{ORDERS}", "STATE"))
