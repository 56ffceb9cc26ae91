"""Report every call that would delete, shorten, re-key, unlock, carry off or blind the backups."""

from strongroom.adapters.backup import BackupVaults
from strongroom.adapters.bus import Bus
from strongroom.adapters.clients import MemberClients, client
from strongroom.adapters.dead_letters import bury
from strongroom.adapters.ledger.alerts import LedgerAlerts
from strongroom.adapters.ledger.promises import LedgerPromises
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.topic import AlertsTopic
from strongroom.domain.tampering import TamperingVerdict
from strongroom.runtime.batches import each_event
from strongroom.runtime.contracts.calls import observed_call
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.trail import TrailRecord
from strongroom.runtime.platform import Platform
from strongroom.services.report_tampering import report_tampering
from strongroom.services.tell_alerts import AlertDesk


@each_event(TrailRecord, bury=bury)
def handler(event: Event[TrailRecord], platform: Platform) -> TamperingVerdict:
    """Judge the call that the trail recorded."""
    intent, settings = platform.intent, platform.settings
    table = LedgerTable(client("dynamodb"), settings.ledger)
    inspection = MemberClients(
        lambda account: intent.member_role_arn(intent.roles.inspection, account), now=platform.now
    )
    return report_tampering(
        observed_call(event),
        vaults=BackupVaults(inspection, own_account=intent.organization.backup_account),
        promises=LedgerPromises(table),
        desk=AlertDesk(
            book=LedgerAlerts(table),
            announcer=AlertsTopic(client("sns"), settings.alerts_topic),
            publisher=Bus(client("events"), settings.bus),
        ),
        intent=intent,
        now=platform.now(),
    )
