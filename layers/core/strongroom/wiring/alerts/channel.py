"""The alerts channel, where every alert has its thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.telling.alert_threads import LedgerAlertThreads
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.adapters.slack.alerts import SlackAlerts
from strongroom.services.alerts.post_alert import AlertPostNeeds
from strongroom.wiring.slack import slack
from strongroom.wiring.stack import ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def alert_post(platform: Platform) -> AlertPostNeeds | None:
    """What telling an alert in the alerts channel needs; None where the intent has no Slack."""
    channel, table = alerts_channel(platform), ledger(platform)
    if channel is None:
        return None
    return AlertPostNeeds(book=LedgerAlerts(table), channel=channel, threads=LedgerAlertThreads(table))


def alerts_channel(platform: Platform) -> SlackAlerts | None:
    """The channel; None where the intent has no Slack."""
    workspace = platform.intent.slack
    if workspace is None:
        return None
    return SlackAlerts(
        slack(platform, api_url=workspace.api_url),
        channel=workspace.alerts_channel,
        runbook=platform.intent.alerts.runbook_url,
    )
