"""The first step: the ticket is read, and what it says is kept."""

import pytest

from strongroom.domain.errors import ForeignExecutionError, MalformedEventError, TicketRefusedError
from strongroom.domain.evidence.entries import EntryKind
from tests.builders.restores import a_ticket
from tests.fakes.ceremony import Functions
from tests.fakes.control_plane import load_handler


def test_the_ticket_is_read_and_the_plan_handed_on(functions: Functions) -> None:
    request = functions.world.open()
    answer = functions.step("snapshot_ticket", request)
    read = functions.world.kept(request).last(EntryKind.TICKET_ENTITLES)
    assert answer["plan"] == "local"
    assert read is not None
    assert (read["ticket"], read["approver"], read["reason"]) == ("OPS-123", "idp|chiara", answer["reason"])


def test_a_ticket_that_is_not_approved_is_refused_by_name(functions: Functions) -> None:
    request = functions.world.open()
    functions.world.tickets.ticket = a_ticket(status="Open")
    with pytest.raises(TicketRefusedError):
        functions.step("snapshot_ticket", request)
    assert functions.world.kinds(request) == []


def test_an_execution_that_was_begun_by_hand_is_turned_away(functions: Functions) -> None:
    request = functions.world.open()
    by_hand = functions.world.execution("by-hand")
    functions.world.running.add(by_hand)
    with pytest.raises(ForeignExecutionError):
        functions.step("snapshot_ticket", request, execution=by_hand)
    assert functions.world.kinds(request) == []


def test_an_input_without_its_execution_is_malformed(functions: Functions) -> None:
    with pytest.raises(MalformedEventError):
        load_handler("snapshot_ticket")({"request_id": functions.world.open()}, None)
