"""What deletes or calls out is asked for after a restore, or all that is wrong with it is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.errors import (
    FaultsFoundError,
    NotFoundError,
    RestoreRefusedError,
)
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.asked.deciding import SettingFound
from strongroom.domain.restores.checklists.stated import StatedOutcome, StepWish
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep
from strongroom.services.restores.asking.ask_after import try_after
from tests.builders.deciding.afterwards import (
    RESTORED_TABLE,
    STREAMED,
    TABLE,
    TTL,
    an_after_wish,
)
from tests.fakes.restores.tables import TableWorld

OFF = SettingFound(items=1204)


@pytest.fixture
def world(intent: Intent) -> TableWorld:
    """A table was backed up that has time to live."""
    return TableWorld(intent)


def test_what_is_dismissed_nobody_asks_for_any_more(world: TableWorld) -> None:
    of = world.restored_table()
    sentence = CALLS[AskedStep.TIME_TO_LIVE].sentence
    world.state(of, "omar", StepWish(step=sentence, outcome=StatedOutcome.DISMISSED, reason="nobody needs it"))
    with pytest.raises(RestoreRefusedError, match=r"^Omar Haddad has stated that it is dismissed$"):
        world.open_after(of, an_after_wish())


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        pytest.param(
            lambda world: world.settings.known.pop((TABLE, TTL)), "has none set either", id="the original has none"
        ),
        pytest.param(lambda world: world.settings.gone.add(TABLE), "cannot say it any more", id="no original"),
        pytest.param(
            lambda world: world.settings.known.update({(RESTORED_TABLE, TTL): world.settings.known[TABLE, TTL]}),
            "is so already",
            id="it is so already",
        ),
        pytest.param(
            lambda world: world.settings.known.update({(RESTORED_TABLE, TTL): SettingFound(parameters=(("a", "b"),))}),
            "has another setting by now",
            id="it has another one",
        ),
        pytest.param(
            lambda world: setattr(world.settings, "made_at", world.now + timedelta(hours=1)),
            "was made anew after",
            id="another table of the name",
        ),
        pytest.param(
            lambda world: setattr(world, "now", world.now + timedelta(days=7, seconds=1)),
            "takes a ticket of its own by now",
            id="late, without a ticket",
        ),
    ],
)
def test_what_cannot_be_asked_for_is_said(world: TableWorld, prepare: Callable[[TableWorld], Any], reason: str) -> None:
    of = world.restored_table()
    prepare(world)
    with pytest.raises(RestoreRefusedError, match=reason):
        world.open_after(of, an_after_wish())


def test_nothing_is_asked_for_that_the_restore_did_not_leave(world: TableWorld) -> None:
    of = world.restored_table()
    with pytest.raises(RestoreRefusedError, match=r"^lifecycle is not among what"):
        world.open_after(of, an_after_wish(step=AskedStep.LIFECYCLE))


def test_all_that_is_wrong_with_what_is_written_is_told(world: TableWorld) -> None:
    of = world.restored_table()
    wrong = {"TimeToLiveSpecification": '{"AttributeName":"","Enabled":false}'}
    with pytest.raises(FaultsFoundError) as refused:
        world.open_after(of, an_after_wish(parameters=wrong))
    assert len(refused.value.faults) == 2


def test_a_trial_keeps_nothing(world: TableWorld) -> None:
    of = world.restored_table()
    drafted = try_after(of, an_after_wish(), requester="idp|omar", needs=world.asking_after, now=world.now)
    assert (drafted.statement, drafted.page) == ("", "")
    assert drafted.reason == f"time to live of orders-0200 (after {of}) in account 222222222222"
    with pytest.raises(NotFoundError):
        world.kept(drafted.request_id)


def test_two_settings_may_be_asked_for_at_once_and_one_only_once(world: TableWorld) -> None:
    of = world.restored_table()
    world.open_after(of, an_after_wish())
    world.open_after(of, an_after_wish(step=AskedStep.STREAM, parameters=STREAMED))
    with pytest.raises(RestoreRefusedError, match="is open and becomes orders-0200 as well"):
        world.open_after(of, an_after_wish())
