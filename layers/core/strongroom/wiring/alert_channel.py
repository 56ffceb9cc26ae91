"""The alerts channel, where every alert has its thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.alert_threads import LedgerAlertThreads
from strongroom.services.alerts.post_alert import AlertPostNeeds
from strongroom.wiring.slack import slack
from strongroom.wiring.stack import ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def alert_post(platform: Platform) -> AlertPostNeeds:
    """What telling an alert in the alerts channel needs."""
    return AlertPostNeeds(
        chat=slack(platform),
        threads=LedgerAlertThreads(ledger(platform)),
        channel=platform.intent.slack.alerts_channel,
    )
