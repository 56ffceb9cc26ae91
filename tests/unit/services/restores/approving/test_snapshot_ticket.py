"""The ticket is read at the beginning, and what it says is kept in the evidence."""

import pytest

from strongroom.domain.errors import (
    ApprovalVoidError,
    ForeignExecutionError,
    TemporarilyUnavailableError,
    TicketRefusedError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.plans import RestorePlan
from strongroom.services.restores.approving.snapshot_ticket import TicketSnapshot, snapshot_ticket
from tests.builders.restores import AUTHENTICATORS, a_ticket, an_approval
from tests.fakes.restores.world import CeremonyWorld


def _read(world: CeremonyWorld, request: str, *, execution: str = "") -> TicketSnapshot:
    execution = execution or world.execution(request)
    return snapshot_ticket(request, execution=execution, needs=world.snapshot, now=world.now)


def test_a_ticket_that_entitles_is_kept_with_its_approver(world: CeremonyWorld) -> None:
    request = world.open()
    assert _read(world, request).plan is RestorePlan.LOCAL
    facts = world.kept(request).last(EntryKind.TICKET_ENTITLES) or {}
    assert (facts["ticket"], facts["approver"]) == ("OPS-123", "idp|chiara")


def test_a_second_try_keeps_what_was_read_first(world: CeremonyWorld) -> None:
    request = world.open()
    _read(world, request)
    world.tickets.ticket = None
    assert _read(world, request).reason.startswith("OPS-123")
    assert world.kinds(request) == ["ticket-entitles"]


@pytest.mark.parametrize(
    "ticket",
    [
        pytest.param(a_ticket(status="Open"), id="it is not approved"),
        pytest.param(a_ticket(approvals=(an_approval("omar"),)), id="its requester approved it"),
        pytest.param(None, id="it is not there"),
    ],
)
def test_a_ticket_that_does_not_entitle_is_refused(ticket: object, world: CeremonyWorld) -> None:
    request = world.open()
    world.tickets.ticket = ticket  # type: ignore[assignment]
    with pytest.raises(TicketRefusedError):
        _read(world, request)
    assert world.kinds(request) == []


def test_another_execution_is_turned_away(world: CeremonyWorld) -> None:
    request = world.open()
    with pytest.raises(ForeignExecutionError):
        _read(world, request, execution="arn:other:by-hand")


def test_a_request_that_its_requester_did_not_sign_begins_nothing(world: CeremonyWorld, intent: Intent) -> None:
    drafted = world.draft()
    signed = AUTHENTICATORS["sana"].sign(drafted.statement)
    sealed = world.asking.drafts.read(drafted.request_id).sealed
    world.keeper.open(sealed, statement=drafted.statement, signed=signed)
    world.begin(drafted.request_id)
    with pytest.raises(ApprovalVoidError, match="not its requester's"):
        _read(world, drafted.request_id)
    assert intent.restores is not None


@pytest.mark.parametrize(("person", "decision", "said"), [("maria", "deny", "denied"), ("omar", "cancel", "cancelled")])
def test_x07_a_request_that_ended_while_its_ticket_could_not_be_read_ends(
    person: str, decision: str, said: str, world: CeremonyWorld
) -> None:
    request = world.open()
    world.tickets.is_down = True
    with pytest.raises(TemporarilyUnavailableError):
        _read(world, request)
    world.sign(request, person, Decision(decision))
    with pytest.raises(ApprovalVoidError, match=said):
        _read(world, request)


def test_x07_a_request_that_expired_while_its_ticket_could_not_be_read_ends(world: CeremonyWorld) -> None:
    request = world.open()
    world.tickets.is_down = True
    world.later(hours=5)
    with pytest.raises(ApprovalVoidError, match="expired"):
        _read(world, request)
