"""Look at every overdue promise: find the copy, wait for it, or complain once and copy again."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import assert_never

from strongroom.domain.alerts import AlertKind
from strongroom.domain.copies import (
    ACTIVE_JOB_STATES,
    FAILED_JOB_STATES,
    CopyJob,
    CopyState,
    CopyVerdict,
    Promise,
    PromiseState,
    judge_copy,
    judge_failed_job,
)
from strongroom.domain.deadlines import OverdueState, OverdueVerdict, decide_overdue, unreachable
from strongroom.domain.errors import (
    AccessRefusedError,
    CopyRefusedError,
    NotFoundError,
    TemporarilyUnavailableError,
)
from strongroom.domain.facts import CopyMissing, CopyRestarted
from strongroom.domain.intent import Intent
from strongroom.ports import BackupTruth, CopyJobs, CopyStarter, DuePromises
from strongroom.services.verify_copy import CopyRecords, conclude, copy_alert

LIMIT = 200
_SAME_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepVerdict:
    """What one sweep found: how many promises in which state, and the verdict on each."""

    counts: dict[str, int]
    verdicts: tuple[CopyVerdict | OverdueVerdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What a sweep needs of the world."""

    due: DuePromises
    truth: BackupTruth
    jobs: CopyJobs
    starter: CopyStarter
    records: CopyRecords
    intent: Intent


def sweep_overdue_copies(sweep: Sweep, *, now: datetime, limit: int = LIMIT) -> SweepVerdict:
    """Look at up to `limit` overdue promises; what is left over is still due at the next sweep."""
    verdicts = tuple(_look_or_leave(sweep, promise, now=now) for promise in islice(sweep.due.due(now), limit))
    return SweepVerdict(counts=dict(Counter(str(verdict.state) for verdict in verdicts)), verdicts=verdicts)


def _look_or_leave(sweep: Sweep, promise: Promise, *, now: datetime) -> CopyVerdict | OverdueVerdict:
    try:
        return _look(sweep, promise, now=now)
    except TemporarilyUnavailableError as error:
        return unreachable(promise, cause=str(error), now=now)


def _look(sweep: Sweep, promise: Promise, *, now: datetime) -> CopyVerdict | OverdueVerdict:
    arrived = _judge_arrivals(sweep, promise, now=now)
    if arrived is not None:
        cause = arrived.copy or ""
        return conclude(promise, arrived, cause=cause, records=sweep.records, intent=sweep.intent, now=now)
    jobs = _jobs(sweep, promise)
    failed = _untold_failure(promise, jobs or ())
    if failed is not None:
        verdict = judge_failed_job(promise, failed)
        cause = failed.id or verdict.reason
        return conclude(promise, verdict, cause=cause, records=sweep.records, intent=sweep.intent, now=now)
    overdue = decide_overdue(promise, jobs=jobs, deadlines=sweep.intent.deadlines, now=now)
    _act(sweep, promise, overdue, now=now)
    return overdue


def _judge_arrivals(sweep: Sweep, promise: Promise, *, now: datetime) -> CopyVerdict | None:
    """The verdict on what is in the destination vault: a good copy, else one whose faults are not told yet."""
    # A copy keeps the creation date of its source (Developer Guide, "Creating a backup copy").
    found = [
        point
        for point in sweep.truth.of_resource(promise.resource, vault=promise.destination)
        if abs(point.created_at - promise.created_at) <= _SAME_MOMENT
    ]
    if not found:
        return None
    vault = sweep.truth.describe(promise.destination)
    verdicts = [judge_copy(promise, found=point, vault=vault, intent=sweep.intent, now=now) for point in found]
    good = (verdict for verdict in verdicts if verdict.state is CopyState.VERIFIED)
    untold = (
        verdict for verdict in verdicts if verdict.state is CopyState.FAILED and verdict.copy not in promise.failed_jobs
    )
    return next(good, None) or next(untold, None)


def _jobs(sweep: Sweep, promise: Promise) -> tuple[CopyJob, ...] | None:
    try:
        return sweep.jobs.of_promise(promise)
    except AccessRefusedError:
        return None


def _untold_failure(promise: Promise, jobs: tuple[CopyJob, ...]) -> CopyJob | None:
    if any(job.state in ACTIVE_JOB_STATES for job in jobs):
        return None
    return next((job for job in jobs if job.state in FAILED_JOB_STATES and job.id not in promise.failed_jobs), None)


def _act(sweep: Sweep, promise: Promise, overdue: OverdueVerdict, *, now: datetime) -> None:
    restarts = promise.restarts
    match overdue.state:
        case OverdueState.STUCK:
            _tell_missing(sweep, promise, overdue, now=now)
        case OverdueState.RESTART:
            if promise.state is not PromiseState.FAILED:
                _tell_missing(sweep, promise, overdue, now=now)
            restarts += _restart(sweep, promise)
        case OverdueState.STILL_COPYING | OverdueState.WATCH | OverdueState.UNREACHABLE:
            pass
        case _:
            assert_never(overdue.state)
    sweep.records.promises.postpone(promise, due_at=overdue.look_again_at, restarts=restarts)


def _tell_missing(sweep: Sweep, promise: Promise, overdue: OverdueVerdict, *, now: datetime) -> None:
    sweep.records.desk.complain(copy_alert(AlertKind.COPY_MISSING, promise, reason=overdue.reason), now=now)
    if not sweep.records.promises.miss(promise, reason=overdue.reason):
        return
    sweep.records.desk.publisher.publish(
        CopyMissing(
            account=promise.account,
            region=promise.region,
            resource=promise.resource,
            reason=overdue.reason,
            recovery_point=promise.recovery_point,
            destination=promise.destination,
            tier=promise.tier,
        )
    )


def _restart(sweep: Sweep, promise: Promise) -> int:
    """Start the copy again and return how many attempts that used up: none while the account refuses us."""
    attempt = promise.restarts + 1
    try:
        copy_job = sweep.starter.start(promise, attempt=attempt)
    except AccessRefusedError:
        return 0
    except (CopyRefusedError, NotFoundError):
        return 1
    sweep.records.desk.publisher.publish(
        CopyRestarted(
            account=promise.account,
            region=promise.region,
            resource=promise.resource,
            reason=f"the copy was started again, attempt {attempt}",
            recovery_point=promise.recovery_point,
            destination=promise.destination,
            tier=promise.tier,
            copy_job=copy_job,
        )
    )
    return 1
