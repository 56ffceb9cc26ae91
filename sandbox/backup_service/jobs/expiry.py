"""Recovery points whose time has come.

Source: Developer Guide, "Deleting backups" (EXPIRED, where the role that made the backup is gone).
"""

from collections.abc import Iterable

from sandbox.backup_service import events
from sandbox.backup_service.estate import Estate, RecoveryPoint
from sandbox.backup_service.jobs.roles import why_role_fails
from sandbox.backup_service.vaults.composites import leave_composite
from sandbox.backup_service.vaults.natives import drop_natively
from sandbox.seams.iam.authority import Question

_SERVICE_LINKED = ":role/aws-service-role/"


async def expire(estate: Estate, point: RecoveryPoint, asked: Iterable[Question] = ()) -> None:
    """Delete the recovery point under the role that made it; without that it stays, and is paid for."""
    services = estate.services(point.vault.place)
    if _SERVICE_LINKED not in point.role_arn and await why_role_fails(services, point.role_arn, asked):
        point.status = "EXPIRED"
        return
    estate.recovery_points.pop(point.arn, None)  # the last nested one took its composite along
    drop_natively(estate, point)
    leave_composite(estate, point)
    events.publish(estate, events.recovery_point_event(point, "DELETING"))


async def lose(estate: Estate, arn: str) -> None:
    """Let a recovery point be gone without a reason or an event, though a lock keeps it; LookupError if it is none."""
    point = estate.recovery_points.pop(arn)
    drop_natively(estate, point)
    leave_composite(estate, point)
