"""When a backup has completed, promise a verified copy in every destination of its tier; complain when it failed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from strongroom.domain.alerts.complaints import Alert, AlertKind, fingerprint
from strongroom.domain.copies.backup_jobs import (
    BackupJob,
    BackupState,
    BackupVerdict,
    is_by_organization_plan,
    judge_backup,
)
from strongroom.domain.copies.found import is_continuous
from strongroom.domain.copies.promises import Night, Promise, promises_of
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.identifiers import Arn
from strongroom.domain.intent.tier_names import tier_of_plan, tier_of_tags, tier_so_called

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.copies.found import RecoveryPointFound
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.copies import PromiseBook, ProtectionBook, RecoveryPointInspection
    from strongroom.services.alerts.tell_alerts import AlertNotifier

# No page says how soon AWS Backup shows what a job made; the queue gives its messages longer than this.
_SHOWN_WITHIN: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseOpeningNeeds:
    """What promising copies needs of the world."""

    intent: Intent
    points: RecoveryPointInspection
    promises: PromiseBook
    protection: ProtectionBook
    alerts: AlertNotifier


def open_promises(job: BackupJob, *, needs: PromiseOpeningNeeds, now: datetime) -> BackupVerdict:
    """Open the promises of a completed backup, once however often its event comes, and tell of failed ones."""
    last_backup = None if job.resource is None else needs.protection.last_backup(job.resource)
    verdict = judge_backup(job, intent=needs.intent, last_backup=last_backup)
    if verdict.state is BackupState.PROMISED:
        verdict = _confirm(job, verdict, needs=needs, now=now)
    match verdict.state:
        case BackupState.FAILED:
            needs.alerts.complain(_alert(AlertKind.BACKUP_FAILED, job, verdict), now=now)
        case BackupState.UNKNOWN_TIER:
            needs.alerts.complain(_alert(AlertKind.RESOURCE_NOT_TAGGED, job, verdict), now=now)
        case BackupState.PROMISED | BackupState.NOT_OURS | BackupState.UNCHANGED:
            pass
    return verdict


def promise_copies(
    point: RecoveryPointFound,
    *,
    account: AccountId,
    region: Region,
    needs: PromiseOpeningNeeds,
    now: datetime,
    night: Night | None = None,
) -> tuple[Promise, ...]:
    """Open what a recovery point promises, and return it.

    Nothing is promised where no tier is known, nor by a backup that the organisation's plan did not make.
    """
    tier = _tier(point, needs=needs) if is_by_organization_plan(point.plan) else None
    if tier is None:
        return ()
    owed = promises_of(point, tier=tier, account=account, region=region, intent=needs.intent, now=now, night=night)
    for promise in owed:
        needs.promises.open(promise)
    return owed


def _tier(point: RecoveryPointFound, *, needs: PromiseOpeningNeeds) -> str | None:
    """The tier by the plan that made the backup, else by the tags that it carries, else by the resource's last tag.

    A plan whose name AWS Backup did not tell with the backup is asked for it, before what the ledger remembers counts.
    """
    intent = needs.intent
    return (
        tier_of_plan(point.plan_name, intent=intent)
        or tier_of_tags(needs.points.tags(point.arn, vault=point.vault), intent=intent)
        or tier_of_plan(_asked_name(point, needs=needs), intent=intent)
        or tier_so_called(needs.protection.tier(point.resource), intent=intent)
    )


def _asked_name(point: RecoveryPointFound, *, needs: PromiseOpeningNeeds) -> str | None:
    """What the account that holds the recovery point calls the plan that made it; nobody else's account is asked."""
    if point.plan is None or Arn.parse(point.plan).account != Arn.parse(point.vault).account:
        return None
    return needs.points.plan_name(point.plan)


def _confirm(job: BackupJob, verdict: BackupVerdict, *, needs: PromiseOpeningNeeds, now: datetime) -> BackupVerdict:
    point = needs.points.find(job.recovery_point or "", vault=job.vault or "")
    if point is None:
        if job.completed_at is not None and now - job.completed_at < _SHOWN_WITHIN:
            raise TemporarilyUnavailableError(f"{job.recovery_point} is not shown yet, a moment after its job")
        reason = "the backup job says that it completed, but the vault does not hold its recovery point"
        return replace(verdict, state=BackupState.FAILED, reason=reason)
    night = _night_of(job, point, now=now)
    completed_at = now if night else point.completed_at or now
    needs.protection.record_backup(point.resource, recovery_point=point.arn, at=completed_at)
    # Who made a recovery point is told by itself; where it is not, by its job.
    point = replace(point, plan=point.plan or job.plan)
    if not is_by_organization_plan(point.plan):
        reason = "the backup was not made by the organisation's plan, so it promises no copy"
        return replace(verdict, state=BackupState.NOT_OURS, reason=reason)
    owed = promise_copies(point, account=job.account, region=job.region, needs=needs, now=now, night=night)
    if not owed:
        reason = "neither the plan that made it nor a tag says which tier it is, so no copy can be expected"
        return replace(verdict, state=BackupState.UNKNOWN_TIER, reason=reason)
    _tell_quality(job, verdict, alerts=needs.alerts, now=now)
    return replace(verdict, tier=owed[0].tier, destinations=tuple(promise.destination for promise in owed))


def _night_of(job: BackupJob, point: RecoveryPointFound, *, now: datetime) -> Night | None:
    """Which run of a continuous backup the job was, by its id, or where the event has none by its time."""
    if not is_continuous(point.arn):
        return None
    began_at = job.created_at or now
    return Night(backup_job=job.id or began_at.isoformat(), began_at=began_at)


def _tell_quality(job: BackupJob, verdict: BackupVerdict, *, alerts: AlertNotifier, now: datetime) -> None:
    # A job that "completed with issues" is COMPLETED with a status message (Developer Guide, "Monitoring ... events").
    if job.message:
        alerts.complain(_alert(AlertKind.BACKUP_FAILED, job, verdict), now=now)
        return
    reason = "a later backup of the resource completed"
    alerts.settle(fingerprint(AlertKind.BACKUP_FAILED, verdict.resource), reason=reason, now=now)


def _alert(kind: AlertKind, job: BackupJob, verdict: BackupVerdict) -> Alert:
    return Alert(kind=kind, subject=verdict.resource, account=job.account, region=job.region, reason=verdict.reason)
