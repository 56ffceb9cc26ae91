"""A heartbeat that was not heard is given time, and told only where its silence says something."""

from copy import replace
from datetime import datetime, timedelta

import pytest

from strongroom.domain.accounts.membership import AccountState
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.health.heartbeats import BeatKey, BeatState, Heartbeat, own_forwarder
from strongroom.domain.identifiers import Region
from strongroom.services.health.look_at_heartbeat import BeatLook, BeatLookState, leave_heartbeat, look_at_heartbeat
from tests.builders.health import BEAT_DUE, a_heartbeat
from tests.builders.places import PAYMENTS, SANDBOX
from tests.unit.services.health.surroundings import World

LOOK = timedelta(minutes=15)


def look(world: World, beat: Heartbeat, now: datetime = BEAT_DUE) -> BeatLook:
    return look_at_heartbeat(world.held(beat), needs=world.needs, now=now)


def test_silence_is_told_at_the_second_look(world: World) -> None:
    beat = world.hold(a_heartbeat())
    assert look(world, beat).state is BeatLookState.DOUBTED
    assert (world.alerts.told, world.held(beat).due_at) == ([], BEAT_DUE + LOOK)
    assert look(world, beat, BEAT_DUE + LOOK).state is BeatLookState.SILENT
    assert world.alerts.kinds == [AlertKind.FORWARDER_SILENT]
    assert (world.held(beat).state, world.held(beat).due_at) == (BeatState.SILENT, None)


def test_at_the_first_look_its_account_is_to_be_judged_again(world: World) -> None:
    look(world, world.hold(a_heartbeat()))
    assert world.accounts.doubted == {PAYMENTS}


@pytest.mark.parametrize(
    ("state", "units", "reason"),
    [
        pytest.param(AccountState.LEFT, (), "has left", id="closed"),
        pytest.param(AccountState.NOT_GOVERNED, (SANDBOX,), "is governed no more", id="moved"),
    ],
)
def test_an_account_that_is_ours_no_more_ends_it_silently(
    state: AccountState, units: tuple[str, ...], reason: str, world: World
) -> None:
    beat = world.hold(a_heartbeat(is_doubted=True))
    world.judge(PAYMENTS, state, *units)
    world.intent = replace(world.intent, targets=tuple(each for each in world.intent.targets if each.unit != "Sandbox"))
    seen = look(world, beat)
    assert seen.state is BeatLookState.ENDED
    assert reason in seen.reason
    assert (world.held(beat).state, world.alerts.told) == (BeatState.ENDED, [])


def test_a_region_that_is_governed_no_more_ends_it(world: World) -> None:
    beat = world.hold(a_heartbeat(region=Region("ap-south-1")))
    assert look(world, beat).state is BeatLookState.ENDED


@pytest.mark.parametrize(
    "own",
    [
        pytest.param(None, id="was never expected"),
        pytest.param(a_heartbeat(heard_at=None), id="was never heard"),
        pytest.param(a_heartbeat(), id="is due, too"),
        pytest.param(a_heartbeat(state=BeatState.SILENT, due_at=None), id="is silent"),
    ],
)
def test_as_long_as_the_control_plane_does_not_hear_itself_nobody_is_silent(
    own: Heartbeat | None, world: World
) -> None:
    key = own_forwarder(world.intent)
    world.beats.held.clear()
    if own is not None:
        world.hold(replace(own, account=key.account, region=key.region))
    beat = world.hold(a_heartbeat(is_doubted=True))
    assert look(world, beat).state is BeatLookState.DEAF
    assert (world.held(beat).due_at, world.alerts.told) == (BEAT_DUE + LOOK, [])
    assert key in world.beats.held


def test_the_control_planes_own_silence_is_told(world: World) -> None:
    own = world.hold(replace(world.beats.held[own_forwarder(world.intent)], due_at=BEAT_DUE))
    assert [look(world, own).state for _ in range(2)] == [BeatLookState.DOUBTED, BeatLookState.SILENT]
    assert len(world.alerts.told) == 1


def test_the_management_account_is_told_though_it_is_no_target(world: World) -> None:
    account = world.intent.organization.management_account
    beat = world.hold(a_heartbeat(account=account, region=Region("us-east-1"), is_doubted=True))
    assert look(world, beat).state is BeatLookState.SILENT


def test_a_beat_that_comes_between_look_and_write_counts(world: World) -> None:
    beat = world.hold(a_heartbeat(is_doubted=True))
    later = a_heartbeat(heard_at=BEAT_DUE, due_at=BEAT_DUE + timedelta(hours=2), revision=2)
    world.hold(later)
    assert look_at_heartbeat(beat, needs=world.needs, now=BEAT_DUE).state is BeatLookState.OVERTAKEN
    assert (world.held(beat), world.alerts.told) == (later, [])


def test_what_could_not_be_told_is_told_at_the_next_look(world: World) -> None:
    beat = world.hold(a_heartbeat(is_doubted=True))
    world.alerts.is_down = True
    with pytest.raises(TemporarilyUnavailableError):
        look(world, beat)
    assert (world.held(beat).state, world.held(beat).untold) == (BeatState.SILENT, True)
    world.alerts.is_down = False
    assert look(world, beat, BEAT_DUE + LOOK).state is BeatLookState.TOLD
    assert len(world.alerts.told) == 1


def test_what_cannot_be_looked_at_makes_way(world: World) -> None:
    beat = world.hold(a_heartbeat())
    left = leave_heartbeat(beat, cause="busy", needs=world.needs, now=BEAT_DUE)
    assert (left.state, left.reason) == (BeatLookState.UNREACHABLE, "busy")
    assert world.beats.held[BeatKey(beat.account, beat.region)].due_at == BEAT_DUE + LOOK
