"""Sweeping: what is due is looked for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from strongroom.adapters.aws.backup.backup_jobs import MemberBackupJobs
from strongroom.adapters.aws.backup.copy_jobs import MemberCopyJobs
from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.member_resources import MemberResources
from strongroom.adapters.aws.step_functions.remediations import CopyRemediations
from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.accounts.heartbeats import beat_key
from strongroom.adapters.ledger.copies.promises import LedgerPromises, promise_key
from strongroom.adapters.ledger.copies.protection import LedgerExpectedBackups, LedgerProtection, backup_key
from strongroom.adapters.ledger.due import LedgerDue
from strongroom.adapters.ledger.groups.book import LedgerGroups, group_key
from strongroom.adapters.watchdogs.web import Watchdog
from strongroom.runtime.settings import Setting
from strongroom.services.copies.end_sweep import SweepEndNeeds
from strongroom.services.copies.look_at_backup import Whereabouts
from strongroom.services.copies.sweep_overdue_copies import OverdueSweepNeeds
from strongroom.wiring.alerts.telling import alert_notifier
from strongroom.wiring.copies.inspecting import backup_vaults
from strongroom.wiring.health import heartbeat
from strongroom.wiring.members import inspection
from strongroom.wiring.stack import bus, ledger

if TYPE_CHECKING:
    from strongroom.adapters.ledger.table import Table
    from strongroom.runtime.platform import Platform


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


def due_list(table: Table) -> LedgerDue:
    """The promises, expected backups, heartbeats and groups of the ledger that are to be looked at."""
    return LedgerDue(
        table, families={"COPY": promise_key, "RESOURCE": backup_key, "ACCOUNT": beat_key, "GROUP": group_key}
    )
