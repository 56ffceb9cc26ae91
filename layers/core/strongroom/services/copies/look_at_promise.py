"""Look at an overdue promise: find the copy, wait for it, or complain once and have somebody see to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.deadlines import (
    MAX_UNSEEN,
    OverdueState,
    OverdueVerdict,
    decide_overdue,
    overdue_verdict,
    queue_of,
    unreachable,
)
from strongroom.domain.copies.obstacles import of_account
from strongroom.domain.copies.promises import Learnt, Promise
from strongroom.domain.copies.transitions import looked, missed, remediated
from strongroom.domain.copies.verification import CopyState, CopyVerdict, judge_copy, judge_failed_job
from strongroom.domain.errors import AccessRefusedError
from strongroom.services.copies.conclude import conclude, tell
from strongroom.services.copies.look_again import look_again
from strongroom.services.copies.open_promises import SAME_MOMENT
from strongroom.services.copies.standing_faults import look_at_vault
from strongroom.services.copies.tell_groups import group_of_words
from strongroom.services.copies.verify_copy import CopyVerificationNeeds, conclude_copy

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.copies.found import CopyJob, RecoveryPointFound
    from strongroom.domain.copies.obstacles import GroupKey
    from strongroom.ports.copies import RemediationStarter

_COMPLAINT_OF = {
    OverdueState.STUCK: AlertKind.COPY_MISSING,
    OverdueState.MISSING: AlertKind.COPY_MISSING,
    OverdueState.SLOW: AlertKind.COPY_SLOW,
}


class PromiseLookNeeds(CopyVerificationNeeds, frozen=True, kw_only=True):
    """What a look needs of the world: all that verifying a copy takes, and somebody who sees to what is missing."""

    remediations: RemediationStarter


def look_at_promise(promise: Promise, *, needs: PromiseLookNeeds, now: datetime) -> CopyVerdict | OverdueVerdict:
    """Tell what is untold, read once more what is settled, else find the copy or decide what to do without it.

    Raises what keeps the accounts from being asked.
    """
    if promise.untold:
        known = tell(promise, needs=needs, now=now)
        return overdue_verdict(promise, OverdueState.TOLD, promise.reason, again=known.due_at or now)
    if promise.is_settled:
        return look_again(promise, points=needs.points, needs=needs, now=now)
    found = arrivals(promise, needs=needs)
    arrived = _judge_arrivals(promise, found, needs=needs, now=now) if found else None
    if arrived is not None:
        cause, came = arrived.copy or "", next(each for each in found if each.arn == arrived.copy).completed_at
        return conclude_copy(promise, arrived, cause=cause, arrived_at=came, learnt=Learnt.SWEEP, needs=needs, now=now)
    jobs = _jobs(promise, needs=needs)
    failed = _untold_failure(promise, jobs or ())
    if failed is not None:
        verdict = judge_failed_job(promise, failed, intent=needs.intent)
        cause, group = failed.id or verdict.reason, group_of_words(promise, failed.message, points=needs.points)
        return conclude_copy(promise, verdict, cause=cause, group=group, learnt=Learnt.SWEEP, needs=needs, now=now)
    deadlines = needs.intent.deadlines
    overdue = decide_overdue(promise, jobs=jobs, has_arrived=bool(found), deadlines=deadlines, now=now)
    _act(promise, overdue, group=of_account(promise.account) if jobs is None else None, needs=needs, now=now)
    return overdue


def leave_promise(promise: Promise, *, cause: str, needs: PromiseLookNeeds, now: datetime) -> OverdueVerdict:
    """Make way for the promises behind, count it, and tell of a promise that cannot be looked at again and again."""
    left = unreachable(promise, cause=cause, deadlines=needs.intent.deadlines, now=now)
    unseen = promise.unseen + 1
    if unseen < MAX_UNSEEN or not _complain(promise, left, kind=AlertKind.COPY_MISSING, needs=needs, now=now):
        after = looked(promise, again=left.look_again_at, looks=promise.looks, unseen=unseen)
        needs.promises.keep(after, was=promise)
    return left


def arrivals(promise: Promise, *, needs: CopyVerificationNeeds) -> tuple[RecoveryPointFound, ...]:
    """What is in the destination vault for the promise."""
    if promise.night is None:
        # A copy keeps the creation date of its source (Developer Guide, "Creating a backup copy").
        held = needs.points.of_resource(promise.resource, vault=promise.destination)
        return tuple(point for point in held if abs(point.created_at - promise.created_at) <= SAME_MOMENT)
    # The copy of a continuous backup is a snapshot with a date of its own, so its job tells which one it is.
    own = queue_of(promise, _jobs(promise, needs=needs) or ()).own
    copies = (job.destination_recovery_point for job in own if job.destination_recovery_point is not None)
    found = (needs.points.find(copy, vault=promise.destination) for copy in copies)
    return tuple(point for point in found if point is not None)


def _judge_arrivals(
    promise: Promise, found: tuple[RecoveryPointFound, ...], *, needs: PromiseLookNeeds, now: datetime
) -> CopyVerdict | None:
    """The verdict on what arrived: a good copy, else one whose faults are not told yet."""
    vault = look_at_vault(promise.destination, vaults=needs.vaults, alerts=needs.alerts, intent=needs.intent, now=now)
    verdicts = [judge_copy(promise, found=point, vault=vault, intent=needs.intent, now=now) for point in found]
    good = (verdict for verdict in verdicts if verdict.state is CopyState.VERIFIED)
    untold = (
        verdict for verdict in verdicts if verdict.state is CopyState.FAILED and verdict.copy not in promise.failed_jobs
    )
    return next(good, None) or next(untold, None)


def _jobs(promise: Promise, *, needs: CopyVerificationNeeds) -> tuple[CopyJob, ...] | None:
    try:
        return needs.jobs.of_promise(promise)
    except AccessRefusedError:
        return None


def _untold_failure(promise: Promise, jobs: tuple[CopyJob, ...]) -> CopyJob | None:
    own = queue_of(promise, jobs).own
    if any(job.is_active for job in own):
        return None
    return next((job for job in own if job.has_failed and job.id not in promise.failed_jobs), None)


def _act(
    promise: Promise, overdue: OverdueVerdict, *, group: GroupKey | None, needs: PromiseLookNeeds, now: datetime
) -> None:
    kind = _COMPLAINT_OF.get(overdue.state)
    if kind is not None and _complain(promise, overdue, kind=kind, group=group, needs=needs, now=now):
        return
    if overdue.state is OverdueState.REMEDIATE:
        needs.remediations.begin(promise, attempt=promise.remediations + 1)
        after = remediated(promise, again=overdue.look_again_at)
    else:
        after = looked(promise, again=overdue.look_again_at, looks=overdue.looks)
    # Where somebody else has written it meanwhile, that counts.
    needs.promises.keep(after, was=promise)


def _complain(
    promise: Promise,
    overdue: OverdueVerdict,
    *,
    kind: AlertKind,
    needs: PromiseLookNeeds,
    now: datetime,
    group: GroupKey | None = None,
) -> bool:
    """Write and tell that the copy is missing, or slow; False where that was known.

    Where the account shows nothing at all, that is the `group`: one alert for all its copies.
    """
    deadlines = needs.intent.deadlines

    def step(promise: Promise) -> Promise | None:
        raised = missed(promise, kind=kind, reason=overdue.reason, group=group, deadlines=deadlines, now=now)
        return None if raised is None else replace(raised, looks=overdue.looks)

    return conclude(promise, step, needs=needs, now=now) is not None
