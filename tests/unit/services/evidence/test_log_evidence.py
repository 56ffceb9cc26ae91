"""What is put into the evidence bucket comes into the log once, in order, and is proved; whoever dies on the way."""

import hashlib
import itertools
from datetime import timedelta

import pytest

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.errors import (
    ApprovalVoidError,
    LogBrokenError,
    NotFoundError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.log.batches import MOST_LEAVES, batch_key, checkpoint_key, read_leaves
from strongroom.domain.evidence.log.merkle import is_included
from strongroom.domain.evidence.log.notes import is_by, is_signed
from strongroom.domain.evidence.log.proofs import leaf_of, read_log_proof
from strongroom.domain.evidence.log.tiles import WIDTH, LogTree
from strongroom.domain.evidence.object_keys import entry_key, folder_of, policy_key, proof_key, request_key
from strongroom.services.evidence.log_evidence import LogState
from tests.builders.restores import NOW
from tests.fakes.evidence.log import ORIGIN, DiedError, LogWorld, MemoryIndex

ID = "r-abcdefgh2345"
OTHER = "r-zzzzzzzz2222"
REQUEST = request_key(ID)
PROOFS = (proof_key(ID, "1" * 64), proof_key(ID, "f" * 64))
CHAIN = (entry_key(ID, 1), entry_key(ID, 2))


@pytest.fixture
def world() -> LogWorld:
    """A bucket with one request, and an empty log."""
    world = LogWorld()
    world.put(*CHAIN, *PROOFS, REQUEST)
    return world


def logged(world: LogWorld) -> list[str]:
    """Every key in the log, in order, out of the bucket alone."""
    found: list[str] = []
    while (batch := world.bucket.read(batch_key(len(found)))) is not None:
        found.extend(leaf.key for leaf in read_leaves(batch))
    return found


def assert_proved(world: LogWorld, proofs: dict[str, str]) -> None:
    """Each proof leads from the object's own bytes to a root that both keys signed."""
    for key, text in proofs.items():
        proof = read_log_proof(text)
        content = world.bucket.read_bytes(key)
        assert content is not None
        leaf = leaf_of(key, digest=hashlib.sha256(content).hexdigest())
        checkpoint = proof.checkpoint
        assert is_included(leaf, index=proof.index, size=checkpoint.size, path=proof.path, root=checkpoint.root), key
        assert checkpoint.origin == ORIGIN
        for signer, line in zip((world.log_key, world.witness_key), proof.note.lines, strict=True):
            assert is_by(line, signer.key())
            assert is_signed(proof.note, line, key=signer.key(), signatures=CryptographySignatures())
        assert proof.note.lines[1].witnessed_at == NOW.replace(microsecond=0)


def test_a_request_comes_first_then_its_proofs_then_what_happened(world: LogWorld) -> None:
    answer = world.run(ID, now=NOW)
    assert logged(world) == [REQUEST, *PROOFS, *CHAIN]
    assert (answer.verdict.state, answer.verdict.added, answer.verdict.size) == (LogState.GROWN, 5, 5)


def test_every_object_of_a_request_is_proved(world: LogWorld) -> None:
    world.put(request_key(OTHER))
    proofs = dict(world.run(ID, now=NOW).proofs)
    assert set(proofs) == {REQUEST, *PROOFS, *CHAIN}
    assert_proved(world, proofs)


def test_what_is_logged_already_is_answered_again_and_signed_no_second_time(world: LogWorld) -> None:
    first = world.run(ID, now=NOW)
    second = world.run(ID, now=NOW + timedelta(hours=1))
    assert (second.verdict.state, second.proofs) == (LogState.COMPLETE, first.proofs)
    assert world.log_key.signed == world.witness_key.signed == 1


def test_what_comes_later_stands_behind_and_all_is_proved_anew(world: LogWorld) -> None:
    world.run(ID, now=NOW)
    late = proof_key(ID, "0" * 64)
    world.put(late, entry_key(ID, 3))
    proofs = dict(world.run(ID, now=NOW).proofs)
    assert logged(world)[5:] == [late, entry_key(ID, 3)]
    assert {read_log_proof(text).checkpoint.size for text in proofs.values()} == {7}
    assert_proved(world, proofs)


def test_without_a_request_everything_that_was_missed_is_logged_rules_first(world: LogWorld) -> None:
    world.put(policy_key("a" * 64), request_key(OTHER), "ends/r-1.json", "issuer-keys/idp/1.json", "reports/x.csv")
    answer = world.run(None, now=NOW)
    assert logged(world) == [
        policy_key("a" * 64),
        "issuer-keys/idp/1.json",
        REQUEST,
        *PROOFS,
        *CHAIN,
        request_key(OTHER),
        "ends/r-1.json",
    ]
    assert (answer.verdict.added, answer.proofs) == (9, {})
    assert world.run(None, now=NOW).verdict.state is LogState.COMPLETE


def test_what_was_logged_by_the_clock_is_proved_to_whoever_asks(world: LogWorld) -> None:
    world.run(None, now=NOW)
    assert_proved(world, dict(world.run(ID, now=NOW + timedelta(minutes=1)).proofs))


def test_a_log_larger_than_its_tiles_proves_each_leaf(world: LogWorld) -> None:
    world.put(*(entry_key(OTHER, number) for number in range(1, 2 * WIDTH)))
    world.run(OTHER, now=NOW)
    proofs = dict(world.run(ID, now=NOW).proofs)
    assert_proved(world, proofs)
    assert [key for key in world.bucket.kept if key.startswith("log/tile/")] == ["log/tile/0/000", "log/tile/0/001"]
    answer = dict(world.run(OTHER, now=NOW).proofs)
    assert len(answer) == 2 * WIDTH - 1
    assert_proved(world, answer)


def test_at_most_so_many_leaves_come_in_at_once(world: LogWorld) -> None:
    world.put(*(entry_key(OTHER, number) for number in range(1, 2 * MOST_LEAVES + 2)))
    world.run(OTHER, now=NOW)
    batches = [read_leaves(world.bucket.read(key) or "") for key in world.bucket.keys("log/leaves/")]
    assert [len(batch) for batch in batches] == [MOST_LEAVES, MOST_LEAVES, 1]


@pytest.mark.parametrize("request_id", [ID, None], ids=["of-a-request", "by-the-clock"])
def test_whoever_dies_at_any_moment_leaves_a_log_that_goes_on(request_id: str | None) -> None:
    for number in itertools.count():
        world = LogWorld()
        world.put(*CHAIN, *PROOFS, REQUEST)
        try:
            world.run(request_id, now=NOW, dies_before=number)
        except DiedError:
            world.put(entry_key(ID, 3))
            answer = world.run(ID, now=NOW)
            assert logged(world) == [REQUEST, *PROOFS, *CHAIN, entry_key(ID, 3)], number
            assert set(answer.proofs) == {REQUEST, *PROOFS, *CHAIN, entry_key(ID, 3)}, number
            assert_proved(world, dict(answer.proofs))
            assert world.run(None, now=NOW).verdict.added == 0
            continue
        break
    assert number > len((REQUEST, *PROOFS, *CHAIN))


def test_whoever_comes_second_at_the_same_moment_tries_again_and_finds_it_done(world: LogWorld) -> None:
    other = LogWorld(bucket=world.bucket, index=world.index)
    inner: list[str] = []

    def meanwhile(key: str) -> None:
        if key == batch_key(0) and not inner:
            inner.append(key)
            other.run(ID, now=NOW)

    world.bucket.meanwhile = meanwhile
    with pytest.raises(TemporarilyUnavailableError, match="somebody else"):
        world.run(ID, now=NOW)
    assert_proved(world, dict(world.run(ID, now=NOW).proofs))
    assert logged(world) == [REQUEST, *PROOFS, *CHAIN]


def test_two_who_settle_the_same_batch_are_both_answered(world: LogWorld) -> None:
    other = LogWorld(bucket=world.bucket, index=world.index)
    inner: list[dict[str, str]] = []

    def meanwhile(key: str) -> None:
        if key == checkpoint_key(5) and not inner:
            inner.append({})
            inner[0] |= other.run(ID, now=NOW).proofs

    world.bucket.meanwhile = meanwhile
    assert world.run(ID, now=NOW).proofs == inner[0]
    assert_proved(world, inner[0])


def test_whoever_settles_while_another_goes_further_tries_again(world: LogWorld) -> None:
    other = LogWorld(bucket=world.bucket, index=world.index)
    inner: list[str] = []

    def meanwhile(key: str) -> None:
        if key == checkpoint_key(5) and not inner:
            inner.append(key)
            world.put(request_key(OTHER))
            other.run(None, now=NOW)
            other.run(OTHER, now=NOW)

    world.bucket.meanwhile = meanwhile
    with pytest.raises(TemporarilyUnavailableError, match="moved"):
        world.run(ID, now=NOW)
    assert_proved(world, dict(world.run(ID, now=NOW).proofs))


def test_a_table_that_was_lost_is_made_again_out_of_the_bucket(world: LogWorld) -> None:
    before = world.run(ID, now=NOW)
    world.put(request_key(OTHER))
    world.run(None, now=NOW)
    head, where = world.index.head, dict(world.index.where)
    world.index = MemoryIndex()
    assert world.run(ID, now=NOW).proofs == before.proofs
    assert (world.index.head, world.index.where) == (head, where)
    assert len(logged(world)) == 6


def test_a_table_that_tells_another_log_than_was_signed_is_noticed(world: LogWorld) -> None:
    world.run(ID, now=NOW)
    world.index.head = LogTree(size=5, edge=((b"\0" * 32,) * 5,))
    with pytest.raises(LogBrokenError, match="is not the one that was signed"):
        world.run(ID, now=NOW)
    world.index.head = LogTree(size=4, edge=((b"\0" * 32,) * 4,))
    with pytest.raises(LogBrokenError, match="nothing was signed over so many"):
        world.run(None, now=NOW)


def test_a_log_under_another_name_does_not_go_on(world: LogWorld) -> None:
    world.run(ID, now=NOW)
    world.log_key.name = "somebody.example/log"
    with pytest.raises(LogBrokenError):
        world.run(ID, now=NOW)


def test_a_tile_that_is_gone_is_noticed(world: LogWorld) -> None:
    world.put(*(entry_key(OTHER, number) for number in range(1, WIDTH + 1)))
    world.run(OTHER, now=NOW)
    del world.bucket.kept["log/tile/0/000"]
    world.put(entry_key(OTHER, WIDTH + 1))
    with pytest.raises(LogBrokenError, match="tile/0/000 is not there"):
        world.run(OTHER, now=NOW)


def test_proofs_that_were_not_kept_are_noticed(world: LogWorld) -> None:
    world.run(ID, now=NOW)
    for key in world.bucket.keys("log/requests/"):
        del world.bucket.kept[key]
    with pytest.raises(LogBrokenError, match="its proofs were not kept"):
        world.run(ID, now=NOW)


def overwritten(world: LogWorld) -> str:
    world.bucket.kept[PROOFS[0]] = [b"first", b"second"]
    return "was tampered with"


def oddly_named(world: LogWorld) -> str:
    world.put(f"{folder_of(ID)}proofs/a\nb.json")
    return "is no name of a piece of evidence"


def test_what_was_tampered_with_stops_its_own_request_and_no_other(world: LogWorld) -> None:
    said = overwritten(world)
    world.put(request_key(OTHER))
    with pytest.raises(ApprovalVoidError, match=said):
        world.run(ID, now=NOW)
    assert_proved(world, dict(world.run(OTHER, now=NOW).proofs))


def test_what_is_oddly_named_stops_nobody(world: LogWorld) -> None:
    oddly_named(world)
    proofs = dict(world.run(ID, now=NOW).proofs)
    assert_proved(world, proofs)
    assert logged(world) == [REQUEST, *PROOFS, *CHAIN]


@pytest.mark.parametrize("spoil", [overwritten, oddly_named])
def test_what_cannot_be_logged_is_complained_of_when_all_else_is_in(spoil: object, world: LogWorld) -> None:
    assert callable(spoil)
    said = spoil(world)
    world.put(request_key(OTHER))
    with pytest.raises(ApprovalVoidError, match=f"1 pieces of evidence cannot be logged, first: .*{said}"):
        world.run(None, now=NOW)
    spoiled = {key for key in world.bucket.kept if key.startswith("evidence/")} - set(logged(world))
    assert len(spoiled) == 1


@pytest.mark.parametrize("request_id", [OTHER, "r-1", "", "../policies"])
def test_of_what_nobody_asked_for_nothing_is_said(request_id: str, world: LogWorld) -> None:
    with pytest.raises(NotFoundError):
        world.run(request_id, now=NOW)
    assert logged(world) == []


def test_a_checkpoint_is_kept_for_each_size_that_was_signed(world: LogWorld) -> None:
    world.run(ID, now=NOW)
    world.put(request_key(OTHER))
    world.run(OTHER, now=NOW)
    assert world.bucket.keys("log/checkpoints/") == (checkpoint_key(5), checkpoint_key(6))
