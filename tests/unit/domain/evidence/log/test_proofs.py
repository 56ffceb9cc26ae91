"""Proofs of the log: what is written is read again, and nothing else is."""

import pytest

from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.log.merkle import is_included
from strongroom.domain.evidence.log.proofs import leaf_of, log_proof_text, read_checkpoint, read_log_proof
from strongroom.domain.evidence.object_keys import proof_key
from tests.builders.proving.ceremony import LOG_ORIGIN, MARIA, an_approved_play


@pytest.fixture(scope="module")
def text() -> str:
    return an_approved_play(MARIA).log_proof(1)


def test_a_proof_leads_from_its_object_to_the_root(text: str) -> None:
    play = an_approved_play(MARIA)
    proof = read_log_proof(text)
    digest = play.logged[1].key.removesuffix(".json").rpartition("/")[2]
    leaf = leaf_of(proof_key(play.request["id"], digest), digest=digest)
    assert (proof.index, proof.checkpoint.size, proof.checkpoint.origin) == (101, 102, LOG_ORIGIN)
    assert is_included(leaf, index=101, size=102, path=proof.path, root=proof.checkpoint.root)
    assert log_proof_text(index=proof.index, path=proof.path, note=proof.note) == text


def test_the_first_leaf_of_a_log_needs_no_path(text: str) -> None:
    proof = read_log_proof(text)
    written = log_proof_text(index=0, path=(), note=proof.note)
    assert read_log_proof(written).path == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"),
        ("index 101", "index 0101"),
        ("index 101", "index -1"),
        ("index 101", "index 1e2"),
        ("index 101", "index 99999999999999999"),
        ("index 101", "Index 101"),
        ("index 101\n", ""),
        ("index 101\n", "index 101\nextra AAAA\n"),
        ("\n102\n", "\n102 \n"),
        ("\n102\n", "\n0102\n"),
        ("\n102\n", "\n102\nmore\n"),
        (f"\n{LOG_ORIGIN}\n102\n", "\n102\n"),
        ("\n\N{EM DASH} strongroom.example/audit", "\n\n\N{EM DASH} strongroom.example/audit"),
        ("index 101\n", "index 101\nAAAA\n"),
        ("index 101\n", "index 101\n" + ("A" * 43 + "=\n") * 60),
        ("\n", "\r\n"),
    ],
)
def test_what_is_not_a_proof_to_the_letter_is_none(old: str, new: str, text: str) -> None:
    assert old in text
    with pytest.raises(MalformedRecordError):
        read_log_proof(text.replace(old, new, 1) if old != "\n" else text.replace(old, new))


@pytest.mark.parametrize(
    "text", ["", "a\n1\n", "a\n1\nAAAA\n", f"\n1\n{'A' * 43}=\n", f"a\n1\n{'A' * 43}=", "a\n1\n\n"]
)
def test_what_is_not_a_checkpoint_to_the_letter_is_none(text: str) -> None:
    with pytest.raises(MalformedRecordError):
        read_checkpoint(text)
