"""Copies: promised, verified, and looked for when they are overdue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.backup.backup_jobs import MemberBackupJobs
from strongroom.adapters.aws.backup.copy_jobs import MemberCopyJobs, MemberCopyStarter
from strongroom.adapters.aws.backup.job_lists import OrganizationJobLists
from strongroom.adapters.aws.backup.vaults import BackupVaults
from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.member_resources import MemberResources
from strongroom.adapters.ledger.accounts import LedgerAccounts
from strongroom.adapters.ledger.due import LedgerDue
from strongroom.adapters.ledger.promises import LedgerPromises, promise_key
from strongroom.adapters.ledger.protection import LedgerExpectedBackups, LedgerProtection, backup_key
from strongroom.adapters.ledger.reconciliation import LedgerReconciliation, LedgerStandings
from strongroom.services.copies.look_at_backup import Whereabouts
from strongroom.services.copies.open_promises import PromiseOpeningNeeds
from strongroom.services.copies.reconcile_jobs import ReconciliationNeeds
from strongroom.services.copies.sweep_overdue_copies import OverdueSweepNeeds
from strongroom.services.copies.verify_copy import CopyVerificationNeeds
from strongroom.wiring.alerts import alert_notifier
from strongroom.wiring.members import copying, inspection
from strongroom.wiring.stack import bus, ledger

if TYPE_CHECKING:
    from strongroom.adapters.ledger.table import Table
    from strongroom.runtime.platform import Platform


def promise_opening(platform: Platform) -> PromiseOpeningNeeds:
    """What promising copies needs."""
    table = ledger(platform)
    return PromiseOpeningNeeds(
        intent=platform.intent,
        backups=MemberBackupJobs(inspection(platform)),
        points=backup_vaults(platform),
        promises=LedgerPromises(table),
        expected=LedgerExpectedBackups(table),
        protection=LedgerProtection(table),
        alerts=alert_notifier(platform),
        publisher=bus(platform),
    )


def copy_verification(platform: Platform) -> CopyVerificationNeeds:
    """What verifying a copy needs."""
    table, vaults = ledger(platform), backup_vaults(platform)
    return CopyVerificationNeeds(
        intent=platform.intent,
        backups=MemberBackupJobs(inspection(platform)),
        points=vaults,
        vaults=vaults,
        jobs=MemberCopyJobs(inspection(platform)),
        promises=LedgerPromises(table),
        expected=LedgerExpectedBackups(table),
        protection=LedgerProtection(table),
        alerts=alert_notifier(platform),
        publisher=bus(platform),
    )


def overdue_sweep(platform: Platform) -> OverdueSweepNeeds:
    """What a sweep over what is overdue needs."""
    table, vaults = ledger(platform), backup_vaults(platform)
    return OverdueSweepNeeds(
        intent=platform.intent,
        due=due_list(table),
        backups=MemberBackupJobs(inspection(platform)),
        points=vaults,
        vaults=vaults,
        jobs=MemberCopyJobs(inspection(platform)),
        starter=MemberCopyStarter(copying(platform), intent=platform.intent),
        promises=LedgerPromises(table),
        expected=LedgerExpectedBackups(table),
        whereabouts=Whereabouts(resources=MemberResources(inspection(platform)), accounts=LedgerAccounts(table)),
        protection=LedgerProtection(table),
        alerts=alert_notifier(platform),
        publisher=bus(platform),
    )


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
        expected=LedgerExpectedBackups(table),
        protection=LedgerProtection(table),
        alerts=alert_notifier(platform),
        publisher=bus(platform),
        listed=OrganizationJobLists(lambda region: client("backup", region=region)),
        standings=LedgerStandings(table),
        marks=LedgerReconciliation(table),
    )


def due_list(table: Table) -> LedgerDue:
    """The promises and expected backups of the ledger that are to be looked at."""
    return LedgerDue(table, families={"COPY": promise_key, "RESOURCE": backup_key})


def backup_vaults(platform: Platform) -> BackupVaults:
    """Vaults and recovery points, our own and the members'."""
    return BackupVaults(inspection(platform), own_account=platform.intent.organization.backup_account)
