"""What is set on a resource is read once in a week, kept where it changed, and never forgotten for a refusal."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    NotFoundError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.services.noting.note_settings import (
    NotedState,
    SettingsNoted,
    SettingsNotingNeeds,
    note_settings,
)
from tests.builders.places import HOME, PAYMENTS
from tests.fakes.restores.settings import FakeNotes, FakeSettings

TABLE: Final = f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/orders"
NOW: Final = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
WEEK: Final = timedelta(days=7)


class World:
    """A resource, and what is noted of it."""

    def __init__(self) -> None:
        self.settings, self.notes = FakeSettings(), FakeNotes()

    def note(self, at: datetime) -> SettingsNoted:
        needs = SettingsNotingNeeds(settings=self.settings, notes=self.notes)
        return note_settings(TABLE, account=PAYMENTS, region=HOME, needs=needs, now=at)


@pytest.fixture
def world() -> World:
    return World()


def test_the_first_verified_copy_has_its_resource_noted(world: World) -> None:
    noted = world.note(NOW)
    assert (noted.state, noted.reason) == (NotedState.NOTED, "1 settings are known, 0 are not")
    kept = world.notes.find(TABLE)
    assert kept is not None
    assert (kept.note.settings, kept.since, kept.read_at) == ({"tags": ["a"]}, NOW, NOW)
    assert world.settings.asked == [(TABLE, PAYMENTS, HOME)]


@pytest.mark.parametrize(
    ("after", "state", "asked"),
    [
        pytest.param(timedelta(minutes=5), NotedState.RECENT, 1, id="its second copy of the night"),
        pytest.param(timedelta(days=6), NotedState.RECENT, 1, id="the sixth night"),
        pytest.param(WEEK - timedelta(hours=2), NotedState.UNCHANGED, 2, id="a week, some hours early"),
    ],
)
def test_it_is_read_once_in_a_week(after: timedelta, state: NotedState, asked: int, world: World) -> None:
    world.note(NOW)
    assert (world.note(NOW + after).state, len(world.settings.asked)) == (state, asked)


def test_what_is_as_it_was_is_no_second_note_and_says_when_it_was_read_last(world: World) -> None:
    for at in (NOW, NOW + WEEK, NOW + 2 * WEEK):
        world.note(at)
    [kept] = world.notes.kept[TABLE]
    assert (kept.since, kept.read_at) == (NOW, NOW + 2 * WEEK)


def test_what_has_changed_is_a_note_beside_the_one_before(world: World) -> None:
    world.note(NOW)
    world.settings.read_as = {"tags": ["b"]}
    assert world.note(NOW + WEEK).state is NotedState.NOTED
    assert [(each.note.settings, each.since) for each in world.notes.kept[TABLE]] == [
        ({"tags": ["a"]}, NOW),
        ({"tags": ["b"]}, NOW + WEEK),
    ]


@pytest.mark.parametrize(
    "error",
    [
        AccessRefusedError("the role cannot be assumed"),
        CallRefusedError("nobody knows how"),
        NotFoundError("it is gone"),
        TemporarilyUnavailableError("too many requests"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_cannot_be_read_is_said_keeps_what_was_known_and_is_tried_at_the_next_copy(
    error: StrongroomError, world: World
) -> None:
    world.note(NOW)
    known = world.notes.find(TABLE)
    world.settings.error = error
    noted = world.note(NOW + WEEK)
    assert (noted.state, noted.reason) == (NotedState.UNREAD, str(error))
    assert world.notes.find(TABLE) == known
    world.settings.error = None
    assert world.note(NOW + WEEK + timedelta(days=1)).state is NotedState.UNCHANGED


def test_a_resource_of_which_nothing_at_all_may_be_read_is_not_noted(world: World) -> None:
    world.settings.read_as, world.settings.unread = {}, {"tags": "denied", "table": "denied"}
    noted = world.note(NOW)
    assert (noted.state, noted.reason) == (NotedState.UNREAD, "denied")
    assert world.notes.find(TABLE) is None


def test_a_setting_that_may_not_be_read_any_more_stays_as_it_was_known(world: World) -> None:
    world.settings.read_as = {"tags": ["a"], "policy": {"x": 1}}
    world.note(NOW)
    world.settings.read_as, world.settings.unread = {"tags": ["b"]}, {"policy": "denied"}
    world.note(NOW + WEEK)
    kept = world.notes.find(TABLE)
    assert kept is not None
    assert kept.note.settings == {"tags": ["b"], "policy": {"x": 1}}
    assert kept.note.unread == {"policy": "it is as it was read by 2026-11-02 at the latest: denied"}


def test_a_setting_that_is_not_set_any_more_is_not_kept_from_before(world: World) -> None:
    world.settings.read_as = {"tags": ["a"], "policy": {"x": 1}}
    world.note(NOW)
    world.settings.read_as = {"tags": ["a"]}
    world.note(NOW + WEEK)
    kept = world.notes.find(TABLE)
    assert kept is not None
    assert kept.note.settings == {"tags": ["a"]}


def test_what_is_told_of_it_has_nothing_of_the_settings(world: World) -> None:
    world.settings.read_as = {"policy": {"Principal": "hidden-7"}}
    assert "hidden-7" not in str(world.note(NOW))
