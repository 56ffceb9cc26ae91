"""Backup jobs: which of them open promises, and which are a reason to complain."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.found import MadeBy, cause_of
from strongroom.domain.copies.moments import possible
from strongroom.domain.copies.promises import Learnt, is_local_vault, measures_of
from strongroom.domain.health.metrics import Metric
from strongroom.domain.identifiers import AccountId, Region, is_account_id
from strongroom.domain.intent.model import Intent

# As what people are told of each state in which a backup job ends badly (API reference, DescribeBackupJob).
_KIND_OF_STATE: Final = {
    "FAILED": AlertKind.BACKUP_FAILED,
    "PARTIAL": AlertKind.BACKUP_PARTIAL,
    "EXPIRED": AlertKind.BACKUP_EXPIRED,
    "ABORTED": AlertKind.BACKUP_ABORTED,
}
_FAILED_STATES: Final = _KIND_OF_STATE.keys()


class BackupJob(Struct, frozen=True, kw_only=True):
    """A backup job as its event tells it: a hint, to be confirmed by the recovery point itself."""

    id: str | None
    state: str
    account: AccountId
    region: Region
    vault: str | None
    resource: str | None
    recovery_point: str | None
    created_at: datetime | None
    message: str | None
    made_by: MadeBy | None
    completed_at: datetime | None = None


class BackupState(StrEnum):
    """What a backup job means for us."""

    PROMISED = "PROMISED"
    LOCAL_ONLY = "LOCAL_ONLY"
    FAILED = "FAILED"
    UNKNOWN_TIER = "UNKNOWN_TIER"
    NOT_OURS = "NOT_OURS"
    UNCHANGED = "UNCHANGED"


class BackupVerdict(Struct, frozen=True, kw_only=True):
    """What was decided about one backup job, and why; `destinations` are the vaults that are now owed a copy.

    `learnt` says how we came to know, where it is news.
    """

    state: BackupState
    reason: str
    resource: str
    recovery_point: str | None = None
    tier: str | None = None
    rule: str | None = None
    destinations: tuple[str, ...] = ()
    learnt: Learnt | None = None

    @property
    def measures(self) -> dict[Metric, float]:
        """Whether an event told it."""
        return measures_of((self.learnt,))


def dated_job(job: BackupJob, *, now: datetime) -> BackupJob:
    """The job without those of its moments that cannot be: next to one of years to come every other job is older."""
    created_at, completed_at = possible(job.created_at, now=now), possible(job.completed_at, now=now)
    return replace(job, created_at=created_at, completed_at=completed_at)


def has_ended(job: BackupJob) -> bool:
    """Whether nothing more comes of it, good or bad."""
    return job.state == "COMPLETED" or has_failed(job)


def has_failed(job: BackupJob) -> bool:
    """Whether AWS Backup itself calls it failed, in one of its words for that."""
    return job.state in _FAILED_STATES


def kind_of_failure(job: BackupJob) -> AlertKind:
    """As what people are told that it brought no backup: one that says it completed, and did not, has failed, too."""
    return _KIND_OF_STATE.get(job.state, AlertKind.BACKUP_FAILED)


def judge_backup(job: BackupJob, *, intent: Intent) -> BackupVerdict:
    """PROMISED means: confirm it and open promises."""
    resource = job.resource or f"an unnamed resource of {job.account}"
    if not _may_be_ours(job, intent):
        return BackupVerdict(
            state=BackupState.NOT_OURS,
            reason="the job does not end in a governed account's local vault",
            resource=resource,
        )
    if job.state in _FAILED_STATES:
        return _judge_failure(job, resource=resource)
    if job.state != "COMPLETED" or job.recovery_point is None:
        return BackupVerdict(state=BackupState.UNCHANGED, reason=f"the job is {job.state}", resource=resource)
    return BackupVerdict(
        state=BackupState.PROMISED,
        reason="the backup completed" + (f" with issues: {cause_of(job.message)}" if job.message else ""),
        resource=resource,
        recovery_point=job.recovery_point,
    )


def _may_be_ours(job: BackupJob, intent: Intent) -> bool:
    """Whether the job ends in a local vault; a failure that does not say where is told rather than lost."""
    if job.vault is None:
        return job.state in _FAILED_STATES and is_account_id(job.account)
    return is_local_vault(job.vault, account=job.account, region=job.region, intent=intent)


def _judge_failure(job: BackupJob, *, resource: str) -> BackupVerdict:
    where = "" if job.vault else ", not saying in which vault"
    reason = f"the backup job ended {job.state}{where}: {cause_of(job.message)}"
    return BackupVerdict(state=BackupState.FAILED, reason=reason, resource=resource)
