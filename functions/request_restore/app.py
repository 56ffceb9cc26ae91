"""Open a restore request."""

import secrets

from strongroom.adapters.bus import Bus
from strongroom.adapters.clients import MemberClients, client
from strongroom.adapters.identity_provider import IdentityTokens, Web
from strongroom.adapters.jira import JiraTickets
from strongroom.adapters.ledger.evidence import LedgerEvidence
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.ledger.tickets import LedgerTicketUses
from strongroom.adapters.member_backup import VaultedPoints
from strongroom.adapters.organizations import Organization
from strongroom.adapters.secrets import Secrets
from strongroom.adapters.step_functions import RestoreCeremonies
from strongroom.domain.approvals import known_person
from strongroom.runtime.contracts.http import RestoreBody
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest, each_request
from strongroom.services.keep_evidence import EvidenceDesk
from strongroom.services.request_restore import RequestDesk, RestoreWish, request_restore


@each_request
def handler(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Check and plan the wish, then answer 201 with the request's id."""
    settings, intent = platform.settings, platform.intent
    subject = IdentityTokens(intent.identity_provider, http=Web()).subject_of(request.bearer)
    table = LedgerTable(client("dynamodb"), settings.ledger)
    inspectors = MemberClients(
        lambda account: intent.member_role_arn(intent.roles.inspection, account), now=platform.now
    )
    body = request.read(RestoreBody)
    opened = request_restore(
        RestoreWish(
            account=body.account,
            recovery_point=body.recovery_point,
            target_name=body.target_name,
            ticket=body.ticket,
            reason=body.reason,
            vault=body.vault,
            metadata=body.metadata,
        ),
        requester=known_person(subject, people=intent.people),
        desk=RequestDesk(
            book=LedgerRestores(table),
            evidence=EvidenceDesk(LedgerEvidence(table)),
            uses=LedgerTicketUses(table),
            tickets=JiraTickets(intent.tickets, token=lambda: Secrets(settings.secrets).value("ticket_token")),
            points=VaultedPoints(client, inspectors, intent=intent),
            units=Organization(client("organizations")),
            ceremonies=RestoreCeremonies(client("stepfunctions"), settings.restore_machine),
            publisher=Bus(client("events"), settings.bus),
            random=secrets.token_bytes,
        ),
        intent=intent,
        intent_digest=platform.intent_digest,
        now=platform.now(),
    )
    return HttpAnswer(status=201, content=opened)
