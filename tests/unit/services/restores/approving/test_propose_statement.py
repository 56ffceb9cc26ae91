"""Whoever has the link, or is logged in, gets a statement to sign: of this request, and good for some minutes."""

from datetime import timedelta

import pytest

from strongroom.domain.errors import NotFoundError, PermissionRefusedError, RestoreRefusedError
from strongroom.domain.proofs.statements import Decision, misses_request, read_statement
from strongroom.domain.restores.drafts import Draft
from strongroom.services.restores.approving.propose_statement import StatementProposed, propose_statement
from tests.fakes.restores.world import CeremonyWorld


def _propose(
    world: CeremonyWorld,
    request: str,
    *,
    view: str | None = None,
    number: str = "",
    person: str = "",
    decision: Decision = Decision.APPROVE,
) -> StatementProposed:
    return propose_statement(
        request, decision, view=view, number=number, person=person, needs=world.proposing, now=world.now
    )


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


def test_one_person_gets_twenty_statements_an_hour_of_all_requests_together(world: CeremonyWorld) -> None:
    """Attack 28: prompts are limited."""
    requests = (world.open(), world.open_another())
    for number in range(20):
        _propose(world, requests[number % 2], person="maria")
    for request in requests:
        with pytest.raises(RestoreRefusedError, match="you asked for 20 statements within an hour"):
            _propose(world, request, person="maria")
    assert _propose(world, requests[0], person="sana")
    assert _propose(world, requests[0], person="maria", decision=Decision.DENY)
    world.later(hours=1)
    assert _propose(world, requests[0], person="maria")


@pytest.mark.parametrize("decision", [Decision.DENY, Decision.CANCEL])
def test_nobody_keeps_others_from_stopping_it_by_asking_often(decision: Decision, world: CeremonyWorld) -> None:
    request = world.open()
    for _ in range(100):
        propose_statement(request, decision, view=None, needs=world.proposing, now=world.now)
    assert propose_statement(request, decision, view=None, needs=world.proposing, now=world.now).statement


# Two digits stand in chat beside the link: whoever approves from there has read what they click on.


def _draft(world: CeremonyWorld, request: str) -> Draft:
    return world.proposing.drafts.read(request)


def _wrong(draft: Draft) -> str:
    return str(10 + (int(draft.number) - 9) % 90)


def test_an_approval_from_chat_takes_the_number_that_stands_there(world: CeremonyWorld) -> None:
    request = world.open()
    draft = _draft(world, request)
    assert _propose(world, request, view=draft.chat_view, number=draft.number).statement
    assert draft.number.isdecimal()
    assert 10 <= int(draft.number) <= 99


@pytest.mark.parametrize("number", ["", "1", "00", "é", "next"])
def test_attack_07_a_click_in_chat_alone_is_proposed_nothing(number: str, world: CeremonyWorld) -> None:
    request = world.open()
    draft = _draft(world, request)
    before = world.ledger.everything()
    with pytest.raises(PermissionRefusedError, match="not the number"):
        _propose(world, request, view=draft.chat_view, number=_wrong(draft) if number == "next" else number)
    new = [item for item in world.ledger.everything() if item not in before]
    assert [item["pk"].partition("#")[0] for item in new] == ["LIMIT"]


@pytest.mark.parametrize("decision", [Decision.DENY, Decision.CANCEL])
def test_stopping_it_from_chat_takes_no_number(decision: Decision, world: CeremonyWorld) -> None:
    request = world.open()
    view = _draft(world, request).chat_view
    assert _propose(world, request, view=view, decision=decision).statement


def test_attack_29_the_number_is_not_found_by_trying(world: CeremonyWorld) -> None:
    request = world.open()
    draft = _draft(world, request)
    for _ in range(5):
        with pytest.raises(PermissionRefusedError, match="not the number"):
            _propose(world, request, view=draft.chat_view, number=_wrong(draft))
    with pytest.raises(PermissionRefusedError, match="too often"):
        _propose(world, request, view=draft.chat_view, number=draft.number)
    assert _propose(world, request, view=draft.view).statement
    world.later(hours=1)
    assert _propose(world, request, view=draft.chat_view, number=draft.number).statement


def test_the_number_of_one_request_is_not_that_of_another(world: CeremonyWorld) -> None:
    sealed = _draft(world, world.open()).sealed
    numbers = {Draft(sealed=sealed, view=f"view {each}").number for each in range(40)}
    assert len(numbers) > 20
