"""Proofs of the log: what is written is read again, and nothing else is."""

import pytest

from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.log.merkle import is_included
from strongroom.domain.evidence.log.proofs import Checkpoint, leaf_of, log_proof_text, read_checkpoint, read_log_proof
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


NO_PROOF = "a log's proof begins with c2sp.org/tlog-proof@v1 and an index"
NO_INDEX = "the index in the log is not a number"
NO_CHECKPOINT = "a checkpoint is an origin, a size and a root"
NO_SIZE = "the size of the log is not a number"
SHORT = "a hash of the log is not as long as SHA-256 makes it"
HASH = "A" * 43 + "="


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2", NO_PROOF),
        ("index 101", "index 0101", NO_INDEX),
        ("index 101", "index -1", NO_INDEX),
        ("index 101", "index 1e2", NO_INDEX),
        ("index 101", "index 9007199254740992", NO_INDEX),
        ("index 101", "index 99999999999999999", NO_INDEX),
        ("index 101", "Index 101", NO_PROOF),
        ("index 101\n", "", NO_PROOF),
        ("index 101\n", "index 101\nextra AAAA\n", "a hash of the log is not base64"),
        ("\n102\n", "\n102 \n", NO_SIZE),
        ("\n102\n", "\n0102\n", NO_SIZE),
        ("\n102\n", "\n102\nmore\n", NO_CHECKPOINT),
        (f"\n{LOG_ORIGIN}\n102\n", "\n102\n", NO_CHECKPOINT),
        (
            "\n\N{EM DASH} strongroom.example/audit",
            "\n\n\N{EM DASH} strongroom.example/audit",
            NO_CHECKPOINT,
        ),
        ("index 101\n", "index 101\nAAAA\n", SHORT),
        ("index 101\n", "index 101\n" + f"{HASH}\n" * 60, "a log's proof is longer than any tree is high"),
        ("\n", "\r\n", NO_PROOF),
    ],
)
def test_what_is_not_a_proof_to_the_letter_is_none(old: str, new: str, why: str, text: str) -> None:
    assert old in text
    with pytest.raises(MalformedRecordError) as refused:
        read_log_proof(text.replace(old, new, 1) if old != "\n" else text.replace(old, new))
    assert str(refused.value) == why


@pytest.mark.parametrize(
    "text",
    ["c2sp.org/tlog-proof@v1\nindex 101\n", "c2sp.org/tlog-proof@v1\n\nthe checkpoint\n"],
    ids=["no checkpoint", "a head alone"],
)
def test_what_ends_after_its_head_or_its_path_is_no_proof(text: str) -> None:
    with pytest.raises(MalformedRecordError) as refused:
        read_log_proof(text)
    assert str(refused.value) == NO_PROOF


def test_a_proof_is_as_long_as_the_highest_tree_is_high(text: str) -> None:
    note = read_log_proof(text).note
    highest = log_proof_text(index=2**53 - 1, path=[bytes(32)] * 53, note=note)
    assert (read_log_proof(highest).index, len(read_log_proof(highest).path)) == (2**53 - 1, 53)
    with pytest.raises(MalformedRecordError, match=r"^a log's proof is longer than any tree is high$"):
        read_log_proof(log_proof_text(index=0, path=[bytes(32)] * 54, note=note))


def test_a_checkpoint_is_read_as_it_is_signed() -> None:
    text = f"a\n{2**53 - 1}\n{HASH}\n"
    checkpoint = read_checkpoint(text)
    assert checkpoint == Checkpoint(origin="a", size=2**53 - 1, root=bytes(32))
    assert checkpoint.text == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", NO_CHECKPOINT),
        ("a\n1\n", NO_CHECKPOINT),
        ("a\n1\nAAAA\n", SHORT),
        (f"\n1\n{HASH}\n", NO_CHECKPOINT),
        (f"a\n1\n{HASH}", NO_CHECKPOINT),
        (f"a\n1\n{HASH}\nmore", NO_CHECKPOINT),
        ("a\n1\n\n", "a hash of the log is not the one spelling of its bytes"),
    ],
)
def test_what_is_not_a_checkpoint_to_the_letter_is_none(text: str, why: str) -> None:
    with pytest.raises(MalformedRecordError) as refused:
        read_checkpoint(text)
    assert str(refused.value) == why
