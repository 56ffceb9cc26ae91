"""Telling: alerts are remembered in the ledger, told by the topic, published on the bus."""

from __future__ import annotations

from copy import replace
from functools import partial
from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.topic import AlertsTopic
from strongroom.adapters.ledger.accounts.owners import LedgerOwners
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts, LedgerLinkKey
from strongroom.domain.alerts.links import KEY_LENGTH
from strongroom.domain.alerts.quiet_hours import QuietHours
from strongroom.runtime.settings import Setting
from strongroom.services.alerts.alert_links import AlertLinks
from strongroom.services.alerts.tell_alerts import AlertNotifier
from strongroom.wiring.stack import bus, ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def alert_notifier(platform: Platform) -> AlertNotifier:
    """What opens and resolves alerts."""
    return replace(auditors_notifier(platform), links=_links(platform))


def auditors_notifier(platform: Platform) -> AlertNotifier:
    """The same for the audit account's own alerts, which the API does not know: no link leads to them."""
    table = ledger(platform)
    return AlertNotifier(
        book=LedgerAlerts(table),
        announcer=alerts_topic(platform),
        publisher=bus(platform),
        owners=LedgerOwners(table, intent=platform.intent),
        quiet_hours=QuietHours.parse(platform.intent.alerts.quiet_hours),
    )


def alerts_topic(platform: Platform) -> AlertsTopic:
    """The topic that people subscribe to."""
    topic, runbook = platform.setting(Setting.ALERTS_TOPIC), platform.intent.alerts.runbook_url
    return AlertsTopic(partial(client, "sns"), topic, runbook=runbook)


def _links(platform: Platform) -> AlertLinks | None:
    """What makes links to alerts; None where the intent does not say where the API is."""
    api_url = platform.intent.alerts.api_url
    return None if api_url is None else AlertLinks(key=link_key(platform), api_url=api_url)


def link_key(platform: Platform) -> LedgerLinkKey:
    """The key of the links to alerts."""
    return LedgerLinkKey(ledger(platform), draw=_drawn)


def _drawn() -> bytes:
    # Late: the key is drawn once for ever, and `secrets` would bring `random` along at every start.
    from secrets import token_bytes

    return token_bytes(KEY_LENGTH)
