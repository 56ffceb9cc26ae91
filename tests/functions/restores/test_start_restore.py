"""The step that restores: everything is looked at again first."""

from typing import Any

import pytest

from strongroom.domain.errors import ApprovalVoidError
from tests.builders.places import PAYMENTS
from tests.builders.restores import POINT, a_request, a_ticket_read, a_vote, an_approval_closed
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


def test_an_approved_restore_is_started_once_in_the_member_account(functions: Functions) -> None:
    _approved(functions)
    backup = functions.clients.member[PAYMENTS, "backup"] = FakeBackup()
    for _ in range(2):
        assert load_handler("start_restore")({"request_id": ID, "execution": "arn:e"}, None)["job"] == "started-1"
    assert backup.calls == ["start_restore_job"]
    assert backup.started[0]["RecoveryPointArn"] == POINT
    role = "arn:aws:iam::222222222222:role/strongroom/strongroom-restore"
    (borrowed,) = functions.clients.own["sts"].requests
    assert borrowed["RoleArn"] == role
    assert borrowed["SourceIdentity"] == "idp=7Comar"
    assert borrowed["Tags"] == [{"Key": "ticket", "Value": a_request().ticket}]


def test_another_execution_starts_nothing(functions: Functions) -> None:
    _approved(functions)
    with pytest.raises(ApprovalVoidError):
        load_handler("start_restore")({"request_id": ID, "execution": "arn:other"}, None)
