"""The tree of the log: small trees exhaustively, and those that everybody who builds such trees knows."""

import hashlib
from functools import cache

import pytest

from strongroom.domain.evidence.log.merkle import (
    inclusion_path,
    is_included,
    leaf_hash,
    node_hash,
    nodes_of,
    root_of,
)

MOST = 129
LEAVES = [leaf_hash(bytes([number])) for number in range(MOST)]
NODE = cache(nodes_of(LEAVES))
ROOTS = [root_of(size, node=NODE) for size in range(MOST + 1)]
# The trees that the tests of Certificate Transparency's log servers are about.
KNOWN_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
KNOWN_ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def _plain_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word by word."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + _plain_root(leaves[:half]) + _plain_root(leaves[half:])).digest()


@pytest.mark.parametrize("size", KNOWN_ROOTS)
def test_a_root_is_the_one_that_everybody_gets(size: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in KNOWN_LEAVES]
    assert root_of(size, node=nodes_of(leaves)).hex() == KNOWN_ROOTS[size]


def test_a_root_is_what_the_rfc_says() -> None:
    assert ROOTS[1:] == [_plain_root(LEAVES[:size]) for size in range(1, MOST + 1)]


def test_every_leaf_of_every_tree_is_included_and_no_other() -> None:
    for size in range(1, MOST + 1):
        for index in range(size):
            path = inclusion_path(index, size, node=NODE)
            leaf, root = LEAVES[index], ROOTS[size]
            assert is_included(leaf, index=index, size=size, path=path, root=root)
            other = LEAVES[(index + 1) % size]
            assert size == 1 or not is_included(other, index=index, size=size, path=path, root=root)


@pytest.mark.parametrize("size", [*range(1, 34), 63, 64, 65, 127, 128, 129])
def test_no_leaf_is_included_at_another_index_or_by_another_path(size: int) -> None:
    root = ROOTS[size]
    for index in range(size):
        path, leaf = inclusion_path(index, size, node=NODE), LEAVES[index]
        wrong = [at for at in (*range(size + 2), -1, index + 2**60) if at != index]
        assert not any(is_included(leaf, index=at, size=size, path=path, root=root) for at in wrong)
        longer, shorter = (*path, LEAVES[0]), path[:-1]
        assert not is_included(leaf, index=index, size=size, path=longer, root=root)
        assert size == 1 or not is_included(leaf, index=index, size=size, path=shorter, root=root)


def test_a_path_that_is_longer_than_the_tree_is_high_shows_nothing_whatever_root_it_leads_to() -> None:
    leaf, before = LEAVES[:2]
    assert not is_included(leaf, index=0, size=1, path=(before,), root=node_hash(before, leaf))


@pytest.mark.parametrize("index", [-1, 5])
def test_a_tree_has_no_leaf_before_its_first_and_after_its_last(index: int) -> None:
    with pytest.raises(ValueError, match=f"^a tree of 5 leaves has none at {index}$"):
        inclusion_path(index, 5, node=NODE)
