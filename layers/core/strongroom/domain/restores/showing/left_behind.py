"""What a restore leaves behind for a while, with whose it is and when it is over."""

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from strongroom.domain.restores.requests import RestoreRequest

# AWS Backup Developer Guide, "Deleting backups": a moment in the hours after a recovery point expired.
DELETED_WITHIN: Final = timedelta(hours=8)


class TemporaryCopy(Struct, frozen=True, kw_only=True):
    """A recovery point that was copied back; it expires by itself, and is gone `gone_by` then at the latest."""

    recovery_point: str
    owner: str
    expires_at: datetime
    gone_by: datetime


def temporary_copy(request: RestoreRequest, *, copied: str, owner: str) -> TemporaryCopy | None:
    """The copy `copied` that was taken back for the request; None where there is none."""
    if not copied:
        return None
    expires_at = request.recovery_point_created_at + request.copy_kept_for
    return TemporaryCopy(recovery_point=copied, owner=owner, expires_at=expires_at, gone_by=expires_at + DELETED_WITHIN)
