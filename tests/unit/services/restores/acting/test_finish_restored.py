"""What approvers read that the machine does is done on what was restored, and written down however it went."""

from datetime import timedelta

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    MalformedRecordError,
    NotFoundError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.restores.kinds.finishing import SENTENCES, MachineStep, StepOutcome, StepTaken
from strongroom.domain.restores.settings.note import KeptNote, make_note
from strongroom.domain.restores.steps import RestoreOutcome
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.tag_restored import RestoredTagged, tag_restored
from strongroom.services.restores.asking.show_restores import show_restore
from tests.builders.restores import RESTORED
from tests.fakes.restores.world import CeremonyWorld

PROTECTED, CONTINUOUS, WRITER, _, ALARMS = MachineStep
REFUSED = AccessRefusedError("not authorized")
TOO_EARLY = TemporarilyUnavailableError("backups are not there yet")


def _restored(world: CeremonyWorld, *steps: MachineStep) -> str:
    """A request in which these steps were approved, and whose job is complete."""
    request = world.open_forged(steps=(*(SENTENCES[step] for step in steps), "Set its alarms."))
    world.restores.begun.append(world.kept(request).sealed.request.recovery_point)
    for kind in (EntryKind.RESTORE_INTENDED, EntryKind.RESTORE_STARTED):
        world.keeper.record(world.kept(request), kind, facts={"job": "restore-1"}, at=world.now)
    world.restores.states = ["COMPLETED"]
    check_restore(request, execution=world.execution(request), needs=world.checking_restore, now=world.now)
    return request


def _finish(world: CeremonyWorld, request: str) -> RestoredTagged:
    return tag_restored(request, execution=world.execution(request), needs=world.tagging, now=world.now)


def _taken(world: CeremonyWorld, request: str) -> list[tuple[str, str]]:
    return [(each.step, each.outcome) for each in world.kept(request).steps()]


def test_each_approved_step_is_taken_once_and_written_down(world: CeremonyWorld) -> None:
    request = _restored(world, WRITER, PROTECTED)
    for _ in range(2):
        _finish(world, request)
    assert world.finishing.taken == [(PROTECTED, RESTORED), (WRITER, RESTORED)]
    assert _taken(world, request) == [("deletion-protection", "done"), ("writer", "done")]
    assert world.kept(request).last(EntryKind.AFTER_STEP) == {"step": "writer", "outcome": "done", "reason": "it is so"}


def test_a_step_is_told_what_was_noted_of_the_original_when_it_was_backed_up(world: CeremonyWorld) -> None:
    request = _restored(world, ALARMS)
    asked = world.kept(request).sealed.request
    made = asked.recovery_point_created_at
    for number, said in enumerate(("before", "after")):
        note = make_note(asked.resource, read={"tags": [said]}, unread={})
        since = made + timedelta(days=number)
        kept = KeptNote(note=note, since=since, read_at=since)
        world.notes.keep(kept, was=world.notes.find(asked.resource))
    _finish(world, request)
    assert [note.settings for note in world.finishing.notes if note] == [{"tags": ["before"]}]


def test_a_step_is_taken_where_nothing_was_noted(world: CeremonyWorld) -> None:
    _finish(world, _restored(world, ALARMS))
    assert world.finishing.notes == [None]


def test_what_nobody_approved_is_not_done(world: CeremonyWorld) -> None:
    request = _restored(world)
    _finish(world, request)
    assert (world.finishing.taken, _taken(world, request)) == ([], [])


def test_a_step_that_cannot_be_done_is_written_down_and_stops_no_other(world: CeremonyWorld) -> None:
    request = _restored(world, PROTECTED, CONTINUOUS)
    world.finishing.errors = {PROTECTED: REFUSED}
    _finish(world, request)
    assert _taken(world, request) == [("deletion-protection", "failed"), ("continuous-backups", "done")]
    assert world.kept(request).steps()[0].reason == "not authorized"


