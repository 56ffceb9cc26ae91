"""Show a restore request to its approvers, and wait for them."""

from strongroom.adapters.bus import Bus
from strongroom.adapters.clients import client
from strongroom.adapters.jira import JiraTickets
from strongroom.adapters.ledger.evidence import LedgerEvidence
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.secrets import Secrets
from strongroom.adapters.slack import Slack
from strongroom.adapters.slack_approvals import SlackApprovals
from strongroom.adapters.step_functions import CallbackTasks
from strongroom.runtime.contracts.restores import ApprovalInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.keep_evidence import EvidenceDesk
from strongroom.services.open_approval import ApprovalOpened, open_approval
from strongroom.services.settle_approval import ApprovalDesk, Decider


@each_step(ApprovalInput)
def handler(step: ApprovalInput, platform: Platform) -> ApprovalOpened:
    """Keep the task token in the ledger, and show the request with its buttons in Slack."""
    intent, settings, kept = platform.intent, platform.settings, Secrets(platform.settings.secrets)
    table = LedgerTable(client("dynamodb"), settings.ledger)
    approvals = ApprovalDesk(book=LedgerRestores(table), evidence=EvidenceDesk(LedgerEvidence(table)), intent=intent)
    decider = Decider(
        approvals=approvals,
        tasks=CallbackTasks(client("stepfunctions")),
        publisher=Bus(client("events"), settings.bus),
    )
    slack = Slack(token=kept.value("slack_bot_token"), api_url=intent.slack.api_url)
    return open_approval(
        step.request_id,
        token=step.task_token,
        decider=decider,
        board=SlackApprovals(slack, channel=intent.slack.restores_channel),
        tickets=JiraTickets(intent.tickets, token=lambda: kept.value("ticket_token")),
        now=platform.now(),
    )
