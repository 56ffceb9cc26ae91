"""What we publish of alerts."""

from strongroom.domain.facts import Fact


class AlertOpened(Fact, frozen=True, kw_only=True):
    """Something that should have happened did not, or something happened that never should."""

    fingerprint: str
    kind: str
    severity: str


class AlertAcknowledged(Fact, frozen=True, kw_only=True):
    """Somebody looks after what an alert complains about."""

    fingerprint: str
    kind: str


class AlertResolved(Fact, frozen=True, kw_only=True):
    """What an alert complained about is mended."""

    fingerprint: str
    kind: str


class TicketOpened(Fact, frozen=True, kw_only=True):
    """A ticket tells what an alert complains about."""

    fingerprint: str
    kind: str
    ticket: str
