"""Verify that a finished copy job left, in its destination vault, what was promised."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, assert_never

from msgspec.structs import replace

from strongroom.domain.copies.found import CopyJob, CopyNotice, dated_point, is_continuous
from strongroom.domain.copies.origins import joined
from strongroom.domain.copies.promises import Learnt, Night, Promise, is_ours, promise_of_night
from strongroom.domain.copies.transitions import failed, verified
from strongroom.domain.copies.verification import CopyState, CopyVerdict, judge_copy, judge_failed_job
from strongroom.services.copies.conclude import conclude, tell
from strongroom.services.copies.open_promises import PromiseOpeningNeeds, promise_copies
from strongroom.services.copies.standing_faults import look_at_vault, tell_encryption, tell_left_overs
from strongroom.services.copies.tell_groups import group_of_words

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.copies.obstacles import GroupKey
    from strongroom.ports.copies import CopyJobs, VaultInspection


class CopyVerificationNeeds(PromiseOpeningNeeds, frozen=True, kw_only=True):
    """What verifying a copy needs of the world: all that promising it took, for copies that overtake their backup."""

    vaults: VaultInspection
    jobs: CopyJobs


def verify_copy(
    notice: CopyNotice, *, needs: CopyVerificationNeeds, now: datetime, learnt: Learnt = Learnt.EVENT
) -> CopyVerdict:
    """Judge the copy by what AWS Backup says now, never by its event, and conclude once.

    A copy that is seen before its backup opens the backup's promises itself. A job that AWS's own lists name
    (`learnt` by reconciliation) is not described again.
    """
    account, region, job = notice.account, notice.region, notice.job
    if not is_ours(job, account=account, region=region, intent=needs.intent):
        return _unconcluded(job, CopyState.NOT_OURS, "the copy is not from a governed account's vault to one of ours")
    is_hint = learnt is not Learnt.RECONCILIATION
    described = needs.jobs.describe(job.id, account=account, region=region) if job.id and is_hint else None
    if described is not None:
        job = replace(described, made_by=joined(described.made_by, job.made_by))
    opened_by = Learnt.COPY if is_hint else learnt
    promise = _promise_of(job, needs=needs) or _promise_late(
        replace(notice, job=job), opened_by=opened_by, needs=needs, now=now
    )
    if promise is None:
        return _unconcluded(job, CopyState.NOT_OURS, "no copy to this vault is owed for this recovery point")
    promise = tell(promise, needs=needs, now=now)
    if promise.is_settled:
        return _unconcluded(job, CopyState.UNCHANGED, f"the promise is {promise.state} already")
    if job.is_active:
        return _unconcluded(job, CopyState.PENDING, f"the copy job is {job.state}")
    if job.has_failed:
        if described is None and is_hint:
            reason = "the event says that the copy failed, and AWS Backup does not: what is due is looked at"
            return _unconcluded(job, CopyState.PENDING, reason)
        verdict = judge_failed_job(promise, job, intent=needs.intent)
        group = group_of_words(promise, job.message, points=needs.points)
        cause = job.id or ""
        return conclude_copy(promise, verdict, cause=cause, group=group, learnt=learnt, needs=needs, now=now)
    copy = job.destination_recovery_point
    verdict = judge_copy(
        promise,
        found=None if copy is None else needs.points.find(copy, vault=promise.destination),
        vault=look_at_vault(
            promise.destination, vaults=needs.vaults, alerts=needs.alerts, intent=needs.intent, now=now
        ),
        intent=needs.intent,
        now=now,
    )
    arrived_at = job.completed_at
    return conclude_copy(promise, verdict, cause=copy or "", arrived_at=arrived_at, learnt=learnt, needs=needs, now=now)


def conclude_copy(
    promise: Promise,
    verdict: CopyVerdict,
    *,
    cause: str,
    learnt: Learnt,
    needs: CopyVerificationNeeds,
    now: datetime,
    group: GroupKey | None = None,
    arrived_at: datetime | None = None,
) -> CopyVerdict:
    """Remember and tell a verdict, once.

    `cause` identifies what failed, the job or the copy, so that the same failure counts once; `group` is what stopped
    it, where that stops others, too. From a copy without `arrived_at` no deadline is learnt.
    """
    deadlines = needs.intent.deadlines
    match verdict.state:
        case CopyState.VERIFIED:
            copy = verdict.copy or ""
            # Before it is settled, for then nobody comes back to it.
            _remember_time(promise, copy, arrived_at=arrived_at, needs=needs, now=now)
            step = partial(verified, copy=copy, reason=verdict.reason, learnt=learnt, deadlines=deadlines, now=now)
        case CopyState.FAILED:
            why = verdict.reason
            step = partial(failed, cause=cause, group=group, reason=why, learnt=learnt, deadlines=deadlines, now=now)
        case CopyState.PENDING | CopyState.NOT_OURS | CopyState.UNCHANGED:
            return verdict
        case _:
            assert_never(verdict.state)
    if conclude(promise, step, needs=needs, now=now) is None:
        return replace(verdict, state=CopyState.UNCHANGED, reason="this is known already")
    if verdict.state is CopyState.VERIFIED:
        tell_encryption(promise, verdict, alerts=needs.alerts, now=now)
        tell_left_overs(promise, points=needs.points, alerts=needs.alerts, intent=needs.intent, now=now)
    return replace(verdict, learnt=learnt)


def _remember_time(
    promise: Promise, copy: str, *, arrived_at: datetime | None, needs: CopyVerificationNeeds, now: datetime
) -> None:
    """Where deadlines are learnt, let those to come know how long this copy took."""
    took = promise.took(arrived_at)
    if took is not None:
        needs.protection.record_copy(promise.resource, destination=promise.destination, copy=copy, took=took, now=now)


def _promise_of(job: CopyJob, *, needs: CopyVerificationNeeds) -> Promise | None:
    if is_continuous(job.recovery_point):
        return promise_of_night(needs.promises.nights(job.recovery_point, job.destination), job=job)
    return needs.promises.get(job.recovery_point, job.destination)


def _promise_late(
    notice: CopyNotice, *, opened_by: Learnt, needs: CopyVerificationNeeds, now: datetime
) -> Promise | None:
    job, night = notice.job, None
    if is_continuous(job.recovery_point):
        if job.backup_job is None:
            return None  # Of which night, only the backup's own event tells.
        night = Night(backup_job=job.backup_job, began_at=job.created_at or now)
    point = needs.points.find(job.recovery_point, vault=job.source_vault)
    if point is None:
        return None
    owed = promise_copies(
        dated_point(point, now=now),
        made_by=job.made_by,
        account=notice.account,
        region=notice.region,
        needs=needs,
        now=now,
        night=night,
        opened_by=opened_by,
    )
    return next(
        (promise for promise in (owed.promises if owed else ()) if promise.destination == job.destination), None
    )


def _unconcluded(job: CopyJob, state: CopyState, reason: str) -> CopyVerdict:
    return CopyVerdict(state=state, reason=reason, recovery_point=job.recovery_point, destination=job.destination)
