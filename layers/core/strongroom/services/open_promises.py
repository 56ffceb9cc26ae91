"""When a backup has completed, promise a verified copy in every destination of its tier; complain when it failed."""

from dataclasses import replace
from datetime import datetime

from strongroom.domain.alerts import Alert, AlertKind, fingerprint
from strongroom.domain.backup_jobs import (
    BackupJob,
    BackupState,
    BackupVerdict,
    decide_tier,
    is_by_organization_plan,
    judge_backup,
)
from strongroom.domain.copies import Promise, RecoveryPointFound, promises_of
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent import Intent
from strongroom.ports import PromiseBook, ProtectionBook, RecoveryPointInspection
from strongroom.services.tell_alerts import AlertDesk


def open_promises(
    job: BackupJob,
    *,
    points: RecoveryPointInspection,
    promises: PromiseBook,
    protection: ProtectionBook,
    desk: AlertDesk,
    intent: Intent,
    now: datetime,
) -> BackupVerdict:
    """Open the promises of a completed backup, once however often its event comes, and tell of failed ones."""
    last_backup = None if job.resource is None else protection.last_backup(job.resource)
    verdict = judge_backup(job, intent=intent, last_backup=last_backup)
    if verdict.state is BackupState.PROMISED:
        verdict = _confirm(
            job, verdict, points=points, promises=promises, protection=protection, desk=desk, intent=intent, now=now
        )
    match verdict.state:
        case BackupState.FAILED:
            desk.complain(_alert(AlertKind.BACKUP_FAILED, job, verdict), now=now)
        case BackupState.UNKNOWN_TIER:
            desk.complain(_alert(AlertKind.RESOURCE_NOT_TAGGED, job, verdict), now=now)
        case BackupState.PROMISED | BackupState.NOT_OURS | BackupState.UNCHANGED:
            pass
    return verdict


def promise_copies(
    point: RecoveryPointFound,
    *,
    account: AccountId,
    region: Region,
    points: RecoveryPointInspection,
    promises: PromiseBook,
    protection: ProtectionBook,
    intent: Intent,
    now: datetime,
) -> tuple[Promise, ...]:
    """Open what a recovery point promises, and return it; nothing is promised where no tier is known."""
    tags = points.tags(point.arn, vault=point.vault)
    tier = decide_tier(tags, known_tier=protection.tier(point.resource), intent=intent)
    if tier is None:
        return ()
    owed = promises_of(point, tier=tier, account=account, region=region, intent=intent, now=now)
    for promise in owed:
        promises.open(promise)
    return owed


def _confirm(
    job: BackupJob,
    verdict: BackupVerdict,
    *,
    points: RecoveryPointInspection,
    promises: PromiseBook,
    protection: ProtectionBook,
    desk: AlertDesk,
    intent: Intent,
    now: datetime,
) -> BackupVerdict:
    point = points.find(job.recovery_point or "", vault=job.vault or "")
    if point is None:
        reason = "the backup job says that it completed, but the vault does not hold its recovery point"
        return replace(verdict, state=BackupState.FAILED, reason=reason)
    protection.record_backup(point.resource, recovery_point=point.arn, at=point.completed_at or now)
    if not is_by_organization_plan(point.plan or job.plan):
        reason = "the backup was not made by the organisation's plan, so it promises no copy"
        return replace(verdict, state=BackupState.NOT_OURS, reason=reason)
    owed = promise_copies(
        point,
        account=job.account,
        region=job.region,
        points=points,
        promises=promises,
        protection=protection,
        intent=intent,
        now=now,
    )
    if not owed:
        reason = "neither the recovery point nor the resource says which tier it is, so no copy can be expected"
        return replace(verdict, state=BackupState.UNKNOWN_TIER, reason=reason)
    _tell_quality(job, verdict, desk=desk, now=now)
    return replace(verdict, tier=owed[0].tier, destinations=tuple(promise.destination for promise in owed))


def _tell_quality(job: BackupJob, verdict: BackupVerdict, *, desk: AlertDesk, now: datetime) -> None:
    # A job that "completed with issues" is COMPLETED with a status message (Developer Guide, "Monitoring ... events").
    if job.message:
        desk.complain(_alert(AlertKind.BACKUP_FAILED, job, verdict), now=now)
        return
    reason = "a later backup of the resource completed"
    desk.settle(fingerprint(AlertKind.BACKUP_FAILED, verdict.resource), reason=reason, now=now)


def _alert(kind: AlertKind, job: BackupJob, verdict: BackupVerdict) -> Alert:
    return Alert(kind=kind, subject=verdict.resource, account=job.account, region=job.region, reason=verdict.reason)
