"""Going through an account by lists: what no event had told is seen to, and the rest costs nothing."""

from collections.abc import Callable
from copy import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from strongroom.adapters.ledger.inventories.book import LedgerInventories
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.facts import TagEnforced
from strongroom.domain.tags.inventory.lists import LISTS
from strongroom.domain.tags.inventory.runs import EVERY, TRIES, InventoryOrder
from tests.builders.places import HOME, PAYMENTS
from tests.unit.services.tags.inventoried import (
    DAILY,
    FAR,
    LEDGER_ACCOUNT,
    REPORTS,
    Inventoried,
    bucket,
    database,
    table,
)
from tests.unit.services.tags.world import NOW, World


@pytest.fixture
def estate(intent: Intent) -> Inventoried:
    return Inventoried(World(intent))


def test_what_no_event_told_is_tagged_and_counted_by_type(estate: Inventoried) -> None:
    estate.has(database("orders"), database("bills", region=FAR), table("carts"))
    estate.begin()
    taken = estate.take()
    assert (taken.is_complete, taken.found) == (True, {"RDS instance": 2, "DynamoDB table": 1})
    assert {arn for arn, tags, _ in estate.world.tags.written if tags == DAILY} == {
        "arn:aws:rds:eu-west-1:222222222222:db:orders",
        "arn:aws:rds:eu-central-1:222222222222:db:bills",
        "arn:aws:dynamodb:eu-west-1:222222222222:table/carts",
    }
    item = estate.world.item("arn:aws:rds:eu-west-1:222222222222:db:orders")
    assert (item["tag_state"], item["tag_event"]) == ("TAGGED", "inventory 2026-09-01T10:00:00Z")


def test_what_the_ledger_knows_already_costs_no_call_and_no_word(estate: Inventoried) -> None:
    estate.has(database("orders"), table("carts"), tags=DAILY)
    estate.begin()
    estate.take()
    calls, facts = len(estate.world.tags.visits), len(estate.world.alerts.of(TagEnforced))
    estate.begin(after=timedelta(days=1))
    taken = estate.take()
    assert (taken.found, taken.states) == ({}, {"COMPLIANT": 2})
    assert (len(estate.world.tags.visits), len(estate.world.alerts.of(TagEnforced))) == (calls, facts)


def test_what_is_in_a_tier_already_is_known_from_then_on_without_a_look(estate: Inventoried) -> None:
    estate.has(database("orders"), database("bills", region=FAR), tags=DAILY)
    estate.begin()
    assert estate.take().found == {"RDS instance": 2}
    assert estate.world.tags.visits == []
    assert estate.world.expected("arn:aws:rds:eu-west-1:222222222222:db:orders") != []


def test_a_tag_that_went_away_without_an_event_is_put_back(estate: Inventoried) -> None:
    estate.has(table("carts"), tags=DAILY)
    estate.begin()
    estate.take()
    arn = "arn:aws:dynamodb:eu-west-1:222222222222:table/carts"
    estate.lists.tags[arn] = estate.world.tags.tags[arn] = {"team": "payments"}
    estate.begin(after=timedelta(days=1))
    assert estate.take().found == {"DynamoDB table": 1}
    assert estate.world.tags.tags[arn] == {"team": "payments"} | DAILY


def test_what_the_listing_of_tags_does_not_show_is_read_before_it_is_written(estate: Inventoried) -> None:
    estate.has(table("carts"), tags=DAILY)
    arn = "arn:aws:dynamodb:eu-west-1:222222222222:table/carts"
    estate.lists.tags[arn] = {}
    estate.begin()
    assert estate.take().states == {"COMPLIANT": 1}
    assert estate.world.tags.written == []


def test_a_bucket_in_another_region_has_the_tags_that_are_listed_there(estate: Inventoried) -> None:
    estate.has(bucket("logs", region=HOME), bucket("far", region=FAR), tags=DAILY)
    estate.world.tags.answers = {
        f"arn:aws:s3:::{name}": {"GetBucketVersioning": {"Status": "Enabled"}} for name in ("logs", "far")
    }
    estate.begin()
    assert estate.take().states == {"COMPLIANT": 2}
    assert estate.lists.calls.count("s3:ListBuckets") == 1
    assert estate.world.tags.written == []


