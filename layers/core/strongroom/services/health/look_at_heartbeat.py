"""Look at a heartbeat that should have been heard by now: give it time, then tell that the forwarder is silent."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.accounts.membership import AccountState
from strongroom.domain.health.heartbeats import (
    BeatState,
    doubted,
    ended,
    forwarders_at_home,
    forwarders_of,
    own_forwarder,
    postponed,
    silent,
)
from strongroom.services.health.expect_heartbeats import change_heartbeat, expect_heartbeats, tell_heartbeat

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.health.heartbeats import BeatKey, Heartbeat
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.services.health.expect_heartbeats import HeartbeatNeeds


class BeatLookState(StrEnum):
    """What a look at a heartbeat came to."""

    TOLD = "TOLD"
    ENDED = "ENDED"
    DEAF = "DEAF"
    DOUBTED = "DOUBTED"
    SILENT = "SILENT"
    OVERTAKEN = "OVERTAKEN"
    UNREACHABLE = "UNREACHABLE"


class BeatLook(Struct, frozen=True, kw_only=True):
    """What was decided about one heartbeat that was due, and why."""

    state: BeatLookState
    reason: str
    account: AccountId
    region: Region


def look_at_heartbeat(beat: Heartbeat, *, needs: HeartbeatNeeds, now: datetime) -> BeatLook:
    """Tell what is untold; else doubt it, have its account judged again meanwhile, and tell it at the second look.

    As long as the control plane does not hear its own forwarder it is deaf, and nothing follows for any other.
    """
    if beat.untold:
        tell_heartbeat(beat, needs=needs, now=now)
        return _look(beat, BeatLookState.TOLD, beat.reason)
    if reason := _why_over(beat.key, needs=needs):
        change_heartbeat(beat.key, lambda known: known and ended(known, reason=reason, now=now), needs=needs, now=now)
        return _look(beat, BeatLookState.ENDED, reason)
    again = now + needs.intent.deadlines.look_every
    if _is_deaf(beat.key, needs=needs, now=now):
        needs.beats.keep(postponed(beat, again=again), was=beat)
        return _look(beat, BeatLookState.DEAF, "not even the control plane's own heartbeat is heard")
    if not beat.is_doubted:
        needs.accounts.doubt(beat.account, now=now)
        needs.beats.keep(doubted(beat, again=again), was=beat)
        return _look(beat, BeatLookState.DOUBTED, "it may be on its way")
    told = change_heartbeat(beat.key, partial(_silent, was=beat, now=now), needs=needs, now=now)
    state = BeatLookState.OVERTAKEN if told is None else BeatLookState.SILENT
    return _look(beat, state, "" if told is None else told.reason)


def leave_heartbeat(beat: Heartbeat, *, cause: str, needs: HeartbeatNeeds, now: datetime) -> BeatLook:
    """Make way for others: it is looked at again."""
    needs.beats.keep(postponed(beat, again=now + needs.intent.deadlines.look_every), was=beat)
    return _look(beat, BeatLookState.UNREACHABLE, cause)


def _why_over(key: BeatKey, *, needs: HeartbeatNeeds) -> str | None:
    """Why nobody expects it to beat any more; None where somebody does."""
    if key in forwarders_at_home(needs.intent):
        return None
    account = needs.accounts.find(key.account)
    if account is not None and account.state is AccountState.LEFT:
        return f"account {key.account} has left"
    if account is not None and needs.intent.target_of(key.account, account.units) is None:
        return f"account {key.account} is governed no more"
    return None if key in forwarders_of(key.account, needs.intent) else f"{key.region} is governed no more"


def _is_deaf(key: BeatKey, *, needs: HeartbeatNeeds, now: datetime) -> bool:
    own = own_forwarder(needs.intent)
    if key == own:
        return False
    ours = needs.beats.find(own)
    if ours is None:
        expect_heartbeats((own,), needs=needs, now=now)
        return True
    return ours.state is not BeatState.BEATING or ours.heard_at is None or ours.is_due(now)


def _silent(known: Heartbeat | None, *, was: Heartbeat, now: datetime) -> Heartbeat | None:
    """Nothing where a beat came between the look and the write."""
    return silent(known, now=now) if known is not None and known.revision == was.revision else None


def _look(beat: Heartbeat, state: BeatLookState, reason: str) -> BeatLook:
    return BeatLook(state=state, reason=reason, account=beat.account, region=beat.region)
