"""What a restore leaves to be asked for is listed until it is done, with the request that was made for it."""

import pytest

from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.left_off.steps import AskedStep
from strongroom.services.restores.asking.show_restores import show_restore
from tests.builders.deciding.afterwards import (
    an_after_wish,
)
from tests.fakes.restores.tables import TableWorld


@pytest.fixture
def world(intent: Intent) -> TableWorld:
    """A table was backed up that has time to live."""
    return TableWorld(intent)


def test_the_restore_lists_it_until_it_is_done_and_says_who_asked(world: TableWorld) -> None:
    def listed() -> tuple[str, str, str]:
        checklist = show_restore(of, needs=world.showing, now=world.now).checklist
        [step] = [each for each in checklist if each.asked == AskedStep.TIME_TO_LIVE]
        return step.outcome, step.request, step.by

    of = world.restored_table()
    assert listed() == ("", "", "")
    request = world.approved_after(of)
    assert listed() == ("", request, "")
    world.start(request)
    world.check(request)
    world.close(request, reason="")
    assert listed() == ("done", request, "Omar Haddad")


def test_one_that_came_to_nothing_leaves_it_to_be_asked_for(world: TableWorld) -> None:
    of = world.restored_table()
    request = world.open_after(of, an_after_wish())
    world.sign(request, "maria", Decision.DENY)
    world.close(request, reason="")
    steps = {each.asked: each for each in show_restore(of, needs=world.showing, now=world.now).checklist}
    assert (steps["time-to-live"].outcome, steps["time-to-live"].request) == ("", "")
    assert world.settings.calls == []
