"""Slack: messages, replies in a thread, and updates."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from strongroom.adapters.slack.markup import Block
from strongroom.adapters.wire import Wire, read_object
from strongroom.domain.chat import PostedMessage
from strongroom.domain.errors import AccessRefusedError, NotFoundError, TemporarilyUnavailableError

ACTIONS: tuple[str, ...] = ()

_WIRE = Wire("Slack", within=timedelta(seconds=5))
_LONGEST_CODE: Final = 80
_BUSY = frozenset({"ratelimited", "rate_limited", "service_unavailable", "internal_error", "fatal_error"})
_ABSENT = frozenset({"channel_not_found", "message_not_found", "thread_not_found", "user_not_found"})


class Slack:
    """One workspace, spoken to as our app's bot."""

    def __init__(self, *, token: str, api_url: str) -> None:
        """`token` is the bot's, `api_url` the base of the Web API with its closing slash."""
        self._token = token
        self._api_url = api_url

    def post(self, channel: str, *, text: str, blocks: Sequence[Block] = ()) -> PostedMessage:
        """Post a message to the channel; `text` (mrkdwn) is what notifications and screen readers say."""
        return self._post(channel=channel, text=text, blocks=blocks)

    def reply(self, message: PostedMessage, *, text: str, blocks: Sequence[Block] = ()) -> PostedMessage:
        """Post a message in the thread of another."""
        return self._post(channel=message.channel, text=text, blocks=blocks, thread_ts=message.ts)

    def update(self, message: PostedMessage, *, text: str, blocks: Sequence[Block] = ()) -> None:
        """Replace a message's text and blocks; buttons that are not given again are gone."""
        self._call("chat.update", channel=message.channel, ts=message.ts, text=text, blocks=list(blocks))

    def _post(self, *, blocks: Sequence[Block], **message: Any) -> PostedMessage:
        answer = self._call(
            "chat.postMessage", blocks=list(blocks) or None, unfurl_links=False, unfurl_media=False, **message
        )
        channel, ts = answer.get("channel"), answer.get("ts")
        if not isinstance(channel, str) or not isinstance(ts, str):
            raise TemporarilyUnavailableError("Slack does not say which message it posted")
        return PostedMessage(channel=channel, ts=ts)

    def _call(self, method: str, **request: Any) -> dict[str, Any]:
        body = {name: value for name, value in request.items() if value is not None}
        answer = _WIRE.request(
            "POST",
            f"{self._api_url}{method}",
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json; charset=utf-8"},
            body=json.dumps(body).encode(),
        )
        said = read_object(answer)
        if said is None or said.get("ok") is not True:
            raise _meaning(method, answer.status, said)
        return said


def _meaning(
    method: str, status: int, said: dict[str, Any] | None
) -> AccessRefusedError | NotFoundError | TemporarilyUnavailableError:
    if said is None or status >= 500:
        # What stands in front of Slack then says is no code of Slack's.
        return TemporarilyUnavailableError(f"Slack answered {method} with status {status}")
    code = str(said.get("error", "unknown"))[:_LONGEST_CODE]
    text = f"Slack refused {method}: {code}"
    if code in _BUSY:
        return TemporarilyUnavailableError(text)
    if code in _ABSENT:
        return NotFoundError(text)
    return AccessRefusedError(text)
