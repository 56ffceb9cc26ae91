"""The function that begins inventories, woken by its schedule or by somebody's wish."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from strongroom.adapters.aws.queues import WishQueue
from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.inventories.book import LedgerInventories
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.accounts.membership import AccountState, AccountVerdict
from strongroom.domain.tags.inventory.runs import InventoryOrder
from tests.builders.places import PAYMENTS, PRODUCTION, REPORTS
from tests.conftest import FakeClients
from tests.fakes.control_plane import FakePost, batch, load_handler
from tests.functions.tags.test_enforce_tags import a_tick


@pytest.fixture
def post(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> FakePost:
    """The control plane's own clients, and two governed accounts in the ledger."""
    fake, now = FakePost(), datetime.now(UTC)
    fake_clients.own |= {"events": fake, "sns": fake, "sqs": fake, "dynamodb": dynamodb}
    for account in (PAYMENTS, REPORTS):
        ready = AccountVerdict(state=AccountState.READY, reason="", account=account, units=(PRODUCTION,))
        LedgerAccounts(ledger_table).record(ready, not_ready_since=None, now=now, again_at=now)
    return fake


def test_a_tick_begins_the_inventory_of_the_day_once(post: FakePost, ledger_table: LedgerTable) -> None:
    handler = load_handler("begin_inventory")
    assert handler(batch(a_tick()), None) == {"batchItemFailures": []}
    assert handler(batch(a_tick()), None) == {"batchItemFailures": []}
    [run] = LedgerInventories(ledger_table).runs()
    told = [(fact["DetailType"], fact["Detail"]["account"], fact["Detail"]["run"]) for fact in post.facts]
    assert told == [("InventoryBegun", account, run.id) for account in (PAYMENTS, REPORTS)]


def test_somebody_asks_for_one_account(post: FakePost, ledger_table: LedgerTable) -> None:
    sent: list[str] = []

    class Queue:
        def send_message(self, *, QueueUrl: str, MessageBody: str) -> None:  # noqa: N803 - boto3's spelling
            sent.append(MessageBody)

    order = InventoryOrder(is_asked=True, accounts=(REPORTS,))
    WishQueue(Queue(), "url", account="999999999999", region="eu-west-1").send(order, now=datetime.now(UTC))
    load_handler("begin_inventory")(batch(a_tick()), None)
    assert load_handler("begin_inventory")(batch(sent[0]), None) == {"batchItemFailures": []}
    part, whole = LedgerInventories(ledger_table).runs()
    assert (part.accounts, whole.is_whole) == ((REPORTS,), True)
    assert [fact["Detail"]["account"] for fact in post.facts] == [PAYMENTS, REPORTS, REPORTS]


@pytest.mark.parametrize(
    "detail", [{"is_asked": "yes"}, {"accounts": ["12"]}, {"accounts": [f"{n:012d}" for n in range(51)]}, []]
)
def test_a_wish_that_is_none_is_buried(post: FakePost, ledger_table: LedgerTable, detail: object) -> None:
    wish = a_tick() | {"source": "strongroom", "detail-type": "InventoryAsked", "detail": detail}
    assert load_handler("begin_inventory")(batch(json.dumps(wish)), None) == {"batchItemFailures": []}
    assert (len(post.buried), LedgerInventories(ledger_table).runs(), post.facts) == (1, (), [])
