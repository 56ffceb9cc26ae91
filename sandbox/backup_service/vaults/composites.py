"""Composite recovery points: what their nested ones do to them when they go.

Developer Guide, "CloudFormation stack backups".
"""

from sandbox.backup_service.errors import InvalidRequestException
from sandbox.backup_service.estate import Estate, RecoveryPoint


def ensure_nothing_nested(estate: Estate, point: RecoveryPoint) -> None:
    """A composite point is deleted after all that lie in it."""
    if estate.nested_in(point):
        raise InvalidRequestException(f"Recovery point {point.arn} contains nested recovery points")


def leave_composite(estate: Estate, point: RecoveryPoint) -> None:
    """Take a point out of its composite one, which is PARTIAL from then on, and gone with the last of them."""
    composite = estate.recovery_points.get(point.parent_arn or "")
    point.parent_arn = None
    if composite is None:
        return
    if estate.nested_in(composite):
        composite.status = "PARTIAL"
    else:
        del estate.recovery_points[composite.arn]
