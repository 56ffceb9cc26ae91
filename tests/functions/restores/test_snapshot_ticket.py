"""The first step: the ticket is read and the request bound to its execution."""

import pytest

from strongroom.domain.errors import MalformedEventError, TicketRefusedError
from tests.builders.restores import a_ticket
from tests.fakes.ceremony import ID, Functions, functions
from tests.fakes.control_plane import load_handler

__all__ = ["functions"]


def test_the_ticket_is_read_and_the_plan_handed_on(functions: Functions) -> None:
    functions.add()
    answer = load_handler("snapshot_ticket")({"request_id": ID, "execution": f"arn:e:{ID}"}, None)
    assert (answer["plan"], answer["approval_seconds"] > 14_000) == ("local", True)


def test_a_ticket_that_is_not_approved_is_refused_by_name(functions: Functions) -> None:
    functions.add()
    functions.tickets.ticket = a_ticket(status="Open")
    with pytest.raises(TicketRefusedError):
        load_handler("snapshot_ticket")({"request_id": ID, "execution": f"arn:e:{ID}"}, None)


def test_an_input_without_its_execution_is_malformed(functions: Functions) -> None:
    with pytest.raises(MalformedEventError):
        load_handler("snapshot_ticket")({"request_id": ID}, None)
