"""What shows that something is in the log: its leaf, the way up the tree, and the signed root of that tree.

Sources: c2sp.org/tlog-checkpoint and c2sp.org/tlog-proof.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.log.merkle import HASH_BYTES, leaf_hash
from strongroom.domain.evidence.log.notes import Note, base64_of, note_text, read_note

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEAD: Final = "c2sp.org/tlog-proof@v1"
_LEAF: Final = "strongroom-leaf/1"
_INDEX: Final = "index "
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,15}")
_MOST: Final = 2**53
_CHECKPOINT_LINES: Final = 3
# A tree of 2^53 leaves is no higher.
_HIGHEST: Final = 53


class Checkpoint(Struct, frozen=True, kw_only=True):
    """The log at one size: whose it is, how many leaves, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What the log and the witness sign."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


class LogProof(Struct, frozen=True, kw_only=True):
    """That a leaf stands at `index`; `note` is the signed checkpoint that the path leads to."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: Checkpoint
    note: Note


def leaf_of(key: str, *, digest: str) -> bytes:
    """The leaf hash of an object in the evidence bucket: under that key lie bytes of that SHA-256 (hexadecimal)."""
    return leaf_hash(f"{_LEAF}\n{key}\n{digest}\n".encode())


def read_checkpoint(text: str) -> Checkpoint:
    """The checkpoint of a note's text: exactly origin, size and root."""
    lines = text.split("\n")
    if len(lines) != _CHECKPOINT_LINES + 1 or lines[-1] or not lines[0]:
        raise MalformedRecordError("a checkpoint is an origin, a size and a root")
    return Checkpoint(origin=lines[0], size=_number(lines[1], of="the size of the log"), root=_hash(lines[2]))


def read_log_proof(text: str) -> LogProof:
    """The proof of its text; MalformedRecordError for anything else."""
    proof, separator, signed = text.partition("\n\n")
    head, *lines = proof.split("\n")
    if not separator or head != _HEAD or not lines or not lines[0].startswith(_INDEX):
        raise MalformedRecordError(f"a log's proof begins with {_HEAD} and an index")
    if len(lines) > _HIGHEST + 1:
        raise MalformedRecordError("a log's proof is longer than any tree is high")
    note = read_note(signed)
    return LogProof(
        index=_number(lines[0].removeprefix(_INDEX), of="the index in the log"),
        path=tuple(_hash(line) for line in lines[1:]),
        checkpoint=read_checkpoint(note.text),
        note=note,
    )


def log_proof_text(*, index: int, path: Sequence[bytes], note: Note) -> str:
    """The proof as it is handed out."""
    hashes = "".join(f"{base64.b64encode(each).decode()}\n" for each in path)
    return f"{_HEAD}\n{_INDEX}{index}\n{hashes}\n{note_text(note)}"


def _number(text: str, *, of: str) -> int:
    if _NUMBER.fullmatch(text) is None or int(text) >= _MOST:
        raise MalformedRecordError(f"{of} is not a number")
    return int(text)


def _hash(text: str) -> bytes:
    hashed = base64_of(text, of="a hash of the log")
    if len(hashed) != HASH_BYTES:
        raise MalformedRecordError("a hash of the log is not as long as SHA-256 makes it")
    return hashed
