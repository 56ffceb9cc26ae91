"""Slack's request signatures: whether the very bytes that arrived come from Slack, just now."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from strongroom.domain.chat import SignedClick
from strongroom.domain.errors import MalformedEventError, NotAuthenticatedError

ACTIONS: tuple[str, ...] = ()

_OLDEST_SECONDS = 300
_NEWEST_SECONDS = 60
_TIMESTAMP = re.compile(r"[0-9]{1,12}")


def verify_slack_signature(body: bytes, headers: Mapping[str, str], *, secret: str, now: datetime) -> str:
    """The signature, for use as a nonce; NotAuthenticatedError for anything that is not Slack's, fresh and whole.

    `headers` are in lower case. Only the two signed-for headers are ever looked at.
    """
    from slack_sdk.signature import Clock, SignatureVerifier

    class Frozen(Clock):
        def now(self) -> float:
            return now.timestamp()

    timestamp = headers.get("x-slack-request-timestamp", "")
    signature = headers.get("x-slack-signature", "")
    if _TIMESTAMP.fullmatch(timestamp) is None:
        raise NotAuthenticatedError("the request does not come from Slack")
    try:
        age = now.timestamp() - int(timestamp)
        is_fresh = -_NEWEST_SECONDS <= age <= _OLDEST_SECONDS
        is_good = is_fresh and SignatureVerifier(secret, clock=Frozen()).is_valid(body, timestamp, signature)
    except (ValueError, TypeError) as error:  # no ASCII, no UTF-8
        raise NotAuthenticatedError("the request does not come from Slack") from error
    if not is_good:
        raise NotAuthenticatedError("the request does not come from Slack, or is not fresh")
    return signature


def verify_handed_on(click: SignedClick, *, secret: str) -> None:
    """MalformedEventError unless Slack signed the click that was handed on, whenever that was.

    It was fresh when it arrived; how long it has waited since says nothing, for what it asks is bound to a version.
    """
    headers = {"x-slack-request-timestamp": click.timestamp, "x-slack-signature": click.signature}
    signed_at = datetime.fromtimestamp(int(click.timestamp), UTC)
    try:
        verify_slack_signature(click.body, headers, secret=secret, now=signed_at)
    except NotAuthenticatedError as error:
        raise MalformedEventError("Slack has not signed the click: nothing was done") from error
