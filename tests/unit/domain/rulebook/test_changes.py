"""A statement about a change of rules is read word by word, and is never one about a restore, nor rules themselves."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.proofs.statements import read_statement
from strongroom.domain.rulebook.changes import (
    MOST_PROOFS,
    change_evidence_text,
    make_change,
    read_change,
    read_change_evidence,
)
from tests.builders.proving.passkeys import an_assertion

NOW = datetime(2026, 11, 26, 14, tzinfo=UTC)
NONCE = "AAAAAAAAAAAAAAAAAAAAAA"
CHANGE = make_change(before="old", after="new", nonce=NONCE, issued_at=NOW, expires_at=NOW + timedelta(days=1))


def with_words(**words: Any) -> str:
    content = json.loads(CHANGE.text) | words
    return canonical_text({name: value for name, value in content.items() if value is not None})


def test_the_statement_says_what_becomes_what_and_how_long_that_holds() -> None:
    assert json.loads(CHANGE.text) == {
        "after": digest_of("new"),
        "before": digest_of("old"),
        "expires_at": "2026-11-27T14:00:00Z",
        "format": "strongroom-policy-change/1",
        "issued_at": "2026-11-26T14:00:00Z",
        "nonce": NONCE,
    }
    assert read_change(CHANGE.text) == CHANGE


WRONG = {
    "another format": with_words(format="strongroom-policy/1"),
    "a key missing": with_words(before=None),
    "a key more": with_words(decision="approve"),
    "a short nonce": with_words(nonce="AAAA"),
    "no moment": with_words(issued_at="2026-11-26"),
    "a letter beyond ASCII": with_words(before="ü"),
    "not canonical": json.dumps(json.loads(CHANGE.text)),
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_what_is_no_such_statement_is_refused(text: str) -> None:
    with pytest.raises(MalformedRecordError):
        read_change(text)


@pytest.mark.parametrize("read", [read_statement, read_policy], ids=["a statement about a restore", "rules"])
def test_it_is_never_something_else(read: Any) -> None:
    with pytest.raises(MalformedRecordError):
        read(CHANGE.text)


def test_the_evidence_is_read_as_it_was_written() -> None:
    signed = an_assertion("maria", CHANGE.text)
    text = change_evidence_text(before="old", after="new", proofs=[(CHANGE.text, signed)])
    evidence = read_change_evidence(text)
    assert (evidence.before, evidence.after) == ("old", "new")
    [proof] = evidence.proofs
    assert (proof.statement, proof.signed) == (CHANGE, signed)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "strongroom-evidence/2"},
        {"more": 1},
        {"proofs": "none"},
        {"proofs": [{"statement": CHANGE.text}]},
        {"proofs": [{}] * (MOST_PROOFS + 1)},
        {"before": ""},
    ],
    ids=["another format", "a key more", "no list", "nothing signed", "a flood", "no rules"],
)
def test_what_is_no_evidence_of_a_change_is_refused(changes: dict[str, Any]) -> None:
    content = json.loads(change_evidence_text(before="old", after="new", proofs=[]))
    with pytest.raises(MalformedRecordError):
        read_change_evidence(canonical_text(content | changes))
