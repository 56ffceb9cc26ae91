"""Where people are spoken to in chat, and what they click there."""

from dataclasses import dataclass
from typing import Final

# The buttons, by what Slack calls an action: one leads to a page and does nothing, the other marks an alert.
REVIEW: Final = "review"
ACKNOWLEDGE: Final = "acknowledge"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedMessage:
    """Where a message is: its channel's id and its own timestamp, which is also the id of its thread."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackClick:
    """One click: who, in which workspace and app, on which button, and where that person can be answered."""

    user: str
    user_team: str
    team: str
    app: str
    action: str
    value: str
    response_url: str

    def is_from(self, *, team: str, app: str) -> bool:
        """Whether somebody of the workspace clicked there, on a button of the app; a shared channel has others, too."""
        return (self.user_team, self.team, self.app) == (team, team, app)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedClick:
    """A click as it arrived: the bytes that Slack signed, when it said it did, and the signature. None is printed."""

    body: bytes
    timestamp: str
    signature: str

    def __repr__(self) -> str:
        """Without what was sent and signed."""
        return f"SignedClick(timestamp={self.timestamp!r})"
