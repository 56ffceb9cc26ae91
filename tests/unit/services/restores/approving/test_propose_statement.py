"""Whoever has the link, or is logged in, gets a statement to sign: of this request, and good for some minutes."""

from datetime import timedelta

import pytest

from strongroom.domain.errors import NotFoundError, PermissionRefusedError, RestoreRefusedError
from strongroom.domain.proofs.statements import Decision, misses_request, read_statement
from strongroom.services.restores.approving.propose_statement import StatementProposed, propose_statement
from tests.fakes.restores import CeremonyWorld


def _propose(world: CeremonyWorld, request: str, *, view: str | None = None) -> StatementProposed:
    return propose_statement(request, Decision.APPROVE, view=view, needs=world.proposing, now=world.now)


def test_a_statement_is_about_this_request_and_is_open(world: CeremonyWorld) -> None:
    request = world.open()
    proposed = _propose(world, request)
    statement = read_statement(proposed.statement)
    assert misses_request(statement, world.kept(request).sealed.asked) == ""
    assert (statement.decision, statement.issued_at) == (Decision.APPROVE, world.now)
    assert world.statements.is_open(statement)


def test_no_two_statements_are_alike(world: CeremonyWorld) -> None:
    request = world.open()
    assert _propose(world, request).statement != _propose(world, request).statement


def test_a_statement_runs_out(world: CeremonyWorld) -> None:
    request = world.open()
    statement = read_statement(_propose(world, request).statement)
    world.later(minutes=6)
    assert not world.statements.is_open(statement)


def test_the_link_of_the_request_leads_to_it(world: CeremonyWorld) -> None:
    drafted = world.draft()
    view = drafted.page.rpartition("=")[2]
    assert _propose(world, drafted.request_id, view=view).digest == drafted.digest


@pytest.mark.parametrize("view", ["", "A" * 22, "é"])
def test_another_link_leads_nowhere(view: str, world: CeremonyWorld) -> None:
    request = world.open()
    with pytest.raises(PermissionRefusedError):
        _propose(world, request, view=view)


@pytest.mark.parametrize("request_id", ["r-bbbbbbbbbbbb", "", "../x"])
def test_an_unknown_request_is_not_found(request_id: str, world: CeremonyWorld) -> None:
    with pytest.raises(NotFoundError):
        _propose(world, request_id)


def test_nothing_is_signed_about_what_is_over(world: CeremonyWorld) -> None:
    request = world.open()
    world.now += timedelta(hours=6)
    with pytest.raises(RestoreRefusedError, match="over"):
        _propose(world, request)


def test_nobody_is_handed_statements_without_end(world: CeremonyWorld) -> None:
    """Attack 28: prompts are limited."""
    request = world.open()
    for _ in range(60):
        _propose(world, request)
    with pytest.raises(RestoreRefusedError, match="too many"):
        _propose(world, request)
    world.later(hours=1)
    assert _propose(world, request)


@pytest.mark.parametrize("decision", [Decision.DENY, Decision.CANCEL])
def test_nobody_keeps_others_from_stopping_it_by_asking_often(decision: Decision, world: CeremonyWorld) -> None:
    request = world.open()
    for _ in range(100):
        propose_statement(request, decision, view=None, needs=world.proposing, now=world.now)
    assert propose_statement(request, decision, view=None, needs=world.proposing, now=world.now).statement
