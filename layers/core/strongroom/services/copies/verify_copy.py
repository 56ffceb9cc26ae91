"""Verify that a finished copy job left, in its destination vault, what was promised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from strongroom.domain.alerts.complaints import Alert, AlertKind, fingerprint
from strongroom.domain.copies.facts import CopyFailed, CopyVerified
from strongroom.domain.copies.found import CopyJob, CopyNotice, is_continuous
from strongroom.domain.copies.origins import joined
from strongroom.domain.copies.promises import Night, Promise, is_ours, promise_of_night
from strongroom.domain.copies.verification import CopyState, CopyVerdict, judge_copy, judge_failed_job
from strongroom.services.copies.open_promises import PromiseOpeningNeeds, promise_copies
from strongroom.services.copies.standing_faults import look_at_vault, tell_encryption, tell_left_overs

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.ports.copies import CopyJobs, VaultInspection
    from strongroom.ports.facts import Publisher


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyVerificationNeeds(PromiseOpeningNeeds):
    """What verifying a copy needs of the world: all that promising it took, for copies that overtake their backup."""

    vaults: VaultInspection
    jobs: CopyJobs
    publisher: Publisher


def verify_copy(notice: CopyNotice, *, needs: CopyVerificationNeeds, now: datetime) -> CopyVerdict:
    """Judge the copy by what AWS Backup says now, never by its event, and conclude once.

    A copy that is seen before its backup opens the backup's promises itself.
    """
    account, region, job = notice.account, notice.region, notice.job
    if not is_ours(job, account=account, region=region, intent=needs.intent):
        return _unconcluded(job, CopyState.NOT_OURS, "the copy is not from a governed account's vault to one of ours")
    described = needs.jobs.describe(job.id, account=account, region=region) if job.id else None
    if described is not None:
        job = replace(described, made_by=joined(described.made_by, job.made_by))
    promise = _promise_of(job, needs=needs) or _promise_late(replace(notice, job=job), needs=needs, now=now)
    if promise is None:
        return _unconcluded(job, CopyState.NOT_OURS, "no copy to this vault is owed for this recovery point")
    if promise.is_settled:
        return _unconcluded(job, CopyState.UNCHANGED, f"the promise is {promise.state} already")
    if job.is_active:
        return _unconcluded(job, CopyState.PENDING, f"the copy job is {job.state}")
    if job.has_failed:
        verdict = judge_failed_job(promise, job)
        return conclude(promise, verdict, cause=job.id or verdict.reason, needs=needs, now=now)
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
    return conclude(promise, verdict, cause=copy or "", needs=needs, now=now)


def conclude(
    promise: Promise, verdict: CopyVerdict, *, cause: str, needs: CopyVerificationNeeds, now: datetime
) -> CopyVerdict:
    """Remember and tell a verdict, once; what can be repeated comes before the write that counts.

    `cause` identifies what failed, the job or the copy, so that the same failure counts once.
    """
    match verdict.state:
        case CopyState.VERIFIED:
            return _conclude_verified(promise, verdict, needs=needs, now=now)
        case CopyState.FAILED:
            return _conclude_failed(promise, verdict, cause=cause, needs=needs, now=now)
        case CopyState.PENDING | CopyState.NOT_OURS | CopyState.UNCHANGED:
            return verdict
        case _:
            assert_never(verdict.state)


def _promise_of(job: CopyJob, *, needs: CopyVerificationNeeds) -> Promise | None:
    if is_continuous(job.recovery_point):
        return promise_of_night(needs.promises.nights(job.recovery_point, job.destination), job=job)
    return needs.promises.get(job.recovery_point, job.destination)


def _promise_late(notice: CopyNotice, *, needs: CopyVerificationNeeds, now: datetime) -> Promise | None:
    job, night = notice.job, None
    if is_continuous(job.recovery_point):
        if job.backup_job is None:
            return None  # Of which night, only the backup's own event tells.
        night = Night(backup_job=job.backup_job, began_at=job.created_at or now)
    point = needs.points.find(job.recovery_point, vault=job.source_vault)
    if point is None:
        return None
    owed = promise_copies(
        point, made_by=job.made_by, account=notice.account, region=notice.region, needs=needs, now=now, night=night
    )
    return next(
        (promise for promise in (owed.promises if owed else ()) if promise.destination == job.destination), None
    )


def _conclude_verified(
    promise: Promise, verdict: CopyVerdict, *, needs: CopyVerificationNeeds, now: datetime
) -> CopyVerdict:
    copy = verdict.copy or ""
    needs.protection.record_verified_copy(promise.resource, copy=copy, at=now)
    for kind in (AlertKind.COPY_MISSING, AlertKind.COPY_FAILED, AlertKind.COPY_SLOW):
        needs.alerts.settle(fingerprint(kind, promise.subject), reason=verdict.reason, now=now)
    tell_encryption(promise, verdict, alerts=needs.alerts, now=now)
    tell_left_overs(promise, points=needs.points, alerts=needs.alerts, intent=needs.intent, now=now)
    if not needs.promises.verify(promise, copy=copy, reason=verdict.reason, now=now):
        return replace(verdict, state=CopyState.UNCHANGED, reason="the promise is settled already")
    needs.publisher.publish(
        CopyVerified(
            account=promise.account,
            region=promise.region,
            resource=promise.resource,
            reason=verdict.reason,
            recovery_point=promise.recovery_point,
            destination=promise.destination,
            tier=promise.tier,
            copy=copy,
        )
    )
    return verdict


def _conclude_failed(
    promise: Promise, verdict: CopyVerdict, *, cause: str, needs: CopyVerificationNeeds, now: datetime
) -> CopyVerdict:
    if cause in promise.failed_jobs:
        return replace(verdict, state=CopyState.UNCHANGED, reason="this failure is known already")
    needs.alerts.complain(copy_alert(AlertKind.COPY_FAILED, promise, reason=verdict.reason), now=now)
    look_again_at = now + needs.intent.deadlines.copy_retry_after
    if not needs.promises.fail(promise, cause=cause, reason=verdict.reason, look_again_at=look_again_at):
        return replace(verdict, state=CopyState.UNCHANGED, reason="this failure is known already")
    needs.publisher.publish(
        CopyFailed(
            account=promise.account,
            region=promise.region,
            resource=promise.resource,
            reason=verdict.reason,
            recovery_point=promise.recovery_point,
            destination=promise.destination,
            tier=promise.tier,
        )
    )
    return verdict


def copy_alert(kind: AlertKind, promise: Promise, *, reason: str) -> Alert:
    """The alert about a promise: one per kind, however often it is repeated."""
    return Alert(
        kind=kind,
        subject=promise.subject,
        account=promise.account,
        region=promise.region,
        reason=f"{promise.owner}: {reason}",
    )


def _unconcluded(job: CopyJob, state: CopyState, reason: str) -> CopyVerdict:
    return CopyVerdict(state=state, reason=reason, recovery_point=job.recovery_point, destination=job.destination)
