"""Promising: what a backup owes is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.backup.backup_jobs import MemberBackupJobs
from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.copies.protection import LedgerExpectedBackups, LedgerProtection
from strongroom.adapters.ledger.groups.book import LedgerGroups
from strongroom.services.copies.open_promises import PromiseOpeningNeeds
from strongroom.wiring.alerts.telling import alert_notifier
from strongroom.wiring.copies.inspecting import backup_vaults
from strongroom.wiring.members import inspection
from strongroom.wiring.stack import bus, ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def promise_opening(platform: Platform) -> PromiseOpeningNeeds:
    """What promising copies needs."""
    table = ledger(platform)
    return PromiseOpeningNeeds(
        intent=platform.intent,
        backups=MemberBackupJobs(inspection(platform)),
        points=backup_vaults(platform),
        promises=LedgerPromises(table),
        groups=LedgerGroups(table),
        expected=LedgerExpectedBackups(table),
        protection=LedgerProtection(table),
        alerts=alert_notifier(platform),
        publisher=bus(platform),
    )
