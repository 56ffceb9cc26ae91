"""Promise a verified copy of every completed backup, and tell of backups that failed."""

from strongroom.adapters.backup import BackupVaults
from strongroom.adapters.bus import Bus
from strongroom.adapters.clients import MemberClients, client
from strongroom.adapters.dead_letters import bury
from strongroom.adapters.ledger.alerts import LedgerAlerts
from strongroom.adapters.ledger.promises import LedgerPromises
from strongroom.adapters.ledger.protection import LedgerProtection
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.topic import AlertsTopic
from strongroom.domain.backup_jobs import BackupVerdict
from strongroom.runtime.batches import each_event
from strongroom.runtime.contracts.backup import BackupJobChange
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.platform import Platform
from strongroom.services.open_promises import open_promises
from strongroom.services.tell_alerts import AlertDesk


@each_event(BackupJobChange, bury=bury)
def handler(event: Event[BackupJobChange], platform: Platform) -> BackupVerdict:
    """Judge the backup job that the event hints at."""
    intent, settings = platform.intent, platform.settings
    table = LedgerTable(client("dynamodb"), settings.ledger)
    inspection = MemberClients(
        lambda account: intent.member_role_arn(intent.roles.inspection, account), now=platform.now
    )
    return open_promises(
        event.detail.observed(account=event.account, region=event.region, resources=event.resources),
        points=BackupVaults(inspection, own_account=intent.organization.backup_account),
        promises=LedgerPromises(table),
        protection=LedgerProtection(table),
        desk=AlertDesk(
            book=LedgerAlerts(table),
            announcer=AlertsTopic(client("sns"), settings.alerts_topic),
            publisher=Bus(client("events"), settings.bus),
        ),
        intent=intent,
        now=platform.now(),
    )
