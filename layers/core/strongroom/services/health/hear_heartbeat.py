"""Hear that a forwarder is well, and that one which was silent is so no more."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.accounts.membership import AccountState
from strongroom.domain.health.heartbeats import BeatKey, begun, forwarders_at_home, heard
from strongroom.services.health.expect_heartbeats import change_heartbeat

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.health.heartbeats import BeatHeard, Heartbeat
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.services.health.expect_heartbeats import HeartbeatNeeds

# An account of these states may go on beating for as long as its stack is there, and nobody listens.
_NOBODYS = frozenset({AccountState.LEFT, AccountState.NOT_GOVERNED})


class BeatVerdict(Struct, frozen=True, kw_only=True):
    """What a heartbeat came to: the state of the forwarder, or that it says nothing new."""

    account: AccountId
    region: Region
    state: str


def hear_heartbeat(beat: BeatHeard, *, needs: HeartbeatNeeds, now: datetime) -> BeatVerdict:
    """Expect the next one, and tell that a silent forwarder is heard again; nobody's forwarder is not waited for."""
    step = partial(_step, beat=beat, needs=needs, now=now)
    changed = change_heartbeat(BeatKey(beat.account, beat.region), step, needs=needs, now=now)
    return BeatVerdict(account=beat.account, region=beat.region, state=changed.state if changed else "KNOWN")


def _step(known: Heartbeat | None, *, beat: BeatHeard, needs: HeartbeatNeeds, now: datetime) -> Heartbeat | None:
    within, key = needs.intent.deadlines.forwarder_silent_after, BeatKey(beat.account, beat.region)
    if known is not None:
        return heard(known, sent_at=beat.sent_at, within=within, now=now)
    if not _is_awaited(key, needs=needs):
        return None
    first = begun(None, key, within=within, now=now)
    return None if first is None else heard(first, sent_at=beat.sent_at, within=within, now=now) or first


def _is_awaited(key: BeatKey, *, needs: HeartbeatNeeds) -> bool:
    """Whether it is one of ours: the first beat of an account may come before anything else is known of it."""
    account = needs.accounts.find(key.account)
    return key in forwarders_at_home(needs.intent) or (account is not None and account.state not in _NOBODYS)
