"""Know what scans say of a recovery point's whole backup: malware in one of its copies is in all of them."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.candidates.backups import scan_of_backup
from strongroom.domain.restores.kinds.table import kind_of
from strongroom.services.restores.asking.listed_points import NO_SUCH_VAULT, always, list_points, vaults_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.restores.plans import RecoveryPoint
    from strongroom.ports.restores import PointLists


def know_scans(
    point: RecoveryPoint,
    *,
    account: AccountId,
    intent: Intent,
    lists: PointLists,
    in_time: Callable[[], bool] = always,
) -> tuple[RecoveryPoint, bool]:
    """The recovery point with what scans say of all copies of its backup, and whether each vault has answered.

    Of a type that is not scanned nothing is read, and a vault that cannot be read, or not `in_time`, says nothing: its
    copies may be gone with it, and the recovery point is still there. Which of them is there all the same, and so may
    hold malware that nobody knows of, is said.
    """
    kind = kind_of(point.resource_type, resource=point.resource, backup=point.restore_metadata)
    if kind is None or not kind.row.is_scanned:
        return point, True
    vaults = vaults_of(intent, account=account, region=Arn.parse(point.resource).region)
    listed, unread = list_points(point.resource, vaults, lists=lists, created_at=point.created_at, in_time=in_time)
    untold = tuple(each.vault for each in unread if each.reason != NO_SUCH_VAULT)
    return replace(point, scan=scan_of_backup(point, listed=listed), unread_vaults=untold), not unread
