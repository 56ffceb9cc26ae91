"""What is asked of wherever evidence is kept and witnessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.evidence.issuer_keys import IssuerDocuments
    from strongroom.domain.evidence.log.notes import NoteKey
    from strongroom.domain.evidence.log.tiles import LogTree


class EvidenceTexts(Protocol):
    """Texts under keys, which are added, and never changed or taken away."""

    def read(self, key: str) -> str | None:
        """The text, or None; ApprovalVoidError where the key has a second version, or a mark that it was deleted."""

    def texts(self, prefix: str) -> Mapping[str, str]:
        """Every text under the prefix by its key, sorted; ApprovalVoidError as for `read`."""

    def sound_texts(self, prefix: str) -> Mapping[str, str]:
        """The same without what is no text: where anything may lie, that stops nobody."""

    def put_at(self, prefix: str) -> Mapping[str, datetime]:
        """When each text under the prefix was put, by its key; ApprovalVoidError as for `read`."""


class EvidenceShelf(EvidenceTexts, Protocol):
    """Keeps such texts."""

    def put_new(self, key: str, text: str) -> bool:
        """Keep the text; False when the key is taken."""


class IssuerSite(Protocol):
    """What an identity provider publishes of itself."""

    def documents(self) -> IssuerDocuments:
        """Its description and its keys, as they are now; TemporarilyUnavailableError when it cannot be reached."""


class EvidenceWitness(Protocol):
    """The audit account's log, which signs what it has seen."""

    def witness(self, request_id: str) -> Mapping[str, str]:
        """Let the log take in everything about the request; for each object's key, the proof that it is in."""


class EvidenceHint(Protocol):
    """Tells the audit account's log that there is something new."""

    def hint(self, request_id: str) -> None:
        """Let the log look at the request soon, without waiting for it."""


class EvidenceObjects(Protocol):
    """The evidence bucket: objects under keys, each put once and never changed."""

    def keys(self, prefix: str) -> tuple[str, ...]:
        """Every key under the prefix, in order."""

    def read(self, key: str) -> str | None:
        """The text under the key, None where there is none; ApprovalVoidError when it was tampered with."""

    def read_bytes(self, key: str) -> bytes | None:
        """The same of what need not be text."""

    def put_new(self, key: str, text: str) -> bool:
        """Put the text where nothing lies; False when something lies there."""

    def put_new_bytes(self, key: str, content: bytes) -> bool:
        """The same of what need not be text."""


class LogIndex(Protocol):
    """How far the log has come, and where each object stands in it: all of it follows from the log's batches."""

    def tree(self) -> LogTree:
        """The log as it stands."""

    def move(self, *, before: LogTree, after: LogTree) -> None:
        """Let the log stand as it does after; TemporarilyUnavailableError when it did not stand as it did before."""

    def place(self, key: str, index: int) -> None:
        """Remember where the object stands."""

    def places(self, folder: str) -> dict[str, int]:
        """Where every object of the folder stands, by its key; the folder is that of a request."""

    def placed(self) -> frozenset[str]:
        """The key of every object in the log."""


class NoteSigner(Protocol):
    """A key that signs notes, Ed25519."""

    def key(self) -> NoteKey:
        """The public key, by its name in notes."""

    def sign(self, message: bytes) -> bytes:
        """The signature over the message, 64 bytes."""
