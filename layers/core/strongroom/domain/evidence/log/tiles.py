"""How the log is kept: full tiles of 256 hashes that never change, and the right edge, which is all that grows.

Appending needs the edge alone, and a proof the edge and one full tile for each 256-fold of the log's size: three at a
million leaves. Tiles lie where `c2sp.org/tlog-tiles` has them, so that its readers can read the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.evidence.log.merkle import HASH_BYTES, node_hash, root_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from strongroom.domain.evidence.log.merkle import NodeReader

    type TileReader = Callable[["TilePlace"], bytes]

WIDTH: Final = 256
HEIGHT: Final = WIDTH.bit_length() - 1


class TilePlace(Struct, frozen=True, order=True):
    """Which full tile: `level` 0 holds leaf hashes, each level above one hash for every full tile below."""

    level: int
    index: int

    @property
    def path(self) -> str:
        """Where it lies below the log's prefix, `tile/0/x001/x234/067`."""
        digits = f"{self.index:d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        *above, last = (digits[place : place + 3] for place in range(0, len(digits), 3))
        return "/".join(["tile", str(self.level), *(f"x{each}" for each in above), last])


_NO_TILES: Final[Mapping[TilePlace, bytes]] = {}


class LogTree(Struct, frozen=True):
    """The log as it stands: how many leaves, and at each level the hashes that fill no tile yet, less than 256."""

    size: int = 0
    edge: tuple[tuple[bytes, ...], ...] = ()


def append_leaves(tree: LogTree, leaves: Iterable[bytes]) -> tuple[LogTree, Mapping[TilePlace, bytes]]:
    """The tree with these leaf hashes behind its own, and the tiles that became full, which are kept for ever.

    Keep the tiles before the tree: what is lost between the two is made again.
    """
    edge = [list(hashes) for hashes in tree.edge]
    size = tree.size
    full: dict[TilePlace, bytes] = {}
    for leaf in leaves:
        size, level, hashed = size + 1, 0, leaf
        while True:
            if level == len(edge):
                edge.append([])
            edge[level].append(hashed)
            if len(edge[level]) < WIDTH:
                break
            full[TilePlace(level, (size >> (HEIGHT * (level + 1))) - 1)] = b"".join(edge[level])
            hashed, edge[level], level = _subtree(edge[level]), [], level + 1
    return LogTree(size, tuple(tuple(hashes) for hashes in edge)), full


def root_of_tree(tree: LogTree) -> bytes:
    """The root hash; the edge is enough for it."""
    return root_of(tree.size, node=nodes_of_tree(tree, read_tile=_NO_TILES.__getitem__))


def nodes_of_tree(tree: LogTree, *, read_tile: TileReader) -> NodeReader:
    """The complete subtrees of the tree; each full tile is read at most once."""
    known: dict[TilePlace, Sequence[bytes]] = {}

    def hashes_of(place: TilePlace) -> Sequence[bytes]:
        if place.index == tree.size >> (HEIGHT * (place.level + 1)):
            return tree.edge[place.level]
        if place not in known:
            known[place] = _split(read_tile(place))
        return known[place]

    def node(level: int, index: int) -> bytes:
        height = level % HEIGHT
        begin = index << height
        place = TilePlace(level // HEIGHT, begin // WIDTH)
        return _subtree(hashes_of(place)[begin % WIDTH : begin % WIDTH + (1 << height)])

    return node


def _subtree(hashes: Sequence[bytes]) -> bytes:
    """The hash over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[place], hashes[place + 1]) for place in range(0, len(hashes), 2)]
    [whole] = hashes
    return whole


def _split(tile: bytes) -> Sequence[bytes]:
    if len(tile) != WIDTH * HASH_BYTES:
        raise ValueError(f"a full tile has {WIDTH} hashes, and this one {len(tile)} bytes")
    return [tile[place : place + HASH_BYTES] for place in range(0, len(tile), HASH_BYTES)]
