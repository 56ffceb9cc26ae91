"""Read a verified copy once more: one that is gone, or another than it was, is the worst that there is, and is told."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from strongroom.domain.copies.deadlines import OverdueState, OverdueVerdict, overdue_verdict
from strongroom.domain.copies.moments import moment
from strongroom.domain.copies.transitions import looked, vanished
from strongroom.domain.copies.verification import why_not_as_promised
from strongroom.services.copies.conclude import conclude

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.copies.promises import Promise
    from strongroom.ports.copies import RecoveryPointInspection
    from strongroom.services.copies.conclude import ConclusionNeeds


def doubt(promise: Promise, *, points: RecoveryPointInspection, needs: ConclusionNeeds, now: datetime) -> bool:
    """Whether a verified copy that its vault does not list does not show itself either: then it is looked at soon."""
    if promise.copy is None or points.find(promise.copy, vault=promise.destination) is not None:
        return False
    return needs.promises.keep(_first_in_vain(promise, needs=needs, now=now), was=promise)


def look_again(
    promise: Promise, *, points: RecoveryPointInspection, needs: ConclusionNeeds, now: datetime
) -> OverdueVerdict:
    """SEEN_AGAIN, or VANISHED once two looks agree that it is gone; nothing is ever copied again for that."""
    deadlines = needs.intent.deadlines
    found = None if promise.copy is None else points.find(promise.copy, vault=promise.destination)
    if found is None and promise.looks == 0:
        unseen = _first_in_vain(promise, needs=needs, now=now)
        needs.promises.keep(unseen, was=promise)
        again = unseen.due_at or now
        return overdue_verdict(promise, OverdueState.WATCH, "the verified copy does not show itself", again=again)
    fault = "it is not in its vault any more" if found is None else why_not_as_promised(promise, found)
    if fault is None:
        needs.promises.keep(looked(promise, again=None, looks=0), was=promise)
        return overdue_verdict(promise, OverdueState.SEEN_AGAIN, "the verified copy is as it was", again=now)
    reason = f"{promise.copy} was verified {moment(promise.settled_at or now)}, and {fault}"
    conclude(promise, partial(vanished, reason=reason, deadlines=deadlines, now=now), needs=needs, now=now)
    return overdue_verdict(promise, OverdueState.VANISHED, reason, again=now)


def _first_in_vain(promise: Promise, *, needs: ConclusionNeeds, now: datetime) -> Promise:
    """The same, to be looked at once more: one answer may be a slow one."""
    return looked(promise, again=now + needs.intent.deadlines.grace, looks=1)
