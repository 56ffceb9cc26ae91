"""Snapshotting: the ticket as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.services.restores.approving.snapshot_ticket import TicketSnapshotNeeds
from strongroom.wiring.alerts.telling import alert_notifier
from strongroom.wiring.restores.approving.ticketing import tickets
from strongroom.wiring.restores.deciding import judge
from strongroom.wiring.restores.executing import executions
from strongroom.wiring.restores.recording import keeper

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def ticket_snapshot(platform: Platform) -> TicketSnapshotNeeds:
    """What reading the ticket needs."""
    return TicketSnapshotNeeds(
        ceremony=ceremony_of(platform.intent),
        judge=judge(platform),
        keeper=keeper(platform),
        executions=executions(platform),
        tickets=tickets(platform),
        alerts=alert_notifier(platform),
    )
