"""Where people are spoken to in chat."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedMessage:
    """Where a message is: its channel's id and its own timestamp, which is also the id of its thread."""

    channel: str
    ts: str
