"""Clicks in Slack."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.queues import ClickQueue
from strongroom.adapters.ledger.nonces import LedgerNonces
from strongroom.adapters.slack.signature import verify_slack_signature
from strongroom.domain.chat import SignedClick
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.runtime.settings import Setting
from strongroom.services.restores.approving.receive_slack_click import SlackClickNeeds
from strongroom.wiring.stack import ledger, secrets

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform
    from strongroom.runtime.requests import HttpRequest


def slack_click(platform: Platform) -> SlackClickNeeds:
    """What taking a click needs."""
    place = platform.intent.organization
    return SlackClickNeeds(
        slack=platform.intent.slack or ceremony_of(platform.intent).slack,
        nonces=LedgerNonces(ledger(platform)),
        takers=ClickQueue(
            partial(client, "sqs"),
            platform.setting(Setting.ALERT_CLICKS),
            account=place.backup_account,
            region=place.home_region,
        ),
    )


def signed_click(request: HttpRequest, platform: Platform) -> SignedClick:
    """The raw bytes that Slack signed; NotAuthenticatedError for anything that is not Slack's, fresh and whole."""
    secret = secrets(platform).value("slack_signing_secret")
    signature = verify_slack_signature(request.body, request.headers, secret=secret, now=platform.now())
    timestamp = request.headers["x-slack-request-timestamp"]
    return SignedClick(body=request.body, timestamp=timestamp, signature=signature)
