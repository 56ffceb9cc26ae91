"""Have a backup scanned for malware before it is restored."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import NotFoundError, RestoreRefusedError
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.candidates.to_scan import copy_to_scan
from strongroom.services.restores.asking.find_candidates import account_of
from strongroom.services.restores.asking.listed_points import always, list_points, vaults_of
from strongroom.services.restores.asking.plan_restore import governed_unit

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.domain.intent.model import Intent
    from strongroom.domain.restores.candidates.model import ListedPoint
    from strongroom.domain.restores.candidates.to_scan import ScanWish
    from strongroom.ports.accounts import UnitDirectory
    from strongroom.ports.ceremony import Limits
    from strongroom.ports.restores import PointLists, ScanStarter

_AN_HOUR: Final = timedelta(hours=1)
_MOST_AN_HOUR: Final = 20


class ScanStartNeeds(Struct, frozen=True, kw_only=True):
    """What starting a scan needs of the world; what is not read `in_time` is not waited for."""

    intent: Intent
    lists: PointLists
    units: UnitDirectory
    starter: ScanStarter
    limits: Limits
    in_time: Callable[[], bool] = always


class ScanStarted(Struct, frozen=True, kw_only=True):
    """The scan job, the copy that it reads, and the subject of who asked."""

    job: str
    recovery_point: str
    vault: str
    asked_by: str
    reason: str


def start_scan(wish: ScanWish, *, asker: str, needs: ScanStartNeeds, now: datetime) -> ScanStarted:
    """Start a full scan of the backup that the recovery point is a copy of; a running one is answered again.

    `asker` is a subject. MalformedRequestError, NotFoundError and RestoreRefusedError say why there is none.
    """
    counted = f"scan {asker}"
    if needs.limits.is_reached(counted, most=_MOST_AN_HOUR, within=_AN_HOUR, now=now):
        raise _asked_too_often()  # before anything is read of AWS
    copy = _found_copy(wish, needs=needs)
    # What could be scanned is counted, so that a bad day of ours is held against nobody; then it costs.
    if not needs.limits.count(counted, most=_MOST_AN_HOUR, within=_AN_HOUR, now=now):
        raise _asked_too_often()
    job = needs.starter.start(copy, subject=asker)
    return ScanStarted(
        job=job,
        recovery_point=copy.arn,
        vault=copy.vault,
        asked_by=asker,
        reason="what it finds holds for every copy of the backup, and stands beside it among the candidates",
    )


def _asked_too_often() -> RestoreRefusedError:
    return RestoreRefusedError(f"you asked for {_MOST_AN_HOUR} scans within an hour; wait, or let somebody else ask")


def _found_copy(wish: ScanWish, *, needs: ScanStartNeeds) -> ListedPoint:
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
        return copy_to_scan(found.arn, listed=looked_at, own_account=own_account)
    except NotFoundError as error:
        said = "".join(f"; {each.vault} could not be read: {each.reason}" for each in unread)
        raise NotFoundError(f"{error}{said}") from error
