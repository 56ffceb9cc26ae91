"""X12: whoever should review an urgent restore hears of it until somebody has."""

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.statements import Decision
from strongroom.services.restores.deciding.sweep_ceremonies import sweep_ceremonies
from tests.builders.restores import an_urgent_intent, an_urgent_wish
from tests.fakes.restores.world import CeremonyWorld


@pytest.fixture
def world(intent: Intent) -> CeremonyWorld:
    """The example, where Ada, Piet and Omar are called to incidents and Sana reviews."""
    return CeremonyWorld(an_urgent_intent(intent))


def _sweep(world: CeremonyWorld) -> None:
    sweep_ceremonies(needs=world.sweeping, now=world.now)


def _unreviewed(world: CeremonyWorld) -> list[str]:
    return [each.subject for each in world.alerts.told if each.kind is AlertKind.BREAK_GLASS_UNREVIEWED]


def test_x12_an_urgent_restore_that_nobody_reviewed_is_an_alert_twice(world: CeremonyWorld) -> None:
    request = world.come_to_urgent_end()
    for _ in range(2):
        _sweep(world)
    assert _unreviewed(world) == [request]
    world.later(days=1, minutes=1)
    for _ in range(2):
        _sweep(world)
    assert _unreviewed(world) == [request, f"{request}, a day later"]


def test_a_review_settles_the_alert(world: CeremonyWorld) -> None:
    request = world.come_to_urgent_end()
    _sweep(world)
    world.review(request, "sana")
    _sweep(world)
    assert [each.subject for each in world.alerts.settled] == [request]
    world.later(days=2)
    _sweep(world)
    assert _unreviewed(world) == [request]


def test_what_nobody_acted_on_wants_no_review(world: CeremonyWorld) -> None:
    request = world.open(an_urgent_wish())
    world.sign(request, "piet", Decision.DENY)
    world.close(request, reason="")
    _sweep(world)
    assert _unreviewed(world) == []
