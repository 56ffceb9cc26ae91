"""Sweeping: ceremonies that were interrupted are taken up."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from strongroom.adapters.aws.backup.recovery_points import LeftPoints
from strongroom.adapters.aws.backup.restores import CentralCopiesBegun, CentralCopyJobs
from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.restores.access_vaults import MemberAccessUses, MemberAccessVaults, VaultAccessRevoker
from strongroom.adapters.aws.step_functions.ceremonies import CallbackTasks, RestoreCeremonies
from strongroom.adapters.ledger.ends import LedgerEnds
from strongroom.adapters.ledger.restores import CeremonyBells, CeremonyRequests
from strongroom.adapters.ledger.telling.alerts import LedgerOpenAlerts
from strongroom.runtime.settings import Setting
from strongroom.services.restores.deciding.sweep_ceremonies import CeremonySweepNeeds
from strongroom.services.restores.ends.begin_end import EndNeeds
from strongroom.wiring.alerts.telling import alert_notifier
from strongroom.wiring.members import inspection, revoking
from strongroom.wiring.restores.deciding import judging
from strongroom.wiring.restores.recording import keeper
from strongroom.wiring.stack import ceremony_table, ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def ceremony_sweep(platform: Platform) -> CeremonySweepNeeds:
    """What taking up interrupted ceremonies needs."""
    table, machines = ceremony_table(platform), client("stepfunctions")
    return CeremonySweepNeeds(
        open_requests=CeremonyRequests(table),
        judging=partial(judging, platform),
        ceremonies=RestoreCeremonies(machines, platform.setting(Setting.RESTORE_MACHINE)),
        bells=CeremonyBells(table),
        tasks=CallbackTasks(machines),
        alerts=alert_notifier(platform),
        ends=_end(platform),
        home=platform.intent.organization,
    )


def _end(platform: Platform) -> EndNeeds:
    return EndNeeds(
        intent=platform.intent,
        ends=LedgerEnds(ledger(platform)),
        shelf=lambda: keeper(platform).shelf,
        jobs=CentralCopyJobs(client),
        begun=CentralCopiesBegun(client),
        points=LeftPoints(client, inspection(platform), own_account=platform.intent.organization.backup_account),
        access=MemberAccessVaults(inspection(platform)),
        uses=MemberAccessUses(inspection(platform)),
        revoker=VaultAccessRevoker(revoking(platform)),
        kept=lambda request_id: keeper(platform).read(request_id),
        alerts=alert_notifier(platform),
        open_alerts=LedgerOpenAlerts(ledger(platform)),
    )
