"""Where people are spoken to in chat, and what they click there."""

from typing import Final

from msgspec import Struct

# The buttons, by what Slack calls an action: one leads to a page and does nothing, the other marks an alert.
REVIEW: Final = "review"
ACKNOWLEDGE: Final = "acknowledge"


class PostedMessage(Struct, frozen=True, kw_only=True):
    """Where a message is: its channel's id and its own timestamp, which is also the id of its thread."""

    channel: str
    ts: str


class SlackClick(Struct, frozen=True, kw_only=True):
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


class SignedClick(Struct, frozen=True, kw_only=True):
    """A click as it arrived: the bytes that Slack signed, when it said it did, and the signature. None is printed."""

    body: bytes
    timestamp: str
    signature: str

    def __repr__(self) -> str:
        """Without what was sent and signed."""
        return f"SignedClick(timestamp={self.timestamp!r})"
