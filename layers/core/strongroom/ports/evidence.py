"""What is asked of whoever keeps and signs evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from strongroom.domain.evidence.chain import EvidenceEntry, EvidenceSeal


class EvidenceLog(Protocol):
    """Keeps evidence: entries are added and never changed."""

    def add(self, entry: EvidenceEntry) -> bool:
        """Add the entry; False when its place is taken."""

    def entries(self, stream: str) -> tuple[EvidenceEntry, ...]:
        """The whole stream, in order."""

    def keep_seal(self, stream: str, seal: EvidenceSeal) -> None:
        """Keep the signature over the head."""

    def seal(self, stream: str) -> EvidenceSeal | None:
        """The last signature, or None before the stream was sealed."""


class Signer(Protocol):
    """Signs the head of a stream."""

    def seal(self, *, number: int, digest: str, message: bytes) -> EvidenceSeal:
        """Sign the message, which tells the head's number and digest."""
