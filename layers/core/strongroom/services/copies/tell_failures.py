"""Tell of a backup job that failed, once AWS Backup says so: for what its rule owes, else of its resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from strongroom.domain.alerts.complaints import Alert
from strongroom.domain.copies.backup_jobs import BackupState, has_failed, judge_backup, kind_of_failure
from strongroom.domain.copies.expected.backups import Answer
from strongroom.domain.copies.origins import joined
from strongroom.services.copies.backup_origins import OriginNeeds, origin_of_job
from strongroom.services.copies.expect_backups import ExpectationNeeds, answer_backup

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.alerts.complaints import AlertKind
    from strongroom.domain.copies.backup_jobs import BackupJob, BackupVerdict
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.copies import BackupJobs


class FailureNeeds(OriginNeeds, ExpectationNeeds, Protocol):
    """What telling of failures takes of the world: all that telling whose they are does, and whom they concern."""


def believe(
    job: BackupJob, verdict: BackupVerdict, *, intent: Intent, backups: BackupJobs
) -> tuple[BackupJob, BackupVerdict]:
    """The job and the verdict on its failure, as AWS Backup describes it: anybody can put an event on a bus.

    The event counts for what AWS Backup leaves out.
    """
    known = None if job.id is None else backups.describe(job.id, account=job.account, region=job.region)
    if known is not None and has_failed(known):
        believed = replace(
            job,
            state=known.state,
            vault=known.vault or job.vault,
            resource=known.resource or job.resource,
            message=known.message or job.message,
            made_by=joined(known.made_by, job.made_by),
            created_at=known.created_at or job.created_at,
        )
        return believed, judge_backup(believed, intent=intent)
    says = "does not know the job" if known is None else f"says that the job is {known.state}"
    reason = f"the event says that the backup {job.state}, and AWS Backup {says}"
    return job, replace(verdict, state=BackupState.UNCHANGED, reason=reason)


def tell_failure(job: BackupJob, verdict: BackupVerdict, *, needs: FailureNeeds, now: datetime) -> BackupVerdict:
    """Let the failure count for what its rule owes; one of which no rule of ours is known is told of the resource."""
    origin = origin_of_job(job, needs=needs)
    if origin is None or job.resource is None or job.created_at is None:
        return _tell_nameless(job, verdict, needs=needs, now=now)
    ours = replace(verdict, tier=origin.tier, rule=origin.rule.name)
    kind = kind_of_failure(job)
    answer = Answer(job=job.id, created_at=job.created_at, is_good=False, reason=verdict.reason, kind=kind)
    counted = answer_backup(
        answer, resource=job.resource, origin=origin, account=job.account, region=job.region, needs=needs, now=now
    )
    if counted is not None:
        return ours
    reason = f"{verdict.reason}; that is known, or a later backup of its rule counts"
    return replace(ours, state=BackupState.UNCHANGED, reason=reason)


def _tell_nameless(job: BackupJob, verdict: BackupVerdict, *, needs: FailureNeeds, now: datetime) -> BackupVerdict:
    last_backup = None if job.resource is None else needs.protection.last_backup(job.resource)
    if last_backup is not None and job.created_at is not None and job.created_at < last_backup:
        reason = f"{verdict.reason}; but a later backup of the resource completed"
        return replace(verdict, state=BackupState.UNCHANGED, reason=reason)
    needs.alerts.complain(about_resource(kind_of_failure(job), job, verdict), now=now)
    return verdict


def about_resource(kind: AlertKind, job: BackupJob, verdict: BackupVerdict) -> Alert:
    """The alert about the resource as a whole, whatever its rules owe it."""
    return Alert(kind=kind, subject=verdict.resource, account=job.account, region=job.region, reason=verdict.reason)
