"""The alerts channel, where every alert has its thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.alert_threads import LedgerAlertThreads
from strongroom.adapters.ledger.alerts import LedgerAlerts, LedgerDigests, LedgerOpenAlerts
from strongroom.adapters.slack.alerts import SlackAlerts
from strongroom.services.alerts.post_alert import AlertPostNeeds
from strongroom.services.alerts.tell_digest import DigestTellingNeeds
from strongroom.wiring.alerts.telling import alerts_topic
from strongroom.wiring.slack import slack
from strongroom.wiring.stack import ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def alert_post(platform: Platform) -> AlertPostNeeds | None:
    """What telling an alert in the alerts channel needs; None where the intent has no Slack."""
    channel, table = _channel(platform), ledger(platform)
    if channel is None:
        return None
    return AlertPostNeeds(book=LedgerAlerts(table), channel=channel, threads=LedgerAlertThreads(table))


def digest_telling(platform: Platform) -> DigestTellingNeeds:
    """What telling the digest needs: the topic, and the channel where there is one."""
    table, channel = ledger(platform), _channel(platform)
    return DigestTellingNeeds(
        digest_at=platform.intent.alerts.digest_at,
        alerts=LedgerOpenAlerts(table),
        book=LedgerDigests(table),
        tellers={"topic": alerts_topic(platform)} | ({} if channel is None else {"channel": channel}),
    )


def _channel(platform: Platform) -> SlackAlerts | None:
    workspace = platform.intent.slack
    if workspace is None:
        return None
    return SlackAlerts(
        slack(platform, api_url=workspace.api_url),
        channel=workspace.alerts_channel,
        runbook=platform.intent.alerts.runbook_url,
    )
