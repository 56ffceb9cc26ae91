"""Whether the recovery point that a copy back has left is that of the backup that was approved, and restores just so.

Copies keep their original's creation date (AWS Backup Developer Guide, "Creating a backup copy"), and lie under the key
of the vault that they are copied into where their type takes it.
"""

from __future__ import annotations

from copy import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from strongroom.domain.catalogue.model import CopyKey
from strongroom.domain.restores.deciding.afresh.scanned import approved_scan, demand_no_new_malware
from strongroom.domain.restores.deciding.decided import as_decided
from strongroom.domain.restores.deciding.profiles import allowance_of
from strongroom.domain.restores.kinds.table import kind_of

if TYPE_CHECKING:
    from strongroom.domain.intent.ceremony import Restores
    from strongroom.domain.restores.plans import RecoveryPoint
    from strongroom.domain.restores.requests import RestoreRequest

# AWS tells times of one backup in more and in less detail.
_SAME_MOMENT: Final = timedelta(minutes=1)


def why_not_of_the_backup(request: RestoreRequest, *, landed: RecoveryPoint) -> str:
    """Why it is no copy of the backup that was approved; empty where it is one."""
    if (landed.resource, landed.resource_type) != (request.resource, request.resource_type):
        return "is not of the approved resource"
    if abs(landed.created_at - request.recovery_point_created_at) > _SAME_MOMENT:
        return f"is of a backup of {landed.created_at:%Y-%m-%d %H:%M}, which is not the approved one"
    return ""


def why_not_as_approved(request: RestoreRequest, *, landed: RecoveryPoint, restores: Restores) -> str:
    """What is not as it was approved; empty where it may be restored.

    RestoreRefusedError where nothing may be restored from such a point at all.
    """
    if other := why_not_of_the_backup(request, landed=landed):
        return other
    kind = kind_of(landed.resource_type, resource=landed.resource, backup={})
    if kind is not None and kind.row.keeps_key and landed.encryption_key != request.key:
        return f"lies under {landed.encryption_key or 'no key'}, and not under the key that approvers were told"
    profile = allowance_of(restores, account=request.account, region=request.region).profile
    # Of some types AWS Backup tells no key, whichever it is: an image's volumes lie under those of its snapshots.
    is_untold = kind is not None and kind.row.copy_key is CopyKey.UNTOLD and landed.encryption_key == ""
    if request.temporary_vault and not is_untold and landed.encryption_key not in (None, *profile.keys):
        key = landed.encryption_key or "a key that is not told"
        return f"lies under {key}, which is no key of the account's restore profile"
    demand_no_new_malware(request, landed.scan)
    # Of the copy itself nobody has to know anything yet: what scans say of the backup was looked at before.
    scanned = replace(landed, scan=approved_scan(request))
    if as_decided(request, point=scanned, restores=restores).metadata != request.metadata:
        return "tells settings of which the decision makes others than were approved"
    return ""
