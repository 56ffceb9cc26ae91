"""Backups whose primary target is an air-gapped vault: made there at once, or made beside it, copied and deleted.

Developer Guide, "Primary backups to logically air-gapped vaults".
"""

from copy import replace
from typing import Final

from sandbox.backup_service.estate import BackupJob, CopyAction, CopyJob, Estate
from sandbox.backup_service.jobs import rights
from sandbox.backup_service.jobs.copy_refusals import why_air_gap_refuses
from sandbox.backup_service.jobs.expiry import expire
from sandbox.backup_service.lifecycles import Lifecycle
from sandbox.backup_service.resources.catalogue import enters_air_gap
from sandbox.backup_service.resources.kind import Capture, ResourceKind

NOT_SUPPORTED: Final = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT_NOT_SUPPORTED"
_STAYS: Final = "Backup job completed successfully to the target backup vault. This resource "


def aim(job: BackupJob, kind: ResourceKind, air_gapped_vault_arn: str | None) -> None:
    """Let a job end in the air-gapped vault of its place: what AWS Backup manages fully is made there at once."""
    job.air_gapped_vault_arn = air_gapped_vault_arn
    if air_gapped_vault_arn is not None and kind.is_fully_managed and enters_air_gap(kind):
        job.vault_name = air_gapped_vault_arn.rpartition(":")[2]


def why_stays(job: BackupJob, kind: ResourceKind, capture: Capture) -> str | None:
    """Why a finished backup does not go into the air-gapped vault that it was meant for, in AWS's words."""
    if job.air_gapped_vault_arn is None or kind.is_fully_managed:
        return None
    if not enters_air_gap(kind):
        return f"{_STAYS}type is not supported by logically air-gapped backup vault."
    if why_air_gap_refuses(kind, capture.key_arn, job.place):
        return (
            f"{_STAYS}is encrypted with an AWS managed key and cannot be copied to a logically air-gapped backup vault."
        )
    return None


def lifecycle_of_point(job: BackupJob, kind: ResourceKind, capture: Capture) -> Lifecycle:
    """The job's lifecycle; a snapshot that is only on its way into an air-gapped vault is deleted after that."""
    is_on_its_way = job.air_gapped_vault_arn is not None and not kind.is_fully_managed
    is_temporary = is_on_its_way and not job.is_continuous and why_stays(job, kind, capture) is None
    return replace(job.lifecycle, is_temporary=is_temporary)


def automatic_copy(job: BackupJob, kind: ResourceKind) -> tuple[CopyAction, ...]:
    """The copy into the air-gapped vault that AWS Backup starts by itself, where the backup was not made there.

    Of a continuous backup it is a snapshot taken for the copy, as of every copy of one.
    """
    if job.air_gapped_vault_arn is None or kind.is_fully_managed or job.category == NOT_SUPPORTED:
        return ()
    return (CopyAction(job.air_gapped_vault_arn, job.lifecycle),)


async def drop_temporary(estate: Estate, copy: CopyJob) -> None:
    """Delete the temporary recovery point that was copied, after its last copy.

    It stays until its retention ends where none arrived in the air-gapped vault for as long as it is kept itself, and
    as EXPIRED where the role may not delete it.
    """
    point = estate.recovery_points.get(copy.source_recovery_point_arn)
    if point is None or not point.lifecycle.is_temporary:
        return
    target = estate.backup_jobs[point.backup_job_id].air_gapped_vault_arn
    copies = [job for job in estate.copy_jobs.values() if job.source_recovery_point_arn == point.arn]
    arrived = [job for job in copies if job.state == "COMPLETED" and job.destination_vault_arn == target]
    if not any(job.is_open for job in copies) and any(job.lifecycle.outlasts(point.lifecycle) for job in arrived):
        await expire(estate, point, asked=rights.to_delete(point))
