"""Write down what happens in a ceremony, each entry chained to the one before, and seal the chain at its end."""

from dataclasses import dataclass
from datetime import datetime

from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.evidence import EvidenceSeal, append_entry, head_message, stream_of
from strongroom.ports import EvidenceLog, Signer

_TRIES = 10


@dataclass(frozen=True, slots=True)
class EvidenceDesk:
    """Where the steps of a ceremony write their evidence."""

    log: EvidenceLog

    def note(self, request_id: str, kind: str, *, at: datetime, **facts: str) -> None:
        """Append an entry; whoever comes second at the same moment takes the next place."""
        stream = stream_of(request_id)
        for _ in range(_TRIES):
            last = next(reversed(self.log.entries(stream)), None)
            if self.log.add(append_entry(last, stream=stream, kind=kind, facts=facts, at=at)):
                return
        raise TemporarilyUnavailableError(f"the evidence stream {stream} is busy")

    def seal(self, request_id: str, *, signer: Signer) -> EvidenceSeal:
        """Sign the head of the stream and keep the signature."""
        stream = stream_of(request_id)
        head = self.log.entries(stream)[-1]
        message = head_message(stream=stream, number=head.number, digest=head.digest)
        seal = signer.seal(number=head.number, digest=head.digest, message=message)
        self.log.keep_seal(stream, seal)
        return seal
