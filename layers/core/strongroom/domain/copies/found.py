"""What AWS Backup says of recovery points, vaults and jobs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from strongroom.domain.copies.moments import possible
from strongroom.domain.identifiers import AccountId, Region

ARRIVED_STATUSES = frozenset({"COMPLETED", "AVAILABLE"})
# Of copy jobs and of restore jobs.
ACTIVE_JOB_STATES = frozenset({"CREATED", "PENDING", "RUNNING"})
FAILED_JOB_STATES = frozenset({"FAILED", "PARTIAL"})
# Of what AWS says of a job as many characters are kept: its own sentences are shorter, and an alert has little room.
_KEPT: Final = 2_000
_CONTINUOUS = ":recovery-point:continuous:"


class MadeBy(Struct, frozen=True, kw_only=True):
    """The plan, by its ARN, and its rule that made a backup or a copy; names and ids where AWS Backup tells them.

    None of them is promised for the plans of an organisation (API reference, "RecoveryPointCreator").
    """

    plan: str
    plan_name: str | None = None
    rule_id: str | None = None
    rule_name: str | None = None


class PlanFound(Struct, frozen=True, kw_only=True):
    """A plan as AWS Backup describes it: what it is called, and what its rules are called, by their ids."""

    name: str
    rule_names: Mapping[str, str]


class RecoveryPointFound(Struct, frozen=True, kw_only=True):
    """A recovery point as AWS Backup describes it; without retention days it is kept for ever.

    Without `made_by` it was asked for by hand, or AWS does not say. A temporary one is deleted once it was copied into
    an air-gapped vault (`DELETE_AFTER_COPY`). What is cold, and its `type`, a list does not tell. A copy that came from
    another account has the vault that it was copied from, `source_vault`.
    """

    arn: str
    vault: str
    resource: str
    status: str
    encryption_key: str | None
    retention_days: int | None
    created_at: datetime
    completed_at: datetime | None
    made_by: MadeBy | None = None
    is_temporary: bool = False
    is_cold: bool = False
    type: str | None = None
    source_vault: str | None = None


def dated_point(point: RecoveryPointFound, *, now: datetime) -> RecoveryPointFound:
    """The recovery point as it can be: of what tells of no possible moment nobody knows more than that it is there."""
    created_at, completed_at = possible(point.created_at, now=now) or now, possible(point.completed_at, now=now)
    return replace(point, created_at=created_at, completed_at=completed_at)


class VaultFound(Struct, frozen=True, kw_only=True):
    """A vault as AWS Backup describes it; of a key that AWS owns, as air-gapped vaults have, it names no ARN."""

    arn: str
    encryption_key: str | None
    is_locked: bool
    min_retention_days: int | None
    max_retention_days: int | None
    is_air_gapped: bool = False


class CopyJob(Struct, frozen=True, kw_only=True):
    """A copy job as AWS Backup describes it, or as its event tells it; without `made_by` it was asked for by hand.

    `backup_job` is the id of the job that it follows, where AWS Backup tells.
    """

    id: str | None
    state: str
    recovery_point: str
    source_vault: str
    destination: str
    destination_recovery_point: str | None
    created_at: datetime | None
    message: str | None
    made_by: MadeBy | None = None
    completed_at: datetime | None = None
    backup_job: str | None = None

    @property
    def is_active(self) -> bool:
        """Whether it may still bring something."""
        return self.state in ACTIVE_JOB_STATES

    @property
    def has_failed(self) -> bool:
        """Whether AWS Backup itself calls it failed."""
        return self.state in FAILED_JOB_STATES


class CopyNotice(Struct, frozen=True, kw_only=True):
    """A copy job as an event hints at it, with the account and Region of its source."""

    account: AccountId
    region: Region
    job: CopyJob


def is_continuous(recovery_point: str) -> bool:
    """Whether every run of the plan extends this one recovery point (Developer Guide, "Continuous backups")."""
    return _CONTINUOUS in recovery_point


def cause_of(message: str | None) -> str:
    """Why a job ended as it did, in AWS's words, as far as it has any."""
    # AWS wraps some texts in quotation marks of their own (Developer Guide, "Monitoring AWS Backup events").
    told = (message or "").strip(' "') or "AWS Backup gives no cause"
    return told if len(told) <= _KEPT else f"{told[: _KEPT - 1]}…"
