"""Tell the auditors; what cannot be told at this moment is no obstacle of what it is about, and is told at the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from strongroom.domain.errors import TemporarilyUnavailableError

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.alerts.complaints import Alert
    from strongroom.services.alerts.tell_alerts import AlertNotifier


class AuditorNotifier(Struct, frozen=True):
    """Opens and resolves alerts of one look; `untold` are those that somebody else is telling, or nobody could."""

    alerts: AlertNotifier
    untold: list[str] = field(default_factory=list)

    def complain(self, alert: Alert, *, now: datetime) -> None:
        """Open the alert, and tell it once."""
        try:
            self.alerts.complain(alert, now=now)
        except TemporarilyUnavailableError:
            self.untold.append(alert.subject)

    def settle(self, fingerprint: str, *, reason: str, now: datetime) -> None:
        """Resolve the alert, and tell it if it was open."""
        try:
            self.alerts.settle(fingerprint, reason=reason, now=now)
        except TemporarilyUnavailableError:
            self.untold.append(fingerprint)
