"""What deletes or calls out is asked for after a restore, or all that is wrong with it is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.restores import CeremonyDrafts
from strongroom.domain.errors import (
    FaultsFoundError,
    NotFoundError,
    PermissionRefusedError,
    RestoreRefusedError,
)
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.asked.deciding import SettingFound
from strongroom.domain.restores.checklists.stated import StatedOutcome, StepWish
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep
from strongroom.services.restores.asking.ask_after import ask_on_page, try_after
from tests.builders.deciding.afterwards import (
    RESTORED_TABLE,
    STREAMED,
    TABLE,
    TTL,
    an_after_wish,
)
from tests.fakes.restores.tables import TableWorld


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
    with pytest.raises(RestoreRefusedError, match="is open and sets time to live of orders-0200 as well: wait"):
        world.open_after(of, an_after_wish())


def test_on_the_page_of_the_restore_it_is_asked_for_in_the_name_of_who_signs_it_then(world: TableWorld) -> None:
    of = world.restored_table()
    view = CeremonyDrafts(world.table).read(of).view
    asked = ask_on_page(of, an_after_wish(), view=view, requester="idp|omar", needs=world.asking_after, now=world.now)
    draft = CeremonyDrafts(world.table).read(asked.request_id)
    assert (draft.sealed.request.of, draft.sealed.request.requester) == (of, "idp|omar")
    assert asked.page == f"https://restore.example.com/v1/approvals/{asked.request_id}?view={draft.view}"
    with pytest.raises(NotFoundError):
        world.kept(asked.request_id)


@pytest.mark.parametrize(
    ("view", "requester", "reason"),
    [
        pytest.param("another", "idp|omar", "this link does not lead to that request", id="another link"),
        pytest.param("", "idp|omar", "this link does not lead to that request", id="no link"),
        pytest.param(None, "idp|maria", "only members of", id="somebody who may not ask"),
        pytest.param(None, "", "only members of", id="nobody"),
    ],
)
def test_on_the_page_nobody_asks_without_its_link_or_for_somebody_who_may_not(
    world: TableWorld, view: str | None, requester: str, reason: str
) -> None:
    of = world.restored_table()
    shown = CeremonyDrafts(world.table).read(of).view if view is None else view
    with pytest.raises(PermissionRefusedError, match=reason):
        ask_on_page(of, an_after_wish(), view=shown, requester=requester, needs=world.asking_after, now=world.now)


def test_what_is_refused_on_the_page_is_counted_before_anything_is_read(world: TableWorld) -> None:
    of = world.restored_table()
    view = CeremonyDrafts(world.table).read(of).view
    world.settings.gone.add(TABLE)

    def ask() -> None:
        ask_on_page(of, an_after_wish(), view=view, requester="idp|omar", needs=world.asking_after, now=world.now)

    for _ in range(20):
        with pytest.raises(RestoreRefusedError, match="cannot say it any more"):
            ask()
    with pytest.raises(RestoreRefusedError, match="20 times within an hour"):
        ask()


def test_what_is_asked_for_on_the_page_uses_up_nothing_of_anybody(world: TableWorld) -> None:
    of = world.restored_table()
    view = CeremonyDrafts(world.table).read(of).view

    def ask() -> None:
        ask_on_page(of, an_after_wish(), view=view, requester="idp|omar", needs=world.asking_after, now=world.now)

    for _ in range(20):
        ask()
    with pytest.raises(RestoreRefusedError, match="20 times within an hour"):
        ask()
    world.open_after(of, an_after_wish())
