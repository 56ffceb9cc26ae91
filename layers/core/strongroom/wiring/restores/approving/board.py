"""Where approvers see requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.slack.approvals import SlackApprovals
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.wiring.slack import slack

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def approval_board(platform: Platform) -> SlackApprovals:
    """The channel in Slack."""
    workspace = ceremony_of(platform.intent).slack
    return SlackApprovals(slack(platform, api_url=workspace.api_url), channel=workspace.restores_channel)