def test_a_step_for_which_it_is_too_early_is_tried_again_and_the_others_are_over(world: CeremonyWorld) -> None:
    request = _restored(world, PROTECTED, CONTINUOUS)
    world.finishing.errors = {PROTECTED: TOO_EARLY}
    with pytest.raises(TemporarilyUnavailableError, match=r"^deletion-protection: backups are not there yet$"):
        _finish(world, request)
    assert _taken(world, request) == [("continuous-backups", "done")]
    world.finishing.errors = {}
    _finish(world, request)
    assert _taken(world, request) == [("continuous-backups", "done"), ("deletion-protection", "done")]


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        pytest.param(REFUSED, AccessRefusedError, id="refused"),
        pytest.param(TOO_EARLY, TemporarilyUnavailableError, id="too early"),
    ],
)
def test_tags_that_cannot_be_set_stop_no_step(
    error: StrongroomError,
    raised: type[StrongroomError],
    world: CeremonyWorld,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    request = _restored(world, PROTECTED)

    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(world, "add", refuse)
    with pytest.raises(raised, match=str(error)):
        _finish(world, request)
    assert _taken(world, request) == [("deletion-protection", "done")]


def test_where_both_tags_and_a_step_are_in_the_way_both_are_told_and_it_is_tried_again(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = _restored(world, PROTECTED)
    world.finishing.errors = {PROTECTED: TOO_EARLY}

    def refuse(*_: object, **__: object) -> None:
        raise REFUSED

    monkeypatch.setattr(world, "add", refuse)
    with pytest.raises(TemporarilyUnavailableError, match=r"^not authorized; deletion-protection: backups are not"):
        _finish(world, request)


@pytest.mark.parametrize("outcome", [StepOutcome.FAILED, StepOutcome.SKIPPED])
def test_a_step_that_is_left_to_people_is_a_finding_and_the_restore_stands(
    outcome: StepOutcome, world: CeremonyWorld
) -> None:
    request = _restored(world, PROTECTED, WRITER)
    world.finishing.outcomes = {WRITER: outcome}
    _finish(world, request)
    ended = world.close(request, reason="")
    assert (ended.outcome, ended.reason) == (RestoreOutcome.RESTORED, f"restored as {RESTORED}")
    [alert] = world.alerts.told
    assert (alert.kind, alert.subject) == (AlertKind.RESTORE_UNFINISHED, RESTORED)
    assert alert.reason == f"writer {outcome}: it is so"
    assert world.tickets.comments[-1].count(f"Afterwards: deletion-protection done: it is so; writer {outcome}: ") == 1


def test_what_was_all_done_is_no_finding(world: CeremonyWorld) -> None:
    request = _restored(world, PROTECTED)
    _finish(world, request)
    assert world.close(request, reason="").outcome is RestoreOutcome.RESTORED
    assert world.alerts.told == []
    assert [each.told for each in show_restore(request, needs=world.showing, now=world.now).steps] == [
        "deletion-protection done: it is so"
    ]


def test_what_nobody_came_to_do_is_written_down_before_the_end_and_told(world: CeremonyWorld) -> None:
    request = _restored(world, PROTECTED, CONTINUOUS)
    world.finishing.errors = {PROTECTED: TOO_EARLY}
    with pytest.raises(TemporarilyUnavailableError):
        _finish(world, request)
    ended = world.close(request, error="TemporarilyUnavailableError", reason="too early")
    assert (ended.outcome, ended.reason) == (RestoreOutcome.RESTORED, f"restored as {RESTORED}")
    assert _taken(world, request)[1:] == [("deletion-protection", "failed")]
    assert world.kinds(request)[-1] == "closed"
    assert world.alerts.kinds == [AlertKind.RESTORE_UNFINISHED]
    assert world.close(request).outcome is RestoreOutcome.RESTORED
    assert len(_taken(world, request)) == 2


def test_a_step_to_which_nobody_came_says_so(world: CeremonyWorld) -> None:
    request = _restored(world, PROTECTED)
    world.close(request, reason="")
    failed = StepTaken(step=PROTECTED, outcome=StepOutcome.FAILED, reason="nobody has done it")
    assert world.kept(request).steps() == (failed,)


def test_tags_that_nobody_set_are_a_step_that_failed_and_one_finding(world: CeremonyWorld) -> None:
    request = _restored(world)
    world.close(request, error="AccessRefusedError", reason="no tags")
    assert world.kept(request).steps() == (StepTaken(step="tags", outcome="failed", reason="no tags"),)
    assert world.alerts.kinds == [AlertKind.RESOURCE_NOT_TAGGED]


def test_nothing_is_written_of_steps_where_nothing_was_restored(world: CeremonyWorld) -> None:
    request = world.open_forged(steps=(SENTENCES[PROTECTED],))
    world.later(hours=5)
    assert world.close(request).outcome is RestoreOutcome.EXPIRED
    assert _taken(world, request) == []


def _noted(world: CeremonyWorld, request: str, **read: object) -> None:
    """What was set on the original when it was backed up."""
    asked = world.kept(request).sealed.request
    at = asked.recovery_point_created_at
    note = make_note(asked.resource, read=read, unread={})
    world.notes.keep(KeptNote(note=note, since=at, read_at=at), was=None)


def test_what_is_set_is_held_once_against_what_was_noted_when_all_steps_are_over(world: CeremonyWorld) -> None:
    request = _restored(world, WRITER)
    _noted(world, request, parameters=[{"name": "work_mem", "value": "1"}], instance={"Iops": 1})
    world.reading.read_as = {"instance": {"Iops": 1}}
    world.finishing.errors = {WRITER: TOO_EARLY}
    with pytest.raises(TemporarilyUnavailableError):
        _finish(world, request)
    assert world.reading.asked == []
    world.finishing.errors = {}
    for _ in range(2):
        _finish(world, request)
    asked = world.kept(request).sealed.request
    assert world.reading.asked == [(RESTORED, asked.account, asked.region)]
    assert _taken(world, request) == [("writer", "done"), ("settings", "different")]
    assert world.kept(request).last(EntryKind.AFTER_STEP) == {
        "step": "settings",
        "outcome": "different",
        "reason": "1 setting is not as was noted of the original",
        "parts": ["left to people: parameters", "as before: instance"],
    }


def test_a_difference_is_shown_and_told_with_the_end_and_the_restore_stands(world: CeremonyWorld) -> None:
    request = _restored(world)
    _noted(world, request, parameters=["a"])
    world.reading.read_as = {"instance": {"Iops": 1}}
    _finish(world, request)
    assert world.close(request, reason="").outcome is RestoreOutcome.RESTORED
    assert world.alerts.told == []
    said = world.tickets.comments[-1]
    assert "restored, with differences. restored as" in said
    assert "settings different: 2 settings are not as was noted of the original; other than noted" in said
    [step] = show_restore(request, needs=world.showing, now=world.now).steps
    assert step.parts == (
        "other than noted, and not in what was approved: instance: Iops",
        "left to people: parameters",
    )


def test_nothing_is_compared_where_nothing_was_noted(world: CeremonyWorld) -> None:
    request = _restored(world)
    _finish(world, request)
    assert (world.reading.asked, _taken(world, request)) == ([], [])


@pytest.mark.parametrize("error", [REFUSED, NotFoundError("it is gone"), CallRefusedError("nobody knows")])
def test_where_it_cannot_be_read_that_is_written_down(world: CeremonyWorld, error: StrongroomError) -> None:
    request = _restored(world)
    _noted(world, request, parameters=["a"])
    world.reading.error = error
    _finish(world, request)
    [step] = world.kept(request).steps()
    assert (step.outcome, step.reason) == ("failed", f"nothing could be compared: {error}")
    world.close(request, reason="")
    assert "restored, not compared. restored as" in world.tickets.comments[-1]


def test_a_note_that_nobody_can_read_keeps_no_step_from_being_taken(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = _restored(world, PROTECTED)

    def refuse(*_: object, **__: object) -> None:
        raise MalformedRecordError("this is no note of settings")

    monkeypatch.setattr(world.notes, "as_of", refuse)
    _finish(world, request)
    assert _taken(world, request) == [("deletion-protection", "done"), ("settings", "failed")]
    assert world.kept(request).steps()[-1].reason == "nothing could be compared: this is no note of settings"
    [told] = world.finishing.notes
    assert told is not None
    assert told.unread == {"alarms": "this is no note of settings"}


def test_what_is_to_be_read_later_is_waited_for(world: CeremonyWorld) -> None:
    request = _restored(world)
    _noted(world, request, parameters=["a"])
    world.reading.error = TemporarilyUnavailableError("slow down")
    with pytest.raises(TemporarilyUnavailableError, match="settings: slow down"):
        _finish(world, request)
    assert _taken(world, request) == []


def test_a_comparison_that_nobody_came_to_is_written_down_before_the_end_and_told(world: CeremonyWorld) -> None:
    request = _restored(world)
    _noted(world, request, parameters=["a"])
    world.reading.error = TemporarilyUnavailableError("slow down")
    with pytest.raises(TemporarilyUnavailableError):
        _finish(world, request)
    for _ in range(2):
        world.close(request, error="TemporarilyUnavailableError", reason="settings: slow down")
    [step] = world.kept(request).steps()
    assert (step.step, step.outcome) == ("settings", "failed")
    assert step.reason == "nothing could be compared: settings: slow down"
    assert world.kinds(request)[-1] == "closed"
    assert "restored, not compared. restored as" in world.tickets.comments[-1]


def test_one_to_which_nobody_came_without_a_word_says_so(world: CeremonyWorld) -> None:
    request = _restored(world)
    _noted(world, request, parameters=["a"])
    world.close(request, error="States.Timeout", reason="")
    assert world.kept(request).steps()[-1].reason == "nothing could be compared: nobody has done it"


def test_of_a_note_that_nobody_can_read_the_end_says_that(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = _restored(world)

    def refuse(*_: object, **__: object) -> None:
        raise MalformedRecordError("this is no note of settings")

    monkeypatch.setattr(world.notes, "as_of", refuse)
    world.close(request, error="TemporarilyUnavailableError", reason="slow down")
    assert world.kept(request).steps()[-1].reason == "nothing could be compared: this is no note of settings"


def test_what_was_compared_is_not_given_up_with_a_later_error(world: CeremonyWorld) -> None:
    request = _restored(world)
    _noted(world, request, instance={"Iops": 1})
    world.reading.read_as = {"instance": {"Iops": 1}}
    _finish(world, request)
    taken = _taken(world, request)
    world.close(request, error="TemporarilyUnavailableError", reason="slow down")
    assert _taken(world, request) == taken == [("settings", "done")]


@pytest.mark.parametrize(
    ("error", "noted"),
    [
        pytest.param("", {"parameters": ["a"]}, id="no error ended it"),
        pytest.param("TemporarilyUnavailableError", {}, id="nothing was noted"),
    ],
)
def test_no_comparison_is_given_up_where_none_was_kept_from_coming(
    error: str, noted: dict[str, object], world: CeremonyWorld
) -> None:
    request = _restored(world)
    if noted:
        _noted(world, request, **noted)
    world.close(request, error=error, reason="slow down")
    assert "settings" not in [step for step, _ in _taken(world, request)]
