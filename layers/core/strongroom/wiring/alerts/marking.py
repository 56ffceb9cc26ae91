"""Marking: open alerts are shown, and somebody looks after one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.telling.alerts import LedgerAlerts, LedgerOpenAlerts
from strongroom.services.alerts.acknowledge_alert import AcknowledgementNeeds
from strongroom.services.alerts.take_alert_link import AlertLinkNeeds
from strongroom.wiring.alerts.telling import link_key
from strongroom.wiring.stack import bus, ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def open_alerts(platform: Platform) -> LedgerOpenAlerts:
    """What is open."""
    return LedgerOpenAlerts(ledger(platform))


def acknowledgement(platform: Platform) -> AcknowledgementNeeds:
    """What marking an alert needs."""
    return AcknowledgementNeeds(book=LedgerAlerts(ledger(platform)), publisher=bus(platform))


def alert_link(platform: Platform) -> AlertLinkNeeds:
    """What using a link needs."""
    return AlertLinkNeeds(key=link_key(platform), marking=acknowledgement(platform))
