"""Slack's Web API as slack_sdk shows it: keeps what was posted, and gives each message its timestamp."""

from dataclasses import dataclass, field
from typing import Any

from strongroom.domain.chat import PostedMessage


@dataclass
class FakeSlackWeb:
    """Every call, in order."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def api_call(self, method: str, *, json: dict[str, Any]) -> dict[str, Any]:
        self.calls.append((method, json))
        return {"ok": True, "channel": json["channel"], "ts": f"{len(self.calls)}.0"}


@dataclass
class FakeChat:
    """Messages, replies and updates, in order."""

    said: list[tuple[str, str, str]] = field(default_factory=list)
    blocks: list[Any] = field(default_factory=list)

    def post(self, channel: str, *, text: str, blocks: Any = ()) -> PostedMessage:
        return self._say("post", channel, text, blocks)

    def reply(self, message: PostedMessage, *, text: str, blocks: Any = ()) -> PostedMessage:
        return self._say("reply", message.ts, text, blocks)

    def update(self, message: PostedMessage, *, text: str, blocks: Any = ()) -> None:
        self._say("update", message.ts, text, blocks)

    def _say(self, how: str, where: str, text: str, blocks: Any) -> PostedMessage:
        self.said.append((how, where, text))
        self.blocks.append(blocks)
        return PostedMessage(channel="C0ALERTS", ts=f"{len(self.said)}.0")
