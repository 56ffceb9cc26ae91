"""A backup and the copies that follow it: those of its rule, and the one into an air-gapped vault."""

from sandbox.backup_service import events
from sandbox.backup_service.estate import BackupJob, CopyAction, Estate
from sandbox.backup_service.faults import FaultKind
from sandbox.backup_service.jobs.air_gap import automatic_copy
from sandbox.backup_service.jobs.backups import kind_here, run_backup_job
from sandbox.backup_service.jobs.copies import new_copy_job, run_copy_job


async def back_up_and_copy(estate: Estate, job: BackupJob, actions: tuple[CopyAction, ...] = ()) -> None:
    """Make a backup, and start its copies once it is there."""
    await run_backup_job(estate, job)
    point = estate.recovery_points.get(job.recovery_point_arn)
    if job.state != "COMPLETED" or point is None:
        return
    kind = kind_here(estate, job.place, job.resource_arn)
    for action in (*automatic_copy(job, kind), *actions):
        facts = {
            **events.job_facts(job, "copy"),
            "destination_vault": action.destination_vault_arn,
        }
        if estate.faults.take((FaultKind.COPY_NEVER_STARTS,), facts) is not None:
            continue
        copy_job = new_copy_job(
            estate,
            point,
            destination_vault_arn=action.destination_vault_arn,
            role_arn=job.role_arn,
            lifecycle=action.lifecycle,
            created_by=job.created_by,
        )
        estate.clockwork.spawn(run_copy_job(estate, copy_job))
