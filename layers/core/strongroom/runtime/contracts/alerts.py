"""Our own alert events, as they come back from the bus."""

import msgspec

from strongroom.domain.errors import MalformedEventError
from strongroom.runtime.contracts.envelope import Event

_KINDS = frozenset({"AlertOpened", "AlertAcknowledged", "AlertResolved", "TicketOpened"})


class AlertChange(msgspec.Struct, frozen=True):
    """The detail of each event about an alert: which one changed; what it says now, the ledger says."""

    fingerprint: str

    def observed(self, event: Event["AlertChange"]) -> str:
        """The alert's fingerprint; MalformedEventError for an event of another kind."""
        if event.detail_type not in _KINDS:
            raise MalformedEventError(f"{event.detail_type!r} is none of {', '.join(sorted(_KINDS))}")
        return self.fingerprint
