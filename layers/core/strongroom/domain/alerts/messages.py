"""Messages to people about alerts: what one says, and what the channel shows of it."""

from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from strongroom.domain.alerts.acknowledging import seen_text
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.alerts.lifecycle import CLAIM_LASTS, AlertState, AlertStatus
from strongroom.domain.alerts.meanings import MEANING_OF
from strongroom.domain.chat import PostedMessage

NO_TICKET_YET: Final = "no ticket yet"


class AlertThread(Struct, frozen=True, kw_only=True):
    """What the channel shows of an alert: by which message, saying what, and the number and status that it stands for.

    While somebody posts, or died over that, it is `claimed_until` some moment; nothing is shown yet without a message.
    """

    message: PostedMessage | None = None
    text: str = ""
    shown: int = 0
    is_closed: bool = False
    is_acknowledged: bool = False
    ticket: str = ""
    claimed_until: datetime | None = None

    def is_claimed(self, now: datetime) -> bool:
        """Whether somebody is posting, as far as can be known."""
        return self.claimed_until is not None and self.claimed_until > now

    def claimed(self, now: datetime) -> "AlertThread":
        """The same, with somebody at it."""
        return replace(self, claimed_until=now + CLAIM_LASTS)


def text_of(state: AlertState, *, runbook: str | None = None) -> str:
    """What people read: what opened, where, whose and why, and what to do about it, or why it is over."""
    if state.status is AlertStatus.RESOLVED:
        return f"Resolved: {state.resolution}"
    alert = state.alert
    meaning = MEANING_OF[alert.kind]
    lines = [
        f"{title_of(alert)} in account {account_of(alert)}, {alert.region}",
        alert.reason,
        alert.subject,
        f"Owner: {owner_of(alert)}",
        f"Means: {meaning.means}",
        f"To do: {meaning.to_do}",
        f"Runbook: {section_of(alert.kind, runbook=runbook)}",
        f"Alert: {seen_text(state)}",
    ]
    if alert.wants_ticket:
        lines.append(f"Ticket: {state.ticket or NO_TICKET_YET}")
    if state.acknowledged_at is not None:
        lines.append(f"Acknowledged by {state.acknowledged_by}, {state.acknowledged_at:%Y-%m-%d %H:%M} UTC")
    return "\n".join(lines)


def title_of(alert: Alert) -> str:
    """What it is, in words."""
    return alert.kind.replace("-", " ").capitalize()


def account_of(alert: Alert) -> str:
    """The account by its name, where that is known, and by its number."""
    name = alert.whose.account_name if alert.whose else ""
    return f"{name} ({alert.account})" if name else str(alert.account)


def owner_of(alert: Alert) -> str:
    """Whose it is, or that nobody has said so."""
    return (alert.whose.owner if alert.whose else "") or "nobody is named"


def section_of(kind: AlertKind, *, runbook: str | None) -> str:
    """The section of the runbook about it: its address, or where it is in the product's own."""
    return f"{runbook or 'docs/runbook.md'}#{kind}"
