"""Messages to people about alerts: what one says, and where it was posted."""

from dataclasses import dataclass
from datetime import datetime

from strongroom.domain.chat import PostedMessage
from strongroom.domain.identifiers import AccountId, Region


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertThread:
    """The message that told an alert: what it said, when the alert opened, and whether its end was told too."""

    message: PostedMessage
    text: str
    opened_at: datetime
    is_closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertNews:
    """An alert opened or resolved, as the bus tells it; `event` is the event's id, `at` its time."""

    is_opened: bool
    fingerprint: str
    kind: str
    severity: str
    account: AccountId
    region: Region
    resource: str
    reason: str
    event: str
    at: datetime

    @property
    def text(self) -> str:
        """What people read: what opened, where and why, or why it is over."""
        if not self.is_opened:
            return f"Resolved: {self.reason}"
        title = self.kind.replace("-", " ").capitalize()
        return f"{title} in account {self.account}, {self.region}\n{self.reason}\n{self.resource}"
