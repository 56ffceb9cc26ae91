"""The log grows by batches; whoever keeps it takes up what another began."""

import pytest

from strongroom.domain.errors import LogBrokenError, MalformedRecordError, TemporarilyUnavailableError
from strongroom.domain.evidence.log.batches import Leaf, batch_key, checkpoint_key, leaves_text
from strongroom.domain.evidence.log.merkle import leaf_hash, node_hash
from strongroom.domain.evidence.log.notes import Note, note_text, read_note
from strongroom.domain.evidence.log.proofs import read_checkpoint
from strongroom.domain.evidence.log.tiles import LogTree
from strongroom.services.evidence.keep_log import LogKeeper
from tests.builders.restores import NOW
from tests.fakes.evidence.log import ORIGIN, LogWorld

LEAVES = (Leaf("policies/a.json", "a" * 64), Leaf("policies/b.json", "b" * 64))


@pytest.fixture
def world() -> LogWorld:
    return LogWorld()


@pytest.fixture
def keeper(world: LogWorld) -> LogKeeper:
    return LogKeeper(objects=world.bucket, index=world.index, log_key=world.log_key, witness_key=world.witness_key)


def test_the_checkpoint_names_the_log_its_size_and_the_root_over_the_leaves(keeper: LogKeeper, world: LogWorld) -> None:
    assert keeper.append(LogTree(), LEAVES, now=NOW).size == 2
    checkpoint = read_checkpoint(read_note(world.bucket.read(checkpoint_key(2)) or "").text)
    hashes = [leaf_hash(f"strongroom-leaf/1\n{leaf.key}\n{leaf.digest}\n".encode()) for leaf in LEAVES]
    assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (ORIGIN, 2, node_hash(*hashes))


def test_a_place_that_is_taken_is_told_and_nothing_is_written_over(keeper: LogKeeper, world: LogWorld) -> None:
    world.bucket.put_new(batch_key(0), leaves_text(LEAVES[:1]))
    with pytest.raises(TemporarilyUnavailableError):
        keeper.append(LogTree(), LEAVES, now=NOW)
    assert keeper.caught_up(now=NOW).size == 1


def test_an_empty_log_signs_nothing(keeper: LogKeeper, world: LogWorld) -> None:
    assert keeper.caught_up(now=NOW) == LogTree()
    assert world.bucket.kept == {}


def test_a_checkpoint_that_lies_there_already_is_taken_if_it_is_of_the_same_log(
    keeper: LogKeeper, world: LogWorld
) -> None:
    keeper.append(LogTree(), LEAVES, now=NOW)
    signed = world.bucket.read(checkpoint_key(2))
    again = LogWorld()
    again.bucket.put_new(checkpoint_key(2), signed or "")
    LogKeeper(objects=again.bucket, index=again.index, log_key=again.log_key, witness_key=again.witness_key).append(
        LogTree(), LEAVES, now=NOW
    )
    assert again.log_key.signed == 0


def test_a_checkpoint_of_another_log_in_that_place_ends_it(keeper: LogKeeper, world: LogWorld) -> None:
    keeper.append(LogTree(), LEAVES, now=NOW)
    note = read_note(world.bucket.read(checkpoint_key(2)) or "")
    forged = note_text(Note(text=note.text.replace(ORIGIN, "evil.example/log"), lines=note.lines))
    world.bucket.kept[checkpoint_key(2)] = [forged.encode()]
    with pytest.raises(LogBrokenError):
        keeper.caught_up(now=NOW)


def test_a_batch_that_is_none_ends_it(keeper: LogKeeper, world: LogWorld) -> None:
    world.bucket.put_new(batch_key(0), "strongroom-leaf/1\npolicies/a.json\n")
    with pytest.raises(MalformedRecordError):
        keeper.caught_up(now=NOW)
