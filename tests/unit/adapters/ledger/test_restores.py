"""What the ledger keeps of a ceremony, and what it never lets happen twice."""

from datetime import timedelta
from typing import Any, get_args

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.evidence import LedgerEvidence
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.nonces import LedgerChallenges, LedgerNonces
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.adapters.ledger.table import Table
from strongroom.adapters.ledger.tickets import LedgerTicketUses
from strongroom.domain.chat import PostedMessage
from strongroom.domain.errors import ApprovalVoidError, NotFoundError
from strongroom.domain.evidence.chain import append_entry
from strongroom.domain.restores.presence import Challenge
from strongroom.domain.restores.requests import seal_request
from strongroom.domain.restores.steps import (
    ApprovalClosed,
    CeremonyStep,
    Closed,
    Copied,
    CopyJobStarted,
    Restored,
    RestoreJobStarted,
    RestoreOutcome,
    RestoreStep,
)
from strongroom.domain.restores.votes import Decision, VoteState
from tests.builders import restores as a

ID = a.request().id


@pytest.fixture
def book(ledger_table: Table) -> LedgerRestores:
    return LedgerRestores(ledger_table)


def test_a_request_is_read_as_it_was_added_and_never_replaced(book: LedgerRestores) -> None:
    first = seal_request(a.request())
    book.add(first)
    book.add(seal_request(a.request(target_name="other")))
    assert book.read(ID) == first


def test_an_unknown_request_is_not_found(book: LedgerRestores) -> None:
    with pytest.raises(NotFoundError):
        book.read(ID)


def test_a_request_that_was_tampered_with_is_not_read(book: LedgerRestores, ledger_table: Table) -> None:
    book.add(seal_request(a.request()))
    item = ledger_table.get(Key(f"RESTORE#{ID}", "REQUEST"))
    assert item is not None
    ledger_table.put(item | {"text": item["text"].replace("0200", "0300")})
    with pytest.raises(ApprovalVoidError):
        book.read(ID)


def test_the_latest_requests_come_first(book: LedgerRestores) -> None:
    for number, name in enumerate(("r-aaaaaaaaaaaa", "r-bbbbbbbbbbbb", "r-cccccccccccc")):
        book.add(seal_request(a.request(id=name, requested_at=a.NOW + timedelta(seconds=number))))
    assert [sealed.request.id for sealed in book.recent(limit=2)] == ["r-cccccccccccc", "r-bbbbbbbbbbbb"]


def test_a_step_is_recorded_once(book: LedgerRestores) -> None:
    assert book.record(ID, RestoreJobStarted(job="1"))
    assert not book.record(ID, RestoreJobStarted(job="2"))
    assert book.recorded(ID, RestoreJobStarted) == RestoreJobStarted(job="1")
    assert book.recorded(ID, CopyJobStarted) is None


AT = "2026-11-23T14:20:00+00:00"
STEPS: dict[str, tuple[CeremonyStep, dict[str, str]]] = {
    "1 TICKET_READ": (
        a.ticket_read(reason="it does"),
        {
            "ticket": "OPS-123",
            "status": "Approved",
            "approver": "chiara",
            "reason": "it does",
            "digest": "d",
            "execution": "arn:e",
        },
    ),
    "2 APPROVAL_CLOSED": (
        a.approval_closed(),
        {"decision": "approved", "reason": "approved by maria", "people": "maria", "digest": "d", "at": AT},
    ),
    "3 COPY_STARTED": (CopyJobStarted(job="copy-1"), {"job": "copy-1"}),
    "4 COPIED": (Copied(recovery_point=a.POINT, at=a.NOW), {"recovery_point": a.POINT, "at": AT}),
    "5 RESTORE_STARTED": (RestoreJobStarted(job="restore-1"), {"job": "restore-1"}),
    "6 RESTORED": (Restored(created=a.RESTORED, at=a.NOW), {"created": a.RESTORED, "at": AT}),
    "7 CLOSED": (
        Closed(outcome=RestoreOutcome.EXPIRED, reason="too late", created=""),
        {"outcome": "expired", "reason": "too late", "created": ""},
    ),
}


@pytest.mark.parametrize(("place", "step", "facts"), [(place, *kept) for place, kept in STEPS.items()], ids=STEPS)
def test_a_step_is_kept_in_the_words_that_the_ledger_has_always_had(
    place: str, step: CeremonyStep, facts: dict[str, str], book: LedgerRestores, ledger_table: Table
) -> None:
    number, name = place.split()
    key = Key(f"RESTORE#{ID}", f"STEP#{number}")
    assert book.record(ID, step)
    assert ledger_table.get(key) == key.item | {"step": name, "facts": facts}
    assert book.recorded(ID, type(step)) == step


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"decision": "approved", "reason": "-", "people": "maria", "at": AT}, id="no digest"),
        pytest.param(STEPS["2 APPROVAL_CLOSED"][1] | {"at": "now"}, id="no moment"),
    ],
)
def test_a_step_that_somebody_else_wrote_is_void(
    facts: dict[str, str], book: LedgerRestores, ledger_table: Table
) -> None:
    ledger_table.put(Key(f"RESTORE#{ID}", "STEP#2").item | {"step": "APPROVAL_CLOSED", "facts": facts})
    with pytest.raises(ApprovalVoidError, match="APPROVAL_CLOSED is not one that was taken"):
        book.recorded(ID, ApprovalClosed)


