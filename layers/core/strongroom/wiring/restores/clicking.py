"""Votes by a click in Slack."""

from __future__ import annotations

from secrets import token_bytes
from typing import TYPE_CHECKING

from strongroom.adapters.ledger.nonces import LedgerChallenges, LedgerNonces
from strongroom.adapters.slack.clicks import SlackClickAnswers
from strongroom.adapters.slack.signature import verify_slack_signature
from strongroom.services.restores.approving.receive_slack_click import SlackClickNeeds
from strongroom.wiring.restores.deciding import approvals
from strongroom.wiring.slack import slack
from strongroom.wiring.stack import ledger, secrets

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform
    from strongroom.runtime.requests import HttpRequest


def slack_click(platform: Platform) -> SlackClickNeeds:
    """What taking a click needs."""
    table, standing = ledger(platform), approvals(platform)
    return SlackClickNeeds(
        approvals=standing,
        challenges=LedgerChallenges(table),
        public_url=secrets(platform).value("public_url"),
        random=token_bytes,
        nonces=LedgerNonces(table),
        answers=SlackClickAnswers(slack(platform, api_url=standing.ceremony.slack.api_url)),
    )


def slack_signature(request: HttpRequest, platform: Platform) -> str:
    """Slack's signature over the raw bytes; NotAuthenticatedError for anything that is not Slack's, fresh and whole."""
    secret = secrets(platform).value("slack_signing_secret")
    return verify_slack_signature(request.body, request.headers, secret=secret, now=platform.now())
