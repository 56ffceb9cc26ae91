"""Scans: what they found in backups is looked at in their vaults, and told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.backup.listed_points import ListedPoints
from strongroom.adapters.aws.clients import client
from strongroom.adapters.ledger.telling.findings import LedgerFindings
from strongroom.services.restores.asking.remembered_scans import RememberedScans
from strongroom.services.scans.report_malware import MalwareReportNeeds
from strongroom.wiring.alerts.telling import alert_notifier
from strongroom.wiring.members import inspection
from strongroom.wiring.stack import ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def malware_report(platform: Platform) -> MalwareReportNeeds:
    """What reporting malware needs."""
    intent = platform.intent
    own = intent.organization.backup_account
    lists = ListedPoints(client, inspection(platform), own_account=own, now=platform.now())
    return MalwareReportNeeds(
        intent=intent,
        lists=RememberedScans(lists, LedgerFindings(ledger(platform))),
        alerts=alert_notifier(platform),
    )
