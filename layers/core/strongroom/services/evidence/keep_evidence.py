"""Write down what happens in a ceremony, each entry chained to the one before, and seal the chain at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strongroom.domain.errors import ApprovalVoidError, TemporarilyUnavailableError
from strongroom.domain.evidence.chain import CLOSED, EvidenceSeal, append_entry, head_message, stream_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.ports.evidence import EvidenceLog, Signer

_TRIES = 10


@dataclass(frozen=True, slots=True)
class EvidenceRecorder:
    """Writes down what the steps of a ceremony have to say."""

    log: EvidenceLog

    def note(self, request_id: str, kind: str, *, at: datetime, **facts: str) -> None:
        """Append an entry; whoever comes second at the same moment takes the next place.

        ApprovalVoidError once the ceremony is closed: nothing follows its end.
        """
        self._append(request_id, kind, at=at, facts=facts, is_single=False)

    def note_once(self, request_id: str, kind: str, *, at: datetime, facts: Mapping[str, str]) -> None:
        """Append an entry unless there is one of its kind, however many try, and whoever of them died on the way."""
        self._append(request_id, kind, at=at, facts=facts, is_single=True)

    def seal(self, request_id: str, *, signer: Signer) -> EvidenceSeal:
        """Sign the head of the stream and keep the signature."""
        stream = stream_of(request_id)
        head = self.log.entries(stream)[-1]
        message = head_message(stream=stream, number=head.number, digest=head.digest)
        seal = signer.seal(number=head.number, digest=head.digest, message=message)
        self.log.keep_seal(stream, seal)
        return seal

    def _append(self, request_id: str, kind: str, *, at: datetime, facts: Mapping[str, str], is_single: bool) -> None:
        stream = stream_of(request_id)
        for _ in range(_TRIES):
            entries = self.log.entries(stream)
            if is_single and any(entry.kind == kind for entry in entries):
                return
            last = entries[-1] if entries else None
            if last is not None and last.kind == CLOSED:
                raise ApprovalVoidError(f"the evidence of {request_id} is closed")
            # The place is taken on condition, so what was looked at above still holds when the entry is added.
            if self.log.add(append_entry(last, stream=stream, kind=kind, facts=facts, at=at)):
                return
        raise TemporarilyUnavailableError(f"the evidence stream {stream} is busy")
