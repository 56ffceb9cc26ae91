"""Read the ticket at the beginning of a restore ceremony."""

from strongroom.adapters.clients import client
from strongroom.adapters.jira import JiraTickets
from strongroom.adapters.ledger.evidence import LedgerEvidence
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.secrets import Secrets
from strongroom.runtime.contracts.restores import ActInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.keep_evidence import EvidenceDesk
from strongroom.services.recheck_restore import ActDesk
from strongroom.services.settle_approval import ApprovalDesk
from strongroom.services.snapshot_ticket import TicketSnapshot, snapshot_ticket


@each_step(ActInput)
def handler(step: ActInput, platform: Platform) -> TicketSnapshot:
    """Bind the request to this execution and answer its plan and how long the approval may take."""
    intent, settings = platform.intent, platform.settings
    table = LedgerTable(client("dynamodb"), settings.ledger)
    return snapshot_ticket(
        step.request_id,
        execution=step.execution,
        desk=ActDesk(
            approvals=ApprovalDesk(
                book=LedgerRestores(table), evidence=EvidenceDesk(LedgerEvidence(table)), intent=intent
            ),
            tickets=JiraTickets(intent.tickets, token=lambda: Secrets(settings.secrets).value("ticket_token")),
        ),
        now=platform.now(),
    )
