"""Take a vote from the command line, or take the request back."""

import secrets

from strongroom.adapters.bus import Bus
from strongroom.adapters.clients import client
from strongroom.adapters.identity_provider import IdentityTokens, Web
from strongroom.adapters.ledger.evidence import LedgerEvidence
from strongroom.adapters.ledger.nonces import LedgerChallenges
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.secrets import Secrets
from strongroom.adapters.step_functions import CallbackTasks
from strongroom.domain.approvals import known_person
from strongroom.runtime.contracts.http import VoteBody
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest, each_request
from strongroom.services.cast_vote import VotingDesk, vote_or_cancel
from strongroom.services.keep_evidence import EvidenceDesk
from strongroom.services.settle_approval import ApprovalDesk, Decider


@each_request
def handler(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer where the voter has to prove their presence, or why the vote is refused."""
    intent, settings, kept = platform.intent, platform.settings, Secrets(platform.settings.secrets)
    subject = IdentityTokens(intent.identity_provider, http=Web()).subject_of(request.bearer)
    table = LedgerTable(client("dynamodb"), settings.ledger)
    approvals = ApprovalDesk(book=LedgerRestores(table), evidence=EvidenceDesk(LedgerEvidence(table)), intent=intent)
    decider = Decider(
        approvals=approvals,
        tasks=CallbackTasks(client("stepfunctions")),
        publisher=Bus(client("events"), settings.bus),
    )
    answer = vote_or_cancel(
        request.parameters.get("id", ""),
        request.read(VoteBody).vote,
        person=known_person(subject, people=intent.people),
        desk=VotingDesk(
            approvals=approvals,
            challenges=LedgerChallenges(table),
            public_url=kept.value("public_url"),
            random=secrets.token_bytes,
        ),
        decider=decider,
        now=platform.now(),
    )
    return HttpAnswer(content=answer)
