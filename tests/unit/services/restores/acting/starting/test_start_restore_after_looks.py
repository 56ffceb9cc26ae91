"""Whether an earlier try has set what follows a restore is looked at once, and never taken for granted after that."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from strongroom.domain.errors import ApprovalVoidError, TemporarilyUnavailableError, ThrottledError
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.asked.deciding import SettingFound
from strongroom.domain.restores.checklists.stated import StatedOutcome, StepWish
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep
from strongroom.domain.restores.requests import RestoreRequest
from tests.builders.deciding.afterwards import EXPIRES, RESTORED_TABLE, TABLE, TTL
from tests.fakes.restores.tables import TableWorld

OFF = SettingFound(items=1204)
SET = SettingFound(parameters=tuple(EXPIRES.items()), items=1204)


@pytest.fixture
def world(intent: Intent) -> TableWorld:
    """A table was backed up that has time to live."""
    return TableWorld(intent)


def dismiss(world: TableWorld, of: str) -> None:
    """Somebody signs that what the restore leaves off shall stay off."""
    sentence = CALLS[AskedStep.TIME_TO_LIVE].sentence
    world.state(of, "omar", StepWish(step=sentence, outcome=StatedOutcome.DISMISSED, reason="nobody needs it"))


def looks_from(world: TableWorld, monkeypatch: pytest.MonkeyPatch, number: int) -> list[str]:
    """From its look of that number on the table is seen without what was set; the looks, as they are made."""
    made: list[str] = []
    found = world.settings.setting

    def look(request: RestoreRequest) -> SettingFound:
        made.append(request.resource)
        if len(made) == number:
            world.settings.known[RESTORED_TABLE, TTL] = OFF
        return found(request)

    monkeypatch.setattr(world.settings, "setting", look)
    return made


def a_lost_answer(world: TableWorld, of: str) -> str:
    """A request whose call was made, and whose answer nobody heard; its id."""
    request, world.settings.dies = world.approved_after(of), "after"
    with pytest.raises(TemporarilyUnavailableError):
        world.start(request)
    world.settings.dies = ""
    world.settings.calls.clear()
    return request


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        pytest.param(dismiss, "has stated meanwhile that it is dismissed", id="dismissed"),
        pytest.param(
            lambda world, _: world.settings.known.update({(TABLE, TTL): OFF}),
            "has another setting by now than",
            id="changed",
        ),
    ],
)
def test_what_is_off_by_any_look_is_not_set_against_what_people_said(
    world: TableWorld,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    meanwhile: Callable[[TableWorld, str], object],
    reason: str,
) -> None:
    """What a table says of itself lags: one look may say that it is set still, and the next that it is not."""
    of = world.restored_table()
    request = a_lost_answer(world, of)
    meanwhile(world, of)
    looks = looks_from(world, monkeypatch, number)
    with pytest.raises(ApprovalVoidError, match=reason):
        world.start(request)
    assert (world.settings.calls, len(looks)) == ([], 3)


def test_it_is_looked_at_four_times_before_it_is_set_again(world: TableWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    request = a_lost_answer(world, world.restored_table())
    looks = looks_from(world, monkeypatch, 1)
    world.start(request)
    assert (len(world.settings.calls), len(looks)) == (1, 4)


def test_what_somebody_else_sets_after_a_try_that_was_refused_is_not_its_own(
    world: TableWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = world.restored_table()
    request = world.approved_after(of)

    def refused(_: RestoreRequest) -> None:
        raise ThrottledError("one too many at once")

    with monkeypatch.context() as patched:
        patched.setattr(world.settings, "set", refused)
        with pytest.raises(ThrottledError):
            world.start(request)
    assert world.kinds(request) == ["restore-intended", "restore-throttled"]
    world.settings.known[RESTORED_TABLE, TTL] = SET
    dismiss(world, of)
    world.now += timedelta(minutes=5)
    with pytest.raises(ApprovalVoidError, match="has stated meanwhile that it is dismissed"):
        world.start(request)
