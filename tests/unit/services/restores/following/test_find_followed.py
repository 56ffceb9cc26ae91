"""A request is carried out only on what the restore made that it follows, by that one's evidence and its job."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.errors import (
    ApprovalVoidError,
    RestoreRefusedError,
)
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.checklists.stated import StatedOutcome, StepWish
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep
from tests.builders.deciding.afterwards import (
    ASKED_ROLE,
    EXPIRES,
    RESTORED_TABLE,
    STREAM,
    TABLE,
    TTL,
    a_table_wish,
    an_after_wish,
)
from tests.builders.restores import a_ticket, an_urgent_intent
from tests.fakes.restores.tables import TableWorld


@pytest.fixture
def world(intent: Intent) -> TableWorld:
    """A table was backed up that has time to live."""
    return TableWorld(intent)


def test_nothing_is_asked_for_after_what_is_not_restored(world: TableWorld) -> None:
    request = world.come_to_approval(a_table_wish())
    with pytest.raises(RestoreRefusedError, match=r"has not ended as restored: it goes on$"):
        world.open_after(request, an_after_wish())
    world.sign(request, "sana", Decision.DENY)
    world.close(request, reason="")
    with pytest.raises(RestoreRefusedError, match=r"has not ended as restored: denied$"):
        world.open_after(request, an_after_wish())


def test_nothing_is_asked_for_after_what_itself_follows(world: TableWorld) -> None:
    request = world.carried_out_after(world.restored_table())
    with pytest.raises(RestoreRefusedError, match=r"is no restore: it follows r-"):
        world.open_after(request, an_after_wish())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"resource": TABLE}, "its resource is not that of", id="the original"),
        pytest.param({"of_closed": "0" * 64}, "its of_closed is not that of", id="other evidence"),
        pytest.param({"role": ASKED_ROLE.replace("asked", "after")}, "the role that was approved", id="another role"),
        pytest.param({"call": STREAM}, "may not be asked for any more", id="another call"),
        pytest.param({"risk_sentences": ("All is well.",)}, "its risk_sentences are not", id="other words"),
        pytest.param({"metadata": (("TimeToLiveSpecification", "{}"),)}, "any more", id="other parameters"),
        pytest.param({"tier": "bronze"}, "its tier is not that of", id="another tier"),
        pytest.param({"target_name": "orders"}, "its target_name is not", id="another name"),
    ],
)
def test_a_request_that_its_requester_was_made_to_sign_is_not_carried_out(
    world: TableWorld, changes: dict[str, Any], reason: str
) -> None:
    """Mallory, who may write drafts, has Omar sign another one; two approvers do not see it either."""
    of = world.restored_table()
    request = world.open_forged_after(of, an_after_wish(), **changes)
    world.read_ticket(request)
    world.sign(request, "maria")
    with pytest.raises(ApprovalVoidError, match=reason):
        world.start(request)
    assert world.settings.calls == []


def test_what_is_dismissed_meanwhile_is_not_carried_out(world: TableWorld) -> None:
    of = world.restored_table()
    request = world.approved_after(of)
    sentence = CALLS[AskedStep.TIME_TO_LIVE].sentence
    world.state(of, "omar", StepWish(step=sentence, outcome=StatedOutcome.DISMISSED, reason="nobody needs it"))
    with pytest.raises(ApprovalVoidError, match=r"^Omar Haddad has stated meanwhile that it is dismissed: nobody"):
        world.start(request)
    assert world.settings.calls == []


@pytest.mark.parametrize(
    ("step", "outcome", "reason"),
    [
        pytest.param(AskedStep.STREAM, StatedOutcome.DISMISSED, "nobody listens", id="another step"),
        pytest.param(AskedStep.TIME_TO_LIVE, StatedOutcome.DONE, "", id="it is done, which comes to the same"),
    ],
)
def test_what_else_is_stated_meanwhile_hinders_nothing(
    world: TableWorld, step: AskedStep, outcome: StatedOutcome, reason: str
) -> None:
    of = world.restored_table()
    request = world.approved_after(of)
    world.state(of, "omar", StepWish(step=CALLS[step].sentence, outcome=outcome, reason=reason))
    world.start(request)
    assert len(world.settings.calls) == 1


def test_what_follows_a_restore_that_never_had_a_ticket_takes_one(intent: Intent) -> None:
    world = TableWorld(an_urgent_intent(intent))
    of = world.urgently_restored_table()
    with pytest.raises(RestoreRefusedError, match=f"^{of} was urgent and had no ticket: what follows it takes one"):
        world.open_after(of, an_after_wish())
    world.tickets.ticket = a_ticket(key="OPS-124", resources=(RESTORED_TABLE,))
    world.carried_out_after(of, ticket="OPS-124")
    assert [set_.ticket for set_ in world.settings.calls] == ["OPS-124"]


def test_a_draft_that_leaves_that_ticket_out_is_not_carried_out(intent: Intent) -> None:
    world = TableWorld(an_urgent_intent(intent))
    of = world.urgently_restored_table()
    world.tickets.ticket = a_ticket(key="OPS-124", resources=(RESTORED_TABLE,))
    request = world.open_forged_after(of, an_after_wish(ticket="OPS-124"), ticket="")
    world.read_ticket(request)
    world.sign(request, "maria")
    with pytest.raises(ApprovalVoidError, match="was urgent and had no ticket"):
        world.start(request)
    assert world.settings.calls == []


UNTIL = {"TimeToLiveSpecification": '{"AttributeName":"until","Enabled":true}'}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"wishes": (), "risks": ()}, f"{TABLE} has another setting by now", id="nobody has written it"),
        pytest.param(
            {"wishes": tuple(EXPIRES.items())}, "its metadata are not what its asker wrote", id="another file"
        ),
    ],
)
def test_what_is_set_is_what_was_written_or_what_the_original_has(
    world: TableWorld, changes: dict[str, Any], reason: str
) -> None:
    """Mallory, who may write drafts, has her parameters pass for those of the original, past a rule for such."""
    of = world.restored_table()
    request = world.open_forged_after(of, an_after_wish(parameters=UNTIL), **changes)
    world.read_ticket(request)
    world.sign(request, "maria")
    with pytest.raises(ApprovalVoidError, match=reason):
        world.start(request)
    assert world.settings.calls == []


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        pytest.param(lambda world: world.settings.gone.add(TABLE), "cannot say it any more", id="gone"),
        pytest.param(lambda world: world.settings.known.pop((TABLE, TTL)), "has another setting by now", id="none"),
    ],
)
def test_an_original_that_says_something_else_by_now_ends_what_was_to_be_as_it_was(
    world: TableWorld, meanwhile: Callable[[TableWorld], Any], reason: str
) -> None:
    request = world.approved_after(world.restored_table())
    meanwhile(world)
    with pytest.raises(ApprovalVoidError, match=reason):
        world.start(request)
    assert world.settings.calls == []


def test_what_was_written_needs_no_original(world: TableWorld) -> None:
    request = world.approved_after(world.restored_table(), parameters=UNTIL)
    world.settings.gone.add(TABLE)
    world.start(request)
    assert [dict(set_.metadata) for set_ in world.settings.calls] == [UNTIL]


def test_a_restore_that_is_said_to_be_younger_frees_of_no_ticket(world: TableWorld) -> None:
    """By its own word it needs none; what the evidence of that restore says ends it."""
    of = world.restored_table()
    request = world.open_forged_after(of, an_after_wish(), of_restored_at=world.now - timedelta(minutes=1))
    world.read_ticket(request)
    world.sign(request, "maria")
    with pytest.raises(ApprovalVoidError, match="its of_restored_at is not that of"):
        world.start(request)
