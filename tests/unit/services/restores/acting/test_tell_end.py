"""What is told of an end, and that whoever cannot be reached is told later, and nobody twice by that."""

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.domain.errors import (
    AccessRefusedError,
    NotFoundError,
    NotWitnessedYetError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.steps import RestoreOutcome
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.close_restore import RestoreEnded
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.approving.tell_approvers import tell_approvers
from tests.builders.intents import with_restores
from tests.builders.restores import RESTORED, an_urgent_intent, an_urgent_wish
from tests.fakes.restores.world import CeremonyWorld


def _outcomes(world: CeremonyWorld) -> list[str]:
    return [line.outcome for line in world.showing.open_requests.latest(limit=9, now=world.now)]


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
    [line] = world.showing.open_requests.latest(limit=9, now=world.now)
    world.opening.open_requests.close(line, outcome="denied", is_ticket_free=False)
    world.close(request, error="RestoreFailedError")
    assert "failed" in world.tickets.comments[-1]
    assert _outcomes(world) == ["failed"]


def _restored(world: CeremonyWorld, request: str) -> RestoreEnded:
    world.restores.states = ["COMPLETED"]
    check_restore(request, execution=world.execution(request), needs=world.checking_restore, now=world.now)
    world.take_steps(request)
    return world.close(request)


def test_the_ticket_reads_what_came_of_it_and_by_what_evidence(world: CeremonyWorld) -> None:
    ended = _restored(world, world.come_to_restore())
    assert world.tickets.comments[-1] == (
        f"Restore {ended.request_id}: restored as {RESTORED}."
        f" Evidence: {ended.evidence[:12]}. Afterwards: alarms done: it is so."
    )


def test_the_ticket_reads_that_it_may_be_used_again(world: CeremonyWorld) -> None:
    ended = world.close(world.open(), error="RestoreFailedError", reason="no capacity")
    assert world.tickets.comments[-1] == (
        f"Restore {ended.request_id}: failed. no capacity. Evidence: {ended.evidence[:12]}. "
        "OPS-123 may carry another request."
    )


def test_without_a_ticket_none_is_told_and_none_is_free(intent: Intent) -> None:
    world = CeremonyWorld(an_urgent_intent(intent))
    request = world.open(an_urgent_wish())
    tell_approvers(request, needs=world.telling, now=world.now)
    ended = world.close(request, error="RestoreFailedError", reason="no capacity")
    assert (ended.untold, world.tickets.comments) == ((), [])
    assert f"failed. no capacity. Evidence: {ended.evidence[:12]}." in world.board.closed[-1]
    assert "another request" not in world.board.closed[-1]


def test_the_card_names_those_whose_word_was_acted_upon(world: CeremonyWorld) -> None:
    """By what was intended last, and not first; and not by what is left of it when the time to act is over."""
    request = world.come_to_approval()
    tell_approvers(request, needs=world.telling, now=world.now)
    world.witness.is_down = True
    with pytest.raises(NotWitnessedYetError):
        _start(world, request)
    world.witness.is_down = False
    world.intent = with_restores(world.intent, rules=(ApprovalRule(unit="Production", group="approvers", needed=2),))
    world.later(minutes=5)
    world.sign(request, "sana")
    world.later(minutes=1)
    _start(world, request)
    world.later(hours=20)
    _restored(world, request)
    assert dict(world.board.endings[-1].rows)["Handled by"] == "Maria Lindqvist, Sana Iqbal"


def test_what_was_asked_for_longer_ago_than_anybody_looks_back_is_told_all_the_same(world: CeremonyWorld) -> None:
    request = world.open()
    world.later(days=90)
    assert world.close(request, error="RestoreFailedError").untold == ()
    assert len(world.tickets.comments) == 1


def test_who_was_not_told_because_the_function_died_is_told_later(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = world.open()

    def die(key: str, text: str) -> None:
        raise DiedError

    with monkeypatch.context() as patched:
        patched.setattr(world.tickets, "comment", die)
        with pytest.raises(DiedError):
            world.close(request, error="RestoreFailedError")
    [line] = world.showing.open_requests.latest(limit=9, now=world.now)
    assert (line.outcome, line.untold) == ("failed", ("chat", "ticket"))


class DiedError(Exception):
    """The function was ended."""


def _start(world: CeremonyWorld, request: str) -> None:
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)
