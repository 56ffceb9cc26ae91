"""Continuous backups: one recovery point for each resource and vault, which every run of the plan extends.

Developer Guide, "Continuous backups and point-in-time recovery (PITR)".
"""

import uuid
from copy import replace
from typing import Final

from sandbox.backup_service import events
from sandbox.backup_service.errors import InvalidRequestException
from sandbox.backup_service.estate import BackupJob, Estate, RecoveryPoint
from sandbox.backup_service.resources.kind import ResourceKind
from sandbox.backup_service.resources.rds_cluster import MULTI_AZ

_RESOURCE_TYPES: Final = frozenset({"Aurora", "RDS", "S3"})


def resource_supports_continuous(kind: ResourceKind) -> bool:
    """Whether a type can be backed up continuously; of any other, Multi-AZ clusters too, a rule makes snapshots."""
    return kind.resource_type in _RESOURCE_TYPES and kind is not MULTI_AZ


def make_continuous(estate: Estate, job: BackupJob) -> None:
    """Let a job extend the resource's continuous recovery point, or make its first."""
    job.is_continuous = True
    known = estate.continuous_point(job.place, job.vault_name, job.resource_arn)
    if known is not None and known.lifecycle != job.lifecycle:
        # API reference, DescribeRecoveryPoint, Status: another retention stops it, and the next run makes a new one.
        known.status = "STOPPED"
        events.publish(estate, events.recovery_point_event(known, known.status))
        known = None
    job.recovery_point_arn = known.arn if known else _fresh_arn(job)


def why_not_continuous(estate: Estate, job: BackupJob) -> str | None:
    """Why a bucket gets no continuous point beside the one that another vault has.

    Developer Guide, "Primary backups to logically air-gapped vaults", "Troubleshooting".
    """
    if job.resource_type != "S3":
        return None
    others = (point for point in estate.recovery_points.values() if point.resource_arn == job.resource_arn)
    if any(each.is_continuous and each.status != "STOPPED" and each.vault.name != job.vault_name for each in others):
        bucket = job.resource_arn.rpartition(":")[2]
        return f"Bucket {bucket} already has continuous backup enabled for another vault Backup job failed."
    return None


def _fresh_arn(job: BackupJob) -> str:
    family, _, name = job.resource_arn.split(":", 5)[5].replace("/", ":").rpartition(":")
    label = f"{family}-{name}" if family else name
    unique = f"{label}-{uuid.uuid4().hex[:8]}"
    return f"arn:aws:backup:{job.place.region}:{job.place.account}:recovery-point:continuous:{unique}"


def extended(known: RecoveryPoint, fresh: RecoveryPoint) -> RecoveryPoint:
    """The continuous point after one more run: the same point, with all that the resource held until now."""
    # Whether AWS moves the completion date is not documented; here it stays, which is the harder case.
    return replace(fresh, created=known.created, completed=known.completed or fresh.completed)


def ensure_copyable_on_demand(point: RecoveryPoint) -> None:
    """API reference, "StartCopyJob": does not support continuous backups."""
    if point.is_continuous:
        raise InvalidRequestException("Copying continuous backups on demand is not supported")
