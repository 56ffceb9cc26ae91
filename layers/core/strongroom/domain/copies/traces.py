"""What a job leaves in the ledger once it was worked off, as far as the job alone tells."""

from collections.abc import Container
from datetime import datetime

from msgspec import Struct

from strongroom.domain.copies.backup_jobs import BackupJob, has_ended, has_failed, kind_of_failure
from strongroom.domain.copies.expected.backups import Answer, BackupKey, ExpectedBackup
from strongroom.domain.copies.expected.runs import Runs, runs_of
from strongroom.domain.copies.expected.transitions import answered
from strongroom.domain.copies.found import CopyJob, CopyNotice, is_continuous
from strongroom.domain.copies.origins import Origin, is_nameless, is_our_plan, rule_behind
from strongroom.domain.copies.promises import Promise, PromiseKey, destinations_owed, is_local_vault
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.tier_names import tier_of_plan


class Traces(Struct, frozen=True, kw_only=True):
    """The promises that a backup job opens, and the expected backup that it answers."""

    backup: BackupKey
    runs: Runs
    answer: Answer
    promises: tuple[PromiseKey, ...]


def traces_of(job: BackupJob, *, intent: Intent) -> Traces | None:
    """None of a job that leaves nothing, or of which more must be asked: by which plan and rule, and when it began."""
    if job.resource is None or job.created_at is None or not has_ended(job) or not _is_local(job, intent=intent):
        return None
    origin = _origin(job, began_at=job.created_at, intent=intent)
    runs = None if origin is None else runs_of(intent, tier=origin.tier, rule=origin.rule.name)
    if origin is None or runs is None:
        return None
    is_good, kind = not has_failed(job), kind_of_failure(job)
    answer = Answer(job=job.id, created_at=job.created_at, is_good=is_good, reason=job.state, kind=kind)
    return Traces(
        backup=BackupKey(job.resource, origin.tier, origin.rule.name, job.account),
        runs=runs,
        answer=answer,
        promises=_promise_keys(job, job.resource, origin, intent=intent) if answer.is_good else (),
    )


def has_left(
    traces: Traces, *, promises: Container[PromiseKey], expected: ExpectedBackup | None, now: datetime
) -> bool:
    """Whether the ledger holds all of it, so that the job says nothing new, and nobody has yet to be told."""
    if expected is None or expected.untold or answered(expected, traces.answer, runs=traces.runs, now=now):
        return False
    return all(key in promises for key in traces.promises)


def promise_key_of(notice: CopyNotice) -> PromiseKey | None:
    """The promise that a copy job serves; None where the job does not tell of which night it is."""
    job = notice.job
    if not is_continuous(job.recovery_point):
        return PromiseKey(job.recovery_point, job.destination, None, notice.account)
    if job.backup_job is None:
        return None
    return PromiseKey(job.recovery_point, job.destination, job.backup_job, notice.account)


def is_known_copy(job: CopyJob, *, promise: Promise | None) -> bool:
    """Whether the job changes nothing of the promise any more, and nobody has yet to be told of it."""
    if promise is None or promise.untold:
        return False
    cause = job.id if job.has_failed else job.destination_recovery_point
    return promise.is_settled or cause in promise.failed_jobs


def _is_local(job: BackupJob, *, intent: Intent) -> bool:
    return job.vault is not None and is_local_vault(job.vault, account=job.account, region=job.region, intent=intent)


def _origin(job: BackupJob, *, began_at: datetime, intent: Intent) -> Origin | None:
    maker = job.made_by
    if maker is None or not is_our_plan(maker) or is_nameless(maker):
        return None
    tier = tier_of_plan(maker.plan_name, intent=intent)
    if tier is None:
        return None
    return Origin(tier=tier, rule=rule_behind(maker, tier=tier, began_at=began_at, intent=intent))


def _promise_keys(job: BackupJob, resource: str, origin: Origin, *, intent: Intent) -> tuple[PromiseKey, ...]:
    if job.vault is None or job.recovery_point is None:
        return ()
    night = job.id if is_continuous(job.recovery_point) else None
    owed = destinations_owed(
        resource,
        origin.rule,
        vault=job.vault,
        account=job.account,
        region=job.region,
        intent=intent,
        is_nightly=night is not None,
    )
    return tuple(PromiseKey(job.recovery_point, each.vault.arn, night, job.account) for each in owed)
