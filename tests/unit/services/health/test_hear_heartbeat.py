"""A beat that is heard: of a forwarder that is expected to, of one that was silent, and of nobody's."""

from datetime import timedelta

import pytest

from strongroom.domain.accounts.membership import AccountState
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.health.heartbeats import BeatHeard, BeatState, Heartbeat, own_forwarder
from strongroom.domain.identifiers import AccountId, Region
from strongroom.services.health.expect_heartbeats import tell_heartbeat
from strongroom.services.health.hear_heartbeat import BeatVerdict, hear_heartbeat
from tests.builders.health import BEAT_DUE, HEARD_AT, WITHIN, a_heartbeat
from tests.builders.places import HOME, PAYMENTS
from tests.unit.services.health.surroundings import World

NEXT = HEARD_AT + timedelta(hours=1)


def hear(world: World, *, account: AccountId = PAYMENTS, region: Region = HOME) -> BeatVerdict:
    return hear_heartbeat(
        BeatHeard(account=account, region=region, sent_at=NEXT), needs=world.needs, now=NEXT + timedelta(seconds=2)
    )


def test_the_next_beat_is_expected(world: World) -> None:
    beat = world.hold(a_heartbeat())
    assert hear(world) == BeatVerdict(account=PAYMENTS, region=HOME, state="BEATING")
    assert world.held(beat).due_at == NEXT + WITHIN
    assert hear(world).state == "KNOWN"


def test_the_alert_about_a_silent_forwarder_ends_when_it_is_heard_again(world: World) -> None:
    quiet = world.hold(a_heartbeat(state=BeatState.SILENT, untold=True, version=2))
    tell_heartbeat(quiet, needs=world.needs, now=HEARD_AT)
    assert [alert.kind for alert in world.alerts.told] == [AlertKind.FORWARDER_SILENT]
    hear(world)
    assert [alert.fingerprint for alert in world.alerts.settled] == [quiet.alert.fingerprint]
    assert (world.held(quiet).state, world.held(quiet).due_at) == (BeatState.BEATING, NEXT + WITHIN)


@pytest.mark.parametrize("state", [AccountState.READY, AccountState.NOT_READY])
def test_the_first_beat_of_a_governed_account_begins_it(state: AccountState, world: World) -> None:
    world.judge(PAYMENTS, state)
    assert hear(world).state == "BEATING"
    assert world.held(a_heartbeat()).due_at == NEXT + WITHIN


def test_the_first_beat_of_our_own_begins_it(world: World) -> None:
    own = own_forwarder(world.intent)
    world.beats.held.clear()
    assert hear(world, account=own.account, region=own.region).state == "BEATING"


@pytest.mark.parametrize("state", [AccountState.LEFT, AccountState.NOT_GOVERNED, None])
def test_nobody_waits_for_a_forwarder_that_outlived_its_place_or_is_not_known(
    state: AccountState | None, world: World
) -> None:
    world.accounts.known.clear()
    if state is not None:
        world.judge(PAYMENTS, state)
    assert hear(world).state == "KNOWN"
    assert a_heartbeat().key not in world.beats.held


def test_a_beat_of_a_forwarder_that_ended_does_not_begin_it_again(world: World) -> None:
    over: Heartbeat = world.hold(a_heartbeat(state=BeatState.ENDED, due_at=None))
    assert hear(world).state == "KNOWN"
    assert world.held(over) == over


def test_nobody_is_told_of_the_end_of_a_silence_that_nobody_was_told_of(world: World) -> None:
    quiet = world.hold(a_heartbeat(state=BeatState.SILENT, untold=True, version=2, due_at=BEAT_DUE))
    hear(world)
    assert (world.alerts.told, world.alerts.settled) == ([], [])
    assert world.held(quiet).state is BeatState.BEATING
