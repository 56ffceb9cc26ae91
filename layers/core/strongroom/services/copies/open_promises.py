"""When a backup has completed, promise a verified copy in every destination of its rule; tell when it failed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from strongroom.domain.alerts.complaints import AlertKind, fingerprint
from strongroom.domain.copies.backup_jobs import (
    BackupJob,
    BackupState,
    BackupVerdict,
    dated_job,
    judge_backup,
)
from strongroom.domain.copies.expected.backups import Answer, BackupKey
from strongroom.domain.copies.found import dated_point, is_continuous
from strongroom.domain.copies.origins import joined
from strongroom.domain.copies.promises import Learnt, Night, Promise, promises_of
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.identifiers import Arn
from strongroom.domain.intent.destinations import destinations_of, own_vaults
from strongroom.services.copies.backup_origins import origin_of_point, our_maker
from strongroom.services.copies.expect_backups import answer_backup
from strongroom.services.copies.tell_failures import about_resource, believe, tell_failure

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.copies.expected.backups import ExpectedBackup
    from strongroom.domain.copies.found import MadeBy, RecoveryPointFound
    from strongroom.domain.copies.origins import Origin
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.copies import (
        BackupJobs,
        ExpectedBackups,
        GroupBook,
        PromiseBook,
        ProtectionBook,
        RecoveryPointInspection,
    )
    from strongroom.ports.facts import Publisher
    from strongroom.services.alerts.tell_alerts import AlertNotifier

# A copy has the creation date of its source, which is that of its job.
SAME_MOMENT: Final = timedelta(seconds=1)
# No page says how soon AWS Backup shows what a job made; the queue gives its messages longer than this.
_SHOWN_WITHIN: Final = timedelta(minutes=10)


class PromiseOpeningNeeds(Struct, frozen=True, kw_only=True):
    """What promising copies needs of the world."""

    intent: Intent
    backups: BackupJobs
    points: RecoveryPointInspection
    promises: PromiseBook
    groups: GroupBook
    expected: ExpectedBackups
    protection: ProtectionBook
    alerts: AlertNotifier
    publisher: Publisher


class Owed(Struct, frozen=True, kw_only=True):
    """What a backup of ours owes: nothing where no tier is known, or its rule copies nowhere; and if that `is_news`."""

    origin: Origin | None = None
    promises: tuple[Promise, ...] = ()
    is_news: bool = False


def open_promises(
    job: BackupJob, *, needs: PromiseOpeningNeeds, now: datetime, learnt: Learnt = Learnt.EVENT
) -> BackupVerdict:
    """Open the promises of a completed backup, once however often its event comes, and tell of failed ones.

    What AWS's own lists name (`learnt` by reconciliation) is believed as it is.
    """
    job = dated_job(job, now=now)
    verdict = judge_backup(job, intent=needs.intent)
    if verdict.state is BackupState.PROMISED:
        verdict = _confirm(job, verdict, learnt=learnt, needs=needs, now=now)
    elif verdict.state is BackupState.FAILED and learnt is Learnt.EVENT:
        job, verdict = believe(job, verdict, intent=needs.intent, backups=needs.backups)
    match verdict.state:
        case BackupState.FAILED:
            told = tell_failure(job, verdict, needs=needs, now=now)
            # One of no rule is told of its resource, and nobody counts how often.
            is_news = told.state is BackupState.FAILED and told.tier is not None
            return replace(told, learnt=learnt) if is_news else told
        case BackupState.UNKNOWN_TIER:
            needs.alerts.complain(about_resource(AlertKind.RESOURCE_NOT_TAGGED, job, verdict), now=now)
        case BackupState.PROMISED | BackupState.LOCAL_ONLY | BackupState.NOT_OURS | BackupState.UNCHANGED:
            pass
    return verdict


def promise_copies(
    point: RecoveryPointFound,
    *,
    made_by: MadeBy | None,
    account: AccountId,
    region: Region,
    needs: PromiseOpeningNeeds,
    now: datetime,
    night: Night | None,
    opened_by: Learnt = Learnt.EVENT,
) -> Owed | None:
    """Open what a recovery point promises, and return it; None of a backup that no plan of ours made.

    Who made it, it tells itself, and its job (`made_by`) what it leaves out; of a continuous one the job knows better.
    """
    told = (made_by, point.made_by) if night else (point.made_by, made_by)
    maker = our_maker(joined(*told), account=Arn.parse(point.vault).account, points=needs.points)
    if maker is None:
        return None
    began_at = night.began_at if night else point.created_at
    origin = origin_of_point(point, maker=maker, began_at=began_at, needs=needs)
    if origin is None:
        return Owed()
    owed = promises_of(
        point,
        origin=origin,
        account=account,
        region=region,
        intent=needs.intent,
        now=now,
        night=night,
        opened_by=opened_by,
        took=_took(point, origin, account=account, region=region, needs=needs),
    )
    standing = [_opened(promise, promises=needs.promises) for promise in owed]
    return Owed(
        origin=origin,
        promises=tuple(promise for promise, _ in standing),
        is_news=any(is_new for _, is_new in standing),
    )


def _took(
    point: RecoveryPointFound, origin: Origin, *, account: AccountId, region: Region, needs: PromiseOpeningNeeds
) -> dict[str, tuple[timedelta, ...]]:
    """How long the resource's latest copies took to each destination of the rule; nothing where nobody learns."""
    if not needs.intent.deadlines.is_learnt:
        return {}
    vaults = [each.vault.arn for each in destinations_of(needs.intent, origin.rule, account=account, region=region)]
    return {vault: needs.protection.copies_took(point.resource, destination=vault) for vault in vaults}


