"""Let the log grow: what is put into it stands there for ever, at one index, under a root that two keys signed.

A batch of leaves is put where no other is: that alone moves the head of the log, and two who try at once cannot both.
Everything else follows from the batches, in an order in which nothing is lost with whoever dies on the way: tiles,
checkpoint, proofs, the places of objects, and last how far the log has come. What is not there is made again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import LogBrokenError, TemporarilyUnavailableError
from strongroom.domain.evidence.log.batches import (
    answer_key,
    batch_key,
    checkpoint_key,
    leaves_text,
    read_leaves,
    request_of,
    tile_key,
)
from strongroom.domain.evidence.log.merkle import inclusion_path
from strongroom.domain.evidence.log.notes import Note, note_text, read_note, sign_as_log, sign_as_witness
from strongroom.domain.evidence.log.proofs import Checkpoint, log_proof_text, read_checkpoint
from strongroom.domain.evidence.log.tiles import append_leaves, nodes_of_tree, root_of_tree
from strongroom.domain.evidence.object_keys import folder_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from strongroom.domain.evidence.log.batches import Leaf
    from strongroom.domain.evidence.log.merkle import NodeReader
    from strongroom.domain.evidence.log.tiles import LogTree, TilePlace
    from strongroom.ports.evidence import EvidenceObjects, LogIndex, NoteSigner


class LogKeeper(Struct, frozen=True, kw_only=True):
    """Puts leaves into the log, one caller at a time; others are told to try again."""

    objects: EvidenceObjects
    index: LogIndex
    log_key: NoteSigner
    witness_key: NoteSigner

    def caught_up(self, *, now: datetime) -> LogTree:
        """The log as it stands, after what somebody began and did not end.

        LogBrokenError where the log is not the one whose checkpoint was signed.
        """
        tree = self.index.tree()
        if tree.size:
            self._kept_checkpoint(tree)
        while (batch := self.objects.read(batch_key(tree.size))) is not None:
            tree = self._settle(tree, read_leaves(batch), now=now)
        return tree

    def append(self, tree: LogTree, leaves: Sequence[Leaf], *, now: datetime) -> LogTree:
        """The log with these leaves behind its own; TemporarilyUnavailableError when somebody else moved its head."""
        if not self.objects.put_new(batch_key(tree.size), leaves_text(leaves)):
            raise TemporarilyUnavailableError("somebody else is putting something into the log")
        return self._settle(tree, leaves, now=now)

    def _settle(self, before: LogTree, leaves: Sequence[Leaf], *, now: datetime) -> LogTree:
        after, tiles = append_leaves(before, (leaf.hash for leaf in leaves))
        for place, content in tiles.items():
            self.objects.put_new_bytes(tile_key(place.path), content)
        places = {leaf.key: before.size + offset for offset, leaf in enumerate(leaves)}
        note = self._checkpoint(after, now=now)
        node = nodes_of_tree(after, read_tile=self._tile)
        for request in sorted({request_of(key) for key in places} - {""}):
            self._answer(request, places, note=note, size=after.size, node=node)
        for key, index in places.items():
            self.index.place(key, index)
        self._move(before, after)
        return after

    def _move(self, before: LogTree, after: LogTree) -> None:
        """Say how far the log has come, unless whoever settled the same batch was quicker."""
        try:
            self.index.move(before=before, after=after)
        except TemporarilyUnavailableError:
            if self.index.tree() != after:
                raise

    def _answer(self, request: str, new: Mapping[str, int], *, note: Note, size: int, node: NodeReader) -> None:
        """Keep the proofs of all that is logged of the request."""
        ours = {key: index for key, index in new.items() if request_of(key) == request}
        places = self.index.places(folder_of(request)) | ours
        proofs = {
            key: log_proof_text(index=index, path=inclusion_path(index, size, node=node), note=note)
            for key, index in places.items()
            if index < size
        }
        self.objects.put_new(answer_key(request, size), canonical_text({"proofs": proofs}))

    def _checkpoint(self, tree: LogTree, *, now: datetime) -> Note:
        """The signed checkpoint of the tree: the one that is kept, or a new one that is kept from now on."""
        key = checkpoint_key(tree.size)
        if self.objects.read(key) is None:
            self.objects.put_new(key, note_text(self._signed(self._described(tree), now=now)))
        return self._kept_checkpoint(tree)

    def _signed(self, checkpoint: Checkpoint, *, now: datetime) -> Note:
        text, log, witness = checkpoint.text, self.log_key, self.witness_key
        return Note(
            text=text,
            lines=(
                sign_as_log(text, key=log.key(), sign=log.sign),
                sign_as_witness(text, key=witness.key(), sign=witness.sign, at=now),
            ),
        )

    def _kept_checkpoint(self, tree: LogTree) -> Note:
        text = self.objects.read(checkpoint_key(tree.size))
        if text is None:
            raise LogBrokenError(f"the log has {tree.size} leaves, and nothing was signed over so many")
        note = read_note(text)
        if read_checkpoint(note.text) != self._described(tree):
            raise LogBrokenError(f"the log of {tree.size} leaves is not the one that was signed")
        return note

    def _described(self, tree: LogTree) -> Checkpoint:
        return Checkpoint(origin=self.log_key.key().name, size=tree.size, root=root_of_tree(tree))

    def _tile(self, place: TilePlace) -> bytes:
        content = self.objects.read_bytes(tile_key(place.path))
        if content is None:
            raise LogBrokenError(f"the log's {place.path} is not there")
        return content
