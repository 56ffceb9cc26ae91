"""Slack: messages, replies in a thread, and updates."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from strongroom.adapters.slack.markup import Block
from strongroom.domain.chat import PostedMessage
from strongroom.domain.errors import AccessRefusedError, NotFoundError, TemporarilyUnavailableError

ACTIONS: tuple[str, ...] = ()

_TIMEOUT_SECONDS = 5
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
        return PostedMessage(channel=answer["channel"], ts=answer["ts"])

    def _call(self, method: str, **request: Any) -> Any:
        from slack_sdk.errors import SlackApiError

        body = {name: value for name, value in request.items() if value is not None}
        try:
            return self._web.api_call(method, json=body)
        except SlackApiError as error:
            raise _translate(method, error) from error
        except OSError as error:
            raise TemporarilyUnavailableError("Slack cannot be reached") from error

    @cached_property
    def _web(self) -> Any:
        from slack_sdk import WebClient

        return WebClient(token=self._token, base_url=self._api_url, timeout=_TIMEOUT_SECONDS)


def _translate(method: str, error: Any) -> AccessRefusedError | NotFoundError | TemporarilyUnavailableError:
    code = error.response.get("error", "unknown")
    text = f"Slack refused {method}: {code}"
    if error.response.status_code >= 500:
        # What stands in front of Slack then says is no code of Slack's.
        return TemporarilyUnavailableError(f"Slack answered {method} with status {error.response.status_code}")
    if code in _BUSY:
        return TemporarilyUnavailableError(text)
    if code in _ABSENT:
        return NotFoundError(text)
    return AccessRefusedError(text)
