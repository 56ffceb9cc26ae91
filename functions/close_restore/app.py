"""End a restore ceremony, however it ended."""

from strongroom.adapters.bus import Bus
from strongroom.adapters.clients import client
from strongroom.adapters.evidence_key import EvidenceKey
from strongroom.adapters.jira import JiraTickets
from strongroom.adapters.ledger.alerts import LedgerAlerts
from strongroom.adapters.ledger.evidence import LedgerEvidence
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.secrets import Secrets
from strongroom.adapters.slack import Slack
from strongroom.adapters.slack_approvals import SlackApprovals
from strongroom.adapters.topic import AlertsTopic
from strongroom.runtime.contracts.restores import ClosingInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.close_restore import ClosingDesk, RestoreEnded, close_restore
from strongroom.services.keep_evidence import EvidenceDesk
from strongroom.services.tell_alerts import AlertDesk


@each_step(ClosingInput)
def handler(step: ClosingInput, platform: Platform) -> RestoreEnded:
    """Record the outcome, seal the evidence, and tell Slack, the ticket and the bus."""
    intent, settings, kept = platform.intent, platform.settings, Secrets(platform.settings.secrets)
    table, bus = LedgerTable(client("dynamodb"), settings.ledger), Bus(client("events"), settings.bus)
    slack = Slack(token=kept.value("slack_bot_token"), api_url=intent.slack.api_url)
    return close_restore(
        step.request_id,
        outcome=step.outcome,
        reason=step.explanation,
        error=step.error,
        desk=ClosingDesk(
            book=LedgerRestores(table),
            evidence=EvidenceDesk(LedgerEvidence(table)),
            signer=EvidenceKey(client("kms"), settings.evidence_key),
            board=SlackApprovals(slack, channel=intent.slack.restores_channel),
            tickets=JiraTickets(intent.tickets, token=lambda: kept.value("ticket_token")),
            publisher=bus,
            alerts=AlertDesk(
                book=LedgerAlerts(table), announcer=AlertsTopic(client("sns"), settings.alerts_topic), publisher=bus
            ),
            home=intent.organization,
        ),
        now=platform.now(),
    )
