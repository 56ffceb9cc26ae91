"""A loop with somebody who undoes our tag each time: it stops at the third time, with one alert."""

from collections.abc import Iterable, Sequence
from copy import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.table import Item
from strongroom.domain.alerts.complaints import AlertKind, fingerprint
from strongroom.domain.alerts.lifecycle import AlertStatus
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.facts import Fact
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.facts import TagEnforced
from strongroom.domain.tags.verdicts import TagState
from tests.builders.places import PAYMENTS
from tests.unit.services.tags.drifting import (
    DAY,
    DEVELOPER,
    TERRAFORM,
    answer,
    noticed,
    protected,
    states_of,
    tagged,
    take_off,
    untagged,
)
from tests.unit.services.tags.world import FIRST, NOW, ORDERS, SECOND, World

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
QUARREL = fingerprint(AlertKind.TAGS_FOUGHT_OVER, f"{PAYMENTS} {TERRAFORM}")


@pytest.fixture
def world(intent: Intent) -> World:
    """Payments, whose database is in its tier."""
    return protected(World(intent))


def undo(world: World, number: int, *, after: timedelta, role: str = TERRAFORM) -> TagState:
    """The tag is taken off, so long after the beginning, and the event of it is answered."""
    take_off(world)
    world.now = NOW + after
    caller = f"{role.replace('role/ci', 'assumed-role')}/run-{number}"
    [state] = states_of(world, untagged(number, after=after, role=role, caller=caller))
    return state


def fought_over(world: World) -> datetime:
    """Terraform takes the tag off three times; the moment of the last time."""
    assert [undo(world, each, after=each * HOUR) for each in (1, 2, 3)] == [
        TagState.TAGGED,
        TagState.TAGGED,
        TagState.TAG,
    ]
    return world.now


def acknowledge(world: World) -> None:
    """Somebody looks after the alert."""
    book = world.needs.alerts.book
    kept = book.find(QUARREL)
    assert kept is not None
    assert book.keep(replace(kept, acknowledged_by="sana", acknowledged_at=world.now), was=kept)


def test_the_third_time_within_a_day_is_one_alert_and_no_write(world: World) -> None:
    fought_over(world)
    assert len(world.tags.written) == 2
    assert "Backup" not in world.tags.tags[ORDERS]
    (alert,) = world.alerts.told
    assert (alert.kind, alert.subject) == (AlertKind.TAGS_FOUGHT_OVER, f"{PAYMENTS} {TERRAFORM}")
    assert alert.resource == ORDERS
    assert f"because {TERRAFORM} has undone it 3 times within a day" in alert.reason
    assert "nothing is written until 2026-09-02 13:00 UTC" in alert.reason


def test_it_stays_one_alert_and_no_write_however_often_it_goes_on(world: World) -> None:
    fought_over(world)
    later = [undo(world, number, after=number * 20 * HOUR) for number in range(1, 10)]
    assert later[0] is TagState.TAG
    assert set(later) == {TagState.TAG}
    assert (len(world.tags.written), len(world.alerts.told)) == (2, 1)
    facts = world.alerts.of(TagEnforced)
    assert [each.state for each in facts][-1] == "TAG"


def test_three_times_in_three_days_are_no_quarrel(world: World) -> None:
    assert [undo(world, each, after=each * DAY) for each in (1, 2, 3)] == [TagState.TAGGED] * 3
    assert world.alerts.told == []


def test_others_who_do_it_once_each_are_no_quarrel(world: World) -> None:
    roles = [f"{DEVELOPER}{number}" for number in range(3)]
    assert [undo(world, n, after=n * HOUR, role=role) for n, role in enumerate(roles)] == [TagState.TAGGED] * 3
    assert world.alerts.told == []


