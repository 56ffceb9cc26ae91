"""How the log is kept: whatever is appended in whatever portions, the tree is the same, and a proof is short."""

import random
from collections.abc import Mapping
from functools import cache

import pytest

from strongroom.domain.evidence.log.merkle import (
    inclusion_path,
    is_included,
    leaf_hash,
    nodes_of,
    root_of,
)
from strongroom.domain.evidence.log.tiles import (
    WIDTH,
    LogTree,
    TilePlace,
    append_leaves,
    nodes_of_tree,
    root_of_tree,
)

# A bit more than a full tile of full tiles, so that three levels are in use.
MANY = WIDTH * WIDTH + WIDTH + 3
LEAVES = [leaf_hash(number.to_bytes(4)) for number in range(MANY)]
NODE = cache(nodes_of(LEAVES))


class _Store:
    """Full tiles as they are kept: each is written once."""

    def __init__(self) -> None:
        self.tiles: dict[TilePlace, bytes] = {}
        self.read = 0

    def add(self, full: Mapping[TilePlace, bytes]) -> None:
        assert not set(full) & set(self.tiles)
        self.tiles |= full

    def tile(self, place: TilePlace) -> bytes:
        self.read += 1
        return self.tiles[place]


def _grown(leaves: list[bytes], *, portions: list[int]) -> tuple[LogTree, _Store]:
    tree, store, begin = LogTree(), _Store(), 0
    for portion in portions:
        tree, full = append_leaves(tree, leaves[begin : begin + portion])
        store.add(full)
        begin += portion
    assert begin == len(leaves)
    return tree, store


def test_the_tree_does_not_depend_on_the_portions_in_which_it_grew() -> None:
    chosen = random.Random(7)  # noqa: S311 - the same portions each time
    whole, kept = _grown(LEAVES, portions=[MANY])
    portions: list[int] = []
    while sum(portions) < MANY:
        portions.append(min(chosen.choice([1, 5, 255, 256, 257, 3000]), MANY - sum(portions)))
    grown, store = _grown(LEAVES, portions=portions)
    assert (grown, store.tiles) == (whole, kept.tiles)
    assert [len(hashes) for hashes in whole.edge] == [3, 1, 1]
    assert sorted(store.tiles) == [
        *(TilePlace(0, index) for index in range(WIDTH + 1)),
        TilePlace(1, 0),
    ]


def test_the_edge_is_enough_for_the_root_of_every_size() -> None:
    tree = LogTree()
    for size in range(1, 2 * WIDTH + 3):
        tree, _ = append_leaves(tree, [LEAVES[size - 1]])
        assert root_of_tree(tree) == root_of(size, node=NODE)
    assert all(len(hashes) < WIDTH for hashes in tree.edge)


def test_proofs_out_of_tiles_are_those_out_of_all_leaves() -> None:
    tree, store = _grown(LEAVES, portions=[MANY])
    root = root_of_tree(tree)
    for index in (0, 1, 255, 256, 65_535, 65_536, 65_792, MANY - 1):
        path = inclusion_path(index, tree.size, node=nodes_of_tree(tree, read_tile=store.tile))
        assert path == inclusion_path(index, tree.size, node=NODE)
        assert is_included(LEAVES[index], index=index, size=tree.size, path=path, root=root)


def test_a_proof_reads_a_tile_for_each_level_and_is_short() -> None:
    tree, store = _grown(LEAVES, portions=[MANY])
    path = inclusion_path(30_000, tree.size, node=nodes_of_tree(tree, read_tile=store.tile))
    assert store.read == 2
    assert len(b"".join(path)) < 1024


@pytest.mark.parametrize(
    ("place", "path"),
    [
        (TilePlace(0, 0), "tile/0/000"),
        (TilePlace(1, 255), "tile/1/255"),
        (TilePlace(0, 1234067), "tile/0/x001/x234/067"),
    ],
)
def test_a_tile_lies_where_other_readers_of_such_logs_look_for_it(place: TilePlace, path: str) -> None:
    assert place.path == path


def test_what_is_no_full_tile_is_not_read_as_one() -> None:
    tree, _ = append_leaves(LogTree(), LEAVES[: WIDTH + 1])
    with pytest.raises(ValueError, match=r"^a full tile has 256 hashes, and this one 5 bytes$"):
        inclusion_path(0, tree.size, node=nodes_of_tree(tree, read_tile=lambda _: b"short"))
