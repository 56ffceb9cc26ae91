"""Slack: the workspace that our app speaks in, and alerts told there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.alert_threads import LedgerAlertThreads
from strongroom.adapters.slack import Slack
from strongroom.services.post_alert import AlertPostNeeds
from strongroom.wiring.stack import ledger, secrets

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def slack(platform: Platform) -> Slack:
    """The workspace, as our app's bot sees it."""
    return Slack(token=secrets(platform).value("slack_bot_token"), api_url=platform.intent.slack.api_url)


def alert_post(platform: Platform) -> AlertPostNeeds:
    """What telling an alert in the alerts channel needs."""
    return AlertPostNeeds(
        chat=slack(platform),
        threads=LedgerAlertThreads(ledger(platform)),
        channel=platform.intent.slack.alerts_channel,
    )
