"""Remediating: a copy that did not come about is started again, or what stops it is found out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.backup.backup_jobs import MemberBackupJobs
from strongroom.adapters.aws.backup.copy_jobs import MemberCopyJobs, MemberCopyStarter
from strongroom.adapters.aws.backup.surroundings import BackupSettings, MemberKeys, VaultAccessPolicies
from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.copies.protection import LedgerExpectedBackups, LedgerProtection
from strongroom.adapters.ledger.groups.book import LedgerGroups
from strongroom.services.copies.remediation.diagnose_copy import CopyDiagnosisNeeds
from strongroom.services.copies.remediation.start_copy import CopyStartNeeds
from strongroom.wiring.alerts.telling import alert_notifier
from strongroom.wiring.copies.inspecting import backup_vaults
from strongroom.wiring.members import copying, inspection
from strongroom.wiring.stack import bus, ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


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
