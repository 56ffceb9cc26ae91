"""Tell once that vaults cannot be held against what is known of them, and when that is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.alerts.complaints import Alert, AlertKind, fingerprint
from strongroom.domain.identifiers import Arn

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.services.alerts.tell_alerts import AlertNotifier


def tell_unread(vault: str, *, cause: str, alerts: AlertNotifier, now: datetime) -> None:
    """Nobody may list the vault, or could for long: what arrives there, or vanishes, may stay unseen."""
    place = Arn.parse(vault)
    alert = Alert(
        kind=AlertKind.VAULTS_NOT_COMPARED,
        subject=vault,
        account=place.account,
        region=place.region,
        reason=f"what it holds cannot be compared with what is known: {cause}",
    )
    alerts.complain(alert, now=now)


def tell_read(vault: str, *, alerts: AlertNotifier, now: datetime) -> None:
    """The vault was listed to its end."""
    alerts.settle(fingerprint(AlertKind.VAULTS_NOT_COMPARED, vault), reason="what it holds was compared again", now=now)
