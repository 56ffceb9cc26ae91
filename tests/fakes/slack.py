"""Slack, near and far: its Web API, and the channel that our services tell alerts in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from strongroom.adapters.wire import HttpAnswer
from strongroom.domain.alerts.lifecycle import AlertState
from strongroom.domain.alerts.messages import text_of
from strongroom.domain.chat import PostedMessage, SignedClick


@dataclass
class FakeSlackWeb:
    """Every call, in order; each message gets its timestamp."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def request(self, _: str, url: str, *, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        said = json.loads(body or b"")
        assert headers["Authorization"].startswith("Bearer ")
        self.calls.append((url.removeprefix("https://slack.com/api/"), said))
        answer = {"ok": True, "channel": said["channel"], "ts": f"{len(self.calls)}.0"}
        return HttpAnswer(200, "application/json", json.dumps(answer).encode())


@dataclass
class FakeAlertChannel:
    """What was told of alerts, in order: how, in which thread, and the words."""

    said: list[tuple[str, str, str]] = field(default_factory=list)
    is_down: bool = False

    def show(self, state: AlertState) -> PostedMessage:
        if self.is_down:
            raise ConnectionError
        self.said.append(("show", "", text_of(state)))
        return PostedMessage(channel="C0ALERTS", ts=f"{len(self.said)}.0")

    def replace(self, message: PostedMessage, state: AlertState) -> None:
        self.said.append(("replace", message.ts, text_of(state)))

    def mark_resolved(self, message: PostedMessage, text: str) -> None:
        self.said.append(("mark", message.ts, text))

    def answer(self, message: PostedMessage, state: AlertState) -> None:
        self.said.append(("answer", message.ts, text_of(state)))


def a_signed_click(signature: str = "v0=1") -> SignedClick:
    """A click as Slack signed it; whoever asks has verified that already."""
    return SignedClick(body=b"payload=%7B%7D", timestamp="1", signature=signature)


@dataclass
class FakeTakers:
    """Those to whom clicks are handed on."""

    handed_on: list[SignedClick] = field(default_factory=list)

    def hand_on(self, click: SignedClick, *, now: datetime) -> None:
        self.handed_on.append(click)
