"""Answers in Slack that only the one who clicked can see, at the address that came with the click."""

import json
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from strongroom.adapters.slack.markup import escape_mrkdwn
from strongroom.adapters.wire import Wire
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError

ACTIONS: tuple[str, ...] = ()

_WIRE = Wire("Slack", within=timedelta(seconds=5))
_HOST: Final = "hooks.slack.com"


class SlackAnswers:
    """Where clicks are answered: no token is needed, and none is sent."""

    def __init__(self, *, api_url: str) -> None:
        """`api_url` is the base of the Web API, whose host may stand in for Slack's own."""
        self._hosts = {("https", _HOST), urlsplit(api_url)[:2]}

    def answer(self, response_url: str, *, text: str) -> None:
        """Tell the one who clicked, and nobody else.

        AccessRefusedError where the address is not Slack's, or is used up: five answers within half an hour (Slack,
        "Handling user interaction").
        """
        if urlsplit(response_url)[:2] not in self._hosts:
            raise AccessRefusedError(f"the answer was not sent: {urlsplit(response_url).netloc!r} is not Slack")
        told = {"text": escape_mrkdwn(text), "response_type": "ephemeral", "replace_original": False}
        headers = {"Content-Type": "application/json; charset=utf-8"}
        answer = _WIRE.request("POST", response_url, headers=headers, body=json.dumps(told).encode())
        if answer.status == 429 or answer.status >= 500:
            raise TemporarilyUnavailableError(f"Slack did not take the answer: status {answer.status}")
        if answer.status != 200:
            raise AccessRefusedError(f"Slack takes no answer there: status {answer.status}")
