"""The function that looks again at what waits, woken by its schedule."""

from collections.abc import Callable
from typing import Any

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.table import LedgerTable
from tests.builders.places import PAYMENTS
from tests.conftest import FakeClients
from tests.fakes.control_plane import FakeOrganizations, FakePost, batch, load_handler
from tests.functions.tags.test_enforce_tags import (
    ORDERS,
    FakeBackup,
    a_tick,
    create_orders,
    make_due,
    payments_dynamodb,
    tags_of,
)


@pytest.fixture
def post(platform_environment: None, fake_clients: FakeClients, dynamodb: Any) -> FakePost:
    """The control plane's own clients; the member's tables are moto's."""
    fake = FakePost()
    fake_clients.own |= {"events": fake, "sns": fake, "sqs": fake, "dynamodb": dynamodb}
    fake_clients.own["organizations"] = FakeOrganizations()
    fake_clients.member[PAYMENTS, "dynamodb"] = payments_dynamodb()
    fake_clients.member[PAYMENTS, "backup"] = FakeBackup()
    return fake


def test_what_was_written_is_read_back_by_the_next_round_and_published_then(
    post: FakePost, fake_clients: FakeClients, sample: Callable[[str], dict[str, Any]], ledger_table: LedgerTable
) -> None:
    create_orders(fake_clients, {"Backup": "weekly", "team": "payments"})
    load_handler("enforce_tags")(batch(sample("aws.dynamodb/CreateTable")), None)
    assert tags_of(fake_clients.member[PAYMENTS, "dynamodb"]) == {"Backup": "daily-prod", "team": "payments"}
    assert post.facts == []
    make_due(ledger_table)
    assert load_handler("revisit_resources")(batch(a_tick()), None) == {"batchItemFailures": []}
    (fact,) = post.facts
    assert (fact["DetailType"], fact["Detail"]["state"], fact["Detail"]["previous"]) == (
        "TagEnforced",
        "CORRECTED",
        "weekly",
    )
    item = ledger_table.get(Key(f"RESOURCE#{ORDERS}", "STATE"))
    assert item is not None
    assert (item["tier"], item["tag_state"], item["due_bucket"]) == ("daily-prod", "CORRECTED", "tag-written")


def test_where_nothing_waits_nobody_is_asked(post: FakePost, fake_clients: FakeClients) -> None:
    assert load_handler("revisit_resources")(batch(a_tick()), None) == {"batchItemFailures": []}
    assert "sts" not in fake_clients.made
    assert post.facts == []
