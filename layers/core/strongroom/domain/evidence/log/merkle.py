"""The hash tree of the log, as RFC 6962 (section 2.1) has it: its root, and proofs that a leaf leads to it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    # The hash over the complete subtree of 2^level leaves that begins at leaf index * 2^level.
    type NodeReader = Callable[[int, int], bytes]

HASH_BYTES: Final = 32
_EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
_LEAF, _NODE = b"\x00", b"\x01"


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of what the log holds at one index."""
    return hashlib.sha256(_LEAF + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return hashlib.sha256(_NODE + left + right).digest()


def nodes_of(leaves: Sequence[bytes]) -> NodeReader:
    """The complete subtrees over these leaf hashes."""

    def node(level: int, index: int) -> bytes:
        if level == 0:
            return leaves[index]
        return node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

    return node


def root_of(size: int, *, node: NodeReader) -> bytes:
    """The root over the first `size` leaves."""
    return _range_hash(0, size, node=node) if size else _EMPTY_ROOT


def inclusion_path(index: int, size: int, *, node: NodeReader) -> tuple[bytes, ...]:
    """The hashes by which the leaf at `index` leads to the root over `size` leaves, from the bottom to the top.

    Source: RFC 6962, section 2.1.1. ValueError if there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has none at {index}")
    begin, end = 0, size
    path: list[bytes] = []
    while end - begin > 1:
        middle = begin + _left_width(end - begin)
        if index < middle:
            path.append(_range_hash(middle, end, node=node))
            end = middle
        else:
            path.append(_range_hash(begin, middle, node=node))
            begin = middle
    return tuple(reversed(path))


def is_included(leaf: bytes, *, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf hash stands at `index` of the tree of that size and root.

    Source: RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for hashed in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(hashed, found)
            # Up to where it is a right child: as many levels as its lowest bit is high.
            levels = (place & -place).bit_length() - 1
            place, last = place >> levels, last >> levels
        else:
            found = node_hash(found, hashed)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def _range_hash(begin: int, end: int, *, node: NodeReader) -> bytes:
    """The hash over the leaves from `begin` to before `end`, where `begin` is the start of a subtree that wide."""
    width = end - begin
    if width & (width - 1) == 0:
        return node(width.bit_length() - 1, begin // width)
    middle = begin + _left_width(width)
    return node_hash(_range_hash(begin, middle, node=node), _range_hash(middle, end, node=node))


def _left_width(width: int) -> int:
    """The largest power of two below the width, which is at least 2."""
    return int(1 << ((width - 1).bit_length() - 1))
