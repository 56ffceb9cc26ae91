"""A forwarder's heartbeat: the "Scheduled Event" of its rule, whose envelope says all that is to be known."""

import msgspec

from strongroom.domain.health.heartbeats import BeatHeard
from strongroom.domain.identifiers import parse_account_id, parse_region
from strongroom.runtime.contracts.envelope import Event


class BeatSent(msgspec.Struct, frozen=True):
    """The empty detail of a forwarder's scheduled event."""

    def observed(self, event: Event["BeatSent"]) -> BeatHeard:
        """Which forwarder was well, and when."""
        return BeatHeard(account=parse_account_id(event.account), region=parse_region(event.region), sent_at=event.time)
