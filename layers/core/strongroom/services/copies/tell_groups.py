"""Tell what stops many copies as one: who joins and leaves is written first, and told by whoever comes next."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct

from strongroom.domain.copies.groups.standing import GroupState, joined, left, postponed, told
from strongroom.domain.copies.obstacles import cause_in, is_of_key, shared_cause
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.domain.copies.groups.standing import Group
    from strongroom.domain.copies.obstacles import GroupKey
    from strongroom.domain.copies.promises import Promise
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.copies import GroupBook, RecoveryPointInspection
    from strongroom.services.alerts.tell_alerts import AlertNotifier

type GroupStep = Callable[[Group | None], Group | None]

# So often somebody else may come between a look and the write that follows from it.
_TRIES: Final = 8


class GroupLookState(StrEnum):
    """What a look at a group came to."""

    TOLD = "TOLD"
    UNREACHABLE = "UNREACHABLE"


class GroupLook(Struct, frozen=True, kw_only=True):
    """What was done about one group that was due, and why."""

    state: GroupLookState
    reason: str
    group: str


class GroupNeeds(Protocol):
    """What telling of groups takes of the world."""

    @property
    def intent(self) -> Intent:
        """How long those that come together are waited for."""

    @property
    def groups(self) -> GroupBook:
        """Where groups are written."""

    @property
    def alerts(self) -> AlertNotifier:
        """Who tells people."""


def group_of_words(promise: Promise, words: str | None, *, points: RecoveryPointInspection) -> GroupKey | None:
    """By what AWS's words say that other copies are stopped, too; where it is a key, the backup says which."""
    cause = cause_in(words)
    key = _key_of(promise, points=points) if is_of_key(cause) else None
    return shared_cause(cause, key=key, account=promise.account)


def join_group(key: GroupKey, promise: Promise, *, needs: GroupNeeds, now: datetime) -> None:
    """Let the promise be one of those that the group stops; the sweep tells of it."""
    within = needs.intent.deadlines.look_every
    _change(key, partial(joined, key=key, promise=promise, within=within, now=now), needs=needs)


def leave_group(key: GroupKey, promise: Promise, *, needs: GroupNeeds, now: datetime) -> None:
    """Let the promise be none of them any more; with the last the group is over, which is told at once."""
    within = needs.intent.deadlines.look_every
    group = _change(key, partial(left, key=key, promise=promise, within=within, now=now), needs=needs)
    if group is not None and group.untold and group.state is GroupState.RESOLVED:
        tell_group(group, needs=needs, now=now)


def tell_group(group: Group, *, needs: GroupNeeds, now: datetime) -> GroupLook:
    """Tell people what they have not been told of it, if anything, and note that they were."""
    if group.untold:
        if group.state is GroupState.OPEN:
            needs.alerts.complain(group.alert, version=group.version, now=now)
        else:
            needs.alerts.resolve(group.alert, reason=group.reason, version=group.version, now=now)
        # Where somebody else has written it meanwhile, it is theirs to tell.
        needs.groups.keep(told(group), was=group)
    return GroupLook(state=GroupLookState.TOLD, reason=group.reason, group=group.key.text)


def postpone_group(group: Group, *, cause: str, needs: GroupNeeds, now: datetime) -> GroupLook:
    """Make way for others: it is told later."""
    needs.groups.keep(postponed(group, again=now + needs.intent.deadlines.look_every), was=group)
    return GroupLook(state=GroupLookState.UNREACHABLE, reason=cause, group=group.key.text)


def _change(key: GroupKey, step: GroupStep, *, needs: GroupNeeds) -> Group | None:
    """What the step makes of the group as it stands, written; None where it makes nothing of it."""
    for _ in range(_TRIES):
        known = needs.groups.find(key)
        moved = step(known)
        if moved is None or needs.groups.keep(moved, was=known):
            return moved
    raise TemporarilyUnavailableError(f"others change what is stopped by {key.text} all the time")


def _key_of(promise: Promise, *, points: RecoveryPointInspection) -> str | None:
    """The key under which the backup lies; None where that cannot be read."""
    try:
        source = points.find(promise.recovery_point, vault=promise.source_vault)
    except AccessRefusedError:
        return None
    return None if source is None else source.encryption_key
