"""The step that copies back: everything is looked at again first, and the intent is witnessed."""

import pytest

from strongroom.domain.errors import ApprovalPendingError, TicketWithdrawnError
from strongroom.domain.identifiers import COPY_BACK_ROLE, WITNESS_ROLE
from tests.builders.places import AUDIT_ACCOUNT, BACKUP_ACCOUNT, CENTRAL_VAULT, TEMPORARY_VAULT
from tests.builders.restores import CENTRAL_POINT, a_ticket, a_wish
from tests.fakes.ceremony import Functions


def _approved(functions: Functions) -> str:
    return functions.world.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))


def test_an_approved_copy_back_is_started_once(functions: Functions) -> None:
    request = _approved(functions)
    jobs = [functions.step("start_copy_back", request)["job"] for _ in range(2)]
    [started] = functions.central.started
    assert jobs == ["started-1", "started-1"]
    assert functions.central.calls.count("start_copy_job") == 1
    assert (started["RecoveryPointArn"], started["DestinationBackupVaultArn"]) == (CENTRAL_POINT, TEMPORARY_VAULT)
    assert started["SourceBackupVaultName"] == CENTRAL_VAULT.rpartition(":")[2]


def test_the_intent_lies_in_the_log_before_anything_is_started(functions: Functions) -> None:
    request = _approved(functions)
    functions.step("start_copy_back", request)
    assert functions.world.kinds(request) == ["ticket-entitles", "copy-back-intended", "copy-back-started"]
    assert functions.log.asked == [request]
    asking = functions.world.intent.member_role_arn(WITNESS_ROLE, AUDIT_ACCOUNT)
    copying = functions.world.intent.member_role_arn(COPY_BACK_ROLE, BACKUP_ACCOUNT)
    assert functions.clients.own["sts"].assumed[-2:] == [asking, copying]


def test_what_nobody_approved_is_not_started(functions: Functions) -> None:
    request = functions.world.open(a_wish(recovery_point=CENTRAL_POINT))
    functions.step("snapshot_ticket", request)
    with pytest.raises(ApprovalPendingError):
        functions.step("start_copy_back", request)
    assert functions.central.started == []


def test_a_withdrawn_ticket_stops_it_by_name(functions: Functions) -> None:
    request = _approved(functions)
    functions.world.tickets.ticket = a_ticket(status="Withdrawn")
    with pytest.raises(TicketWithdrawnError):
        functions.step("start_copy_back", request)
    assert functions.central.started == []
