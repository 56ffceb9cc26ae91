"""Prove that a voter is really there."""

from strongroom.adapters.bus import Bus
from strongroom.adapters.clients import client
from strongroom.adapters.identity_provider import StepUpLogin, Web
from strongroom.adapters.ledger.evidence import LedgerEvidence
from strongroom.adapters.ledger.nonces import LedgerChallenges
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.secrets import Secrets
from strongroom.adapters.step_functions import CallbackTasks
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest, each_request, show_page
from strongroom.services.confirm_presence import confirm_presence, send_to_login
from strongroom.services.keep_evidence import EvidenceDesk
from strongroom.services.settle_approval import ApprovalDesk, Decider

_CALLBACK = "/presence/callback"


@each_request
def handler(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Send the browser to the login, and count the vote when it comes back with a good one."""
    intent, settings, kept = platform.intent, platform.settings, Secrets(platform.settings.secrets)
    table = LedgerTable(client("dynamodb"), settings.ledger)
    approvals = ApprovalDesk(book=LedgerRestores(table), evidence=EvidenceDesk(LedgerEvidence(table)), intent=intent)
    decider = Decider(
        approvals=approvals,
        tasks=CallbackTasks(client("stepfunctions")),
        publisher=Bus(client("events"), settings.bus),
    )
    challenges = LedgerChallenges(table)
    login = StepUpLogin(
        intent.identity_provider,
        redirect_uri=f"{kept.value('public_url')}{_CALLBACK}",
        methods=intent.restores.accepted_methods,
        secret=lambda: kept.value("oidc_client_secret"),
        http=Web(),
    )
    if not request.path.endswith(_CALLBACK):
        challenge_id = request.parameters.get("challenge", "")
        address = send_to_login(challenge_id, challenges=challenges, login=login, now=platform.now())
        return HttpAnswer(status=302, location=address)
    challenge_id = request.query.get("state", "")
    answer = confirm_presence(
        challenge_id,
        code=request.query.get("code", ""),
        challenges=challenges,
        login=login,
        decider=decider,
        now=platform.now(),
    )
    if answer.counted:
        return show_page(
            "Your vote counts", f"{answer.person}: {answer.decision} {answer.request_id}. {answer.reason}."
        )
    retry = f"{kept.value('public_url')}/presence/{challenge_id}"
    return show_page("Your vote does not count", f"{answer.reason}.", status=403, link=retry)
