"""What somebody signed is judged, kept for good, and wakes the judge; what is refused leaves no trace."""

from copy import replace
from typing import Any

import pytest

from strongroom.adapters.ledger.restores import CeremonyBells
from strongroom.domain.errors import MalformedRecordError, NotFoundError, TemporarilyUnavailableError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.object_keys import proof_key
from strongroom.domain.proofs.statements import Decision
from strongroom.services.restores.approving.propose_statement import propose_statement
from strongroom.services.restores.approving.take_proof import ProofState, ProofTaken, take_proof
from tests.builders.restores import AUTHENTICATORS, a_ticket, a_wish
from tests.fakes.restores.world import CeremonyWorld


def _statement(world: CeremonyWorld, request: str, decision: Decision = Decision.APPROVE) -> str:
    return propose_statement(request, decision, view=None, needs=world.proposing, now=world.now).statement


def _take(world: CeremonyWorld, request: str, statement: str, *, person: str = "maria") -> ProofTaken:
    signed = AUTHENTICATORS[person].sign(statement)
    return take_proof(request, statement=statement, signed=signed, needs=world.proving, now=world.now)


def _busy(*_: object) -> bool:
    raise TemporarilyUnavailableError("the bucket is busy")


def test_an_approval_is_kept_under_its_hash_and_wakes_the_judge(world: CeremonyWorld) -> None:
    request = world.open()
    CeremonyBells(world.table).hang(request, "t-1")
    taken = world.sign(request, "maria")
    assert (taken.state, taken.subject, taken.standing) == (ProofState.COUNTED, "idp|maria", "approved")
    assert proof_key(request, taken.proof) in world.shelf.kept
    assert world.tasks.answered == {"t-1": {}}


def test_a_bell_that_does_not_hang_costs_nothing(world: CeremonyWorld) -> None:
    request = world.open()
    assert world.sign(request, "maria").state is ProofState.COUNTED
    assert world.tasks.calls == 0


def test_the_log_is_told_so_that_whoever_signed_sees_it_there(world: CeremonyWorld) -> None:
    request = world.open()
    world.sign(request, "maria")
    assert world.witness.hints == [request]
    world.sign(request, "omar")
    assert world.witness.hints == [request]


def test_a_log_that_is_away_costs_no_vote(world: CeremonyWorld) -> None:
    request = world.open()
    CeremonyBells(world.table).hang(request, "t-1")
    world.witness.is_down = True
    assert world.sign(request, "maria").state is ProofState.COUNTED
    assert (world.witness.hints, world.tasks.answered) == ([request], {"t-1": {}})


@pytest.mark.parametrize(
    ("person", "decision", "said"),
    [
        pytest.param("omar", Decision.APPROVE, "your own request", id="the requester approves"),
        pytest.param("omar", Decision.DENY, "take it back instead", id="the requester denies"),
        pytest.param("maria", Decision.CANCEL, "only who asked", id="an approver cancels"),
        pytest.param("piet", Decision.APPROVE, "nobody here has enrolled|none of the groups", id="somebody else"),
        pytest.param("ada", Decision.DENY, "nobody here has enrolled|none of the groups", id="somebody else denies"),
        pytest.param("maria", Decision.REQUEST, "open already", id="a second request"),
    ],
)
def test_what_does_not_count_is_refused_with_the_reason_and_kept_nowhere(
    person: str, decision: Decision, said: str, world: CeremonyWorld
) -> None:
    request = world.open()
    before = dict(world.shelf.kept)
    taken = world.sign(request, person, decision)
    assert taken.state is ProofState.REFUSED
    assert any(each in taken.reason for each in said.split("|"))
    assert world.shelf.kept == before


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"flags": 0x01}, id="its holder was not verified"),
        pytest.param({"origin": "https://evil.example"}, id="on another page"),
        pytest.param({"crossOrigin": True}, id="inside of another page"),
        pytest.param({"rp_id": "evil.example"}, id="for another site"),
        pytest.param({"challenge": "AAAA"}, id="over something else"),
    ],
)
def test_a_signature_that_shows_nothing_is_refused(changes: dict[str, Any], world: CeremonyWorld) -> None:
    request = world.open()
    assert world.sign(request, "maria", **changes).state is ProofState.REFUSED
    assert world.kept(request).proofs == ()


def test_a_statement_counts_once(world: CeremonyWorld) -> None:
    request = world.open()
    statement = _statement(world, request)
    assert _take(world, request, statement).state is ProofState.COUNTED
    assert "was used" in _take(world, request, statement).reason


def test_a_statement_that_nobody_handed_out_is_refused(world: CeremonyWorld) -> None:
    request = world.open()
    statement = _statement(world, request)
    forged = statement.replace('"nonce":"', '"nonce":"A', 1)
    with pytest.raises(MalformedRecordError):
        _take(world, request, forged)
    nonce = statement.partition('"nonce":"')[2][:22]
    assert "not handed out" in _take(world, request, statement.replace(nonce, "A" * 22)).reason


