"""Alerts: remembered in the ledger, told by the topic, published on the bus."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.topic import AlertsTopic
from strongroom.adapters.ledger.accounts import LedgerOwners
from strongroom.adapters.ledger.alerts import LedgerAlerts
from strongroom.domain.alerts.quiet_hours import QuietHours
from strongroom.runtime.settings import Setting
from strongroom.services.alerts.acknowledge_alert import AcknowledgementNeeds
from strongroom.services.alerts.tell_alerts import AlertNotifier
from strongroom.wiring.stack import bus, ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def acknowledgement(platform: Platform) -> AcknowledgementNeeds:
    """What showing open alerts, and marking one, needs."""
    return AcknowledgementNeeds(book=LedgerAlerts(ledger(platform)), publisher=bus(platform))


def alerts_topic(platform: Platform) -> AlertsTopic:
    """The topic that people subscribe to."""
    topic, runbook = platform.setting(Setting.ALERTS_TOPIC), platform.intent.alerts.runbook_url
    return AlertsTopic(partial(client, "sns"), topic, runbook=runbook)


def alert_notifier(platform: Platform) -> AlertNotifier:
    """What opens and resolves alerts."""
    table = ledger(platform)
    return AlertNotifier(
        book=LedgerAlerts(table),
        announcer=alerts_topic(platform),
        publisher=bus(platform),
        owners=LedgerOwners(table, intent=platform.intent),
        quiet_hours=QuietHours.parse(platform.intent.alerts.quiet_hours),
    )
