"""Take a click on a button in Slack."""

import secrets

from strongroom.adapters.clients import client
from strongroom.adapters.ledger.evidence import LedgerEvidence
from strongroom.adapters.ledger.nonces import LedgerChallenges, LedgerNonces
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.secrets import Secrets
from strongroom.adapters.slack import Slack
from strongroom.adapters.slack_signature import verify_slack_signature
from strongroom.runtime.contracts.slack import SlackInteraction
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest, each_request
from strongroom.services.cast_vote import VotingDesk
from strongroom.services.keep_evidence import EvidenceDesk
from strongroom.services.receive_slack_click import receive_slack_click
from strongroom.services.settle_approval import ApprovalDesk


@each_request
def handler(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Verify Slack's signature over the raw bytes, then take the click; the one who clicked is told in Slack."""
    intent, settings, kept = platform.intent, platform.settings, Secrets(platform.settings.secrets)
    signature = verify_slack_signature(
        request.body, request.headers, secret=kept.value("slack_signing_secret"), now=platform.now()
    )
    table = LedgerTable(client("dynamodb"), settings.ledger)
    answer = receive_slack_click(
        SlackInteraction.from_form(request.body).click(),
        signature=signature,
        nonces=LedgerNonces(table),
        answers=Slack(token=kept.value("slack_bot_token"), api_url=intent.slack.api_url),
        desk=VotingDesk(
            approvals=ApprovalDesk(
                book=LedgerRestores(table), evidence=EvidenceDesk(LedgerEvidence(table)), intent=intent
            ),
            challenges=LedgerChallenges(table),
            public_url=kept.value("public_url"),
            random=secrets.token_bytes,
        ),
        now=platform.now(),
    )
    return HttpAnswer(content={"request_id": answer.request_id, "state": answer.state, "reason": answer.reason})
