"""Slack's markup: what messages are made of, and text that means only what it says."""

import unicodedata
from typing import Any, Final

type Block = dict[str, Any]

# Controls, line ends, and the marks that turn the direction of text around.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})


def escape_mrkdwn(text: str) -> str:
    """The text with `&`, `<` and `>` escaped, so that no name can become a link or call a channel."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def visible(text: str) -> str:
    """The text on one line and in one direction: nobody who typed it can make it look like something else."""
    return "".join(" " if unicodedata.category(each) in _UNSEEN else each for each in text)
