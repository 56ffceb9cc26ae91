"""Verify that a finished copy job left, in its destination vault, what was promised."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from strongroom.domain.alerts import Alert, AlertKind, fingerprint
from strongroom.domain.copies import (
    ACTIVE_JOB_STATES,
    FAILED_JOB_STATES,
    CopyJob,
    CopyState,
    CopyVerdict,
    Promise,
    is_ours,
    judge_copy,
    judge_failed_job,
)
from strongroom.domain.facts import CopyFailed, CopyVerified
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent import Intent
from strongroom.ports import BackupTruth, CopyJobs, PromiseBook, ProtectionBook
from strongroom.services.open_promises import promise_copies
from strongroom.services.tell_alerts import AlertDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRecords:
    """Where the outcome of a copy is remembered and told."""

    promises: PromiseBook
    protection: ProtectionBook
    desk: AlertDesk


def verify_copy(
    job: CopyJob,
    *,
    account: AccountId,
    region: Region,
    truth: BackupTruth,
    jobs: CopyJobs,
    records: CopyRecords,
    intent: Intent,
    now: datetime,
) -> CopyVerdict:
    """Judge the copy by what AWS Backup says now, never by its event, and conclude once.

    A copy that is seen before its backup opens the backup's promises itself.
    """
    if not is_ours(job, account=account, region=region, intent=intent):
        return _unconcluded(job, CopyState.NOT_OURS, "the copy is not from a governed account's vault to one of ours")
    job = (jobs.describe(job.id, account=account, region=region) if job.id else None) or job
    promise = records.promises.get(job.recovery_point, job.destination) or _promise_late(
        job, account=account, region=region, truth=truth, records=records, intent=intent, now=now
    )
    if promise is None:
        return _unconcluded(job, CopyState.NOT_OURS, "no copy to this vault is owed for this recovery point")
    if promise.is_settled:
        return _unconcluded(job, CopyState.UNCHANGED, f"the promise is {promise.state} already")
    if job.state in ACTIVE_JOB_STATES:
        return _unconcluded(job, CopyState.PENDING, f"the copy job is {job.state}")
    if job.state in FAILED_JOB_STATES:
        verdict = judge_failed_job(promise, job)
        return conclude(promise, verdict, cause=job.id or verdict.reason, records=records, intent=intent, now=now)
    copy = job.destination_recovery_point
    verdict = judge_copy(
        promise,
        found=None if copy is None else truth.find(copy, vault=promise.destination),
        vault=truth.describe(promise.destination),
        intent=intent,
        now=now,
    )
    return conclude(promise, verdict, cause=copy or "", records=records, intent=intent, now=now)


def conclude(
    promise: Promise, verdict: CopyVerdict, *, cause: str, records: CopyRecords, intent: Intent, now: datetime
) -> CopyVerdict:
    """Remember and tell a verdict, once; what can be repeated comes before the write that counts.

    `cause` identifies what failed, the job or the copy, so that the same failure counts once.
    """
    match verdict.state:
        case CopyState.VERIFIED:
            return _conclude_verified(promise, verdict, records=records, now=now)
        case CopyState.FAILED:
            return _conclude_failed(promise, verdict, cause=cause, records=records, intent=intent, now=now)
        case CopyState.PENDING | CopyState.NOT_OURS | CopyState.UNCHANGED:
            return verdict
        case _:
            assert_never(verdict.state)


def _promise_late(
    job: CopyJob,
    *,
    account: AccountId,
    region: Region,
    truth: BackupTruth,
    records: CopyRecords,
    intent: Intent,
    now: datetime,
) -> Promise | None:
    point = truth.find(job.recovery_point, vault=job.source_vault)
    if point is None:
        return None
    owed = promise_copies(
        point,
        account=account,
        region=region,
        points=truth,
        promises=records.promises,
        protection=records.protection,
        intent=intent,
        now=now,
    )
    return next((promise for promise in owed if promise.destination == job.destination), None)


def _conclude_verified(promise: Promise, verdict: CopyVerdict, *, records: CopyRecords, now: datetime) -> CopyVerdict:
    copy = verdict.copy or ""
    records.protection.record_verified_copy(promise.resource, copy=copy, at=now)
    for kind in (AlertKind.COPY_MISSING, AlertKind.COPY_FAILED):
        records.desk.settle(fingerprint(kind, promise.subject), reason=verdict.reason, now=now)
    if not records.promises.verify(promise, copy=copy, reason=verdict.reason, now=now):
        return replace(verdict, state=CopyState.UNCHANGED, reason="the promise is settled already")
    records.desk.publisher.publish(
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
    promise: Promise, verdict: CopyVerdict, *, cause: str, records: CopyRecords, intent: Intent, now: datetime
) -> CopyVerdict:
    if cause in promise.failed_jobs:
        return replace(verdict, state=CopyState.UNCHANGED, reason="this failure is known already")
    records.desk.complain(copy_alert(AlertKind.COPY_FAILED, promise, reason=verdict.reason), now=now)
    look_again_at = now + intent.deadlines.copy_retry_after
    if not records.promises.fail(promise, cause=cause, reason=verdict.reason, look_again_at=look_again_at):
        return replace(verdict, state=CopyState.UNCHANGED, reason="this failure is known already")
    records.desk.publisher.publish(
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
        reason=f"{promise.resource}: {reason}",
    )


def _unconcluded(job: CopyJob, state: CopyState, reason: str) -> CopyVerdict:
    return CopyVerdict(state=state, reason=reason, recovery_point=job.recovery_point, destination=job.destination)
