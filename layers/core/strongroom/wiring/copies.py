"""Copies: promised, verified, looked for when they are overdue, and seen to when they did not come about."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from strongroom.adapters.aws.backup.backup_jobs import MemberBackupJobs
from strongroom.adapters.aws.backup.copy_jobs import MemberCopyJobs, MemberCopyStarter
from strongroom.adapters.aws.backup.job_lists import OrganizationJobLists
from strongroom.adapters.aws.backup.surroundings import BackupSettings, MemberKeys, VaultAccessPolicies
from strongroom.adapters.aws.backup.vaults import BackupVaults
from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.member_resources import MemberResources
from strongroom.adapters.aws.step_functions import CopyRemediations
from strongroom.adapters.ledger.accounts import LedgerAccounts, beat_key
from strongroom.adapters.ledger.due import LedgerDue
from strongroom.adapters.ledger.groups.book import LedgerGroups, group_key
from strongroom.adapters.ledger.promises import LedgerPromises, promise_key
from strongroom.adapters.ledger.protection import LedgerExpectedBackups, LedgerProtection, backup_key
from strongroom.adapters.ledger.reconciliation import LedgerReconciliation, LedgerStandings
from strongroom.adapters.watchdogs.web import Watchdog
from strongroom.runtime.settings import Setting
from strongroom.services.copies.end_sweep import SweepEndNeeds
from strongroom.services.copies.look_at_backup import Whereabouts
from strongroom.services.copies.open_promises import PromiseOpeningNeeds
from strongroom.services.copies.reconcile_jobs import ReconciliationNeeds
from strongroom.services.copies.remediation.diagnose_copy import CopyDiagnosisNeeds
from strongroom.services.copies.remediation.start_copy import CopyStartNeeds
from strongroom.services.copies.sweep_overdue_copies import OverdueSweepNeeds
from strongroom.services.copies.verify_copy import CopyVerificationNeeds
from strongroom.wiring.alerts import alert_notifier
from strongroom.wiring.health import heartbeat
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
        groups=LedgerGroups(table),
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
        groups=LedgerGroups(table),
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
        remediations=CopyRemediations(partial(client, "stepfunctions"), platform.setting(Setting.REMEDIATION_MACHINE)),
        promises=LedgerPromises(table),
        groups=LedgerGroups(table),
        expected=LedgerExpectedBackups(table),
        whereabouts=Whereabouts(resources=MemberResources(inspection(platform)), accounts=LedgerAccounts(table)),
        heartbeats=heartbeat(platform),
        protection=LedgerProtection(table),
        alerts=alert_notifier(platform),
        publisher=bus(platform),
    )


def sweep_end(platform: Platform) -> SweepEndNeeds:
    """What the end of a sweep needs."""
    url = platform.intent.alerts.dead_man_url
    return SweepEndNeeds(
        intent=platform.intent, publisher=bus(platform), dead_man=None if url is None else Watchdog(url)
    )


def copy_start(platform: Platform) -> CopyStartNeeds:
    """What starting a copy again needs."""
    table, vaults = ledger(platform), backup_vaults(platform)
    return CopyStartNeeds(
        intent=platform.intent,
        backups=MemberBackupJobs(inspection(platform)),
        points=vaults,
        vaults=vaults,
        jobs=MemberCopyJobs(inspection(platform)),
        starter=MemberCopyStarter(copying(platform), intent=platform.intent),
        promises=LedgerPromises(table),
        groups=LedgerGroups(table),
        expected=LedgerExpectedBackups(table),
        protection=LedgerProtection(table),
        alerts=alert_notifier(platform),
        publisher=bus(platform),
    )


def copy_diagnosis(platform: Platform) -> CopyDiagnosisNeeds:
    """What finding out what stops a copy needs."""
    table, vaults, place = ledger(platform), backup_vaults(platform), platform.intent.organization
    return CopyDiagnosisNeeds(
        intent=platform.intent,
        promises=LedgerPromises(table),
        groups=LedgerGroups(table),
        jobs=MemberCopyJobs(inspection(platform)),
        points=vaults,
        vaults=vaults,
        policies=VaultAccessPolicies(inspection(platform), own_account=place.backup_account),
        keys=MemberKeys(inspection(platform)),
        switches=BackupSettings(inspection(platform), home=place.home_region),
        accounts=LedgerAccounts(table),
        alerts=alert_notifier(platform),
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
        groups=LedgerGroups(table),
        expected=LedgerExpectedBackups(table),
        protection=LedgerProtection(table),
        alerts=alert_notifier(platform),
        publisher=bus(platform),
        listed=OrganizationJobLists(lambda region: client("backup", region=region)),
        standings=LedgerStandings(table),
        marks=LedgerReconciliation(table),
    )


def due_list(table: Table) -> LedgerDue:
    """The promises, expected backups, heartbeats and groups of the ledger that are to be looked at."""
    return LedgerDue(
        table, families={"COPY": promise_key, "RESOURCE": backup_key, "ACCOUNT": beat_key, "GROUP": group_key}
    )


def backup_vaults(platform: Platform) -> BackupVaults:
    """Vaults and recovery points, our own and the members'."""
    return BackupVaults(inspection(platform), own_account=platform.intent.organization.backup_account)