def test_a_value_that_is_changed_each_time_is_a_quarrel_too(world: World) -> None:
    states = []
    for number in (1, 2, 3):
        world.tags.tags[ORDERS]["Backup"] = "none"
        world.now = NOW + number * HOUR
        states += states_of(world, tagged("none", number, after=number * HOUR, role=TERRAFORM))
    assert states == [TagState.CORRECTED, TagState.CORRECTED, TagState.CORRECT]
    assert world.alerts.kinds == [AlertKind.TAGS_FOUGHT_OVER]


def test_after_a_day_of_quiet_it_is_put_back_and_the_alert_is_over(world: World) -> None:
    last = fought_over(world)
    assert world.revisit(after=DAY - timedelta(seconds=1)) == []
    assert world.revisit(after=timedelta(seconds=1)) == [TagState.TAGGED]
    assert world.now == last + DAY
    assert world.tags.tags[ORDERS]["Backup"] == "daily-prod"
    assert [alert.kind for alert in world.alerts.settled] == [AlertKind.TAGS_FOUGHT_OVER]
    assert "quarrels" not in world.item()


def test_each_new_time_begins_the_day_of_quiet_anew(world: World) -> None:
    fought_over(world)
    undo(world, 4, after=20 * HOUR)
    world.now = NOW + 27 * HOUR
    assert world.revisit(after=timedelta()) == []
    world.now = NOW + 44 * HOUR
    assert world.revisit(after=timedelta()) == [TagState.TAGGED]


def test_the_tier_that_it_had_is_put_back_after_the_quarrel(world: World) -> None:
    world.tags.tags[ORDERS]["Backup"] = "compliance-7y"
    states_of(world, tagged("compliance-7y", 90))
    fought_over(world)
    world.revisit(after=DAY)
    assert world.tags.tags[ORDERS]["Backup"] == "compliance-7y"


def test_who_tags_it_himself_ends_the_quarrel(world: World) -> None:
    fought_over(world)
    world.tags.tags[ORDERS]["Backup"] = "monthly-prod"
    assert states_of(world, tagged("monthly-prod", 8, after=4 * HOUR)) == [TagState.COMPLIANT]
    assert [alert.kind for alert in world.alerts.settled] == [AlertKind.TAGS_FOUGHT_OVER]
    assert world.revisit(after=2 * DAY) == []


def test_once_somebody_looks_after_the_alert_it_is_put_back_twice_more(world: World) -> None:
    fought_over(world)
    world.now += timedelta(minutes=5)
    acknowledge(world)
    later = [undo(world, number, after=number * HOUR) for number in (4, 5, 6)]
    assert later == [TagState.TAGGED, TagState.TAGGED, TagState.TAG]


