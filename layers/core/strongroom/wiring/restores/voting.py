"""Votes, from a terminal or by a click in Slack, each with its proof of presence."""

from __future__ import annotations

from secrets import token_bytes
from typing import TYPE_CHECKING

from strongroom.adapters.identity.oidc import StepUpLogin, Web
from strongroom.adapters.ledger.nonces import LedgerChallenges, LedgerNonces
from strongroom.adapters.slack.clicks import SlackClickAnswers
from strongroom.adapters.slack.signature import verify_slack_signature
from strongroom.services.restores.approving.cancel_restore import RestoreCancellationNeeds
from strongroom.services.restores.approving.cast_vote import VoteNeeds
from strongroom.services.restores.approving.confirm_presence import PresenceProofNeeds
from strongroom.services.restores.approving.receive_slack_click import SlackClickNeeds
from strongroom.wiring.restores.ceremony import approvals, decider
from strongroom.wiring.slack import slack
from strongroom.wiring.stack import ledger, secrets

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform
    from strongroom.runtime.requests import HttpRequest

PRESENCE_CALLBACK = "/presence/callback"


def vote(platform: Platform) -> VoteNeeds:
    """What taking a vote needs."""
    return VoteNeeds(
        approvals=approvals(platform),
        challenges=LedgerChallenges(ledger(platform)),
        public_url=secrets(platform).value("public_url"),
        random=token_bytes,
    )


def restore_cancellation(platform: Platform) -> RestoreCancellationNeeds:
    """What taking a request back needs."""
    return RestoreCancellationNeeds(decider=decider(platform))


def slack_click(platform: Platform) -> SlackClickNeeds:
    """What taking a click needs."""
    table = ledger(platform)
    return SlackClickNeeds(
        approvals=approvals(platform),
        challenges=LedgerChallenges(table),
        public_url=secrets(platform).value("public_url"),
        random=token_bytes,
        nonces=LedgerNonces(table),
        answers=SlackClickAnswers(slack(platform)),
    )


def slack_signature(request: HttpRequest, platform: Platform) -> str:
    """Slack's signature over the raw bytes; NotAuthenticatedError for anything that is not Slack's, fresh and whole."""
    secret = secrets(platform).value("slack_signing_secret")
    return verify_slack_signature(request.body, request.headers, secret=secret, now=platform.now())


def presence_proof(platform: Platform) -> PresenceProofNeeds:
    """What a proof of presence needs."""
    intent, kept = platform.intent, secrets(platform)
    login = StepUpLogin(
        intent.identity_provider,
        redirect_uri=f"{kept.value('public_url')}{PRESENCE_CALLBACK}",
        methods=intent.restores.accepted_methods,
        secret=lambda: kept.value("oidc_client_secret"),
        http=Web(),
    )
    return PresenceProofNeeds(challenges=LedgerChallenges(ledger(platform)), login=login, decider=decider(platform))


def presence_page(challenge_id: str, platform: Platform) -> str:
    """Where a voter proves that it is really them."""
    return f"{secrets(platform).value('public_url')}/presence/{challenge_id}"
