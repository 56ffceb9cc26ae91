"""Tag what was just created with its tier, or correct a tag that names none, and say why."""

from strongroom.adapters.bus import Bus
from strongroom.adapters.clients import MemberClients, client
from strongroom.adapters.dead_letters import bury
from strongroom.adapters.ledger.accounts import LedgerAccounts
from strongroom.adapters.ledger.alerts import LedgerAlerts
from strongroom.adapters.ledger.resources import LedgerResources
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.organizations import Organization
from strongroom.adapters.tagging.member_tags import MemberTags
from strongroom.adapters.topic import AlertsTopic
from strongroom.domain.identifiers import Region, parse_account_id
from strongroom.runtime.batches import each_event
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.trail import TrailRecord
from strongroom.runtime.platform import Platform
from strongroom.services.enforce_tags import CreationCall, EnforcementVerdict, Enforcer, enforce_tags
from strongroom.services.tell_alerts import AlertDesk


@each_event(TrailRecord, bury=bury)
def handler(event: Event[TrailRecord], platform: Platform) -> EnforcementVerdict:
    """Judge everything that the call created."""
    intent = platform.intent
    record = event.detail
    table = LedgerTable(client("dynamodb"), platform.settings.ledger)
    taggers = MemberClients(lambda account: intent.member_role_arn(intent.roles.tagging, account), now=platform.now)
    enforcer = Enforcer(
        intent=intent,
        organization=Organization(client("organizations")),
        accounts=LedgerAccounts(table),
        resources=LedgerResources(table),
        tags=MemberTags(taggers),
        desk=AlertDesk(
            book=LedgerAlerts(table),
            announcer=AlertsTopic(client("sns"), platform.settings.alerts_topic),
            publisher=Bus(client("events"), platform.settings.bus),
        ),
    )
    call = CreationCall(
        event_id=event.id,
        event_source=record.event_source,
        event_name=record.event_name,
        account=parse_account_id(event.account),
        region=Region(event.region),
        caller=record.user_identity.caller,
        request=record.request_parameters,
        response=record.response_elements,
        error_code=record.error_code,
    )
    return enforce_tags(call, enforcer=enforcer, now=platform.now())