def test_a_quarrel_that_begins_while_somebody_else_is_answered_is_not_forgotten(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, get_many, read = world.tags.put, world.table.get_many, dict[Key, Item]()

    def get_stale(keys: Iterable[Key]) -> dict[Key, Item]:
        wanted = tuple(keys)
        read.update((key, item) for key, item in get_many(wanted).items() if key not in read)
        return {key: read[key] for key in wanted if key in read}

    def put_late(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(world.tags, "put", put)
        monkeypatch.setattr(world.table, "get_many", get_many)
        assert undo(world, 3, after=3 * HOUR) is TagState.TAG
        monkeypatch.setattr(world.table, "get_many", get_stale)
        return put(*args, **kwargs)

    assert [undo(world, each, after=each * HOUR) for each in (1, 2)] == [TagState.TAGGED] * 2
    monkeypatch.setattr(world.tags, "put", put_late)
    monkeypatch.setattr(world.table, "get_many", get_stale)
    assert undo(world, 9, after=3 * HOUR + MINUTE, role=DEVELOPER) is TagState.TAGGED
    monkeypatch.setattr(world.table, "get_many", get_many)
    assert {each["by"]: len(each["times"]) for each in world.item()["quarrels"]} == {TERRAFORM: 3, DEVELOPER: 1}
    assert [alert.kind for alert in world.alerts.settled] == [AlertKind.TAGS_FOUGHT_OVER]
    assert undo(world, 4, after=4 * HOUR) is TagState.TAG
    assert world.alerts.kinds == [AlertKind.TAGS_FOUGHT_OVER] * 2


def test_one_alert_is_about_all_resources_of_an_account_that_an_actor_undoes(world: World) -> None:
    world.tags.tags |= {FIRST: {}, SECOND: {}}
    named = {"items": [{"resourceId": "i-1"}, {"resourceId": "i-2"}]}
    request = {"resourcesSet": named, "tagSet": {"items": [{"key": "Backup"}]}}
    for number in (1, 2, 3):
        for arn in (FIRST, SECOND):
            take_off(world, arn)
        world.now = NOW + number * HOUR
        call = untagged(number, after=number * HOUR, role=TERRAFORM, source="ec2.amazonaws.com", name="DeleteTags")
        last = states_of(world, replace(call, request=request))
    assert last == [TagState.TAG, TagState.TAG]
    assert len(world.tags.written) == 4
    assert world.alerts.kinds == [AlertKind.TAGS_FOUGHT_OVER]


def test_a_call_and_its_notice_count_once_whichever_comes_first(world: World) -> None:
    states = []
    for number in (1, 2, 3):
        take_off(world)
        world.now = NOW + number * HOUR
        notice = noticed({}, number, after=number * HOUR + timedelta(seconds=2))
        call = untagged(number, after=number * HOUR, role=TERRAFORM)
        pair = (notice, call) if number % 2 else (call, notice)
        states += [states_of(world, each)[0] for each in pair]
    assert states[:4] == [TagState.TAGGED, TagState.COMPLIANT] * 2
    assert states[4] in {TagState.TAGGED, TagState.TAG}
    assert len(world.tags.written) <= 3
    undo(world, 9, after=5 * HOUR)
    assert world.alerts.kinds == [AlertKind.TAGS_FOUGHT_OVER]


def test_notices_alone_stop_at_three_too_and_name_nobody(world: World) -> None:
    states = []
    for number in (1, 2, 3):
        take_off(world)
        world.now = NOW + number * HOUR
        states += states_of(world, noticed({}, number, after=number * HOUR))
    assert states == [TagState.TAGGED, TagState.TAGGED, TagState.TAG]
    (alert,) = world.alerts.told
    assert alert.subject == f"{PAYMENTS} unnamed"
    assert "somebody whom no event names has undone it" in alert.reason


def test_a_doubled_event_counts_once(world: World) -> None:
    for number in (1, 2):
        undo(world, number, after=number * HOUR)
        take_off(world)
        again = untagged(number, after=number * HOUR, role=TERRAFORM)
        answer(world, again, is_again=True)
    (quarrel,) = world.item()["quarrels"]
    assert len(quarrel["times"]) == 2
    assert world.alerts.told == []


def test_a_look_for_another_reason_writes_nothing_while_the_quarrel_lasts(world: World) -> None:
    fought_over(world)
    assert world.enforce(event_id="e-99") == [TagState.TAG]
    assert len(world.tags.written) == 2
    assert len(world.alerts.told) == 1


def test_what_is_put_back_at_its_end_is_not_lost_where_that_cannot_be_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    fought_over(world)

    def refuse(_: Sequence[Fact]) -> None:
        raise TemporarilyUnavailableError("the bus is down")

    with monkeypatch.context() as down:
        down.setattr(world.alerts, "publish_all", refuse)
        with pytest.raises(TemporarilyUnavailableError):
            world.revisit(after=DAY)
    kept = world.needs.alerts.book.find(QUARREL)
    assert kept is not None
    later = [state for _ in range(8) for state in world.revisit(after=timedelta(minutes=1))]
    assert later == [TagState.COMPLIANT]
    settled = world.needs.alerts.book.find(QUARREL)
    assert settled is not None
    assert settled.status is AlertStatus.RESOLVED
