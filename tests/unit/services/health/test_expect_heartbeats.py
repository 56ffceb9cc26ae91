"""Forwarders are expected to beat, and no more, whoever else writes at the same time."""

from copy import replace
from datetime import timedelta

import pytest

from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.health.heartbeats import BeatKey, BeatState
from strongroom.domain.identifiers import Region
from strongroom.services.health.expect_heartbeats import end_heartbeats, expect_heartbeats, tell_heartbeat
from tests.builders.health import BEAT_DUE, HEARD_AT, WITHIN, a_heartbeat
from tests.builders.places import HOME, PAYMENTS
from tests.unit.services.health.surroundings import World

FAR = Region("us-east-1")
KEYS = (BeatKey(PAYMENTS, HOME), BeatKey(PAYMENTS, FAR))


def test_a_forwarder_is_expected_within_the_time_that_the_intent_gives(world: World) -> None:
    for hours in (0, 1):
        expect_heartbeats(KEYS, needs=world.needs, now=HEARD_AT + timedelta(hours=hours))
    assert {world.beats.held[key].due_at for key in KEYS} == {HEARD_AT + WITHIN}


def test_what_ends_ends_silently_unless_it_was_told(world: World) -> None:
    quiet = world.hold(a_heartbeat(region=FAR, state=BeatState.SILENT, untold=True))
    tell_heartbeat(quiet, needs=world.needs, now=BEAT_DUE)
    well = world.hold(a_heartbeat())
    end_heartbeats(PAYMENTS, reason="the account left", needs=world.needs, now=BEAT_DUE)
    assert {world.held(beat).state for beat in (well, quiet)} == {BeatState.ENDED}
    assert [alert.region for alert in world.alerts.settled] == [FAR]
    assert (world.held(quiet).untold, world.held(quiet).due_at) == (False, None)


def test_what_is_still_expected_is_kept(world: World) -> None:
    kept = world.hold(a_heartbeat())
    end_heartbeats(PAYMENTS, reason="-", but=(kept.key,), needs=world.needs, now=BEAT_DUE)
    assert world.held(kept) == kept


def test_somebody_who_writes_in_between_is_not_overwritten(world: World) -> None:
    beat = world.hold(a_heartbeat())
    world.beats.overtaken = [replace(beat, heard_at=BEAT_DUE, revision=2)]
    end_heartbeats(PAYMENTS, reason="-", needs=world.needs, now=BEAT_DUE)
    assert (world.held(beat).state, world.held(beat).heard_at) == (BeatState.ENDED, BEAT_DUE)


def test_who_is_overtaken_all_the_time_says_so(world: World) -> None:
    beat = world.hold(a_heartbeat())
    world.beats.overtaken = [replace(beat, revision=revision) for revision in range(2, 9)]
    with pytest.raises(TemporarilyUnavailableError, match="all the time"):
        end_heartbeats(PAYMENTS, reason="-", needs=world.needs, now=BEAT_DUE)


def test_what_is_told_is_told_once(world: World) -> None:
    quiet = world.hold(a_heartbeat(state=BeatState.SILENT, untold=True))
    for _ in range(2):
        tell_heartbeat(world.held(quiet), needs=world.needs, now=BEAT_DUE)
    assert len(world.alerts.told) == 1