def _opened(promise: Promise, *, promises: PromiseBook) -> tuple[Promise, bool]:
    """The promise as it stands, and whether it is new: somebody else may have opened it, knowing better when it was.

    What a list names is mostly known, so that it is read before it is written: a write costs more, also one in vain.
    """
    known = promises.current(promise.key) if promise.opened_by is Learnt.RECONCILIATION else None
    if known is not None:
        return known, False
    if promises.open(promise):
        return promise, True
    return promises.current(promise.key) or promise, False


class _Counting(Struct, frozen=True, kw_only=True):
    """A backup that is there and whose rule is known: its job, what it came to, and the rule of which resource."""

    job: BackupJob
    verdict: BackupVerdict
    answer: Answer
    resource: str
    origin: Origin

    @property
    def key(self) -> BackupKey:
        """What is expected of the rule, and stands for it."""
        return BackupKey(self.resource, self.origin.tier, self.origin.rule.name, self.job.account)

    def is_newest(self, known: ExpectedBackup | None) -> bool:
        """Whether no later job has counted for the rule."""
        return known is None or known.last_created is None or known.last_created <= self.answer.created_at


def _confirm(
    job: BackupJob, verdict: BackupVerdict, *, learnt: Learnt, needs: PromiseOpeningNeeds, now: datetime
) -> BackupVerdict:
    """Once its recovery point was seen, promise its copies; let it count for its rule, or else remember it."""
    point = needs.points.find(job.recovery_point or "", vault=job.vault or "") or _moved(job, needs=needs)
    if point is None:
        return _say_absent(job, verdict, needs=needs, now=now)
    point = dated_point(point, now=now)
    night = _night_of(job, point, now=now)
    owed = promise_copies(
        point,
        made_by=job.made_by,
        account=job.account,
        region=job.region,
        needs=needs,
        now=now,
        night=night,
        opened_by=learnt,
    )
    completed_at = now if night else point.completed_at or now
    is_remembered = False
    if owed is not None and owed.origin is not None:
        answer = Answer(
            job=job.id,
            created_at=night.began_at if night else point.created_at,
            is_good=True,
            reason=verdict.reason,
            point=point.arn,
            completed_at=completed_at,
        )
        ours = _Counting(job=job, verdict=verdict, answer=answer, resource=point.resource, origin=owed.origin)
        is_remembered = _conclude(ours, needs=needs, now=now)
    if not is_remembered:
        _remember(point, completed_at, learnt=learnt, protection=needs.protection)
    return _say_owed(verdict, owed, learnt=learnt)


def _say_absent(job: BackupJob, verdict: BackupVerdict, *, needs: PromiseOpeningNeeds, now: datetime) -> BackupVerdict:
    """The verdict where the vault does not hold the recovery point; TemporarilyUnavailableError where it soon may."""
    if _was_there(job, needs=needs):
        reason = "it was there when it was heard of, and is gone since; its event comes once more"
        return replace(verdict, state=BackupState.UNCHANGED, reason=reason)
    if job.completed_at is not None and abs(now - job.completed_at) < _SHOWN_WITHIN:
        raise TemporarilyUnavailableError(f"{job.recovery_point} is not shown yet, a moment after its job")
    reason = "the backup job says that it completed, but the vault does not hold its recovery point"
    return replace(verdict, state=BackupState.FAILED, reason=reason)


def _was_there(job: BackupJob, *, needs: PromiseOpeningNeeds) -> bool:
    """Whether its recovery point was seen: its copies were promised, or this backup or a later one is remembered."""
    if job.recovery_point and needs.promises.knows(job.recovery_point):
        return True
    last = needs.protection.last_backup(job.resource) if job.resource else None
    return last is not None and job.completed_at is not None and job.completed_at <= last


