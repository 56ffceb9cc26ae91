"""Slack's signature: fresh, whole and Slack's own, or refused."""

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.signature import SignatureVerifier

from strongroom.adapters.slack.signature import verify_slack_signature
from strongroom.domain.errors import NotAuthenticatedError
from tests.builders.restores import NOW

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
BODY = b"payload=%7B%7D"


def _headers(body: bytes = BODY, *, seconds: int = 0, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(NOW.timestamp()) + seconds)
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
    return {"x-slack-request-timestamp": stamp, "x-slack-signature": str(signature)}


@pytest.mark.parametrize("seconds", [0, -300, 60], ids=["now", "as old as may be", "as early as may be"])
def test_a_fresh_signature_is_good(seconds: int) -> None:
    headers = _headers(seconds=seconds)
    assert verify_slack_signature(BODY, headers, secret=SECRET, now=NOW) == headers["x-slack-signature"]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (BODY, _headers(seconds=-301)),
        (BODY, _headers(seconds=301)),
        (BODY, _headers(seconds=61)),
        (BODY + b"&", _headers()),
        (BODY, _headers(secret="another")),
        (BODY, {}),
        (BODY, _headers() | {"x-slack-request-timestamp": "now"}),
        (BODY, _headers() | {"x-slack-request-timestamp": ""}),
        (BODY, _headers() | {"x-slack-request-timestamp": "9" * 400}),
        (BODY, _headers() | {"x-slack-request-timestamp": "9" * 5000}),
        (BODY, _headers() | {"x-slack-signature": "v0=\u00e9"}),
        (BODY, _headers() | {"x-slack-signature": ""}),
        (b"\xff\xfe", _headers()),
    ],
    ids=[
        "301 s old",
        "301 s early",
        "61 s early",
        "another body",
        "another secret",
        "no headers",
        "no number",
        "no time",
        "a number beyond every clock",
        "a number beyond every parser",
        "no ASCII",
        "no signature",
        "no UTF-8",
    ],
)
def test_everything_else_is_refused(body: bytes, headers: dict[str, Any]) -> None:
    with pytest.raises(NotAuthenticatedError):
        verify_slack_signature(body, headers, secret=SECRET, now=NOW)


def test_a_moment_later_the_oldest_is_too_old() -> None:
    with pytest.raises(NotAuthenticatedError):
        verify_slack_signature(BODY, _headers(seconds=-300), secret=SECRET, now=NOW + timedelta(milliseconds=1))
