"""Messages to people in chat: where one was posted, and text that means only what it says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedMessage:
    """Where a message is: its channel's id and its own timestamp, which is also the id of its thread."""

    channel: str
    ts: str


def escape_mrkdwn(text: str) -> str:
    """The text with `&`, `<` and `>` escaped, so that no name can become a link or call a channel."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
