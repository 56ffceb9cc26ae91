"""Of what was intended counts what AWS has not refused, and only once the witness has seen it."""

from datetime import timedelta

import pytest

from strongroom.domain.errors import RestoreFailedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.services.restores.acting.starting.intended_restores import (
    demand_not_begun,
    intent_seen_at,
    may_be_begun,
    unanswered,
)
from tests.builders.restores import POINT
from tests.fakes.restores.world import CeremonyWorld

INTENDED, THROTTLED = EntryKind.RESTORE_INTENDED, EntryKind.RESTORE_THROTTLED
FACTS = {INTENDED: {"recovery_point": POINT}, THROTTLED: {"reason": "one too many"}}


def recorded(world: CeremonyWorld, *kinds: EntryKind) -> str:
    """A request that was approved, with these entries after that, a minute between them."""
    request = world.come_to_approval()
    for kind in kinds:
        world.now += timedelta(minutes=1)
        world.keeper.record(world.kept(request), kind, facts=FACTS[kind], at=world.now)
    return request


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        pytest.param((), (0, False), id="nothing was intended"),
        pytest.param((INTENDED,), (1, True), id="intended"),
        pytest.param((INTENDED, THROTTLED), (0, False), id="refused"),
        pytest.param((INTENDED, THROTTLED, INTENDED), (1, True), id="intended again"),
        pytest.param((INTENDED, THROTTLED, INTENDED, THROTTLED), (0, False), id="refused twice"),
    ],
)
def test_what_aws_refused_is_not_begun(
    kinds: tuple[EntryKind, ...], expected: tuple[int, bool], world: CeremonyWorld
) -> None:
    kept = world.kept(recorded(world, *kinds))
    intents = [entry for entry in unanswered(kept) if entry.kind == INTENDED]
    assert (len(intents), may_be_begun(kept)) == expected


def test_an_intent_counts_from_when_the_witness_saw_it(world: CeremonyWorld) -> None:
    request = recorded(world, INTENDED)
    kept = world.kept(request)
    assert intent_seen_at(kept, kept.chain, needs=world.restoring) is None
    demand_not_begun(kept, needs=world.restoring)
    world.now += timedelta(minutes=1)
    world.witness.witness(request)
    assert intent_seen_at(kept, kept.chain, needs=world.restoring) == world.now
    with pytest.raises(RestoreFailedError, match="ask anew, with another ticket"):
        demand_not_begun(kept, needs=world.restoring)


def test_a_refused_intent_that_was_seen_hinders_nothing(world: CeremonyWorld) -> None:
    request = recorded(world, INTENDED, THROTTLED)
    world.witness.witness(request)
    demand_not_begun(world.kept(request), needs=world.restoring)
