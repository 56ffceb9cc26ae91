"""An open end is closed by what was found: at its time, late, after a failure, and where nobody may look."""

from copy import replace
from datetime import timedelta

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.canonical import read_canonical
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.object_keys import end_closed_key, end_key
from strongroom.domain.restores.arriving.landing import last_hop
from strongroom.domain.restores.ends.standing import EndState, OpenEnd
from strongroom.services.restores.ends.begin_end import begin_end
from strongroom.services.restores.ends.look_at_end import look_at_end
from tests.builders.places import LOCAL_VAULT, TEMPORARY_VAULT
from tests.builders.restores import CENTRAL_POINT, COPIED_POINT, a_wish
from tests.fakes.restores.world import CeremonyWorld


def begun(world: CeremonyWorld, request: str) -> OpenEnd:
    end = begin_end(world.kept(request), needs=world.following, now=world.now)
    assert end is not None
    return end


def look(world: CeremonyWorld, end: OpenEnd, *, times: int = 1) -> OpenEnd:
    for _ in range(times):
        end = look_at_end(end, needs=world.following, now=world.now)
        assert world.following.ends.end_of(end.request_id) == end
    return end


def come_to_end(world: CeremonyWorld) -> OpenEnd:
    """The copy is there, and known."""
    end = look(world, begun(world, world.come_to_copied()), times=2)
    assert (end.state, end.recovery_point) == (EndState.OPEN, COPIED_POINT)
    return end


def expire(world: CeremonyWorld) -> None:
    del world.points.points[COPIED_POINT, TEMPORARY_VAULT]


def told(world: CeremonyWorld) -> list[str]:
    return [each.reason for each in world.alerts.told if each.kind is AlertKind.TEMPORARY_COPY_OVERDUE]


def test_what_was_left_is_kept_as_evidence_once_it_is_known(world: CeremonyWorld) -> None:
    end = come_to_end(world)
    said = read_canonical(world.shelf.kept[end_key(end.request_id, 1)])
    assert (said["recovery_point"], said["owner"]) == (COPIED_POINT, "idp|omar")
    assert end_closed_key(end.request_id, 1) not in world.shelf.kept


def test_two_looks_that_do_not_find_it_close_it_and_that_is_evidence(world: CeremonyWorld) -> None:
    end = come_to_end(world)
    expire(world)
    first = look(world, end)
    assert (first.state, first.is_missing, first.due_at) == (EndState.OPEN, True, world.now + timedelta(minutes=5))
    assert end_closed_key(end.request_id, 1) not in world.shelf.kept
    world.later(minutes=5)
    assert look(world, first).state is EndState.GONE
    said = read_canonical(world.shelf.kept[end_closed_key(end.request_id, 1)])
    assert said["recovery_point"] == COPIED_POINT
    assert world.alerts.told == []


def test_its_time_alone_closes_nothing(world: CeremonyWorld) -> None:
    end = come_to_end(world)
    world.now = end.gone_by + timedelta(minutes=9)
    assert look(world, end).state is EndState.OPEN
    assert told(world) == []


def test_ten_minutes_late_is_told_once_and_over_when_it_is_gone(world: CeremonyWorld) -> None:
    end = come_to_end(world)
    world.now = end.gone_by + timedelta(minutes=10)
    end = look(world, end, times=2)
    [reason] = told(world)
    assert reason.endswith("UTC: it is there, COMPLETED")
    expire(world)
    assert look(world, end, times=2).state is EndState.GONE
    assert [each.kind for each in world.alerts.settled] == [AlertKind.TEMPORARY_COPY_OVERDUE]


