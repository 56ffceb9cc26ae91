"""Alerts: remembered in the ledger, told by the topic, published on the bus."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.topic import AlertsTopic
from strongroom.adapters.ledger.alerts import LedgerAlerts
from strongroom.runtime.settings import Setting
from strongroom.services.alerts.tell_alerts import AlertNotifier
from strongroom.wiring.stack import bus, ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def alert_notifier(platform: Platform) -> AlertNotifier:
    """What opens and resolves alerts."""
    return AlertNotifier(
        book=LedgerAlerts(ledger(platform)),
        announcer=AlertsTopic(partial(client, "sns"), platform.setting(Setting.ALERTS_TOPIC)),
        publisher=bus(platform),
    )
