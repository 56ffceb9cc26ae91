"""Where an account lies: by the ledger while that is fresh, else as Organizations says."""

from copy import replace
from datetime import timedelta

import pytest

from strongroom.domain.calls import Heard
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.verdicts import TagState
from strongroom.services.tags.tagging_needs import FRESH
from tests.builders.accounts import IN_PRODUCTION, IN_SANDBOX
from tests.builders.places import PAYMENTS
from tests.unit.services.tags.world import (
    CREATED,
    World,
    busy_for,
    states,
)


@pytest.fixture
def world(intent: Intent) -> World:
    return World(intent)


def test_a_call_that_nobody_can_place_fails_alone(world: World) -> None:
    world.organization.busy.add("444444444444")
    world.organization.units_of = busy_for("444444444444", world)  # type: ignore[method-assign]
    stranger = Heard(subject=replace(CREATED, account=AccountId("444444444444"), event_id="e-9"))
    assert states(world.enforce_all(stranger, Heard(subject=CREATED))) == ["444444444444", [TagState.TAGGED]]


@pytest.mark.parametrize(
    ("units", "age", "asked"),
    [
        (IN_PRODUCTION.units, FRESH - timedelta(seconds=1), []),
        (IN_PRODUCTION.units, FRESH, [PAYMENTS]),
        (IN_SANDBOX.units, timedelta(seconds=1), [PAYMENTS]),
    ],
    ids=["fresh", "too old", "fresh, but it may have moved into a target since"],
)
def test_the_ledger_is_believed_while_it_is_fresh_and_says_governed(
    world: World, units: tuple[str, ...], age: timedelta, asked: list[str]
) -> None:
    world.remember(units, age=age)
    assert world.enforce() == [TagState.TAGGED]
    assert world.organization.asked == asked
