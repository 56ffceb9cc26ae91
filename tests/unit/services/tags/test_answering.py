"""Many events at once: each thing is seen to once, and each event has its own answer."""

from copy import replace
from datetime import timedelta

import pytest

from strongroom.domain.calls import Heard
from strongroom.domain.errors import ConfigurationMissingError, TemporarilyUnavailableError
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.verdicts import TagState
from strongroom.services.tags.answer_drift import answer_drift
from strongroom.services.tags.answering import EnforcementVerdict, Places
from tests.builders.places import PAYMENTS
from tests.unit.services.tags.drifting import DANA, answer, noticed, protected, take_off, untagged
from tests.unit.services.tags.world import NOW, ORDERS, World, states


@pytest.fixture
def world(intent: Intent) -> World:
    return protected(World(intent))


def test_of_several_events_about_one_thing_the_latest_that_names_somebody_is_told(world: World) -> None:
    take_off(world)
    omar = "arn:aws:iam::222222222222:user/omar"
    told = (untagged(), untagged(2, caller=omar, role=None, after=timedelta(seconds=1)), noticed({}))
    verdicts = answer(world, *told)
    assert len(verdicts) == 3
    assert all(f"by {omar}" in each.reason and DANA not in each.reason for each in verdicts)
    assert world.tags.visits.count(("look", ORDERS)) == 1


def test_an_account_is_asked_for_once_however_many_events_are_of_it(world: World) -> None:
    places = Places(world.needs, NOW)
    assert places.of(PAYMENTS) is places.of(PAYMENTS)
    assert world.organization.asked == [PAYMENTS]


def test_where_the_ledger_is_down_only_what_needs_it_comes_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise ConfigurationMissingError("no ledger")

    monkeypatch.setattr(world.table, "get_many", refuse)
    failed = untagged(2, error_code="AccessDenied")
    answers = answer_drift([Heard(subject=untagged()), Heard(subject=failed)], needs=world.needs, now=NOW)
    assert states(answers) == ["no ledger", [TagState.IGNORED]]


def test_what_people_cannot_be_told_of_comes_again(world: World) -> None:
    world.alerts.is_down = True
    stranger = Heard(subject=untagged(request={"resourceName": "orders", "tagKeys": ["Backup"]}))
    [first] = answer_drift([stranger], needs=world.needs, now=NOW)
    assert isinstance(first, TemporarilyUnavailableError)
    world.alerts.is_down = False
    [second] = answer_drift([replace(stranger, is_again=True)], needs=world.needs, now=NOW)
    assert isinstance(second, EnforcementVerdict)
    assert len(world.alerts.told) == 1