def test_a_bucket_without_versions_is_looked_at_until_it_has_some(estate: Inventoried) -> None:
    estate.has(bucket("logs"), tags=DAILY)
    arn = "arn:aws:s3:::logs"
    estate.world.tags.answers[arn] = {"GetBucketVersioning": {}}
    estate.begin()
    assert estate.take().states == {"CANNOT": 1}
    assert [alert.subject for alert in estate.world.alerts.told] == [arn]
    estate.world.tags.answers[arn] = {"GetBucketVersioning": {"Status": "Enabled"}}
    estate.begin(after=timedelta(days=1))
    assert estate.take().states == {"COMPLIANT": 1}
    assert [alert.subject for alert in estate.world.alerts.settled] == [arn]
    estate.begin(after=timedelta(days=1))
    assert (estate.take().states, len(estate.world.tags.visits)) == ({"COMPLIANT": 1}, 2)


def test_members_of_something_and_other_regions_are_left_alone(estate: Inventoried) -> None:
    estate.has(database("one", DBClusterIdentifier="blue"), bucket("abroad", region=Region("us-east-1")))
    estate.begin()
    taken = estate.take()
    assert (taken.states, taken.found) == ({"COVERED": 1, "NOT_GOVERNED": 1}, {})
    assert estate.world.tags.visits == []


def test_what_waits_for_its_tag_is_left_to_those_who_look_at_it(estate: Inventoried) -> None:
    estate.has(table("carts"))
    estate.world.tags.slow.add("arn:aws:dynamodb:eu-west-1:222222222222:table/carts")
    estate.begin()
    assert estate.take().states == {"WAITING": 1}
    visits = len(estate.world.tags.visits)
    estate.begin(InventoryOrder(is_asked=True), after=timedelta(minutes=1))
    assert (estate.take().states, len(estate.world.tags.visits)) == ({"WAITING": 1}, visits)


def test_what_was_made_a_moment_ago_may_have_an_event_that_is_still_on_its_way(estate: Inventoried) -> None:
    estate.has(database("orders", InstanceCreateTime=NOW - timedelta(minutes=5)))
    estate.begin()
    taken = estate.take()
    assert (taken.states, taken.found) == ({"TAGGED": 1}, {})


def test_a_list_that_is_refused_is_named_and_hides_no_other(estate: Inventoried) -> None:
    estate.has(database("orders"))
    estate.lists.failing["dsql:ListClusters"] = AccessRefusedError("not allowed")
    estate.begin()
    taken = estate.take()
    assert (taken.is_complete, taken.found) == (True, {"RDS instance": 1})
    assert taken.unread == {
        "dsql:ListClusters in eu-west-1": "not allowed",
        "dsql:ListClusters in eu-central-1": "not allowed",
    }


def refuse(estate: Inventoried, *names: str, error: StrongroomError | None = None) -> None:
    estate.lists.failing = dict.fromkeys(names, error or AccessRefusedError("not allowed"))


def test_a_list_that_stays_refused_for_a_day_is_one_alert_of_its_account(estate: Inventoried) -> None:
    refuse(estate, "dsql:ListClusters", "eks:ListClusters")
    estate.begin()
    estate.take()
    assert estate.world.alerts.told == []
    for _ in range(2):
        estate.begin(after=EVERY)
        estate.take()
    (alert,) = estate.world.alerts.told
    assert (alert.kind, alert.subject, alert.account) == (AlertKind.INVENTORY_REFUSED, PAYMENTS, PAYMENTS)
    assert alert.reason == (
        "the inventory is refused dsql:ListClusters in eu-central-1, dsql:ListClusters in eu-west-1,"
        " eks:ListClusters in eu-central-1, eks:ListClusters in eu-west-1,"
        " since the one of 2026-09-01 10:00 UTC: not allowed"
    )


