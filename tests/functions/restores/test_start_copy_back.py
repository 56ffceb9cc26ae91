"""The step that copies back: everything is looked at again first."""

from typing import Any

import pytest

from strongroom.domain.errors import TicketWithdrawnError
from strongroom.domain.restores.plans import RestorePlan
from tests.builders.places import CENTRAL_VAULT
from tests.builders.restores import CENTRAL_POINT, a_ticket, a_ticket_read, a_vote, an_approval_closed
from tests.fakes.backup import FakeBackup
from tests.fakes.ceremony import ID, Functions, functions
from tests.fakes.control_plane import load_handler

__all__ = ["functions"]


def _approved(functions: Functions, **changes: Any) -> None:
    functions.add(**changes)
    book = functions.world.book
    digest = book.read(ID).digest
    book.record(ID, a_ticket_read(digest=digest))
    book.cast(ID, a_vote())
    book.record(ID, an_approval_closed(digest=digest, at=functions.world.now))


CENTRAL = {"plan": RestorePlan.COPY_BACK, "vault": CENTRAL_VAULT, "recovery_point": CENTRAL_POINT}


def test_an_approved_copy_back_is_started_once(functions: Functions) -> None:
    _approved(functions, **CENTRAL)
    backup = functions.clients.own["backup"] = FakeBackup()
    for _ in range(2):
        assert load_handler("start_copy_back")({"request_id": ID, "execution": "arn:e"}, None)["job"] == "started-1"
    assert backup.calls == ["start_copy_job"]
    assert backup.started[0]["RecoveryPointArn"] == CENTRAL_POINT


def test_a_withdrawn_ticket_stops_it_by_name(functions: Functions) -> None:
    _approved(functions, **CENTRAL)
    functions.tickets.ticket = a_ticket(status="Withdrawn")
    with pytest.raises(TicketWithdrawnError):
        load_handler("start_copy_back")({"request_id": ID, "execution": "arn:e"}, None)
