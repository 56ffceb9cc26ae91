"""Where people are spoken to in chat."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedMessage:
    """Where a message is: its channel's id and its own timestamp, which is also the id of its thread."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How far people were told of a request: `shown` is the mark of what stands in chat, faults say why nothing does.

    `account_name` is what the request's account is called.
    """

    shown: str = ""
    chat_fault: str = ""
    is_on_ticket: bool = False
    ticket_fault: str = ""
    account_name: str = ""