def test_a_statement_that_is_too_old_is_refused(world: CeremonyWorld) -> None:
    request = world.open()
    statement = _statement(world, request)
    world.later(minutes=6)
    assert "too long ago" in _take(world, request, statement).reason


def test_a_statement_of_another_request_is_refused(world: CeremonyWorld) -> None:
    first, second = world.open(), world.open_another()
    assert "another request" in _take(world, second, _statement(world, first)).reason


def test_a_denial_ends_it_and_an_approval_after_it_changes_nothing(world: CeremonyWorld) -> None:
    request = world.open()
    assert world.sign(request, "sana", Decision.DENY).standing == "denied"
    assert world.sign(request, "maria").standing == "denied"


def test_a_denial_after_the_approval_still_ends_it(world: CeremonyWorld) -> None:
    """X11: the stop button works until the restore has started."""
    request = world.open()
    world.sign(request, "maria")
    assert world.sign(request, "sana", Decision.DENY).standing == "denied"


def test_nothing_is_taken_once_the_restore_has_started(world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    assert "has started" in world.sign(request, "sana", Decision.DENY).reason


def test_nothing_is_taken_once_it_is_closed(world: CeremonyWorld) -> None:
    request = world.open()
    world.keeper.record(world.kept(request), EntryKind.CLOSED, facts={}, at=world.now)
    assert "closed" in world.sign(request, "maria").reason


def test_whoever_approved_the_ticket_does_not_approve_the_restore(world: CeremonyWorld) -> None:
    """X6, attack 12: one person is not two."""
    request = world.open()
    world.read_ticket(request)
    kept = world.kept(request)
    facts = dict(kept.chain[0].facts) | {"approver": "idp|maria"}
    key = next(key for key in world.shelf.kept if "/chain/" in key)
    world.shelf.kept[key] = replace(kept.chain[0], facts=facts).text
    assert "approved its ticket" in world.sign(request, "maria").reason


def test_x07_tries_that_failed_through_no_fault_of_theirs_are_held_against_nobody(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = world.open()

    with monkeypatch.context() as broken:
        broken.setattr(world.shelf, "put_new", _busy)
        for _ in range(21):
            with pytest.raises(TemporarilyUnavailableError):
                world.sign(request, "maria")
    assert world.sign(request, "maria").state is ProofState.COUNTED


def test_attack_28_a_denial_that_could_not_be_kept_buys_no_approval(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Maria has approved twenty times and has a denial fail, and what was not counted is not given back."""
    for number in range(1, 5):
        _approved_often(world, number, times=5)
    request = world.open_another()
    with monkeypatch.context() as broken:
        broken.setattr(world.shelf, "put_new", _busy)
        with pytest.raises(TemporarilyUnavailableError):
            world.sign(request, "maria", Decision.DENY)
    assert world.sign(request, "maria").state is ProofState.REFUSED


def test_attack_28_what_others_said_is_held_against_nobody(world: CeremonyWorld) -> None:
    request = world.open()
    for _ in range(6):
        world.sign(request, "maria")
    world.sign(request, "maria", Decision.DENY)
    assert world.sign(request, "sana").state is ProofState.COUNTED
    world.later(minutes=61)
    assert world.sign(request, "maria").state is ProofState.COUNTED


def test_one_person_cannot_make_the_evidence_grow(world: CeremonyWorld) -> None:
    request = world.open()
    taken = [world.sign(request, "maria").state for _ in range(7)]
    assert taken == [ProofState.COUNTED] * 5 + [ProofState.REFUSED] * 2


def test_an_unknown_request_is_not_found(world: CeremonyWorld) -> None:
    statement = _statement(world, world.open())
    with pytest.raises(NotFoundError):
        _take(world, "r-bbbbbbbbbbbb", statement)


def _approved_often(world: CeremonyWorld, number: int, *, times: int) -> None:
    """A request of its own that Maria approves so many times, and Sana denies."""
    world.tickets.ticket = a_ticket(key=f"OPS-{number}")
    request = world.open(a_wish(ticket=f"OPS-{number}", target_name=f"payments-db-{number}"))
    for _ in range(times):
        assert world.sign(request, "maria").state is ProofState.COUNTED
    world.sign(request, "sana", Decision.DENY)
    world.close(request)


def test_attack_28_one_person_approves_twenty_times_an_hour_of_all_requests_together(world: CeremonyWorld) -> None:
    for number in range(1, 5):
        _approved_often(world, number, times=5)
    request = world.open_another()
    refused = world.sign(request, "maria")
    assert (refused.state, refused.proof) == (ProofState.REFUSED, "")
    assert refused.reason == "you have approved 20 times within an hour; wait, or let somebody else approve"
    assert world.kept(request).proofs == ()
    assert world.sign(request, "sana").state is ProofState.COUNTED
    world.later(hours=1)
    assert world.sign(request, "maria").state is ProofState.COUNTED


def test_attack_28_whoever_approved_often_can_still_stop_what_is_open(world: CeremonyWorld) -> None:
    for number in range(1, 5):
        _approved_often(world, number, times=5)
    assert world.sign(world.open_another(), "maria", Decision.DENY).state is ProofState.COUNTED
