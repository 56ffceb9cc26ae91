"""Tell alerts in the alerts channel: one message when an alert opens, and a reply and a mark when it is resolved."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from strongroom.domain.chat import escape_mrkdwn
from strongroom.domain.errors import ResourceNotReadyError

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.alerts.messages import AlertNews
    from strongroom.ports.alerts import AlertThreads, Chat

_TEXT_LIMIT = 3000  # Slack refuses longer section texts (Block Kit reference)
_MARK_OF = {"critical": ":red_circle:", "warning": ":large_orange_circle:", "notice": ":large_blue_circle:"}
_RESOLVED_MARK = ":white_check_mark:"


class PostState(StrEnum):
    """What became of the news."""

    POSTED = "POSTED"
    CLOSED = "CLOSED"
    UNCHANGED = "UNCHANGED"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostVerdict:
    """What was told about which alert, and why."""

    state: PostState
    reason: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPostNeeds:
    """What telling an alert in a chat needs of the world."""

    chat: Chat
    threads: AlertThreads
    channel: str


def post_alert(news: AlertNews, *, needs: AlertPostNeeds, now: datetime) -> PostVerdict:
    """Post the opening, or reply in its thread; the same event has no second effect."""
    if news.is_opened:
        return _post_opened(news, needs=needs, now=now)
    return _post_resolved(news, needs=needs)


def _post_opened(news: AlertNews, *, needs: AlertPostNeeds, now: datetime) -> PostVerdict:
    if not needs.threads.claim(news.fingerprint, event=news.event, at=news.at, now=now):
        return _verdict(news, PostState.UNCHANGED, "this opening, or a later one, was told already")
    text = _opening_text(news)
    message = needs.chat.post(
        needs.channel, text=escape_mrkdwn(text), blocks=_blocks(text, mark=_MARK_OF.get(news.severity, ""))
    )
    needs.threads.told(news.fingerprint, message=message, text=text)
    return _verdict(news, PostState.POSTED, "the alert is open")


def _post_resolved(news: AlertNews, *, needs: AlertPostNeeds) -> PostVerdict:
    thread = needs.threads.find(news.fingerprint)
    if thread is None:
        raise ResourceNotReadyError(f"alert {news.fingerprint} has no message yet that could be answered")
    if thread.is_closed or news.at < thread.opened_at:
        return _verdict(news, PostState.UNCHANGED, "the resolution was told already, or the alert opened again since")
    text = f"Resolved: {news.reason}"
    # The update can be repeated, the reply cannot: the write between them decides who says it.
    needs.chat.update(thread.message, text=escape_mrkdwn(thread.text), blocks=_blocks(thread.text, mark=_RESOLVED_MARK))
    if not needs.threads.close(news.fingerprint, event=news.event):
        return _verdict(news, PostState.UNCHANGED, "the resolution was told already")
    needs.chat.reply(thread.message, text=escape_mrkdwn(text), blocks=_blocks(text, mark=_RESOLVED_MARK))
    return _verdict(news, PostState.CLOSED, "the alert is resolved")


def _opening_text(news: AlertNews) -> str:
    title = news.kind.replace("-", " ").capitalize()
    return f"{title} in account {news.account}, {news.region}\n{news.reason}\n{news.resource}"


def _blocks(text: str, *, mark: str) -> list[dict[str, Any]]:
    """One section of plain text, in which nothing that an attacker named can become a link or a mention."""
    shown = f"{mark} {text}".strip()[:_TEXT_LIMIT]
    return [{"type": "section", "text": {"type": "plain_text", "text": shown, "emoji": True}}]


def _verdict(news: AlertNews, state: PostState, reason: str) -> PostVerdict:
    return PostVerdict(state=state, reason=reason, fingerprint=news.fingerprint)
