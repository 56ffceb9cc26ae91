"""The access to an air-gapped vault is an open end from when its team was asked, until a look has found it gone."""

from datetime import timedelta

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.evidence.object_keys import end_closed_key, end_key
from strongroom.domain.restores.arriving.access import AccessVault
from strongroom.domain.restores.ends.standing import ACCESS, EndState, OpenEnd
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.asking.show_restores import show_restore
from strongroom.services.restores.ends.begin_end import begin_end
from strongroom.services.restores.ends.list_ends import EndListNeeds, list_ends
from strongroom.services.restores.ends.look_at_end import look_at_end
from tests.fakes.restores.opened import come_to_approval
from tests.fakes.restores.world import CeremonyWorld


@pytest.fixture
def request_id(world: CeremonyWorld) -> str:
    """Its team was asked."""
    made = come_to_approval(world)
    with pytest.raises(TemporarilyUnavailableError):
        start_restore(made, execution=world.execution(made), needs=world.restoring, now=world.now)
    return made


def begun(world: CeremonyWorld, request_id: str) -> OpenEnd:
    begin_end(world.kept(request_id), needs=world.following, now=world.now)
    end = world.following.ends.end_of(request_id, ACCESS)
    assert end is not None
    return end


def look(world: CeremonyWorld, end: OpenEnd) -> OpenEnd:
    return look_at_end(end, needs=world.following, now=world.now)


def opened(world: CeremonyWorld, request_id: str) -> OpenEnd:
    world.access.vote("AVAILABLE")
    return look(world, begun(world, request_id))


def test_it_has_an_owner_and_a_time_and_is_listed(world: CeremonyWorld, request_id: str) -> None:
    end, request = opened(world, request_id), world.kept(request_id).sealed.request
    assert (end.state, end.owner, end.vault) == (EndState.OPEN, "idp|omar", request.access_vault)
    assert end.gone_by == request.act_before + timedelta(days=2)
    [listed] = list_ends(needs=EndListNeeds(ends=world.following.ends, ceremony=world.ceremony), now=world.now)
    assert (listed.request_id, listed.is_access, listed.is_overdue) == (request_id, True, False)
    shown = show_restore(request_id, needs=world.showing, now=world.now).left_behind
    assert shown is not None
    assert (shown.vault, shown.is_access) == (request.access_vault, True)
    assert end_key(request_id, ACCESS) in world.shelf.kept


def test_two_looks_that_do_not_find_it_close_it_and_that_is_evidence(world: CeremonyWorld, request_id: str) -> None:
    end = opened(world, request_id)
    world.access.vaults.clear()
    first = look(world, end)
    assert (first.state, first.is_missing) == (EndState.OPEN, True)
    assert look(world, first).state is EndState.GONE
    assert end_closed_key(request_id, ACCESS) in world.shelf.kept


def test_ten_minutes_late_is_told_with_why(world: CeremonyWorld, request_id: str) -> None:
    end = opened(world, request_id)
    world.now = end.gone_by + timedelta(minutes=9)
    end = look(world, end)
    assert world.alerts.told == []
    world.now += timedelta(minutes=1)
    look(world, end)
    [told] = world.alerts.told
    assert told.kind is AlertKind.VAULT_ACCESS_OVERDUE
    assert f"it is open: {request_id} has not come to its end" in told.reason


def test_what_the_team_refused_left_nothing(world: CeremonyWorld, request_id: str) -> None:
    world.access.vote("FAILED")
    assert look(world, begun(world, request_id)).state is EndState.NOTHING


def test_while_the_team_has_not_decided_it_is_looked_at_again_soon(world: CeremonyWorld, request_id: str) -> None:
    end = look(world, begun(world, request_id))
    assert (end.state, end.due_at) == (EndState.ARRIVING, world.now + timedelta(minutes=5))


def test_what_is_not_shown_is_awaited_until_no_team_can_be_asked_or_vote_and_then_was_nothing(
    world: CeremonyWorld, request_id: str
) -> None:
    world.access.hides = True
    end = look(world, begun(world, request_id))
    assert (end.state, end.is_missing) == (EndState.ARRIVING, False)
    last_vote = world.kept(request_id).sealed.request.act_before + timedelta(hours=24)
    world.now = last_vote + timedelta(minutes=10, seconds=-1)
    end = look(world, end)
    assert (end.state, end.is_missing) == (EndState.ARRIVING, False)
    world.now += timedelta(seconds=1)
    end = look(world, end)
    assert (end.state, end.is_missing) == (EndState.ARRIVING, True)
    assert look(world, end).state is EndState.NOTHING
    assert world.alerts.told == []


def test_a_team_that_was_asked_by_a_later_try_has_its_day_from_then(world: CeremonyWorld) -> None:
    request_id = come_to_approval(world)
    world.access.dies, world.access.hides = "before", True
    with pytest.raises(TemporarilyUnavailableError, match="no route"):
        start_restore(request_id, execution=world.execution(request_id), needs=world.restoring, now=world.now)
    end = begun(world, request_id)
    world.access.dies = ""
    world.now += timedelta(hours=1)
    with pytest.raises(TemporarilyUnavailableError):
        start_restore(request_id, execution=world.execution(request_id), needs=world.restoring, now=world.now)
    for _ in range(2):
        world.now = max(world.now, end.since + timedelta(hours=24, minutes=1)) + timedelta(minutes=6)
        end = look(world, end)
    assert end.is_open
    world.access.vote("AVAILABLE")
    start_restore(request_id, execution=world.execution(request_id), needs=world.restoring, now=world.now)
    assert look(world, end).state is EndState.OPEN


def test_one_that_fails_after_it_was_open_is_gone_and_that_is_evidence(world: CeremonyWorld, request_id: str) -> None:
    end = opened(world, request_id)
    world.access.vote("FAILED")
    assert look(world, end).state is EndState.GONE
    assert end_closed_key(request_id, ACCESS) in world.shelf.kept


def test_a_vault_of_its_own_under_the_name_is_no_access(world: CeremonyWorld, request_id: str) -> None:
    end = opened(world, request_id)
    world.access.vaults[end.vault] = AccessVault(arn=end.vault, source="", state="AVAILABLE")
    first = look(world, end)
    assert first.is_missing
    assert look(world, first).state is EndState.GONE


def test_it_is_begun_once(world: CeremonyWorld, request_id: str) -> None:
    first = opened(world, request_id)
    assert begun(world, request_id) == world.following.ends.end_of(request_id, ACCESS)
    assert begun(world, request_id).revision == first.revision
