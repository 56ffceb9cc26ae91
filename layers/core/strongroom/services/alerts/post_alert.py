"""Show alerts where people read them: what the ledger says of one, and nothing else.

An event about an alert is a doorbell. Whoever can put a false one on the bus makes nobody read anything but the truth.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from strongroom.domain.alerts.lifecycle import AlertStatus
from strongroom.domain.alerts.messages import AlertThread, text_of
from strongroom.domain.errors import ResourceNotReadyError

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.alerts.lifecycle import AlertState
    from strongroom.ports.alerts import AlertBook, AlertChannel, AlertThreads


class PostState(StrEnum):
    """What became of the news."""

    POSTED = "POSTED"
    CLOSED = "CLOSED"
    UNCHANGED = "UNCHANGED"
    LEFT = "LEFT"


class PostVerdict(Struct, frozen=True, kw_only=True):
    """What was told about which alert, and why."""

    state: PostState
    reason: str
    fingerprint: str


class AlertPostNeeds(Struct, frozen=True, kw_only=True):
    """What showing an alert needs of the world."""

    book: AlertBook
    channel: AlertChannel
    threads: AlertThreads


def post_alert(fingerprint: str, *, needs: AlertPostNeeds | None, now: datetime) -> PostVerdict:
    """Let the channel show the alert as it stands; once it does, nothing more is said.

    Without needs there is no channel, and the news is left to the topic, which tells every alert.
    ResourceNotReadyError while somebody else is posting it.
    """
    if needs is None:
        return _verdict(fingerprint, PostState.LEFT, "the intent has no Slack: the topic alone tells it")
    state, shown = needs.book.find(fingerprint), needs.threads.find(fingerprint)
    if state is None:
        return _verdict(fingerprint, PostState.UNCHANGED, "there is no such alert")
    if state.is_held(now):
        return _verdict(fingerprint, PostState.UNCHANGED, "it waits for the end of the quiet hours")
    if shown is not None and _is_shown(state, shown):
        return _verdict(fingerprint, PostState.UNCHANGED, "the channel shows it as it stands")
    if shown is not None and shown.is_claimed(now):
        raise ResourceNotReadyError(f"the message about alert {fingerprint} is being written")
    claimed = (shown or AlertThread()).claimed(now)
    if not needs.threads.keep(fingerprint, claimed, was=shown):
        raise ResourceNotReadyError(f"the message about alert {fingerprint} is being written")
    # Whoever claimed it before us and never came back may have posted, and not lived to note where.
    is_doubtful = shown is not None and shown.claimed_until is not None
    after, verdict = _shown(state, claimed, is_doubtful=is_doubtful, channel=needs.channel)
    needs.threads.keep(fingerprint, _settled(after, state), was=claimed)
    return verdict


def _is_shown(state: AlertState, shown: AlertThread) -> bool:
    stands = (state.is_acknowledged, state.ticket)
    return shown.shown >= state.version and (shown.is_acknowledged, shown.ticket) == stands


def _settled(thread: AlertThread, state: AlertState) -> AlertThread:
    return replace(
        thread,
        shown=state.version,
        is_acknowledged=state.is_acknowledged,
        ticket=state.ticket,
        claimed_until=None,
    )


def _shown(
    state: AlertState, thread: AlertThread, *, is_doubtful: bool, channel: AlertChannel
) -> tuple[AlertThread, PostVerdict]:
    """Post what the channel does not show yet: an opening, what became worse, or an end where people see an opening.

    Where it `is_doubtful` whether they see one, both are posted: the last message about an alert shows how it stands.
    """
    fingerprint, text = state.alert.fingerprint, text_of(state)
    message = None if thread.is_closed else thread.message
    if state.status is AlertStatus.OPEN:
        if message is None:
            message = channel.show(state)
        else:
            channel.replace(message, state)
            if thread.shown != state.version:
                channel.answer(message, state)
        opened = replace(thread, message=message, text=text, is_closed=False)
        return opened, _verdict(fingerprint, PostState.POSTED, "the alert is open")
    if message is None and is_doubtful:
        opening = replace(state, status=AlertStatus.OPEN)
        message, thread = channel.show(opening), replace(thread, text=text_of(opening))
    if message is None:
        return thread, _verdict(fingerprint, PostState.UNCHANGED, "it was over before anybody saw it")
    channel.mark_resolved(message, thread.text)
    channel.answer(message, state)
    return replace(thread, message=message, is_closed=True), _verdict(
        fingerprint, PostState.CLOSED, "the alert is resolved"
    )


def _verdict(fingerprint: str, state: PostState, reason: str) -> PostVerdict:
    return PostVerdict(state=state, reason=reason, fingerprint=fingerprint)