def test_every_step_of_a_ceremony_has_its_place() -> None:
    assert {type(step) for step, _ in STEPS.values()} == set(get_args(CeremonyStep.__value__))
    assert [f"{step.value} {step.name}" for step in RestoreStep] == list(STEPS)


AWAITING: dict[str, Any] = {"state": VoteState.AWAITING_PRESENCE, "methods": (), "authenticated_at": None}


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        pytest.param(a.vote(**AWAITING), a.vote(), a.vote(), id="a proof makes a vote count"),
        pytest.param(a.vote(), a.vote(**AWAITING), a.vote(), id="a new click does not undo what counts"),
        pytest.param(
            a.vote(), a.vote(decision=Decision.DENY), a.vote(decision=Decision.DENY), id="an approver may still deny"
        ),
        pytest.param(a.vote(decision=Decision.DENY), a.vote(), a.vote(decision=Decision.DENY), id="a denial stands"),
    ],
)
def test_one_word_of_each_person(first: Any, second: Any, kept: Any, book: LedgerRestores) -> None:
    book.cast(ID, first)
    assert book.cast(ID, second) == (kept == second)
    assert book.cast_on(ID) == (kept,)


def test_token_and_message_are_kept(book: LedgerRestores) -> None:
    assert (book.kept_token(ID), book.kept_message(ID)) == (None, None)
    book.keep_token(ID, "one")
    book.keep_token(ID, "two")
    message = PostedMessage(channel="C", ts="1.1")
    book.keep_message(ID, message)
    assert (book.kept_token(ID), book.kept_message(ID)) == ("two", message)


def test_evidence_is_added_and_never_changed(ledger_table: Table) -> None:
    log = LedgerEvidence(ledger_table)
    first = append_entry(None, stream="s", kind="one", facts={"a": "b"}, at=a.NOW)
    second = append_entry(first, stream="s", kind="two", facts={}, at=a.NOW)
    assert log.add(first)
    assert log.add(second)
    assert not log.add(append_entry(first, stream="s", kind="forged", facts={}, at=a.NOW))
    assert log.entries("s") == (first, second)
    assert log.seal("s") is None


def test_a_ticket_is_used_for_one_request(ledger_table: Table) -> None:
    uses = LedgerTicketUses(ledger_table)
    assert uses.claim("OPS-1", request_id="r-1")
    assert uses.claim("OPS-1", request_id="r-1")
    assert not uses.claim("OPS-1", request_id="r-2")


def test_a_nonce_is_used_once(ledger_table: Table) -> None:
    nonces = LedgerNonces(ledger_table)
    assert nonces.use("n", until=a.NOW)
    assert not nonces.use("n", until=a.NOW)
    assert nonces.use("m", until=a.NOW)


CHALLENGE = Challenge(
    request_id=ID,
    digest="d",
    person="maria",
    decision=Decision.APPROVE,
    verifier="v",
    expires_at=a.NOW + timedelta(minutes=5),
)


def test_a_challenge_is_answered_once(ledger_table: Table) -> None:
    challenges = LedgerChallenges(ledger_table)
    challenges.open("secret", CHALLENGE)
    assert challenges.attempt("secret", limit=5, now=a.NOW) == CHALLENGE
    assert challenges.answer("secret")
    assert not challenges.answer("secret")
    with pytest.raises(NotFoundError):
        challenges.read("secret", now=a.NOW)


def test_a_challenge_is_tried_five_times_at_most(ledger_table: Table) -> None:
    challenges = LedgerChallenges(ledger_table)
    challenges.open("secret", CHALLENGE)
    for _ in range(5):
        challenges.attempt("secret", limit=5, now=a.NOW)
    with pytest.raises(NotFoundError):
        challenges.attempt("secret", limit=5, now=a.NOW)


def test_a_challenge_runs_out(ledger_table: Table) -> None:
    challenges = LedgerChallenges(ledger_table)
    challenges.open("secret", CHALLENGE)
    assert challenges.read("secret", now=CHALLENGE.expires_at - timedelta(microseconds=1))
    with pytest.raises(NotFoundError):
        challenges.read("secret", now=CHALLENGE.expires_at)


def test_the_ledger_does_not_know_the_id_that_answers_a_challenge() -> None:
    table = MemoryTable()
    LedgerChallenges(table).open("very-secret-id", CHALLENGE)
    assert [item["person"] for item in table.everything()] == ["maria"]
    assert "very-secret-id" not in str(table.everything())
