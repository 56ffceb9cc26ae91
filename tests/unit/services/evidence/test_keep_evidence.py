"""Evidence is kept in one chain: nobody's entry is lost, nothing follows the end, and the end is signed."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from strongroom.adapters.ledger.evidence import LedgerEvidence
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.errors import ApprovalVoidError, TemporarilyUnavailableError
from strongroom.domain.evidence.chain import (
    CLOSED,
    EvidenceEntry,
    EvidenceSeal,
    append_entry,
    find_break,
    head_message,
    stream_of,
)
from strongroom.services.evidence.keep_evidence import EvidenceRecorder
from tests.builders.restores import NOW

ID = "r-abcdefgh2345"
STREAM = stream_of(ID)


@pytest.fixture
def log(ledger_table: MemoryTable) -> LedgerEvidence:
    return LedgerEvidence(ledger_table)


@pytest.fixture
def recorder(log: LedgerEvidence) -> EvidenceRecorder:
    return EvidenceRecorder(log)


def kinds(log: LedgerEvidence) -> list[str]:
    """The kinds of the entries so far, whose chain must hold."""
    entries = log.entries(STREAM)
    assert find_break(entries, stream=STREAM) == ""
    return [entry.kind for entry in entries]


def test_every_entry_is_chained_to_the_one_before(recorder: EvidenceRecorder, log: LedgerEvidence) -> None:
    for number, kind in enumerate(("vote-refused", "vote-counted", "vote-counted")):
        recorder.note(ID, kind, at=NOW + timedelta(minutes=number), person="maria")
    assert kinds(log) == ["vote-refused", "vote-counted", "vote-counted"]
    last = log.entries(STREAM)[-1]
    assert (last.number, last.at, last.facts) == (3, (NOW + timedelta(minutes=2)).isoformat(), {"person": "maria"})


def test_every_ceremony_has_a_chain_of_its_own(recorder: EvidenceRecorder, log: LedgerEvidence) -> None:
    recorder.note("r-zzzzzzzzzzzz", "tagged", at=NOW)
    recorder.note(ID, "restored", at=NOW)
    assert kinds(log) == ["restored"]


def test_what_is_said_once_is_not_said_again(recorder: EvidenceRecorder, log: LedgerEvidence) -> None:
    for reason in ("first", "second"):
        recorder.note_once(ID, "approval-denied", at=NOW, facts={"reason": reason})
    recorder.note_once(ID, "approval-approved", at=NOW, facts={})
    assert kinds(log) == ["approval-denied", "approval-approved"]
    assert log.entries(STREAM)[0].facts == {"reason": "first"}


def test_nothing_follows_the_end(recorder: EvidenceRecorder, log: LedgerEvidence) -> None:
    recorder.note(ID, CLOSED, at=NOW)
    with pytest.raises(ApprovalVoidError, match=f"the evidence of {ID} is closed"):
        recorder.note(ID, "tagged", at=NOW)
    with pytest.raises(ApprovalVoidError):
        recorder.note_once(ID, "approval-approved", at=NOW, facts={})
    recorder.note_once(ID, CLOSED, at=NOW, facts={})
    assert kinds(log) == [CLOSED]


# two at once


@dataclass
class ContestedLog:
    """Somebody else is a moment quicker, as often as is said."""

    log: LedgerEvidence
    rival: str
    times: int
    looks: int = 0

    def entries(self, stream: str) -> tuple[EvidenceEntry, ...]:
        self.looks += 1
        return self.log.entries(stream)

    def add(self, entry: EvidenceEntry) -> bool:
        if self.times:
            self.times -= 1
            before = self.log.entries(entry.stream)
            last = before[-1] if before else None
            assert self.log.add(append_entry(last, stream=entry.stream, kind=self.rival, facts={}, at=NOW))
        return self.log.add(entry)

    def keep_seal(self, stream: str, seal: EvidenceSeal) -> None:
        self.log.keep_seal(stream, seal)

    def seal(self, stream: str) -> EvidenceSeal | None:
        return self.log.seal(stream)


@pytest.mark.parametrize("times", [1, 9])
def test_whoever_comes_second_takes_the_next_place(times: int, log: LedgerEvidence) -> None:
    EvidenceRecorder(ContestedLog(log, "vote-counted", times)).note(ID, "vote-refused", at=NOW)
    assert kinds(log) == ["vote-counted"] * times + ["vote-refused"]


def test_a_stream_that_stays_busy_is_tried_again_later(log: LedgerEvidence) -> None:
    contested = ContestedLog(log, "vote-counted", 1000)
    with pytest.raises(TemporarilyUnavailableError, match=f"{STREAM} is busy"):
        EvidenceRecorder(contested).note(ID, "vote-refused", at=NOW)
    assert contested.looks == 10
    assert "vote-refused" not in kinds(log)


def test_of_two_who_say_it_once_at_the_same_moment_one_says_it(log: LedgerEvidence) -> None:
    EvidenceRecorder(ContestedLog(log, CLOSED, 1)).note_once(ID, CLOSED, at=NOW, facts={"outcome": "failed"})
    assert kinds(log) == [CLOSED]


def test_who_is_overtaken_by_the_end_says_nothing_after_it(log: LedgerEvidence) -> None:
    with pytest.raises(ApprovalVoidError):
        EvidenceRecorder(ContestedLog(log, CLOSED, 1)).note(ID, "vote-counted", at=NOW)
    assert kinds(log) == [CLOSED]


# the seal


@dataclass
class Signer:
    """Signs with the number of its signatures."""

    messages: list[bytes] = field(default_factory=list)

    def seal(self, *, number: int, digest: str, message: bytes) -> EvidenceSeal:
        self.messages.append(message)
        signature = str(len(self.messages))
        return EvidenceSeal(number=number, digest=digest, signature=signature, key="key-1", public_key="PEM")


def test_the_last_entry_is_signed_and_the_seal_is_kept(recorder: EvidenceRecorder, log: LedgerEvidence) -> None:
    signer = Signer()
    for kind in ("restored", CLOSED):
        recorder.note(ID, kind, at=NOW)
    seal = recorder.seal(ID, signer=signer)
    last = log.entries(STREAM)[-1]
    assert (seal.number, seal.digest) == (2, last.digest)
    assert signer.messages == [head_message(stream=STREAM, number=2, digest=last.digest)]
    assert log.seal(STREAM) == seal


def test_a_seal_that_is_made_again_replaces_the_one_before(recorder: EvidenceRecorder, log: LedgerEvidence) -> None:
    signer = Signer()
    recorder.note(ID, CLOSED, at=NOW)
    for _ in range(2):
        recorder.seal(ID, signer=signer)
    assert len(set(signer.messages)) == 1
    kept = log.seal(STREAM)
    assert kept is not None
    assert kept.signature == "2"
