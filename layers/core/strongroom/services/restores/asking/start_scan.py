"""Have a backup scanned for malware before it is restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.errors import NotFoundError
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.candidates.to_scan import copy_to_scan
from strongroom.services.restores.asking.find_candidates import account_of
from strongroom.services.restores.asking.listed_points import always, list_points, vaults_of
from strongroom.services.restores.asking.plan_restore import governed_unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from strongroom.domain.intent.model import Intent
    from strongroom.domain.restores.candidates.to_scan import ScanWish
    from strongroom.ports.accounts import UnitDirectory
    from strongroom.ports.restores import PointLists, ScanStarter


class ScanStartNeeds(Struct, frozen=True, kw_only=True):
    """What starting a scan needs of the world; what is not read `in_time` is not waited for."""

    intent: Intent
    lists: PointLists
    units: UnitDirectory
    starter: ScanStarter
    in_time: Callable[[], bool] = always


class ScanStarted(Struct, frozen=True, kw_only=True):
    """The scan job, and the copy that it reads."""

    job: str
    recovery_point: str
    vault: str
    reason: str


def start_scan(wish: ScanWish, *, needs: ScanStartNeeds) -> ScanStarted:
    """Start a full scan of the backup that the recovery point is a copy of; a running one is answered again.

    MalformedRequestError, NotFoundError and RestoreRefusedError say why there is none.
    """
    resource = Arn.parse(wish.resource)
    account = account_of(resource, wish.account)
    governed_unit(account, intent=needs.intent, units=needs.units)
    vaults = vaults_of(needs.intent, account=account, region=resource.region)
    listed, unread = list_points(str(resource), vaults, lists=needs.lists, in_time=needs.in_time)
    own_account = needs.intent.organization.backup_account
    try:
        found = copy_to_scan(wish.recovery_point, listed=listed, own_account=own_account)
        # A list tells less of how it is stored.
        looked_at = [each for each in (needs.lists.looked_at(found),) if each is not None]
        copy = copy_to_scan(found.arn, listed=looked_at, own_account=own_account)
    except NotFoundError as error:
        said = "".join(f"; {each.vault} could not be read: {each.reason}" for each in unread)
        raise NotFoundError(f"{error}{said}") from error
    job = needs.starter.start(copy)
    return ScanStarted(
        job=job,
        recovery_point=copy.arn,
        vault=copy.vault,
        reason="what it finds holds for every copy of the backup, and stands beside it among the candidates",
    )
