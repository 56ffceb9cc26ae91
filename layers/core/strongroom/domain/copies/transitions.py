"""What becomes of a promise: each step gives the promise as it is to be written, over the one that was read.

A state and the note that people must be told of it are one write. Telling is a second step, which anybody can finish.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from strongroom.domain.alerts.complaints import AlertKind, is_worse
from strongroom.domain.copies.deadlines import wait_of
from strongroom.domain.copies.obstacles import Cause, GroupKey, without
from strongroom.domain.copies.promises import Learnt, Promise, PromiseState
from strongroom.domain.copies.remediation.diagnosis import DIAGNOSED, Finding
from strongroom.domain.intent.model import Deadlines

# One in so many verified copies is read a second time.
_SAMPLE: Final = 20
# How soon what was written and not told is told by the sweep: after whoever wrote it has had time to.
_TOLD_WITHIN: Final = timedelta(minutes=5)


def verified(
    promise: Promise, *, copy: str, reason: str, learnt: Learnt, deadlines: Deadlines, now: datetime
) -> Promise | None:
    """The copy was read in its vault and is as promised; None where that, or worse, was known."""
    if promise.state.rank >= PromiseState.VERIFIED.rank:
        return None
    settled = _raised(promise, PromiseState.VERIFIED, reason=reason, learnt=learnt)
    return _ended(replace(settled, copy=copy), deadlines=deadlines, now=now)


def failed(
    promise: Promise,
    *,
    cause: str,
    reason: str,
    learnt: Learnt,
    deadlines: Deadlines,
    now: datetime,
    group: GroupKey | None = None,
) -> Promise | None:
    """A copy job failed, or what it left is not as promised; `cause` is the job or the copy.

    Where what stopped it stops others, too, that is the `group`; nothing new of that leaves it where it was.

    None where that failure was known, or the promise is settled. Where an alert stands already, people hear of it again
    if it says for the first time what stops the copy.
    """
    if promise.is_settled or cause in promise.failed_jobs:
        return None
    raised = _raised(promise, PromiseState.FAILED, reason=reason, learnt=learnt)
    counted = replace(raised, failed_jobs=(*promise.failed_jobs, cause), diagnosis=None)
    why = reason.partition(DIAGNOSED)[2]
    is_news = why not in {"", promise.reason.partition(DIAGNOSED)[2]}
    grouped = _regrouped(counted, group or promise.group)
    return _complained(grouped, AlertKind.COPY_FAILED, is_news=is_news, deadlines=deadlines, now=now)


def missed(
    promise: Promise,
    *,
    kind: AlertKind,
    reason: str,
    deadlines: Deadlines,
    now: datetime,
    group: GroupKey | None = None,
) -> Promise | None:
    """Nothing has arrived by the deadline, or still runs long after it; None where that or worse was known."""
    is_known = promise.state.rank > PromiseState.MISSING.rank or (
        promise.state is PromiseState.MISSING and (promise.alert is None or not is_worse(kind, promise.alert))
    )
    if is_known:
        return None
    raised = _raised(promise, PromiseState.MISSING, reason=reason, learnt=Learnt.SWEEP)
    return _complained(_regrouped(raised, group or promise.group), kind, deadlines=deadlines, now=now)


def vanished(promise: Promise, *, reason: str, deadlines: Deadlines, now: datetime) -> Promise | None:
    """A copy that was verified is not there any more, or not as it was; None unless it was verified."""
    if promise.state is not PromiseState.VERIFIED:
        return None
    raised = _raised(promise, PromiseState.VANISHED, reason=reason, learnt=Learnt.SWEEP)
    return _complained(_regrouped(raised, None), AlertKind.COPY_VANISHED, deadlines=deadlines, now=now)


def told(promise: Promise, *, deadlines: Deadlines, now: datetime) -> Promise:
    """The same, once people were told of it."""
    is_over = promise.is_settled and promise.state is not PromiseState.VANISHED
    known = replace(
        promise,
        untold=False,
        alert=None if is_over else promise.alert,
        group=None if is_over else promise.group,
        left_groups=(),
        revision=promise.revision + 1,
    )
    return replace(known, due_at=next_look(known, deadlines=deadlines, now=now))


def looked(promise: Promise, *, again: datetime | None, looks: int, unseen: int = 0) -> Promise:
    """The same, looked at without news; where it could not be looked at, `unseen` says how often in a row."""
    return replace(promise, due_at=again, looks=looks, unseen=unseen, revision=promise.revision + 1)


def remediated(promise: Promise, *, again: datetime) -> Promise:
    """The same, once somebody has begun to see to its copy: the quiet looks are counted anew."""
    return replace(looked(promise, again=again, looks=0), remediations=promise.remediations + 1)


def restarted(promise: Promise) -> Promise | None:
    """The same, once its copy was started again; what is settled meanwhile counts no more."""
    if promise.is_settled:
        return None
    return replace(promise, restarts=promise.restarts + 1, diagnosis=None, revision=promise.revision + 1)


def diagnosed(
    promise: Promise, finding: Finding, *, deadlines: Deadlines, now: datetime, group: GroupKey | None = None
) -> Promise | None:
    """What stops the copy is known, and what to do about it; None where that was known, or nothing is complained of.

    People hear of it only where it says another cause than the alert that stands, or one that stops others, too: the
    `group`. As long as nobody could be asked it stays where it was.
    """
    if promise.is_settled or promise.alert is None or promise.diagnosis is finding.cause:
        return None
    is_news = finding.cause.is_told and finding.cause.words not in promise.reason
    reason = f"{promise.reason.partition(DIAGNOSED)[0]}{DIAGNOSED}{finding.told}"
    noted = replace(promise, reason=reason, diagnosis=finding.cause, revision=promise.revision + 1)
    known = noted if finding.cause is Cause.BUSY else _regrouped(noted, group)
    if not is_news and known.group == promise.group:
        return known
    return _due(replace(known, untold=True, version=promise.version + 1), deadlines=deadlines, now=now)


def next_look(promise: Promise, *, deadlines: Deadlines, now: datetime) -> datetime | None:
    """When to look at the promise again: ever more rarely where it stays broken, and once more at a sample of the good.

    None where nothing is left to be seen.
    """
    match promise.state:
        case PromiseState.VANISHED:
            return None
        case PromiseState.VERIFIED:
            seen_at = promise.settled_at or now
            is_to_come = is_sampled(promise) and now < seen_at + deadlines.second_look
            return seen_at + deadlines.second_look if is_to_come else None
        case _:
            return now + wait_of(promise, looks=promise.looks, deadlines=deadlines, now=now)


def is_sampled(promise: Promise) -> bool:
    """Whether the copy is one of those that are read a second time, by chance, and always the same ones."""
    return hashlib.sha256(promise.subject.encode()).digest()[0] % _SAMPLE == 0


def _raised(promise: Promise, state: PromiseState, *, reason: str, learnt: Learnt | None) -> Promise:
    return replace(
        promise,
        state=state,
        reason=reason,
        learnt=learnt,
        looks=0,
        unseen=0,
        version=promise.version + 1,
        revision=promise.revision + 1,
    )


def _regrouped(promise: Promise, group: GroupKey | None) -> Promise:
    """The same, told through the group from now on, and through none that it was in before."""
    before = () if promise.group is None else (promise.group,)
    return replace(promise, group=group, left_groups=without((*promise.left_groups, *before), group))


def _complained(
    raised: Promise, kind: AlertKind, *, deadlines: Deadlines, now: datetime, is_news: bool = False
) -> Promise:
    """People must hear of it, unless an alert that is as loud stands already and there is no other news."""
    # Of what was told through a group no alert of its own stands.
    is_alone = raised.group is None and bool(raised.left_groups)
    is_loud = raised.alert is None or is_alone or is_worse(kind, raised.alert)
    if is_loud or is_news:
        raised = replace(raised, alert=kind, untold=True)
    elif raised.group is not None:
        raised = replace(raised, untold=True)
    elif raised.untold:
        # What is still to be told is the alert that stands: whoever tells it now must not tell it as another.
        raised = replace(raised, version=raised.version - 1)
    return _due(raised, deadlines=deadlines, now=now)


def _ended(raised: Promise, *, deadlines: Deadlines, now: datetime) -> Promise:
    """People must hear of it where an alert stands, or was to be told."""
    ended = replace(raised, settled_at=now, untold=raised.alert is not None)
    return _due(ended, deadlines=deadlines, now=now)


def _due(promise: Promise, *, deadlines: Deadlines, now: datetime) -> Promise:
    due_at = now + _TOLD_WITHIN if promise.untold else next_look(promise, deadlines=deadlines, now=now)
    return replace(promise, due_at=due_at)
