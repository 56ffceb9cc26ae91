"""The events of a history, as far as they are judged."""

from datetime import datetime
from typing import Final

from msgspec import Struct

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


class CopyEvent(Struct, frozen=True, kw_only=True):
    """A fact of ours about a promised copy, or a copy job of AWS that ended: from which point, to which vault."""

    at: datetime
    kind: str
    recovery_point: str
    destination: str

    @property
    def pair(self) -> tuple[str, str]:
        """Which copy it is about."""
        return self.recovery_point, self.destination


class AlertEvent(Struct, frozen=True, kw_only=True):
    """An alert was told as opened or as resolved; `alert` is its own kind."""

    at: datetime
    kind: str
    fingerprint: str
    subject: str
    alert: str = ""


class Violation(Struct, frozen=True, kw_only=True):
    """A property that the history breaks: which, when, and of what."""

    property: str
    at: datetime
    subject: str
    reason: str
