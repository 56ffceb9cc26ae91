"""Judge whether an account that moved, came, went or got its stack is protected as its unit demands."""

from strongroom.adapters.bus import Bus
from strongroom.adapters.clients import MemberClients, client
from strongroom.adapters.dead_letters import bury
from strongroom.adapters.ledger.accounts import LedgerAccounts
from strongroom.adapters.ledger.alerts import LedgerAlerts
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.member_inspection import MemberInspection
from strongroom.adapters.organizations import Organization
from strongroom.adapters.topic import AlertsTopic
from strongroom.domain.accounts import AccountVerdict, central_bus_arn
from strongroom.runtime.batches import each_event
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.organizations import AccountChange
from strongroom.runtime.platform import Platform
from strongroom.services.assess_account import Assessor, Unconcerned, assess_notice
from strongroom.services.tell_alerts import AlertDesk


@each_event(AccountChange, bury=bury)
def handler(event: Event[AccountChange], platform: Platform) -> AccountVerdict | Unconcerned:
    """Judge the account that the event hints at."""
    intent = platform.intent
    table = LedgerTable(client("dynamodb"), platform.settings.ledger)
    inspectors = MemberClients(
        lambda account: intent.member_role_arn(intent.roles.inspection, account), now=platform.now
    )
    assessor = Assessor(
        intent=intent,
        central_bus=central_bus_arn(intent, platform.settings.bus),
        organization=Organization(client("organizations")),
        members=MemberInspection(inspectors, intent=intent),
        book=LedgerAccounts(table),
        desk=AlertDesk(
            book=LedgerAlerts(table),
            announcer=AlertsTopic(client("sns"), platform.settings.alerts_topic),
            publisher=Bus(client("events"), platform.settings.bus),
        ),
    )
    return assess_notice(event.detail.noticed(account=event.account), assessor=assessor, now=platform.now())
