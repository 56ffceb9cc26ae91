"""Messages to people about alerts: what one says, and what the channel shows of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from strongroom.domain.alerts.lifecycle import CLAIM_LASTS, AlertState, AlertStatus
from strongroom.domain.chat import PostedMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertThread:
    """What the channel shows of an alert: by which message, saying what, and the number and status that it stands for.

    While somebody posts, or died over that, it is `claimed_until` some moment; nothing is shown yet without a message.
    """

    message: PostedMessage | None = None
    text: str = ""
    shown: int = 0
    is_closed: bool = False
    claimed_until: datetime | None = None

    def is_claimed(self, now: datetime) -> bool:
        """Whether somebody is posting, as far as can be known."""
        return self.claimed_until is not None and self.claimed_until > now

    def claimed(self, now: datetime) -> "AlertThread":
        """The same, with somebody at it."""
        return replace(self, claimed_until=now + CLAIM_LASTS)


def text_of(state: AlertState) -> str:
    """What people read: what opened, where and why, or why it is over."""
    if state.status is AlertStatus.RESOLVED:
        return f"Resolved: {state.resolution}"
    alert = state.alert
    title = alert.kind.replace("-", " ").capitalize()
    return f"{title} in account {alert.account}, {alert.region}\n{alert.reason}\n{alert.subject}"
