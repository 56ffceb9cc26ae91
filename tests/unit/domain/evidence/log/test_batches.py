"""Batches of the log are read as they were written, and evidence has one order in it."""

import random

import pytest

from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.log.batches import (
    MOST_LEAVES,
    Leaf,
    answer_key,
    batch_key,
    checkpoint_key,
    in_batches,
    in_order,
    is_loggable,
    leaves_text,
    read_leaves,
    request_of,
    tile_key,
)
from strongroom.domain.evidence.log.merkle import leaf_hash

LEAVES = (Leaf("evidence/r-1/request.json", "0" * 64), Leaf("evidence/r-1/chain/00000001.json", "f" * 64))
ORDER = [
    "policies/a.json",
    "issuer-keys/idp/1.json",
    "evidence/r-1/request.json",
    "evidence/r-1/proofs/a.json",
    "evidence/r-1/proofs/b.json",
    "evidence/r-1/chain/00000001.json",
    "evidence/r-1/chain/00000002.json",
    "evidence/r-1/another.json",
    "evidence/r-2/request.json",
    "outages/1/statement.json",
    "ends/r-1.json",
    "another-kind/1.json",
]


def test_a_batch_is_its_leaves_one_after_the_other_and_is_read_as_it_was_written() -> None:
    assert leaves_text(LEAVES) == (
        f"strongroom-leaf/1\nevidence/r-1/request.json\n{LEAVES[0].digest}\n"
        f"strongroom-leaf/1\nevidence/r-1/chain/00000001.json\n{LEAVES[1].digest}\n"
    )
    assert read_leaves(leaves_text(LEAVES)) == LEAVES


def test_what_is_hashed_of_a_leaf_is_what_stands_in_its_batch() -> None:
    assert LEAVES[0].hash == leaf_hash(leaves_text(LEAVES[:1]).encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        leaves_text(LEAVES)[:-1],
        f"{leaves_text(LEAVES)}\n",
        leaves_text(LEAVES).replace("leaf/1", "leaf/2"),
        leaves_text([Leaf("evidence/a", "A" * 64)]),
        leaves_text([Leaf("evidence/a b", "a" * 64)]),
        leaves_text([Leaf("evidence/ü", "a" * 64)]),
        leaves_text([Leaf("", "a" * 64)]),
        leaves_text([Leaf("evidence/a\nb", "a" * 64)]),
    ],
    ids=repr,
)
def test_anything_else_is_no_batch(text: str) -> None:
    with pytest.raises(MalformedRecordError, match=r"^a batch of the log is leaves and nothing else$"):
        read_leaves(text)


def test_evidence_has_one_order_whatever_order_it_is_found_in() -> None:
    for seed in range(20):
        found = random.Random(seed).sample(ORDER, len(ORDER))  # noqa: S311 - no secret
        assert in_order(found) == ORDER


@pytest.mark.parametrize(
    ("key", "request_id"),
    [
        ("evidence/r-1/request.json", "r-1"),
        ("evidence/r-1/proofs/a.json", "r-1"),
        ("evidence/r-1", ""),
        ("evidence//a", ""),
        ("policies/a.json", ""),
    ],
)
def test_an_object_belongs_to_the_request_of_its_folder(key: str, request_id: str) -> None:
    assert request_of(key) == request_id


@pytest.mark.parametrize(("key", "is_one"), [("a/b.json", True), ("a b", False), ("a\nb", False), ("", False)])
def test_a_leaf_names_plain_keys_only(key: str, *, is_one: bool) -> None:
    assert is_loggable(key) is is_one


def test_the_newest_comes_last_in_the_order_of_keys() -> None:
    keys = [answer_key("r-1", size) for size in (2, 10, 9, 100)]
    assert max(keys) == answer_key("r-1", 100)
    assert batch_key(9) < batch_key(10)


@pytest.mark.parametrize(
    ("key", "place"),
    [
        pytest.param(batch_key(7), "log/leaves/00000000000000000007.txt", id="a batch"),
        pytest.param(checkpoint_key(7), "log/checkpoints/00000000000000000007.txt", id="a checkpoint"),
        pytest.param(tile_key("tile/0/000"), "log/tile/0/000", id="a tile"),
        pytest.param(answer_key("r-1", 7), "log/requests/r-1/00000000000000000007.json", id="an answer"),
    ],
)
def test_what_is_kept_of_the_log_is_found_under_the_name_that_it_was_kept_under(key: str, place: str) -> None:
    """Nothing of it is ever renamed: whoever looks later looks where the first version has put it."""
    assert key == place


def test_fifty_are_taken_in_at_once_and_none_in_no_part() -> None:
    assert MOST_LEAVES == 50
    keys = [str(number) for number in range(MOST_LEAVES + 1)]
    assert [list(part) for part in in_batches(keys)] == [keys[:-1], keys[-1:]]
    assert list(in_batches([])) == []
