"""Which copy of a backup a scan for malware is asked of: one verdict holds for all of them."""

from collections.abc import Iterable

from msgspec import Struct

from strongroom.domain.copies.found import is_continuous
from strongroom.domain.errors import NotFoundError, RestoreRefusedError
from strongroom.domain.identifiers import AccountId, Arn
from strongroom.domain.restores.candidates.backups import backups_of
from strongroom.domain.restores.candidates.model import ListedPoint
from strongroom.domain.restores.kinds.table import kind_of


class ScanWish(Struct, frozen=True, kw_only=True):
    """A recovery point of a resource, in whichever vault, and whose that is where its ARN does not say."""

    resource: str
    recovery_point: str
    account: str = ""


def copy_to_scan(recovery_point: str, *, listed: Iterable[ListedPoint], own_account: AccountId) -> ListedPoint:
    """The first copy of its backup that lies warm in a vault of our own account, where scans are started.

    NotFoundError where no list has it, RestoreRefusedError where it cannot be scanned there.
    """
    backup = next((each for each in backups_of(listed) if recovery_point in {one.arn for one in each.points}), None)
    if backup is None:
        raise NotFoundError(f"no vault that could be read has {recovery_point[:200]} of that resource")
    kind = kind_of(backup.points[0].resource_type, resource=backup.points[0].resource, backup={})
    if kind is None or not kind.row.is_scanned:
        raise RestoreRefusedError(f"AWS Backup scans no backups of {backup.points[0].resource_type} for malware")
    if is_continuous(recovery_point):
        raise RestoreRefusedError("a log is scanned up to a second of it only, and says nothing of the others")
    ours = [each for each in backup.points if Arn.parse(each.vault).account == own_account]
    copy = next((each for each in ours if not each.is_cold and each.is_whole), None)
    if copy is None:
        where = "its copies there are cold, or not whole" if ours else "none of its copies is there"
        raise RestoreRefusedError(f"a scan is started in a vault of the backup account, and {where}")
    return copy