def test_that_alert_is_over_once_everything_is_listed_again(estate: Inventoried) -> None:
    refuse(estate, "dsql:ListClusters", "eks:ListClusters")
    for _ in range(2):
        estate.begin(after=EVERY)
        estate.take()
    refuse(estate, "eks:ListClusters")
    estate.begin(after=EVERY)
    estate.take()
    assert estate.world.alerts.settled == []
    refuse(estate)
    estate.begin(after=EVERY)
    estate.take()
    assert [alert.kind for alert in estate.world.alerts.settled] == [AlertKind.INVENTORY_REFUSED]
    refuse(estate, "eks:ListClusters")
    estate.begin(after=EVERY)
    estate.take()
    assert len(estate.world.alerts.told) == 1, "a new refusal has a day, too"


@pytest.mark.parametrize("error", [TemporarilyUnavailableError("no such place"), CallRefusedError("not offered")])
def test_what_no_right_would_mend_alerts_nobody(error: StrongroomError, estate: Inventoried) -> None:
    refuse(estate, "timestream:ListTables", error=error)
    for _ in range(3):
        estate.begin(after=EVERY)
        for _ in range(TRIES):
            estate.take()
    assert estate.world.alerts.told == []


def test_an_account_that_is_governed_no_more_is_nobody_s_refusal(estate: Inventoried) -> None:
    refuse(estate, "dsql:ListClusters")
    for _ in range(2):
        estate.begin(after=EVERY)
        estate.take()
    estate.world.accounts.known.clear()
    estate.world.organization.memberships[PAYMENTS] = replace(estate.world.organization.memberships[PAYMENTS], units=())
    estate.begin(after=EVERY)
    estate.take()
    assert len(estate.world.alerts.settled) == 1


def test_a_list_that_is_too_busy_is_read_by_a_later_round(estate: Inventoried) -> None:
    estate.has(database("orders"))
    estate.lists.failing["rds:DescribeDBInstances"] = TemporarilyUnavailableError("busy")
    estate.begin()
    assert not estate.take().is_complete
    del estate.lists.failing["rds:DescribeDBInstances"]
    calls = len(estate.lists.calls)
    taken = estate.take()
    assert (taken.is_complete, taken.found, taken.unread) == (True, {"RDS instance": 1}, {})
    assert estate.lists.calls[calls:] == ["rds:DescribeDBInstances"] * 2


def test_a_list_that_is_never_answered_is_given_up_and_named(estate: Inventoried) -> None:
    estate.lists.failing["timestream:ListTables"] = TemporarilyUnavailableError("no such place")
    estate.begin()
    rounds = [estate.take().is_complete for _ in range(TRIES)]
    assert rounds == [False, False, True]
    assert estate.take().unread == {f"timestream:ListTables in {each}": "no such place" for each in estate.regions}


def test_where_the_tags_cannot_be_listed_nothing_is_judged_without_them(estate: Inventoried) -> None:
    estate.has(table("carts"), tags=DAILY)
    estate.lists.failing["tag:GetResources"] = TemporarilyUnavailableError("busy")
    estate.begin()
    taken = estate.take()
    assert (taken.is_complete, taken.states, estate.world.tags.visits) == (False, {}, [])


def test_a_page_that_takes_longer_than_there_is_time_goes_on_where_it_was(estate: Inventoried) -> None:
    estate.has(*(database(f"db{number}") for number in range(250)))
    estate.lists.page_size = 1_000
    estate.begin()
    put = estate.world.tags.put

    def put_slowly(tags: Any, **place: Any) -> Any:
        estate.clock += timedelta(seconds=2 * len(tags))
        return put(tags, **place)

    estate.world.tags.put = put_slowly  # type: ignore[method-assign]
    rounds = [estate.take() for _ in range(3)]
    assert [taken.is_complete for taken in rounds] == [False, False, True]
    assert sum(mark.found.get("RDS instance", 0) for mark in estate.marks()) == 250
    assert len(estate.world.tags.written) == 250


def test_a_page_that_is_refused_because_its_token_is_old_is_read_from_the_beginning(estate: Inventoried) -> None:
    estate.has(*(database(f"db{number}") for number in range(3)))
    estate.lists.page_size = 2
    estate.lists.refuses_tokens = True
    estate.begin()
    assert not estate.take().is_complete
    estate.lists.refuses_tokens = False
    taken = estate.take()
    assert (taken.is_complete, taken.unread, len(estate.world.tags.written)) == (True, {}, 3)


