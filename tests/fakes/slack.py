"""Slack, near and far: its Web API as slack_sdk shows it, and the channel that our services tell alerts in."""

from dataclasses import dataclass, field
from typing import Any

from strongroom.domain.alerts.messages import AlertNews, AlertThread
from strongroom.domain.chat import PostedMessage


@dataclass
class FakeSlackWeb:
    """Every call, in order; each message gets its timestamp."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def api_call(self, method: str, *, json: dict[str, Any]) -> dict[str, Any]:
        self.calls.append((method, json))
        return {"ok": True, "channel": json["channel"], "ts": f"{len(self.calls)}.0"}


@dataclass
class FakeAlertChannel:
    """What was told of alerts, in order: how, in which thread, and the words."""

    said: list[tuple[str, str, str]] = field(default_factory=list)

    def show(self, news: AlertNews) -> PostedMessage:
        self.said.append(("show", "", news.text))
        return PostedMessage(channel="C0ALERTS", ts=f"{len(self.said)}.0")

    def mark_resolved(self, thread: AlertThread) -> None:
        self.said.append(("mark", thread.message.ts, thread.text))

    def answer(self, thread: AlertThread, news: AlertNews) -> None:
        self.said.append(("answer", thread.message.ts, news.text))
