"""The ticket is read when the ceremony begins, and the request is bound to its own execution."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.errors import ApprovalVoidError, ForeignExecutionError, TicketRefusedError
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.steps import TicketRead
from strongroom.services.restores.acting.recheck_restore import recheck_restore
from tests.builders.restores import a_request, a_ticket, a_ticket_read
from tests.fakes.restores import World
from tests.unit.services.restores.acts import EXECUTION, ID, STREAM, come_to_approval, read_ticket


def test_a_ticket_that_entitles_is_remembered_with_whoever_approved_it(world: World) -> None:
    snapshot = read_ticket(world)
    assert (snapshot.plan, snapshot.reason) == (RestorePlan.LOCAL, "OPS-123: Approved, approved by chiara")
    read = world.book.recorded(ID, TicketRead)
    assert read == a_ticket_read(reason=snapshot.reason, digest=world.book.read(ID).digest, execution=EXECUTION)
    entry = world.log.entries(STREAM)[-1]
    assert (entry.kind, entry.facts) == (
        "ticket-entitles",
        {name: value for name, value in asdict(read).items() if name != "execution"},
    )


@pytest.mark.parametrize(
    ("left", "seconds"),
    [(timedelta(hours=4), 14400), (timedelta(seconds=1.9), 1), (timedelta(0), 1), (-timedelta(hours=1), 1)],
    ids=["all of it", "not quite two", "none", "less than none"],
)
def test_the_machine_waits_for_as_long_as_the_request_is_open_and_at_least_a_second(
    left: timedelta, seconds: int, world: World
) -> None:
    world.now = a_request().approval_expires_at - left
    assert read_ticket(world).approval_seconds == seconds


def test_a_plan_that_copies_back_is_told_to_the_machine(copying: World) -> None:
    assert read_ticket(copying).plan is RestorePlan.COPY_BACK


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"key": "OPS-124"}, "answered with OPS-124"),
        ({"status": "Open"}, "its status is 'Open'"),
        ({"approver": "stranger"}, "not exactly one person"),
        ({"approver": "omar"}, "by the one who asks"),
        ({"labels": (), "text": "x"}, "names neither account"),
    ],
    ids=["another ticket", "not approved", "by a stranger", "by the requester", "about something else"],
)
def test_a_ticket_that_does_not_entitle_is_refused_and_written_down(
    changes: dict[str, Any], why: str, world: World
) -> None:
    world.tickets.ticket = a_ticket(**changes)
    with pytest.raises(TicketRefusedError, match=why):
        read_ticket(world)
    assert world.book.recorded(ID, TicketRead) is None
    assert world.kinds(ID)[-1] == "ticket-refused"


def test_a_ticket_that_is_not_there_is_refused(world: World) -> None:
    world.tickets.ticket = None
    with pytest.raises(TicketRefusedError, match="there is no ticket OPS-123"):
        read_ticket(world)


def test_a_step_tried_again_keeps_what_was_read_first(world: World) -> None:
    read_ticket(world)
    world.tickets.ticket = a_ticket(approver="piet")
    assert read_ticket(world).reason == "OPS-123: Approved, approved by piet"
    read = world.book.recorded(ID, TicketRead)
    assert read is not None
    assert read.approver == "chiara"


def test_another_execution_cannot_carry_the_request(world: World) -> None:
    come_to_approval(world)
    with pytest.raises(ApprovalVoidError, match="this execution"):
        recheck_restore(ID, execution="arn:other", needs=world.rechecking, now=world.now)
    for other in ("arn:other", f"arn:other:{ID}"):
        with pytest.raises(ForeignExecutionError, match="another execution"):
            read_ticket(world, other)


def test_an_execution_started_by_hand_cannot_take_the_request_first(world: World) -> None:
    with pytest.raises(ForeignExecutionError, match="by hand"):
        read_ticket(world, "arn:execution:mine")
    assert world.kinds(ID) == ["requested"]
    read_ticket(world)
