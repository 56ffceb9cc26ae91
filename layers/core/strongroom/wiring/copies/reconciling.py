"""Reconciling: AWS's own lists are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.backup.backup_jobs import MemberBackupJobs
from strongroom.adapters.aws.backup.copy_jobs import MemberCopyJobs
from strongroom.adapters.aws.backup.job_lists import OrganizationJobLists
from strongroom.adapters.aws.clients import client
from strongroom.adapters.ledger.copies.arrivals import LedgerArrivals
from strongroom.adapters.ledger.copies.kept import LedgerKeptCopies
from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.copies.protection import LedgerExpectedBackups, LedgerProtection
from strongroom.adapters.ledger.copies.reconciliation import LedgerReconciliation, LedgerStandings
from strongroom.adapters.ledger.copies.rounds import LedgerRounds
from strongroom.adapters.ledger.groups.book import LedgerGroups
from strongroom.services.copies.reconcile_jobs import ReconciliationNeeds
from strongroom.wiring.alerts.telling import alert_notifier
from strongroom.wiring.copies.inspecting import backup_vaults
from strongroom.wiring.members import inspection
from strongroom.wiring.stack import bus, ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def reconciliation(platform: Platform) -> ReconciliationNeeds:
    """What reading AWS's lists of jobs needs."""
    table, vaults = ledger(platform), backup_vaults(platform)
    return ReconciliationNeeds(
        intent=platform.intent,
        backups=MemberBackupJobs(inspection(platform)),
        points=vaults,
        vaults=vaults,
        jobs=MemberCopyJobs(inspection(platform)),
        promises=LedgerPromises(table),
        groups=LedgerGroups(table),
        expected=LedgerExpectedBackups(table),
        protection=LedgerProtection(table),
        alerts=alert_notifier(platform),
        publisher=bus(platform),
        listed=OrganizationJobLists(lambda region: client("backup", region=region)),
        contents=vaults,
        standings=LedgerStandings(table),
        rounds=LedgerRounds(table),
        arrivals=LedgerArrivals(table),
        kept=LedgerKeptCopies(table),
        older=LedgerRounds(table, are_older=True),
        marks=LedgerReconciliation(table),
    )
