"""When inventories begin, and how those are gone on with that were left."""

from datetime import timedelta

import pytest

from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.inventory.runs import STALE, InventoryOrder
from tests.builders.places import PAYMENTS
from tests.unit.services.tags.inventoried import LEDGER_ACCOUNT, Inventoried, database
from tests.unit.services.tags.world import World

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def estate(intent: Intent) -> Inventoried:
    return Inventoried(World(intent), accounts=(PAYMENTS, LEDGER_ACCOUNT))


def test_every_governed_account_is_told_once_a_day(estate: Inventoried) -> None:
    assert estate.begin().sent == (PAYMENTS, LEDGER_ACCOUNT)
    assert estate.begin(after=MINUTE).sent == ()
    take_all(estate)
    assert estate.begin(after=MINUTE).sent == ()
    assert estate.begin(after=DAY).sent == (PAYMENTS, LEDGER_ACCOUNT)
    assert len(estate.sent) == 4


def test_it_is_seen_how_far_an_inventory_is(estate: Inventoried) -> None:
    estate.has(database("orders"), database("bills", account=LEDGER_ACCOUNT))
    estate.begin()
    estate.take(PAYMENTS)
    [run] = estate.begin(after=MINUTE).runs
    assert (run.places, run.done, run.listed, run.found, run.ended_at) == (4, 2, 1, {"RDS instance": 1}, None)
    estate.take(LEDGER_ACCOUNT)
    [run] = estate.begin(after=MINUTE).runs
    assert (run.done, run.found, run.ended_at, run.partly) == (4, {"RDS instance": 2}, estate.clock, 0)
    assert estate.book.find_run(run.id) == run
    assert estate.begin(after=MINUTE).runs == ()


def test_an_account_that_nobody_is_at_work_on_is_told_again(estate: Inventoried) -> None:
    estate.begin()
    estate.take(PAYMENTS)
    assert estate.begin(after=STALE - MINUTE).sent == ()
    assert estate.begin(after=MINUTE).sent == (LEDGER_ACCOUNT,)
    assert estate.begin(after=MINUTE).sent == ()
    estate.ticks = timedelta(seconds=30)
    assert not estate.take(LEDGER_ACCOUNT).is_complete
    assert estate.begin(after=MINUTE).sent == ()
    assert estate.begin(after=STALE).sent == (LEDGER_ACCOUNT,)


def test_somebody_may_ask_for_one_now_which_replaces_the_one_that_is_under_way(estate: Inventoried) -> None:
    estate.begin()
    asked = estate.begin(InventoryOrder(is_asked=True), after=MINUTE)
    assert (len(asked.runs), asked.sent) == (1, (PAYMENTS, LEDGER_ACCOUNT))
    assert estate.begin(InventoryOrder(is_asked=True)).sent == ()
    assert [run.begun_at for run in estate.book.runs()] == [estate.clock, estate.clock - MINUTE]


def test_one_account_that_somebody_asks_for_leaves_the_inventory_of_all_alone(estate: Inventoried) -> None:
    estate.begin()
    asked = estate.begin(InventoryOrder(is_asked=True, accounts=(LEDGER_ACCOUNT,)), after=MINUTE)
    assert (len(asked.runs), asked.sent) == (2, (LEDGER_ACCOUNT,))
    part, whole = estate.book.runs()
    assert (part.accounts, part.is_whole, whole.is_whole) == ((LEDGER_ACCOUNT,), False, True)
    assert estate.take(LEDGER_ACCOUNT, run=part.id).is_complete
    assert estate.take(PAYMENTS, run=whole.id).is_complete
    assert estate.book.find_run(whole.id) is not None
    assert estate.begin(after=MINUTE).runs[0].ended_at is not None


def test_an_account_that_is_not_governed_is_gone_through_in_vain(estate: Inventoried) -> None:
    stranger = AccountId("777777777777")
    estate.begin(InventoryOrder(is_asked=True, accounts=(stranger,)))
    taken = estate.take(stranger)
    assert (taken.is_complete, estate.lists.calls) == (True, [])


def test_who_became_ready_since_the_last_look_is_gone_through_at_once(estate: Inventoried) -> None:
    estate.begin()
    take_all(estate)
    estate.begin(after=timedelta(minutes=5))
    estate.world.alerts.facts.clear()
    estate.book.owe(PAYMENTS, now=estate.clock)
    begun = estate.begin(after=timedelta(minutes=5))
    assert (estate.sent, begun.sent) == ([PAYMENTS], (PAYMENTS,))
    [run] = [run for run in estate.book.runs() if not run.is_whole]
    assert (run.accounts, estate.book.owed()) == ((PAYMENTS,), ())
    estate.take(PAYMENTS, run=run.id)
    estate.begin(after=timedelta(minutes=5))
    assert [each.ended_at is not None for each in estate.book.runs()] == [True, True]
    assert estate.sent == [PAYMENTS]


def test_what_somebody_asks_for_is_begun_alone_and_the_next_tick_sees_to_who_is_owed_one(estate: Inventoried) -> None:
    estate.book.owe(PAYMENTS, now=estate.clock)
    assert estate.begin(InventoryOrder(is_asked=True, accounts=(LEDGER_ACCOUNT,))).sent == (LEDGER_ACCOUNT,)
    assert estate.book.owed() == (PAYMENTS,)
    estate.begin(after=MINUTE)
    assert estate.book.owed() == ()


def test_an_inventory_of_all_that_is_under_way_goes_through_who_became_ready(estate: Inventoried) -> None:
    estate.begin()
    estate.book.owe(PAYMENTS, now=estate.clock)
    estate.begin(after=timedelta(minutes=5))
    assert [run.is_whole for run in estate.book.runs()] == [True]
    assert estate.book.owed() == ()


def test_many_inventories_of_some_do_not_hide_the_last_of_all(estate: Inventoried) -> None:
    estate.begin()
    take_all(estate)
    for _ in range(30):
        estate.begin(InventoryOrder(is_asked=True, accounts=(PAYMENTS,)), after=MINUTE)
    assert sum(run.is_whole for run in estate.book.runs()) == 1
    estate.begin(after=MINUTE)
    assert len(estate.book.runs()) == 31


def take_all(estate: Inventoried) -> None:
    for account in estate.accounts:
        estate.take(account)
