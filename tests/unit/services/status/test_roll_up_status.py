"""The views are made of the ledger, whatever a fact says, and counted from their own keys."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.changes import Key
from strongroom.domain.accounts.membership import AccountState, AccountVerdict
from strongroom.domain.copies.expected.backups import ExpectedState
from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.status.nights import sums_of
from strongroom.domain.status.states import Protection
from strongroom.services.status.roll_up_status import recount, refresh
from tests.builders.copies import RESOURCE, SOURCE, a_promise
from tests.builders.expected import FIRING, NIGHT, an_expected
from tests.builders.places import PAYMENTS, REPLICA_VAULT
from tests.fakes.status_views.world import StatusWorld, a_verified


@pytest.fixture
def world(intent: Intent) -> StatusWorld:
    return StatusWorld(intent)


def a_protected_world(world: StatusWorld) -> StatusWorld:
    world.expect()
    world.promise(a_verified())
    world.hear()
    world.tick()
    return world


def state_of(world: StatusWorld, resource: str = RESOURCE) -> Protection:
    status, _ = world.needs.views.find(resource, most=1)
    assert status is not None
    return status.state


def test_a_resource_is_protected_once_its_copy_was_read(world: StatusWorld) -> None:
    a_protected_world(world)
    assert world.sentence() == (
        "1 of 1 resource is protected; last night 1 backup, 1 copy verified, 0 missed; data 0 seconds old; "
        "not compared with AWS's own lists yet"
    )


def test_what_a_fact_says_is_looked_up_and_not_believed(world: StatusWorld) -> None:
    world.hear("arn:aws:rds:eu-west-1:222222222222:db:made-up", point=SOURCE)
    world.promise(a_verified())
    world.hear("arn:aws:rds:eu-west-1:222222222222:db:made-up", point=SOURCE)
    assert world.views.everything() == []


def test_a_backup_is_one_line_of_history_written_once_its_copies_are_settled(world: StatusWorld) -> None:
    world.promise(a_verified(destination=REPLICA_VAULT))
    a_protected_world(world)
    tomorrow = SOURCE.replace("job-1", "job-2")
    second = a_promise(recovery_point=tomorrow, created_at=FIRING)
    third = replace(second, destination=REPLICA_VAULT)
    world.promise(second)
    world.promise(third)
    world.now += NIGHT
    world.views.writes.clear()
    world.hear(point=tomorrow)
    world.promise(replace(second, state=PromiseState.VERIFIED, copy="one", settled_at=world.now))
    world.hear(point=tomorrow)
    assert world.views.writes == []
    world.promise(replace(third, state=PromiseState.VERIFIED, copy="two", settled_at=world.now))
    world.hear(point=tomorrow)
    world.hear(point=tomorrow)
    assert world.views.writes == ["RESOURCE", "RESOURCE", "IN", "DIRTY"]
    status, lines = world.needs.views.find(RESOURCE, most=9)
    assert [line.at for line in lines] == [FIRING, FIRING - NIGHT]
    assert status is not None
    assert [(each.night.day, each.backups, each.copies) for each in status.sums] == [(2, 1, 2), (1, 1, 2)]


def test_the_latest_nights_of_a_rule_of_each_hour_are_summed_whole(world: StatusWorld) -> None:
    a_protected_world(world)
    was, (line,) = world.needs.views.find(RESOURCE, most=9)
    assert was is not None
    hours = tuple(replace(line, at=line.at - timedelta(hours=each)) for each in range(1, 49))
    world.needs.views.keep(was, was=was, lines=hours)
    assert refresh(RESOURCE, account=PAYMENTS, needs=world.needs, now=world.now, is_thorough=True)
    status, _ = world.needs.views.find(RESOURCE, most=1)
    assert status is not None
    assert status.sums == sums_of((line, *hours))
    assert status.sums[1].backups == 24


def test_of_a_rule_of_each_day_few_nights_are_read(world: StatusWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    a_protected_world(world)
    was, (line,) = world.needs.views.find(RESOURCE, most=9)
    assert was is not None
    nights = tuple(replace(line, at=line.at - each * NIGHT) for each in range(1, 60))
    world.needs.views.keep(was, was=was, lines=nights)
    read: list[int] = []
    page = world.views.page

    def counted(pk: str, **asked: Any) -> list[Any]:
        found = page(pk, **asked)
        read.append(len(found))
        return found

    monkeypatch.setattr(world.views, "page", counted)
    refresh(RESOURCE, account=PAYMENTS, needs=world.needs, now=world.now, is_thorough=True)
    # Its status, and six nights.
    assert read == [7]


def test_an_unkept_promise_shows_until_it_is_kept(world: StatusWorld) -> None:
    a_protected_world(world)
    missing = a_promise(recovery_point="p-2", created_at=FIRING, due_at=None, state=PromiseState.MISSING)
    world.promise(missing)
    world.now += NIGHT
    world.hear(point="p-2")
    world.tick()
    assert state_of(world) is Protection.COPY_SHORT
    assert world.sentence().startswith("0 of 1 resource is protected (1 not fully protected); ")
    world.promise(replace(missing, state=PromiseState.VERIFIED, copy="late", settled_at=world.now))
    world.now += timedelta(minutes=5)
    # The fact of its end was lost: the list itself knows that there may be news.
    recount(needs=world.needs, now=world.now)
    assert state_of(world) is Protection.PROTECTED
    assert [item["sk"][:2] for item in world.views.everything() if item["pk"] == f"IN#{PAYMENTS}"] == ["5#"]


def test_a_resource_of_which_no_fact_ever_came_is_found_by_the_hourly_count(world: StatusWorld) -> None:
    world.expect(an_expected(last_created=None, last_job=None))
    world.tick()
    assert state_of(world) is Protection.AWAITED
    assert world.sentence().startswith("0 of 1 resource is protected (1 first backup awaited); ")


def test_a_count_that_was_cut_short_goes_on_at_the_next_tick(world: StatusWorld) -> None:
    for number in range(5):
        world.expect(an_expected(resource=f"{RESOURCE}-{number}"))
    first = recount(needs=world.needs, now=world.now, limit=3)
    second = recount(needs=world.needs, now=world.now, limit=9)
    assert (first.is_whole, first.resources, second.is_whole) == (False, 3, True)
    assert world.sentence().startswith("5 of 5 resources are protected")


def test_what_ended_is_not_counted_among_what_is_to_be_protected(world: StatusWorld) -> None:
    a_protected_world(world)
    world.expect(an_expected(state=ExpectedState.ENDED, due_at=None, firing=None, reason="the resource is gone"))
    world.now += timedelta(hours=1)
    world.tick()
    assert state_of(world) is Protection.ENDED
    assert world.sentence().startswith("No resource is known that is to be protected; ")


def test_a_resource_that_the_ledger_has_forgotten_leaves_the_lists(world: StatusWorld) -> None:
    a_protected_world(world)
    world.ledger = type(world.ledger)()
    world.now += timedelta(hours=1)
    world.tick()
    assert {item["pk"].partition("#")[0] for item in world.views.everything()} == {"RESOURCE", "VIEW", "DAYS"}


def test_an_account_is_listed_under_the_unit_that_it_is_in_now(world: StatusWorld) -> None:
    a_protected_world(world)
    production = world.intent.organization.units["Production"]
    verdict = AccountVerdict(account=PAYMENTS, state=AccountState.READY, reason="ready", units=(production,))
    LedgerAccounts(world.ledger).record(verdict, not_ready_since=None, now=world.now)
    world.now += timedelta(hours=1)
    world.tick()
    assert [(line.unit, line.accounts) for line in world.needs.views.units()] == [("Production", 1)]
    assert list(world.needs.views.accounts_of("unit not known")) == []


def test_a_line_that_an_interrupted_write_left_over_is_counted_once_and_removed(world: StatusWorld) -> None:
    a_protected_world(world)
    left = next(item for item in world.views.everything() if item["pk"] == f"IN#{PAYMENTS}")
    world.views.put({**left, "sk": f"2#{RESOURCE}"})
    world.now += timedelta(hours=1)
    world.tick()
    world.tick()
    assert world.views.get(Key(f"IN#{PAYMENTS}", f"2#{RESOURCE}")) is None
    assert world.sentence().startswith("1 of 1 resource is protected")


def test_a_total_does_not_depend_on_how_often_a_fact_comes(world: StatusWorld) -> None:
    a_protected_world(world)
    before = world.sentence()
    for _ in range(3):
        world.hear()
        world.tick()
    assert world.sentence() == before


def test_a_mark_that_came_while_its_account_was_counted_stays(world: StatusWorld) -> None:
    a_protected_world(world)
    world.needs.views.clean(PAYMENTS, mark="")
    refresh(RESOURCE, account=PAYMENTS, needs=world.needs, now=world.now, is_thorough=True)
    (marked,) = world.needs.views.dirty().items()
    world.needs.views.clean(AccountId(marked[0]), mark="an older one")
    assert world.needs.views.dirty() == dict([marked])
    world.needs.views.clean(*marked[:1], mark=marked[1])
    assert world.needs.views.dirty() == {}
