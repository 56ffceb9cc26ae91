"""What the log takes in at once, and where it is kept: leaves in their order, in the bucket that keeps the evidence.

A batch is named by the index of its first leaf. Whoever puts it has moved the log's head, for nobody can put another
there; everything else that is kept of the log follows from the batches and is made again where it was lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from typing import Final

from msgspec import Struct

from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.log.proofs import leaf_of
from strongroom.domain.evidence.object_keys import chain_of, proofs_of, request_key, witnessed_of

CHECKPOINTS: Final = "log/checkpoints/"
PREFIXES: Final = ("policies/", "issuer-keys/", "evidence/", "outages/", "ends/")
"""Where evidence lies, in the order in which it is logged: rules before what was decided by them."""

MOST_LEAVES: Final = 50
"""Of one batch."""

_DIGITS: Final = 20
_LINES: Final = 3
_HEAD: Final = "strongroom-leaf/1"
# A line of a leaf: no other key is evidence, and one with a line break could say what it likes.
_LOGGABLE: Final = re.compile(r"[!-~]+")
_OF_REQUEST: Final = re.compile(r"evidence/([^/]+)/.+")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class Leaf(Struct, frozen=True):
    """An object of the evidence bucket: its key, and the SHA-256 of its bytes in hexadecimal digits."""

    key: str
    digest: str

    @property
    def text(self) -> str:
        """What the log holds of it."""
        return f"{_HEAD}\n{self.key}\n{self.digest}\n"

    @property
    def hash(self) -> bytes:
        """What the log's tree holds of it."""
        return leaf_of(self.key, digest=self.digest)


def leaves_text(leaves: Iterable[Leaf]) -> str:
    """The batch as it is kept."""
    return "".join(leaf.text for leaf in leaves)


def read_leaves(text: str) -> tuple[Leaf, ...]:
    """The leaves of a batch; MalformedRecordError for any other text."""
    leaves = tuple(_leaf(lines) for lines in batched(text.split("\n")[:-1], _LINES, strict=False))
    if not leaves or leaves_text(leaves) != text:
        raise MalformedRecordError("a batch of the log is leaves and nothing else")
    return leaves


def in_order(keys: Iterable[str]) -> list[str]:
    """The objects as they are logged: of a request first itself, then what was signed about it, then what happened."""
    return sorted(keys, key=_place)


def is_loggable(key: str) -> bool:
    """Whether a leaf can name the object."""
    return _LOGGABLE.fullmatch(key) is not None


def request_of(key: str) -> str:
    """The id of the request that an object belongs to; empty where it belongs to none."""
    found = _OF_REQUEST.fullmatch(key)
    return found[1] if found else ""


def batch_key(first: int) -> str:
    """Where the batch lies whose first leaf has that index."""
    return f"log/leaves/{first:0{_DIGITS}d}.txt"


def checkpoint_key(size: int) -> str:
    """Where the signed checkpoint over so many leaves lies."""
    return f"{CHECKPOINTS}{size:0{_DIGITS}d}.txt"


def tile_key(path: str) -> str:
    """Where a full tile lies."""
    return f"log/{path}"


def answer_key(request_id: str, size: int) -> str:
    """Where the proofs lie that lead to the checkpoint over so many leaves."""
    return f"{witnessed_of(request_id)}{size:0{_DIGITS}d}.json"


def in_batches(keys: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The objects, at most so many at once."""
    return batched(keys, MOST_LEAVES, strict=False)


def _leaf(lines: Sequence[str]) -> Leaf:
    if len(lines) != _LINES or not is_loggable(lines[1]) or _DIGEST.fullmatch(lines[2]) is None:
        raise MalformedRecordError("a batch of the log is leaves and nothing else")
    return Leaf(key=lines[1], digest=lines[2])


def _place(key: str) -> tuple[int, str, int, str]:
    prefix = next((place for place, prefix in enumerate(PREFIXES) if key.startswith(prefix)), len(PREFIXES))
    request = request_of(key)
    kinds = (request_key(request), proofs_of(request), chain_of(request))
    return prefix, request, next((place for place, kind in enumerate(kinds) if key.startswith(kind)), len(kinds)), key
