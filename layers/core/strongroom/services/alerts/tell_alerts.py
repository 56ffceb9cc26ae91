"""Open and resolve alerts: remembered first, told until the telling has succeeded, published as facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strongroom.domain.alerts.facts import AlertOpened, AlertResolved

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.alerts.complaints import Alert
    from strongroom.ports.alerts import AlertBook, Announcer
    from strongroom.ports.facts import Publisher


@dataclass(frozen=True, slots=True)
class AlertNotifier:
    """Opens and resolves alerts; services that may have to complain take one of these."""

    book: AlertBook
    announcer: Announcer
    publisher: Publisher

    def complain(self, alert: Alert, *, now: datetime) -> bool:
        """Open the alert and tell it unless it was told; True when it was told now.

        Normally once; a telling that broke off is told again by whoever complains next, as a retry does.
        """
        if not self.book.open(alert, now=now):
            return False
        told = False
        try:
            self._tell_opened(alert)
            told = True
        finally:
            self.book.mark_told(alert.fingerprint, told=told)
        return True

    def settle(self, fingerprint: str, *, reason: str, now: datetime) -> bool:
        """Resolve the alert and tell it if it was open; True when it was told."""
        alert = self.book.resolve(fingerprint, reason=reason, now=now)
        if alert is None:
            return False
        self.announcer.announce_resolved(alert, reason=reason)
        self.publisher.publish(
            AlertResolved(
                account=alert.account,
                region=alert.region,
                resource=alert.subject,
                reason=reason,
                fingerprint=fingerprint,
                kind=alert.kind,
            )
        )
        return True

    def _tell_opened(self, alert: Alert) -> None:
        self.announcer.announce_opened(alert)
        self.publisher.publish(
            AlertOpened(
                account=alert.account,
                region=alert.region,
                resource=alert.subject,
                reason=alert.reason,
                fingerprint=alert.fingerprint,
                kind=alert.kind,
                severity=alert.severity,
            )
        )
