"""What we publish of alerts."""

from dataclasses import dataclass

from strongroom.domain.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOpened(Fact):
    """Something that should have happened did not, or something happened that never should."""

    fingerprint: str
    kind: str
    severity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAcknowledged(Fact):
    """Somebody looks after what an alert complains about."""

    fingerprint: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertResolved(Fact):
    """What an alert complained about is mended."""

    fingerprint: str
    kind: str
