"""The function that hears heartbeats, fed with the sample of one, and the sweep that misses it."""

from collections.abc import Callable
from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.accounts.heartbeats import LedgerHeartbeats
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.health.heartbeats import BeatKey, BeatState, own_forwarder
from strongroom.domain.intent.model import Intent
from tests.builders.places import HOME, PAYMENTS, REPORTS
from tests.conftest import FakeClients
from tests.fakes.control_plane import World, batch, load_handler, settled_world

type Sample = Callable[[str], dict[str, Any]]

KEY = BeatKey(REPORTS, HOME)


@pytest.fixture
def world(
    platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable, sample: Sample
) -> World:
    """An account whose stack is finished, and of which nothing was heard yet."""
    world = settled_world(fake_clients, dynamodb, ledger_table)
    world.settle_in(REPORTS)
    [look] = world.onboard(sample("aws.cloudformation/StackStatusChange"))
    assert look["state"] == "WAITING"
    return world


NONE_FAILED: dict[str, list[Any]] = {"batchItemFailures": []}


def beat(sample: Sample, account: str, at: datetime) -> dict[str, Any]:
    """A heartbeat of the account's forwarder."""
    return sample("aws.events/heartbeat") | {"account": account, "time": at.isoformat()}


def hear(*events: dict[str, Any]) -> None:
    assert load_handler("hear_heartbeat")(batch(*events), None) == NONE_FAILED


def sweep(sample: Sample) -> None:
    assert load_handler("sweep_overdue_copies")(batch(sample("aws.events/tick")), None) == NONE_FAILED


def make_due(book: LedgerHeartbeats, key: BeatKey) -> None:
    known = book.find(key)
    assert known is not None
    assert book.keep(replace(known, due_at=datetime.now(UTC), revision=known.revision + 1), was=known)


def test_an_account_is_listened_to_once_its_stack_is_there(world: World, ledger_table: LedgerTable) -> None:
    known = LedgerHeartbeats(ledger_table).find(KEY)
    assert known is not None
    assert (known.state, known.heard_at) == (BeatState.BEATING, None)


def test_a_forwarder_that_falls_silent_is_told_and_the_alert_ends_with_its_next_beat(
    world: World, ledger_table: LedgerTable, sample: Sample, intent: Intent
) -> None:
    book, own, now = LedgerHeartbeats(ledger_table), own_forwarder(intent), datetime.now(UTC)
    hear(beat(sample, own.account, now), beat(sample, REPORTS, now - timedelta(minutes=90)))
    for _ in range(2):
        make_due(book, KEY)
        sweep(sample)
    assert [(each["kind"], each["status"]) for each in world.post.announced] == [("forwarder-silent", "opened")]
    assert REPORTS in world.post.announced[0]["reason"]
    hear(beat(sample, REPORTS, now))
    assert [each["status"] for each in world.post.announced] == ["opened", "resolved"]


def test_a_beat_of_a_foreign_account_begins_nothing(world: World, ledger_table: LedgerTable, sample: Sample) -> None:
    hear(beat(sample, PAYMENTS, datetime.now(UTC)))
    assert LedgerHeartbeats(ledger_table).find(BeatKey(PAYMENTS, HOME)) is None
