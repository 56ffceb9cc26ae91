"""Messages to people in chat: where one was posted, and text that means only what it says."""

from dataclasses import dataclass
from datetime import datetime

from strongroom.domain.identifiers import AccountId, Region


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedMessage:
    """Where a message is: its channel's id and its own timestamp, which is also the id of its thread."""

    channel: str
    ts: str


def escape_mrkdwn(text: str) -> str:
    """The text with `&`, `<` and `>` escaped, so that no name can become a link or call a channel."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


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
