"""What follows from a verdict: it is remembered, said and told, and nothing of it is lost."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.calls import Heard
from strongroom.domain.errors import (
    ConfigurationMissingError,
    ResourceNotReadyError,
    TemporarilyUnavailableError,
)
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.verdicts import TagState
from tests.unit.services.tags.world import (
    CREATED,
    NOW,
    ORDERS,
    World,
    states,
)


@pytest.fixture
def world(intent: Intent) -> World:
    return World(intent)


def test_what_waits_is_not_lost_when_people_cannot_be_told(world: World) -> None:
    world.tags.failing[ORDERS] = ResourceNotReadyError("creating")
    (target, *others) = world.intent.targets
    world.intent = replace(world.intent, targets=(replace(target, default_tier="none"), *others))
    world.enforce(at=NOW)
    world.tags.failing.clear()
    world.alerts.is_down = True
    with pytest.raises(TemporarilyUnavailableError):
        world.revisit(after=timedelta(seconds=20))
    world.alerts.is_down = False
    states_later = [state for _ in range(8) for state in world.revisit(after=timedelta(minutes=1))]
    assert states_later == [TagState.UNTAGGED]
    assert [alert.subject for alert in world.alerts.told] == [ORDERS]


def test_a_ledger_that_is_down_leaves_every_event_on_its_queue(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise ConfigurationMissingError("no ledger")

    monkeypatch.setattr(world.table, "get_many", refuse)
    failed = Heard(subject=replace(CREATED, error_code="AccessDenied", event_id="e-8"))
    assert states(world.enforce_all(Heard(subject=CREATED), failed)) == ["no ledger", [TagState.IGNORED]]
