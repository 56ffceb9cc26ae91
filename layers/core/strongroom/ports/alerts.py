"""What is asked of those who remember and tell alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from strongroom.domain.alerts.complaints import Alert, Whose
    from strongroom.domain.alerts.digest import Digest, DigestMark
    from strongroom.domain.alerts.lifecycle import AlertState
    from strongroom.domain.alerts.messages import AlertThread
    from strongroom.domain.alerts.owner_news import OwnerNews, TagWritten
    from strongroom.domain.alerts.ticketing import NewTicket
    from strongroom.domain.chat import PostedMessage, SignedClick
    from strongroom.domain.identifiers import AccountId


class AlertBook(Protocol):
    """Remembers alerts, and lists those that were written and not told."""

    def find(self, fingerprint: str) -> AlertState | None:
        """The alert as it stands, or None."""

    def keep(self, state: AlertState, *, was: AlertState | None) -> bool:
        """Write the alert over what was read; False when somebody else has written it since."""

    def untold(self, now: datetime) -> Iterator[str]:
        """The fingerprints of the alerts that somebody began to tell, long enough ago to have died over it."""


class OpenAlerts(Protocol):
    """Lists what is open."""

    def open(self) -> Iterator[AlertState]:
        """The alerts that are open, the gravest first and the oldest of those; last those that are being told."""


class Owners(Protocol):
    """Knows whom what is wrong in an account concerns."""

    def of(self, account: AccountId) -> Whose | None:
        """Its name, owner and target, as far as they are known; None where nothing is."""


class Announcer(Protocol):
    """Tells people, by the alerts topic."""

    def announce_opened(self, alert: Alert, *, link: str = "") -> None:
        """Say that the alert is open, and by which address somebody can look after it, if there is one."""

    def announce_resolved(self, alert: Alert, *, reason: str) -> None:
        """Say that what the alert complained about is mended."""


class LinkKey(Protocol):
    """The key that the links to alerts are signed with."""

    def find(self) -> bytes | None:
        """The key, or None where no link was ever made."""

    def made(self) -> bytes:
        """The key, which is drawn where there is none yet."""


class Links(Protocol):
    """Makes links by which alerts can be looked after."""

    def to(self, fingerprint: str, *, version: int, now: datetime) -> str:
        """The address for the alert, as it is told now."""


class AlertChannel(Protocol):
    """Where people read of alerts, each in a thread of its own."""

    def show(self, state: AlertState) -> PostedMessage:
        """Say that the alert opened, in a message that begins its thread."""

    def replace(self, message: PostedMessage, state: AlertState) -> None:
        """Let the message say what the alert says now; doing it again changes nothing."""

    def mark_resolved(self, message: PostedMessage, text: str) -> None:
        """Let the message, which said this text, show that the alert is over; doing it again changes nothing."""

    def answer(self, message: PostedMessage, state: AlertState) -> None:
        """Say in the message's thread what the alert says now; each time is another message."""


class AlertThreads(Protocol):
    """Remembers which message told which alert, and which number of it."""

    def find(self, fingerprint: str) -> AlertThread | None:
        """What the channel shows of the alert, or None when that is nothing."""

    def keep(self, fingerprint: str, thread: AlertThread, *, was: AlertThread | None) -> bool:
        """Write what is shown over what was read; False when somebody else has written it since."""


class TicketDesk(Protocol):
    """The ticket system, where tickets about alerts are opened."""

    def find(self, mark: str, *, since: datetime) -> str | None:
        """The key of the ticket that we opened with that mark, not before then; None where none is found yet."""

    def open(self, ticket: NewTicket) -> str:
        """Open it, and return its key; each time is another ticket, and an error may have opened one."""


class DigestBook(Protocol):
    """Remembers of which day the latest digest is, and by which ways it was told."""

    def find(self) -> DigestMark | None:
        """The latest digest's mark, or None when there was none yet."""

    def keep(self, mark: DigestMark, *, was: DigestMark | None) -> bool:
        """Write the mark over what was read; False when somebody else has written it since."""


class DigestTeller(Protocol):
    """A way by which people get the digest."""

    def tell_digest(self, digest: Digest) -> None:
        """Tell it; each time is another message."""


class WrittenTags(Protocol):
    """Knows whose tag we wrote."""

    def written(self, since: datetime, until: datetime) -> Iterator[TagWritten]:
        """Those of that time, `until` excluded, as they stand now."""


class OwnerTeller(Protocol):
    """A way by which owners get their news."""

    def tell_owner(self, news: OwnerNews) -> None:
        """Send it; each time is another message."""


class ClickTakers(Protocol):
    """Those who carry out what somebody clicked, under rights of their own."""

    def hand_on(self, click: SignedClick, *, now: datetime) -> None:
        """Let one of them have the click, as it was signed."""


class ClickAnswers(Protocol):
    """Answers that nobody sees but whoever clicked."""

    def answer(self, response_url: str, *, text: str) -> None:
        """Say it at the address that came with the click; AccessRefusedError where it is no longer taken."""
