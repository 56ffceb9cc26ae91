"""The events of a history, as far as they are judged."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

# Our own facts about a promised copy.
VERIFIED: Final = "CopyVerified"
FAILED: Final = "CopyFailed"
MISSING: Final = "CopyMissing"
VANISHED: Final = "CopyVanished"
# AWS's copy jobs that ended.
JOB_COMPLETED: Final = "COMPLETED"
JOB_FAILED: Final = "FAILED"
# What people were told.
OPENED: Final = "AlertOpened"
RESOLVED: Final = "AlertResolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyEvent:
    """A fact of ours about a promised copy, or a copy job of AWS that ended: from which point, to which vault."""

    at: datetime
    kind: str
    recovery_point: str
    destination: str

    @property
    def pair(self) -> tuple[str, str]:
        """Which copy it is about."""
        return self.recovery_point, self.destination


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEvent:
    """An alert was told as opened or as resolved."""

    at: datetime
    kind: str
    fingerprint: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A property that the history breaks: which, when, and of what."""

    property: str
    at: datetime
    subject: str
    reason: str
