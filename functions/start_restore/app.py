"""Start the restore that was approved."""

from strongroom.adapters.clients import AttributedMemberClients, client
from strongroom.adapters.jira import JiraTickets
from strongroom.adapters.ledger.evidence import LedgerEvidence
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.member_backup import MemberRestoreStarter
from strongroom.adapters.secrets import Secrets
from strongroom.runtime.contracts.restores import ActInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.keep_evidence import EvidenceDesk
from strongroom.services.recheck_restore import ActDesk
from strongroom.services.settle_approval import ApprovalDesk
from strongroom.services.start_restore import RestoreStarted, start_restore


@each_step(ActInput)
def handler(step: ActInput, platform: Platform) -> RestoreStarted:
    """Look at everything again, then start the restore in the account that it was approved for."""
    intent, settings = platform.intent, platform.settings
    table = LedgerTable(client("dynamodb"), settings.ledger)
    restorers = AttributedMemberClients(lambda account: intent.member_role_arn(intent.roles.restore, account))
    return start_restore(
        step.request_id,
        execution=step.execution,
        desk=ActDesk(
            approvals=ApprovalDesk(
                book=LedgerRestores(table), evidence=EvidenceDesk(LedgerEvidence(table)), intent=intent
            ),
            tickets=JiraTickets(intent.tickets, token=lambda: Secrets(settings.secrets).value("ticket_token")),
        ),
        starter=MemberRestoreStarter(restorers, intent=intent),
        now=platform.now(),
    )