@pytest.mark.parametrize("error", [AccessRefusedError("denied"), TemporarilyUnavailableError("busy")])
def test_one_that_cannot_be_looked_at_is_not_gone_and_is_told_when_it_is_late(
    error: Exception, world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = come_to_end(world)
    expire(world)

    def refuse(*_: object, **__: object) -> str:
        raise error

    monkeypatch.setattr(world.points, "status", refuse)
    end = look(world, end, times=3)
    assert (end.state, told(world)) == (EndState.OPEN, [])
    world.now = end.gone_by + timedelta(minutes=10)
    assert look(world, end).state is EndState.OPEN
    assert told(world)[0].endswith(f"it cannot be looked at: {error}")


def test_a_copy_that_runs_on_after_its_request_ended_is_followed(world: CeremonyWorld) -> None:
    request = world.come_to_copy()
    world.close(request, error="RestoreFailedError")
    world.copies.states = ["RUNNING", "COMPLETED"]
    end = look(world, begun(world, request))
    assert (end.state, end.reason) == (EndState.ARRIVING, "copy job copy-1 is RUNNING")
    assert look(world, end, times=2).recovery_point == COPIED_POINT


@pytest.mark.parametrize("state", ["FAILED", "ABORTED"])
def test_a_copy_that_failed_left_nothing(state: str, world: CeremonyWorld) -> None:
    request = world.come_to_copy()
    world.copies.states, world.copies.message = [state], "the vault refused it"
    end = look(world, begun(world, request))
    assert (end.state, end.due_at) == (EndState.NOTHING, None)
    assert end.reason == f"copy job copy-1 is {state}: the vault refused it; it names no recovery point"


def test_a_copy_that_failed_and_names_what_it_made_is_looked_for(world: CeremonyWorld) -> None:
    request = world.come_to_copy()
    world.copies.states, world.copies.changes = ["PARTIAL"], {"recovery_point": COPIED_POINT}
    assert look(world, begun(world, request), times=2).reason == "it is there, COMPLETED"


def test_it_is_looked_for_where_its_job_put_it(world: CeremonyWorld) -> None:
    """The intent may name another vault than when the copy was started."""
    request = world.come_to_copied()
    end = replace(begun(world, request), vault=LOCAL_VAULT)
    end = look_at_end(end, needs=world.following, now=world.now)
    assert (end.state, end.vault) == (EndState.OPEN, TEMPORARY_VAULT)


def _intended(world: CeremonyWorld) -> OpenEnd:
    """Its request is over, and nobody lived to write down that its copy was started."""
    request = world.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))
    facts = {"recovery_point": CENTRAL_POINT}
    world.keeper.record(world.kept(request), EntryKind.COPY_BACK_INTENDED, facts=facts, at=world.now)
    world.close(request, error="ExecutionEndedError")
    return begun(world, request)


def start_unseen(world: CeremonyWorld, end: OpenEnd) -> None:
    """Start its copy, and write nothing down."""
    request = world.kept(end.request_id).sealed.request
    hop = last_hop(request, recovery_point=request.recovery_point, intent=world.intent)
    world.copies.start(request, hop)


def test_a_copy_whose_start_nobody_wrote_down_is_found_among_the_jobs(world: CeremonyWorld) -> None:
    end = _intended(world)
    start_unseen(world, end)
    world.copies.states = ["COMPLETED"]
    end = look(world, end, times=2)
    assert (end.job, end.state) == ("copy-1", EndState.OPEN)


def test_where_no_job_is_found_nothing_was_left_once_that_is_settled(world: CeremonyWorld) -> None:
    end = look(world, _intended(world))
    assert end.state is EndState.ARRIVING
    world.later(minutes=10)
    end = look(world, end)
    assert (end.state, end.is_missing, end.due_at) == (EndState.ARRIVING, True, world.now + timedelta(minutes=5))
    world.later(minutes=5)
    assert look(world, end).state is EndState.NOTHING


def test_a_copy_that_a_slow_list_shows_at_the_second_look_is_followed(world: CeremonyWorld) -> None:
    end = _intended(world)
    world.later(minutes=10)
    end = look(world, end)
    start_unseen(world, end)
    world.copies.states = ["COMPLETED"]
    end = look(world, end)
    assert (end.job, end.state, end.is_missing) == ("copy-1", EndState.OPEN, False)


def test_where_somebody_else_was_quicker_theirs_stands(world: CeremonyWorld) -> None:
    end = come_to_end(world)
    later = look(world, end)
    look_at_end(end, needs=world.following, now=world.now + timedelta(hours=5))
    assert world.following.ends.end_of(end.request_id) == later
