"""Air-gapped vaults that another account shares through AWS RAM: whose points are seen, and under whose key they lie.

Developer Guide, "Logically air-gapped vault".
"""

from sandbox.backup_service.errors import ResourceNotFoundException
from sandbox.backup_service.estate import Caller, Estate, RecoveryPoint, RestoreJob
from sandbox.backup_service.jobs.copy_keys import lets_use
from sandbox.backup_service.jobs.roles import service_linked_role
from sandbox.backup_service.vaults.approvals import access_to


def seen_recovery_point(estate: Estate, caller: Caller, arn: str) -> RecoveryPoint:
    """One of the account's own vaults, or of one that is shared with it."""
    point = estate.recovery_points.get(arn)
    is_seen = point is not None and (
        estate.shows_vault(point.vault, caller.place) or access_to(estate, caller.place, point) is not None
    )
    if point is None or not is_seen:
        raise ResourceNotFoundException(f"Cannot find recovery point: {arn}")
    return point


async def why_key_refuses(estate: Estate, job: RestoreJob, point: RecoveryPoint) -> str:
    """Why the customer's key of a vault that another account shares stops a restore; empty if it lets it.

    Under a key of one's own others restore as far as its policy lets them: their role, and the service-linked role of
    AWS Backup in their account.
    """
    users, key = (job.role_arn, service_linked_role(job.place.account)), point.vault.key_arn
    if point.vault.place == job.place or await lets_use(estate, users, key, at=point.vault):
        return ""
    return f"The KMS key [{key}] of the backup vault does not exist, is not enabled or you may not use it"
