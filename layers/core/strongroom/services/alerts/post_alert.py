"""Tell alerts where people read them: one message when an alert opens, and an answer and a mark when it is resolved."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from strongroom.domain.errors import ResourceNotReadyError

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.alerts.messages import AlertNews
    from strongroom.ports.alerts import AlertChannel, AlertThreads


class PostState(StrEnum):
    """What became of the news."""

    POSTED = "POSTED"
    CLOSED = "CLOSED"
    UNCHANGED = "UNCHANGED"
    LEFT = "LEFT"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostVerdict:
    """What was told about which alert, and why."""

    state: PostState
    reason: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPostNeeds:
    """What telling an alert needs of the world."""

    channel: AlertChannel
    threads: AlertThreads


def post_alert(news: AlertNews, *, needs: AlertPostNeeds | None, now: datetime) -> PostVerdict:
    """Tell the opening, or answer in its thread; the same event has no second effect.

    Without needs there is no channel, and the news is left to the topic, which tells every alert.
    """
    if needs is None:
        return _verdict(news, PostState.LEFT, "the intent has no Slack: the topic alone tells it")
    if news.is_opened:
        return _post_opened(news, needs=needs, now=now)
    return _post_resolved(news, needs=needs)


def _post_opened(news: AlertNews, *, needs: AlertPostNeeds, now: datetime) -> PostVerdict:
    if not needs.threads.claim(news.fingerprint, event=news.event, at=news.at, now=now):
        return _verdict(news, PostState.UNCHANGED, "this opening, or a later one, was told already")
    needs.threads.told(news.fingerprint, message=needs.channel.show(news), text=news.text)
    return _verdict(news, PostState.POSTED, "the alert is open")


def _post_resolved(news: AlertNews, *, needs: AlertPostNeeds) -> PostVerdict:
    thread = needs.threads.find(news.fingerprint)
    if thread is None:
        raise ResourceNotReadyError(f"alert {news.fingerprint} has no message yet that could be answered")
    if thread.is_closed or news.at < thread.opened_at:
        return _verdict(news, PostState.UNCHANGED, "the resolution was told already, or the alert opened again since")
    # The mark can be repeated, the answer cannot: the write between them decides who says it.
    needs.channel.mark_resolved(thread)
    if not needs.threads.close(news.fingerprint, event=news.event):
        return _verdict(news, PostState.UNCHANGED, "the resolution was told already")
    needs.channel.answer(thread, news)
    return _verdict(news, PostState.CLOSED, "the alert is resolved")


def _verdict(news: AlertNews, state: PostState, reason: str) -> PostVerdict:
    return PostVerdict(state=state, reason=reason, fingerprint=news.fingerprint)
