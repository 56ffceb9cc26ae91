"""Verify that a finished copy job left a recovery point in the isolated vault, as promised."""

from strongroom.adapters.backup import BackupVaults
from strongroom.adapters.bus import Bus
from strongroom.adapters.clients import MemberClients, client
from strongroom.adapters.copy_jobs import MemberCopyJobs
from strongroom.adapters.dead_letters import bury
from strongroom.adapters.ledger.alerts import LedgerAlerts
from strongroom.adapters.ledger.promises import LedgerPromises
from strongroom.adapters.ledger.protection import LedgerProtection
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.topic import AlertsTopic
from strongroom.domain.copies import CopyVerdict
from strongroom.domain.identifiers import AccountId, Region
from strongroom.runtime.batches import each_event
from strongroom.runtime.contracts.backup import CopyJobChange
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.platform import Platform
from strongroom.services.tell_alerts import AlertDesk
from strongroom.services.verify_copy import CopyRecords, verify_copy


@each_event(CopyJobChange, bury=bury)
def handler(event: Event[CopyJobChange], platform: Platform) -> CopyVerdict:
    """Judge the copy job that the event hints at."""
    intent, settings = platform.intent, platform.settings
    table = LedgerTable(client("dynamodb"), settings.ledger)
    inspection = MemberClients(
        lambda account: intent.member_role_arn(intent.roles.inspection, account), now=platform.now
    )
    return verify_copy(
        event.detail.observed(resources=event.resources),
        account=AccountId(event.account),
        region=Region(event.region),
        truth=BackupVaults(inspection, own_account=intent.organization.backup_account),
        jobs=MemberCopyJobs(inspection),
        records=CopyRecords(
            promises=LedgerPromises(table),
            protection=LedgerProtection(table),
            desk=AlertDesk(
                book=LedgerAlerts(table),
                announcer=AlertsTopic(client("sns"), settings.alerts_topic),
                publisher=Bus(client("events"), settings.bus),
            ),
        ),
        intent=intent,
        now=platform.now(),
    )
