"""Tampering: calls that would weaken the backups, held against our vaults and promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.backup.vaults import BackupVaults
from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.services.tampering.report_tampering import TamperingReportNeeds
from strongroom.wiring.alerts.telling import alert_notifier
from strongroom.wiring.members import inspection
from strongroom.wiring.stack import ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def tampering_report(platform: Platform) -> TamperingReportNeeds:
    """What reporting tampering needs."""
    return TamperingReportNeeds(
        intent=platform.intent,
        vaults=BackupVaults(inspection(platform), own_account=platform.intent.organization.backup_account),
        promises=LedgerPromises(ledger(platform)),
        alerts=alert_notifier(platform),
    )
