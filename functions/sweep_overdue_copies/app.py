"""Look at every copy that is overdue, and find it, wait for it, or complain once and copy again."""

from strongroom.adapters.backup import BackupVaults
from strongroom.adapters.bus import Bus
from strongroom.adapters.clients import MemberClients, client
from strongroom.adapters.copy_jobs import MemberCopyJobs, MemberCopyStarter
from strongroom.adapters.dead_letters import bury
from strongroom.adapters.ledger.alerts import LedgerAlerts
from strongroom.adapters.ledger.promises import LedgerPromises
from strongroom.adapters.ledger.protection import LedgerProtection
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.topic import AlertsTopic
from strongroom.runtime.batches import each_event
from strongroom.runtime.contracts.envelope import Event, Tick
from strongroom.runtime.platform import Platform
from strongroom.services.sweep_overdue_copies import Sweep, SweepVerdict, sweep_overdue_copies
from strongroom.services.tell_alerts import AlertDesk
from strongroom.services.verify_copy import CopyRecords


@each_event(Tick, bury=bury)
def handler(_event: Event[Tick], platform: Platform) -> SweepVerdict:
    """Sweep once; what is left over is still due at the next tick."""
    intent, settings = platform.intent, platform.settings
    table = LedgerTable(client("dynamodb"), settings.ledger)
    promises = LedgerPromises(table)
    inspection = MemberClients(
        lambda account: intent.member_role_arn(intent.roles.inspection, account), now=platform.now
    )
    copiers = MemberClients(lambda account: intent.member_role_arn(intent.roles.copying, account), now=platform.now)
    sweep = Sweep(
        due=promises,
        truth=BackupVaults(inspection, own_account=intent.organization.backup_account),
        jobs=MemberCopyJobs(inspection),
        starter=MemberCopyStarter(copiers, intent=intent),
        records=CopyRecords(
            promises=promises,
            protection=LedgerProtection(table),
            desk=AlertDesk(
                book=LedgerAlerts(table),
                announcer=AlertsTopic(client("sns"), settings.alerts_topic),
                publisher=Bus(client("events"), settings.bus),
            ),
        ),
        intent=intent,
    )
    return sweep_overdue_copies(sweep, now=platform.now())
