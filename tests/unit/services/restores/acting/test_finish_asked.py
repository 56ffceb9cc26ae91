"""What deletes comes back only because a person asks for it by name, once, and each word about it is evidence."""

from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.canonical import read_canonical
from strongroom.domain.errors import (
    AccessRefusedError,
    ForeignExecutionError,
    NotFoundError,
    PermissionRefusedError,
    RestoreRefusedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.entries import EntryKind, broken_link
from strongroom.domain.restores.kinds.asked_steps import ASKED_WITHIN
from strongroom.services.evidence.bundle_ceremony import bundle_ceremony
from strongroom.services.evidence.keep_ceremony import KeptCeremony
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.finish_asked import AskedFinished, finish_asked
from strongroom.services.restores.acting.tag_restored import tag_restored
from strongroom.services.restores.asking.asked_of import AskedListNeeds, list_asked
from strongroom.services.restores.asking.show_restores import show_restore
from tests.builders.restores import RESTORED
from tests.fakes.restores import CeremonyWorld

OMAR = "idp|omar"
STEP = "time-to-live"
ON = ((STEP, "expires"),)


def _restored(world: CeremonyWorld, left_off: tuple[tuple[str, str], ...] = ON) -> str:
    """A restore that has ended, of an original with that time to live."""
    world.original = left_off
    request = world.come_to_restore()
    world.restores.states = ["COMPLETED"]
    execution = world.execution(request)
    check_restore(request, execution=execution, needs=world.checking_restore, now=world.now)
    tag_restored(request, execution=execution, needs=world.tagging, now=world.now)
    world.close(request, reason="")
    world.restores.states = ["COMPLETED"] * 100
    return request


def _finish(
    world: CeremonyWorld, request: str, *, leave: bool = False, by: str = "omar", step: str = STEP
) -> AskedFinished:
    subject = f"idp|{by}"
    needs = world.finishing_asked
    return finish_asked(request, step, is_left_off=leave, asker=subject, needs=needs, now=world.now)


def _said(kept: KeptCeremony) -> list[tuple[str, str]]:
    return [(each.outcome, each.by) for each in kept.asked_steps()]


def _listed(world: CeremonyWorld) -> list[tuple[str, str]]:
    shown = list_asked(
        needs=AskedListNeeds(open_requests=world.showing.open_requests, keeper=world.keeper, ceremony=world.ceremony),
        now=world.now,
    )
    return [(each.request_id, each.state) for each in shown]


def test_it_is_off_until_somebody_asks_and_is_taken_once_for_that_person(world: CeremonyWorld) -> None:
    request = _restored(world)
    [waiting] = show_restore(request, needs=world.showing, now=world.now).asked
    assert waiting.state == "open"
    assert "on `expires` was on at the original" in waiting.text
    assert f"strongroom restore finish {request} time-to-live" in waiting.text
    assert (world.asked.taken, _listed(world)) == ([], [(request, "open")])
    for _ in range(2):
        taken = _finish(world, request)
        assert (taken.outcome, taken.reason, taken.asked_by) == ("done", "it is on", "Omar Haddad")
    assert world.asked.taken == [(STEP, "expires", RESTORED, OMAR)]
    assert _said(world.kept(request)) == [("asked", OMAR), ("done", OMAR)]
    assert [each.state for each in show_restore(request, needs=world.showing, now=world.now).asked] == ["done"]
    assert _listed(world) == []


def test_what_was_said_since_follows_the_end_link_by_link_and_is_in_the_bundle(world: CeremonyWorld) -> None:
    request = _restored(world)
    before = world.kept(request)
    _finish(world, request)
    kept = world.kept(request)
    assert kept.chain == before.chain
    assert kept.chain[-1].kind == EntryKind.CLOSED
    assert broken_link((*kept.chain, *kept.after), stream=request) == ""
    witnessed = world.keeper.witnessed(request)
    bundle: Any = read_canonical(bundle_ceremony(kept, witnessed=witnessed))
    assert [each["facts"]["outcome"] for each in bundle["after"]] == ["asked", "done"]
    assert "after" not in read_canonical(bundle_ceremony(before, witnessed=witnessed))


def test_what_is_left_off_by_name_stays_off_and_is_listed_no_longer(world: CeremonyWorld) -> None:
    request = _restored(world)
    assert _finish(world, request, leave=True).outcome == "declined"
    assert _finish(world, request).outcome == "declined"
    assert (world.asked.taken, _listed(world)) == ([], [])


def test_what_fails_is_told_stays_open_and_can_be_tried_again(world: CeremonyWorld) -> None:
    request = _restored(world)
    world.asked.error = AccessRefusedError("not authorized")
    assert (_finish(world, request).outcome, _listed(world)) == ("failed", [(request, "failed")])
    world.asked.error = None
    assert _finish(world, request).outcome == "done"


def test_a_try_of_which_nobody_saw_the_end_is_made_again(world: CeremonyWorld) -> None:
    request = _restored(world)
    world.asked.error = TemporarilyUnavailableError("throttled")
    with pytest.raises(TemporarilyUnavailableError):
        _finish(world, request)
    assert [outcome for outcome, _ in _said(world.kept(request))] == ["asked"]
    assert _listed(world) == [(request, "asked")]
    world.asked.error = None
    assert _finish(world, request).outcome == "done"


def test_after_a_week_it_is_not_taken_here_any_more_and_listed_until_somebody_says_so(world: CeremonyWorld) -> None:
    request = _restored(world)
    world.now += ASKED_WITHIN + timedelta(seconds=1)
    with pytest.raises(RestoreRefusedError, match="can no longer be asked for here: set it by hand"):
        _finish(world, request)
    assert (world.asked.taken, _listed(world)) == ([], [(request, "late")])
    _finish(world, request, leave=True)
    assert _listed(world) == []


def test_of_what_nobody_could_read_nothing_is_guessed(world: CeremonyWorld) -> None:
    request = _restored(world, ((STEP, ""),))
    with pytest.raises(RestoreRefusedError, match="nobody could read"):
        _finish(world, request)
    assert _listed(world) == [(request, "unknown")]


def test_of_an_original_without_any_nothing_is_asked(world: CeremonyWorld) -> None:
    request = _restored(world, ())
    with pytest.raises(NotFoundError, match="has left off no step 'time-to-live'"):
        _finish(world, request)
    assert _listed(world) == []


def test_only_those_who_may_ask_for_restores_ask_for_it(world: CeremonyWorld) -> None:
    request = _restored(world)
    with pytest.raises(PermissionRefusedError):
        finish_asked(request, STEP, is_left_off=False, asker="stranger", needs=world.finishing_asked, now=world.now)
    assert _said(world.kept(request)) == []


def test_where_the_evidence_names_something_else_than_the_job_has_made_nothing_is_changed(world: CeremonyWorld) -> None:
    request = _restored(world)
    world.restores.changes = {"created": f"{RESTORED}-2"}
    with pytest.raises(ForeignExecutionError):
        _finish(world, request)
    assert (world.asked.taken, _said(world.kept(request))) == ([], [])


def test_it_is_not_tried_for_ever(world: CeremonyWorld) -> None:
    request = _restored(world)
    world.asked.error = AccessRefusedError("not authorized")
    for _ in range(20):
        _finish(world, request)
    with pytest.raises(RestoreRefusedError, match="asked for often enough"):
        _finish(world, request)
