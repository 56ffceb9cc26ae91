"""Health: whether every forwarder is still heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.accounts.heartbeats import LedgerHeartbeats
from strongroom.services.health.expect_heartbeats import HeartbeatNeeds
from strongroom.wiring.alerts.telling import alert_notifier
from strongroom.wiring.stack import ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def heartbeat(platform: Platform) -> HeartbeatNeeds:
    """What hearing a forwarder needs, and noticing that it is silent."""
    table = ledger(platform)
    return HeartbeatNeeds(
        intent=platform.intent,
        beats=LedgerHeartbeats(table),
        accounts=LedgerAccounts(table),
        alerts=alert_notifier(platform),
    )
