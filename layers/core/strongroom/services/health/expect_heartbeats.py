"""Expect the heartbeats of an account's forwarders from now on, or no more."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.health.heartbeats import BeatState, begun, ended, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from strongroom.domain.health.heartbeats import BeatKey, Heartbeat
    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.accounts import AccountBook
    from strongroom.ports.health import HeartbeatBook
    from strongroom.services.alerts.tell_alerts import AlertNotifier

type BeatStep = Callable[[Heartbeat | None], Heartbeat | None]

# So often somebody else may come between a look and the write that follows from it.
_TRIES: Final = 4


class HeartbeatNeeds(Struct, frozen=True, kw_only=True):
    """What hearing forwarders, and noticing that they are silent, needs of the world."""

    intent: Intent
    beats: HeartbeatBook
    accounts: AccountBook
    alerts: AlertNotifier


def expect_heartbeats(keys: Iterable[BeatKey], *, needs: HeartbeatNeeds, now: datetime) -> None:
    """Expect these forwarders to beat from now on, unless they are expected to already."""
    within = needs.intent.deadlines.forwarder_silent_after
    for key in keys:
        change_heartbeat(key, partial(begun, key=key, within=within, now=now), needs=needs, now=now)


def end_heartbeats(
    account: AccountId, *, reason: str, needs: HeartbeatNeeds, now: datetime, but: Iterable[BeatKey] = ()
) -> None:
    """Expect no more beats of the account, except for those named; what was told of them is over."""
    kept = set(but)
    for beat in [*needs.beats.of_account(account)]:
        if beat.key not in kept:
            change_heartbeat(beat.key, partial(_end, reason=reason, now=now), needs=needs, now=now)


def change_heartbeat(key: BeatKey, step: BeatStep, *, needs: HeartbeatNeeds, now: datetime) -> Heartbeat | None:
    """What the step makes of the heartbeat as it stands, written and told; None where it makes nothing of it."""
    for _ in range(_TRIES):
        known = needs.beats.find(key)
        moved = step(known)
        if moved is None:
            return None
        if needs.beats.keep(moved, was=known):
            return tell_heartbeat(moved, needs=needs, now=now)
    raise TemporarilyUnavailableError(f"others change the heartbeat of {key.account} in {key.region} all the time")


def tell_heartbeat(beat: Heartbeat, *, needs: HeartbeatNeeds, now: datetime) -> Heartbeat:
    """Tell people what they have not been told of it, if anything, and note that they were."""
    if not beat.untold:
        return beat
    if beat.state is BeatState.SILENT:
        needs.alerts.complain(beat.alert, version=beat.version, now=now)
    else:
        needs.alerts.resolve(beat.alert, reason=beat.reason, version=beat.version, now=now)
    known = told(beat, within=needs.intent.deadlines.forwarder_silent_after)
    # Where somebody else has written it meanwhile, it is theirs to tell.
    return known if needs.beats.keep(known, was=beat) else beat


def _end(known: Heartbeat | None, *, reason: str, now: datetime) -> Heartbeat | None:
    return None if known is None else ended(known, reason=reason, now=now)
