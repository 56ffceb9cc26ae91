"""Days that pass: what AWS Backup keeps grows older, turns cold and expires.

Everybody else's clocks stand still, so it is the past that moves: whoever reads a date finds it that much longer ago.
Sources: Developer Guide, "Deleting backups" (EXPIRED, where the role that made the backup is gone; what has expired is
deleted at a moment in the eight hours after, here at the last); "Lifecycle" of CreateBackupPlan in the API reference
(days count from the creation of the backup).
"""

from collections.abc import Mapping
from copy import replace
from datetime import timedelta
from itertools import chain
from typing import Final

from sandbox.backup_service.estate import Estate, Job
from sandbox.backup_service.jobs.expiry import expire
from sandbox.backup_service.resources.catalogue import kind_by_type
from sandbox.backup_service.vaults.approvals import sessions_of

_DELETED_WITHIN: Final = timedelta(hours=8)


class JobsRunError(Exception):
    """No day passed because jobs still run."""

    def __init__(self, jobs: list[str]) -> None:
        told = (
            "1 job still runs, ask again when it has"
            if len(jobs) == 1
            else f"{len(jobs)} jobs still run, ask again when all have"
        )
        super().__init__(f"{told} ended: {', '.join(jobs)}")


def running_jobs(estate: Estate) -> list[str]:
    """What still runs: which kind of job, of what."""
    kinds: dict[str, Mapping[str, Job]] = {
        "backup": estate.backup_jobs,
        "copy": estate.copy_jobs,
        "restore": estate.restore_jobs,
    }
    return sorted(
        f"{kind} of {job.resource_arn}" for kind, jobs in kinds.items() for job in jobs.values() if job.is_open
    )


async def let_days_pass(estate: Estate, days: int) -> list[str]:
    """Make everything that many days older; answers the recovery points that expired of it."""
    _age(estate, timedelta(days=days))
    now = estate.now()
    expired: list[str] = []
    for point in [each for each in estate.recovery_points.values() if not each.is_being_made]:
        due = point.lifecycle.calculated(point.created)
        if due.get("DeleteAt", now) < now - _DELETED_WITHIN:
            await expire(estate, point)
            expired.append(point.arn)
        elif (
            due.get("MoveToColdStorageAt", now) < now
            and kind_by_type(point.resource_type, point.resource_arn).has_cold_storage
        ):
            point.storage_class = "COLD"
    return expired


def _age(estate: Estate, span: timedelta) -> None:
    for vault in estate.vaults.values():
        vault.created -= span
        if vault.lock is not None and vault.lock.lock_date is not None:
            vault.lock = replace(vault.lock, lock_date=vault.lock.lock_date - span)
        for session in sessions_of(vault):
            session.begun -= span
    for point in estate.recovery_points.values():
        point.created -= span
        point.completed = point.completed and point.completed - span
        point.last_restored = point.last_restored and point.last_restored - span
        for scan in point.scans:
            scan.created -= span
            scan.ended = scan.ended and scan.ended - span
    for job in chain(estate.backup_jobs.values(), estate.copy_jobs.values(), estate.restore_jobs.values()):
        job.created -= span
        job.completed = job.completed and job.completed - span
