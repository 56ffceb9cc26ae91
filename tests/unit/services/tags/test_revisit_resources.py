"""What waits is looked at again, less and less often, and not for ever."""

from datetime import timedelta

import pytest

from strongroom.domain.errors import (
    AccessRefusedError,
    ResourceNotReadyError,
)
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.facts import TagEnforced
from strongroom.domain.tags.verdicts import TagState
from tests.unit.services.tags.world import (
    NOW,
    ORDERS,
    TABLE,
    World,
    a_table,
)


@pytest.fixture
def world(intent: Intent) -> World:
    return World(intent)


def test_a_table_that_is_there_after_two_hours_is_looked_at_fourteen_times_at_most(world: World) -> None:
    world.tags.tags[TABLE] = {}
    world.tags.failing[TABLE] = ResourceNotReadyError(f"{TABLE} is CREATING")
    world.enforce_all(a_table(at=NOW))
    while world.now - NOW < timedelta(hours=2):
        world.revisit(after=timedelta(minutes=1))
    world.tags.failing.clear()
    while not world.tags.written:
        world.revisit(after=timedelta(minutes=1))
    looks = world.tags.visits.count(("look", TABLE))
    assert 10 <= looks <= 14
    assert world.now - NOW <= timedelta(hours=2, minutes=16)
    assert world.revisit(after=timedelta(minutes=1)) == [TagState.TAGGED]
    assert world.alerts.told == []


def test_the_pause_doubles_up_to_a_quarter_of_an_hour(world: World) -> None:
    world.tags.failing[ORDERS] = ResourceNotReadyError("creating")
    world.enforce(at=NOW)
    pauses: list[float] = []
    while len(pauses) < 9:
        due = world.item()["due_at"]
        before = world.now
        while world.item()["due_at"] == due:
            world.revisit(after=timedelta(seconds=1))
        pauses.append((world.now - before).total_seconds())
    assert pauses == [20, 40, 80, 160, 320, 640, 900, 900, 900]


def test_what_the_tagging_role_is_refused_for_a_day_ends_as_refused_with_its_reason(world: World) -> None:
    world.tags.failing[ORDERS] = AccessRefusedError("explicit deny in a service control policy")
    world.enforce(at=NOW)
    assert world.item()["tag_state"] == TagState.WAITING
    for _ in range(26 * 4):
        world.revisit(after=timedelta(minutes=15))
    assert (world.item()["tag_state"], "due_at" in world.item()) == (TagState.REFUSED, False)
    [fact] = world.alerts.of(TagEnforced)
    assert (fact.state, "explicit deny in a service control policy" in fact.reason) == ("REFUSED", True)
    assert len(world.alerts.told) == 1


def test_after_a_day_one_alert_names_state_and_age_and_nobody_looks_any_more(world: World) -> None:
    world.tags.failing[ORDERS] = ResourceNotReadyError("the database is creating")
    world.enforce(at=NOW)
    for _ in range(26 * 4):
        world.revisit(after=timedelta(minutes=15))
    (alert,) = world.alerts.told
    assert alert.subject == ORDERS
    assert "it is WAITING for 24 hours, and nobody looks at it any more: the database is creating" in alert.reason
    assert [fact.state for fact in world.alerts.of(TagEnforced)] == ["WAITING"]
    looks = len(world.tags.visits)
    world.revisit(after=timedelta(hours=1))
    assert (len(world.tags.visits), "due_at" in world.item()) == (looks, False)
