"""Slack: the workspace that our app speaks in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.slack.web_api import Slack
from strongroom.wiring.stack import secrets

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def slack(platform: Platform, *, api_url: str) -> Slack:
    """The workspace, as our app's bot sees it."""
    return Slack(token=secrets(platform).value("slack_bot_token"), api_url=api_url)
