"""Write what became of a promise, then tell it: what is written and not told can be told by whoever comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, assert_never

from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.copies.facts import CopyFailed, CopyMissing, CopyVanished, CopyVerified
from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.copies.transitions import told
from strongroom.services.copies.take_step import take_step
from strongroom.services.copies.tell_groups import join_group, leave_group

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.domain.copies.facts import CopyFact
    from strongroom.domain.copies.promises import Promise
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.copies import GroupBook, PromiseBook
    from strongroom.ports.facts import Publisher
    from strongroom.services.alerts.tell_alerts import AlertNotifier

type Step = Callable[[Promise], Promise | None]


class TellingNeeds(Protocol):
    """What telling of a promise takes of the world."""

    @property
    def intent(self) -> Intent:
        """What was promised."""

    @property
    def promises(self) -> PromiseBook:
        """Where promises are written."""

    @property
    def groups(self) -> GroupBook:
        """Where is written what stops many copies at once."""

    @property
    def alerts(self) -> AlertNotifier:
        """Who tells people."""


class ConclusionNeeds(TellingNeeds, Protocol):
    """What concluding takes of the world: all that telling does, and where facts go out."""

    @property
    def publisher(self) -> Publisher:
        """Where facts go out."""


def conclude(promise: Promise, step: Step, *, needs: ConclusionNeeds, now: datetime) -> Promise | None:
    """What the step makes of the promise as it stands, written and told; None where it makes nothing of it."""

    def publish(moved: Promise) -> None:
        fact = _fact(moved)
        if fact is not None:
            needs.publisher.publish(fact)

    moved = change(promise, step, promises=needs.promises, announce=publish)
    return None if moved is None else tell(moved, needs=needs, now=now)


def change(
    promise: Promise, step: Step, *, promises: PromiseBook, announce: Callable[[Promise], None] = lambda _: None
) -> Promise | None:
    """What the step makes of the promise as it stands, announced, then written; None where it makes nothing of it."""
    return take_step(
        promise,
        step,
        announce=lambda moved, _: announce(moved),
        keep=promises.keep,
        read=lambda: promises.current(promise.key),
        of=f"the promise of {promise.subject}",
    )


def tell(promise: Promise, *, needs: TellingNeeds, now: datetime) -> Promise:
    """Tell people what they have not been told of the promise, if anything, and note that they were.

    What stops others, too, is told through their group. An alert that the promise has had of its own is over with that.
    """
    if not promise.untold or promise.alert is None:
        return promise
    alert = alert_of(promise, promise.alert)
    is_over = promise.is_settled and promise.state is not PromiseState.VANISHED
    _tell_groups(promise, is_over=is_over, needs=needs, now=now)
    if is_over:
        needs.alerts.resolve(alert, reason=promise.reason, version=promise.version, now=now)
    elif promise.group is not None:
        reason = f"not mended, but told as one with all that is stopped by {promise.group.kind} {promise.group.id}"
        needs.alerts.resolve(alert, reason=reason, version=promise.version, now=now)
    else:
        needs.alerts.complain(alert, version=promise.version, now=now)
    known = told(promise, deadlines=needs.intent.deadlines, now=now)
    # Where somebody else has written it meanwhile, it is theirs to tell.
    return known if needs.promises.keep(known, was=promise) else promise


def _tell_groups(promise: Promise, *, is_over: bool, needs: TellingNeeds, now: datetime) -> None:
    """Let the promise leave the groups that do not stop it any more, and join the one that does."""
    for key in promise.left_groups:
        leave_group(key, promise, needs=needs, now=now)
    if promise.group is not None and is_over:
        leave_group(promise.group, promise, needs=needs, now=now)
    elif promise.group is not None:
        join_group(promise.group, promise, needs=needs, now=now)


def alert_of(promise: Promise, kind: AlertKind) -> Alert:
    """The alert about a promise: one, whatever becomes of it."""
    return Alert(
        kind=kind,
        subject=promise.subject,
        account=promise.account,
        region=promise.region,
        reason=f"{promise.owner}: {promise.reason}",
        resource=promise.resource,
    )


def _fact(promise: Promise) -> CopyFact | None:
    match promise.state:
        case PromiseState.VERIFIED:
            return _about(promise, CopyVerified, copy=promise.copy or "")
        case PromiseState.VANISHED:
            return _about(promise, CopyVanished, copy=promise.copy or "")
        case PromiseState.FAILED:
            return _about(promise, CopyFailed)
        case PromiseState.MISSING:
            return _about(promise, CopyMissing)
        case PromiseState.OPEN:
            return None
        case _:
            assert_never(promise.state)


def _about(promise: Promise, kind: Callable[..., CopyFact], **more: str) -> CopyFact:
    return kind(
        account=promise.account,
        region=promise.region,
        resource=promise.resource,
        reason=promise.reason,
        recovery_point=promise.recovery_point,
        destination=promise.destination,
        tier=promise.tier,
        **more,
    )
