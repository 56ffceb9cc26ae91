"""Show what is open, and mark an alert as looked after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from strongroom.domain.alerts.acknowledging import acknowledged
from strongroom.domain.alerts.facts import AlertAcknowledged
from strongroom.domain.alerts.shown import shown_alert
from strongroom.domain.errors import TemporarilyUnavailableError

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.ports.alerts import AlertBook, OpenAlerts
    from strongroom.ports.facts import Publisher

# So often somebody else may come between a look and the write that follows from it.
_TRIES: Final = 4
_LISTED: Final = 200


class AcknowledgementNeeds(Struct, frozen=True, kw_only=True):
    """What marking an alert needs of the world."""

    book: AlertBook
    publisher: Publisher


def list_alerts(*, alerts: OpenAlerts) -> list[dict[str, Any]]:
    """What is open, the gravest first and the oldest of those; 200 at most."""
    shown: list[dict[str, Any]] = []
    for state in alerts.open():
        if len(shown) == _LISTED:
            break
        shown.append(shown_alert(state))
    return shown


def acknowledge_alert(
    fingerprint: str, *, seen: int, by: str, needs: AcknowledgementNeeds, now: datetime
) -> dict[str, Any]:
    """Mark the version that the person saw, and ring for those who show it; errors as of `acknowledged`.

    Who comes second is told who was first.
    """
    for _ in range(_TRIES):
        kept = needs.book.find(fingerprint)
        marked = acknowledged(kept, seen=seen, by=by, now=now)
        if marked == kept or needs.book.keep(marked, was=kept):
            alert = marked.alert
            # Rung each time: whoever died behind the write has rung for nobody.
            needs.publisher.publish(
                AlertAcknowledged(
                    account=alert.account,
                    region=alert.region,
                    resource=alert.subject,
                    reason=f"{marked.acknowledged_by} looks after it",
                    fingerprint=fingerprint,
                    kind=alert.kind,
                )
            )
            return shown_alert(marked)
    raise TemporarilyUnavailableError(f"alert {fingerprint} is being changed all the time")
