"""Whoever cannot be reached at the end is told later, and nobody is told twice by that."""

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.domain.errors import AccessRefusedError, NotFoundError, StrongroomError, TemporarilyUnavailableError
from strongroom.domain.restores.steps import RestoreOutcome
from strongroom.services.restores.approving.tell_approvers import tell_approvers
from tests.fakes.restores import CeremonyWorld


def _outcomes(world: CeremonyWorld) -> list[str]:
    return [line.outcome for line in world.showing.open_requests.latest(limit=9)]


def _ticket_is_used(world: CeremonyWorld) -> bool:
    return "request_id" in (world.table.get(Key("TICKET#OPS-123", "USE")) or {})


@pytest.mark.parametrize(
    "refusal",
    [
        TemporarilyUnavailableError("Slack cannot be reached"),
        AccessRefusedError("not_in_channel"),
        NotFoundError("message_not_found"),
    ],
    ids=["away", "not let in", "gone"],
)
def test_x07_what_was_closed_and_not_told_is_told_and_not_closed_twice(
    refusal: StrongroomError, world: CeremonyWorld
) -> None:
    request = world.open()
    world.read_ticket(request)
    tell_approvers(request, needs=world.telling, now=world.now)
    world.board.refusal = refusal
    first = world.close(request, error="TicketWithdrawnError")
    assert (first.untold, _ticket_is_used(world)) == (("chat",), True)
    world.break_off(request)
    published, comments = len(world.published), len(world.tickets.comments)
    world.board.refusal = None
    again = world.close_again(request)
    assert (again.outcome, again.untold) == (RestoreOutcome.WITHDRAWN, ())
    assert (len(world.board.closed), len(world.published), len(world.tickets.comments)) == (1, published, comments)
    assert world.kinds(request).count("closed") == 1
    assert world.sweep().open == 0


def test_x07_a_ticket_is_free_again_though_nobody_can_be_told(world: CeremonyWorld) -> None:
    request = world.open()
    world.tickets.is_down = True
    ended = world.close(request, error="RestoreFailedError")
    assert (ended.untold, _outcomes(world), _ticket_is_used(world)) == (("ticket",), ["failed"], False)


def test_what_is_told_by_the_request_s_own_execution_is_told_whatever_the_list_says(world: CeremonyWorld) -> None:
    """Whoever may write the list keeps no end from being told."""
    request = world.open()
    [line] = world.showing.open_requests.latest(limit=9)
    world.opening.open_requests.close(line, outcome="denied", is_ticket_free=False)
    world.close(request, error="RestoreFailedError")
    assert "failed" in world.tickets.comments[-1]
    assert _outcomes(world) == ["failed"]
