"""Everything that a restore rests on is looked at again; the first thing that does not hold stops the act."""

from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.errors import ApprovalVoidError, NotFoundError, TicketWithdrawnError
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.requests import SealedRequest
from strongroom.domain.restores.steps import Copied, RestoreOutcome
from strongroom.services.restores.acting.close_restore import close_restore
from strongroom.services.restores.acting.recheck_restore import recheck_restore
from tests.builders.intents import with_restores
from tests.builders.restores import POINT, a_ticket, a_vote, an_approval_closed
from tests.fakes.restores import World
from tests.unit.services.restores.acts import EXECUTION, ID, come_to_approval, read_ticket


def _recheck(world: World, execution: str = EXECUTION) -> SealedRequest:
    return recheck_restore(ID, execution=execution, needs=world.rechecking, now=world.now)


def with_groups(intent: Intent, **groups: tuple[str, ...]) -> Intent:
    """The intent with other people in these groups."""
    return with_restores(intent, groups=ceremony_of(intent).restores.groups | groups)


def test_an_approval_that_holds_is_acted_upon(world: World) -> None:
    come_to_approval(world)
    assert _recheck(world) == world.book.read(ID)


def test_looking_again_writes_nothing_down(world: World) -> None:
    come_to_approval(world)
    before = world.kinds(ID)
    for _ in range(3):
        _recheck(world)
    assert world.kinds(ID) == before


def test_a_request_that_nobody_made_is_not_found(world: World) -> None:
    with pytest.raises(NotFoundError):
        recheck_restore("r-zzzzzzzzzzzz", execution=EXECUTION, needs=world.rechecking, now=world.now)


def test_no_execution_carries_a_request_whose_ticket_it_has_not_read(world: World) -> None:
    world.book.record(ID, an_approval_closed(digest=world.book.read(ID).digest))
    with pytest.raises(ApprovalVoidError, match="this execution"):
        _recheck(world)


def test_an_ended_ceremony_is_not_run_again_by_its_own_execution(world: World) -> None:
    come_to_approval(world)
    close_restore(ID, outcome=RestoreOutcome.RESTORED, reason="-", needs=world.closing, now=world.now)
    with pytest.raises(ApprovalVoidError, match="closed"):
        _recheck(world)


# the approval


def test_without_an_approval_nothing_is_done(world: World) -> None:
    read_ticket(world)
    with pytest.raises(ApprovalVoidError, match="nobody has recorded"):
        _recheck(world)


@pytest.mark.parametrize("decision", ["denied", "cancelled"])
def test_what_was_decided_otherwise_is_not_done(decision: str, world: World) -> None:
    read_ticket(world)
    world.book.cast(ID, a_vote())
    world.book.record(ID, an_approval_closed(decision=decision, digest=world.book.read(ID).digest))
    with pytest.raises(ApprovalVoidError, match="nobody has recorded"):
        _recheck(world)


def test_a_vote_written_into_the_ledger_does_not_open_the_way(world: World) -> None:
    read_ticket(world)
    world.book.cast(ID, a_vote())
    with pytest.raises(ApprovalVoidError, match="nobody has recorded"):
        _recheck(world)


def test_an_approval_written_into_the_ledger_is_none_without_votes(world: World) -> None:
    read_ticket(world)
    world.book.record(ID, an_approval_closed(digest=world.book.read(ID).digest))
    with pytest.raises(ApprovalVoidError, match="no longer holds"):
        _recheck(world)


def test_an_approval_of_another_text_does_not_hold(world: World) -> None:
    read_ticket(world)
    world.book.cast(ID, a_vote())
    world.book.record(ID, an_approval_closed(digest="0" * 64))
    with pytest.raises(ApprovalVoidError, match="its digest differs"):
        _recheck(world)


# the people


def test_an_approver_who_left_the_group_voids_the_approval(world: World) -> None:
    come_to_approval(world)
    world.intent = with_groups(world.intent, approvers=("sana",))
    with pytest.raises(ApprovalVoidError, match="no longer holds"):
        _recheck(world)


def test_a_requester_who_left_the_group_ends_the_approval(world: World) -> None:
    come_to_approval(world)
    world.intent = with_groups(world.intent, oncall=("piet",))
    with pytest.raises(ApprovalVoidError, match="omar, who asked for it, is no longer one of oncall"):
        _recheck(world)


# the clocks


def test_a_late_execution_is_refused(world: World) -> None:
    come_to_approval(world)
    world.later(minutes=59, seconds=59)
    _recheck(world)
    world.later(seconds=1)
    with pytest.raises(ApprovalVoidError, match="run out"):
        _recheck(world)


def test_the_clock_starts_anew_when_the_copy_has_arrived(world: World) -> None:
    come_to_approval(world)
    world.book.record(ID, Copied(recovery_point=POINT, at=world.now + timedelta(hours=5)))
    world.later(hours=5, minutes=59)
    _recheck(world)
    world.later(minutes=1)
    with pytest.raises(ApprovalVoidError, match="run out"):
        _recheck(world)


# the ticket


@pytest.mark.parametrize(
    "changes", [{"status": "Withdrawn"}, {"approver": "piet"}, {"labels": (), "text": "x"}], ids=str
)
def test_a_ticket_that_changed_stops_the_act(changes: dict[str, Any], world: World) -> None:
    come_to_approval(world)
    world.tickets.ticket = a_ticket(**changes)
    with pytest.raises(TicketWithdrawnError):
        _recheck(world)


def test_a_ticket_that_is_gone_stops_the_act(world: World) -> None:
    come_to_approval(world)
    world.tickets.ticket = None
    with pytest.raises(TicketWithdrawnError):
        _recheck(world)
