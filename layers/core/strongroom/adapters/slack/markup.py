"""Slack's markup: what messages are made of, and text that means only what it says."""

from typing import Any

type Block = dict[str, Any]


def escape_mrkdwn(text: str) -> str:
    """The text with `&`, `<` and `>` escaped, so that no name can become a link or call a channel."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