def test_a_later_inventory_ends_an_earlier_one(estate: Inventoried) -> None:
    estate.has(database("orders"))
    estate.begin()
    first = estate.book.runs()[0].id
    estate.begin(InventoryOrder(is_asked=True), after=timedelta(minutes=1))
    taken = estate.take(run=first)
    assert (taken.is_complete, taken.reason) == (True, "a later inventory has replaced it")
    assert estate.lists.calls == []
    assert estate.take(run="never").is_complete


def test_an_account_that_is_not_governed_any_more_is_not_looked_into(estate: Inventoried) -> None:
    estate.begin()
    estate.world.accounts.known.clear()
    estate.world.organization.memberships[PAYMENTS] = replace(estate.world.organization.memberships[PAYMENTS], units=())
    taken = estate.take()
    assert (taken.is_complete, estate.lists.calls) == (True, [])


def test_a_round_ends_when_its_time_is_over_and_the_next_goes_on(estate: Inventoried) -> None:
    estate.has(database("orders"))
    estate.begin()
    estate.ticks = timedelta(seconds=20)
    rounds = [estate.take()]
    while not rounds[-1].is_complete:
        rounds.append(estate.take())
    assert len(rounds) > 2
    regional = [name for name in LISTS if name != "s3:ListBuckets"]
    assert estate.lists.calls == [*regional, *regional, "s3:ListBuckets"]


class StoppedError(Exception):
    """The function is ended, in the middle of a round."""


def test_an_inventory_of_three_accounts_resumes_after_any_page_with_the_same_findings(intent: Intent) -> None:
    whole = _three_accounts(intent)
    for account in whole.accounts:
        whole.take(account)
    pages = len([call for call in whole.lists.calls if call != "tag:GetResources"])
    assert sum(sum(mark.found.values()) for mark in whole.marks()) == 3 * 2 * 5
    for stopped_before in range(1, pages):
        stopped = _three_accounts(intent)
        stop(stopped, before=stopped_before)
        for account in stopped.accounts:
            try:
                stopped.take(account)
            except StoppedError:
                stopped.take(account)
        assert findings(stopped) == findings(whole), stopped_before


def test_a_page_that_was_seen_to_and_not_marked_is_counted_once(intent: Intent) -> None:
    whole = _three_accounts(intent)
    for account in whole.accounts:
        whole.take(account)
    for kept in range(1, 20):
        stopped = _three_accounts(intent)
        for account in stopped.accounts:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(LedgerInventories, "keep", ended_before(kept))
                with pytest.raises(StoppedError):
                    stopped.take(account)
            stopped.take(account)
        assert findings(stopped) == findings(whole), kept


def ended_before(number: int) -> Callable[..., bool]:
    """What keeps marks, and ends the function before it keeps that one."""
    keep, kept = LedgerInventories.keep, count(1)

    def keep_some(*arguments: Any, **named: Any) -> bool:
        if next(kept) == number:
            raise StoppedError
        return keep(*arguments, **named)

    return keep_some


def stop(estate: Inventoried, *, before: int) -> None:
    """End the function once, before it reads this page."""
    read, left = estate.lists.page, [before]

    def page(*arguments: Any, **named: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise StoppedError
        return read(*arguments, **named)

    estate.lists.page = page  # type: ignore[method-assign]


def findings(estate: Inventoried) -> Any:
    """What an inventory found, and what was written for it."""
    marks = [(mark.place, mark.listed, mark.states, mark.found) for mark in estate.marks()]
    return marks, sorted(map(str, estate.world.tags.written))


def _three_accounts(intent: Intent) -> Inventoried:
    estate = Inventoried(World(intent), accounts=(PAYMENTS, LEDGER_ACCOUNT, REPORTS))
    estate.lists.page_size = 2
    for account in estate.accounts:
        for region in estate.regions:
            estate.has(
                *(database(f"db{number}", account=account, region=region) for number in range(3)),
                *(table(f"table{number}", account=account, region=region) for number in range(2)),
            )
    estate.begin()
    return estate
