"""Clicks in Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.nonces import LedgerNonces
from strongroom.adapters.slack.signature import verify_slack_signature
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.services.restores.approving.receive_slack_click import SlackClickNeeds
from strongroom.wiring.stack import ledger, secrets

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform
    from strongroom.runtime.requests import HttpRequest


def slack_click(platform: Platform) -> SlackClickNeeds:
    """What taking a click needs."""
    return SlackClickNeeds(slack=ceremony_of(platform.intent).slack, nonces=LedgerNonces(ledger(platform)))


def slack_signature(request: HttpRequest, platform: Platform) -> str:
    """Slack's signature over the raw bytes; NotAuthenticatedError for anything that is not Slack's, fresh and whole."""
    secret = secrets(platform).value("slack_signing_secret")
    return verify_slack_signature(request.body, request.headers, secret=secret, now=platform.now())
