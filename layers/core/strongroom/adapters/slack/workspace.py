"""What our messages ask of a Slack workspace: `web_api.Slack`, or whoever stands in for it."""

from collections.abc import Sequence
from typing import Protocol

from strongroom.adapters.slack.markup import Block
from strongroom.domain.chat import PostedMessage


class Workspace(Protocol):
    """Messages and threads in channels."""

    def post(self, channel: str, *, text: str, blocks: Sequence[Block] = ()) -> PostedMessage:
        """Post a message to the channel."""

    def reply(self, message: PostedMessage, *, text: str, blocks: Sequence[Block] = ()) -> PostedMessage:
        """Post a message in the thread of another."""

    def update(self, message: PostedMessage, *, text: str, blocks: Sequence[Block] = ()) -> None:
        """Replace a message's text and blocks."""