def _conclude(ours: _Counting, *, needs: PromiseOpeningNeeds, now: datetime) -> bool:
    """Tell how good the backup is, and let it count for what its rule owes; whether the rule remembers it.

    What is answered is known, and never looked at again: all that is to be told of it is told before. A later one may
    be counted at the same time, so that the alert is looked at once more.
    """
    known = needs.expected.find(ours.key)
    if ours.is_newest(known):
        _tell_quality(ours, alerts=needs.alerts, now=now)
    is_counted = _count(ours, known=known, needs=needs, now=now)
    if not ours.job.message or not ours.is_newest(needs.expected.find(ours.key)):
        _settle_quality(ours.resource, began_at=ours.answer.created_at, alerts=needs.alerts, now=now)
    return is_counted or (known is not None and known.last_point == ours.answer.point)


def _count(ours: _Counting, *, known: ExpectedBackup | None, needs: PromiseOpeningNeeds, now: datetime) -> bool:
    """Let the backup count for what its rule owes; False where that was known, or a later one counts."""
    counted = answer_backup(
        ours.answer,
        resource=ours.resource,
        origin=ours.origin,
        account=ours.job.account,
        region=ours.job.region,
        needs=needs,
        now=now,
        known=known,
    )
    return counted is not None


def _remember(point: RecoveryPointFound, completed_at: datetime, *, learnt: Learnt, protection: ProtectionBook) -> None:
    """As with promises: what a list names is mostly known."""
    last = protection.last_backup(point.resource) if learnt is Learnt.RECONCILIATION else None
    if last is None or last < completed_at:
        protection.record_backup(point.resource, recovery_point=point.arn, at=completed_at)


def _moved(job: BackupJob, *, needs: PromiseOpeningNeeds) -> RecoveryPointFound | None:
    """The backup that AWS Backup has copied into the air-gapped vault beside it and deleted meanwhile, as it was."""
    if job.resource is None or job.created_at is None or job.vault is None:
        return None
    for vault in own_vaults(needs.intent, account=job.account):
        if not vault.is_air_gapped or vault.region != job.region:
            continue
        for copy in needs.points.of_resource(job.resource, vault=vault.arn):
            if abs(copy.created_at - job.created_at) <= SAME_MOMENT:
                return replace(copy, arn=job.recovery_point or "", vault=job.vault)
    return None


def _say_owed(verdict: BackupVerdict, owed: Owed | None, *, learnt: Learnt) -> BackupVerdict:
    if owed is None:
        reason = "the backup was not made by a plan of ours, so it promises no copy"
        return replace(verdict, state=BackupState.NOT_OURS, reason=reason)
    if owed.origin is None:
        reason = "neither the plan that made it nor a tag says which tier it is, so no copy can be expected"
        return replace(verdict, state=BackupState.UNKNOWN_TIER, reason=reason)
    news = learnt if owed.is_news else None
    ours = replace(verdict, learnt=news, tier=owed.origin.tier, rule=owed.origin.rule.name)
    if not owed.promises:
        return replace(ours, state=BackupState.LOCAL_ONLY, reason=f"{verdict.reason}, and its rule copies it nowhere")
    return replace(ours, destinations=tuple(promise.destination for promise in owed.promises))


def _night_of(job: BackupJob, point: RecoveryPointFound, *, now: datetime) -> Night | None:
    """Which run of a continuous backup the job was, by its id, or where the event has none by its time."""
    if not is_continuous(point.arn):
        return None
    began_at = job.created_at or now
    return Night(backup_job=job.id or began_at.isoformat(), began_at=began_at)


def _tell_quality(ours: _Counting, *, alerts: AlertNotifier, now: datetime) -> None:
    # A job that "completed with issues" is COMPLETED with a status message (Developer Guide, "Monitoring ... events").
    job, began_at = ours.job, ours.answer.created_at
    if job.message:
        alert = about_resource(AlertKind.BACKUP_WITH_ISSUES, job, ours.verdict)
        alerts.complain(alert, version=_number(began_at), now=now, is_same=True)
    else:
        _settle_quality(ours.verdict.resource, began_at=began_at, alerts=alerts, now=now)


def _settle_quality(resource: str, *, began_at: datetime, alerts: AlertNotifier, now: datetime) -> None:
    """End what is told of this backup, or of an older one."""
    reason = "a later backup of the resource completed"
    print_ = fingerprint(AlertKind.BACKUP_FAILED, resource)
    alerts.settle(print_, reason=reason, version=_number(began_at), now=now)


def _number(began_at: datetime) -> int:
    """The backup's place among those of its resource, as the number of what is told of it."""
    return int(began_at.timestamp())
