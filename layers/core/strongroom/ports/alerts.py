"""What is asked of those who remember and tell alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.alerts.complaints import Alert
    from strongroom.domain.alerts.messages import AlertNews, AlertThread
    from strongroom.domain.chat import PostedMessage


class AlertBook(Protocol):
    """Remembers which complaints are open, so that each is told once."""

    def open(self, alert: Alert, *, now: datetime) -> bool:
        """Open the alert, or count a repetition; True when it is to be told, which nobody else is doing meanwhile."""

    def mark_told(self, fingerprint: str, *, told: bool) -> None:
        """Remember that the opening was told; if it was not, the next complaint is to tell it."""

    def resolve(self, fingerprint: str, *, reason: str, now: datetime) -> Alert | None:
        """Close an open alert and return it; None when it was not open."""


class Announcer(Protocol):
    """Tells people, by the alerts topic."""

    def announce_opened(self, alert: Alert) -> None:
        """Say that the alert is open."""

    def announce_resolved(self, alert: Alert, *, reason: str) -> None:
        """Say that what the alert complained about is mended."""


class AlertChannel(Protocol):
    """Where people read of alerts, each in a thread of its own."""

    def show(self, news: AlertNews) -> PostedMessage:
        """Say that the alert opened, in a message that begins its thread."""

    def mark_resolved(self, thread: AlertThread) -> None:
        """Let the message show that the alert is over; doing it again changes nothing."""

    def answer(self, thread: AlertThread, news: AlertNews) -> None:
        """Say in the thread what resolved the alert; each time is another message."""


class AlertThreads(Protocol):
    """Remembers which message told which alert."""

    def claim(self, fingerprint: str, *, event: str, at: datetime, now: datetime) -> bool:
        """Take on telling an opening; False when this event, or a later one, was told already."""

    def told(self, fingerprint: str, *, message: PostedMessage, text: str) -> None:
        """Remember the message that told it."""

    def find(self, fingerprint: str) -> AlertThread | None:
        """The message that told the alert last, or None when none did."""

    def close(self, fingerprint: str, *, event: str) -> bool:
        """Remember that the thread was told of the resolution; False when that was known."""
