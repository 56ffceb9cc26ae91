"""Alerts as people are told of them: what opened or resolved, and the message that told it."""

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
