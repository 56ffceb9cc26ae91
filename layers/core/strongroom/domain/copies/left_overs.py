"""Temporary recovery points that should have gone once they lay in an air-gapped vault, and did not.

AWS Backup Developer Guide, "Primary backups to logically air-gapped vaults": without the right to delete them they stay
as EXPIRED; where no copy arrived they stay until their retention ends. Either way they are paid for.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from strongroom.domain.backup_policy.quotas import COPY_ACTIONS_PER_RULE
from strongroom.domain.copies.found import RecoveryPointFound
from strongroom.domain.copies.moments import moment
from strongroom.domain.copies.promises import Promise
from strongroom.domain.intent.destinations import own_vaults
from strongroom.domain.intent.model import Intent

_UNDELETABLE: Final = "EXPIRED"
# The copies of a rule, and the one into the air-gapped vault.
_MOST_COPIES: Final = COPY_ACTIONS_PER_RULE + 1


def is_moved(promise: Promise, *, intent: Intent) -> bool:
    """Whether the promised copy is the one after which AWS Backup deletes its source."""
    gaps = (vault.arn for vault in own_vaults(intent, account=promise.account) if vault.is_air_gapped)
    return promise.destination in gaps and promise.source_vault != promise.destination


def why_left_over(points: Iterable[RecoveryPointFound], *, vault: str, intent: Intent, now: datetime) -> str | None:
    """What of a resource is left over in its standard vault, in words; None where nothing is.

    A snapshot may still wait for its copies, each of which has its time after the one before.
    """
    patience = _MOST_COPIES * intent.deadlines.copy_verified_within
    temporary = (point for point in points if point.is_temporary)
    left = [each for each in temporary if each.status == _UNDELETABLE or now - each.created_at > patience]
    if not left:
        return None
    oldest = min(left, key=lambda point: point.created_at)
    return (
        f"temporary snapshots are left over in {vault}: {len(left)}, the oldest of {moment(oldest.created_at)}"
        f" ({oldest.status}); AWS Backup deletes them after their copies, unless one failed or its role may not"
    )
