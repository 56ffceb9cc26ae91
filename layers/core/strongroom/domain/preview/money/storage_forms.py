"""How AWS stores the backups of each type: what changed since the point before, or all of it each time.

Sources: AWS Backup Developer Guide, "Backup creation by resource type", "Continuous backups and point-in-time
recovery" and "Metering, costs, and billing"; Amazon EBS User Guide, "Archive Amazon EBS snapshots". What is not known
to be incremental is counted whole, so that nothing costs more than was said.
"""

from typing import Final

from strongroom.domain.catalogue.model import Reach, ResourceType
from strongroom.domain.preview.plans import Keep

# An EC2 backup is an image whose snapshots are those of EBS.
INCREMENTAL: Final = frozenset({"EBS", "EC2", "EFS", "RDS", "S3"})

# A continuous backup of these is one point with the changes of its whole retention; of others it is a snapshot.
CONTINUOUS: Final = frozenset({"Aurora", "RDS", "S3", "SAP HANA on Amazon EC2"})

ASSUMED_DAILY_CHANGE: Final = 0.02


def is_incremental(row: ResourceType) -> bool:
    """Whether a backup of the type holds only what changed since the one before it."""
    return row.name in INCREMENTAL


def is_continuous(row: ResourceType) -> bool:
    """Whether a rule with continuous backup makes one growing point of the type."""
    return row.name in CONTINUOUS


def cold_after(row: ResourceType, keep: Keep) -> int | None:
    """After how many days a point of the type moves to cold storage there; None where it never does."""
    if not row.has_cold_storage or (row.is_archived and not keep.is_archived):
        return None
    return keep.cold_after


def is_copied(row: ResourceType, *, to_another_account: bool, to_another_region: bool) -> bool:
    """Whether AWS makes the copy at all; where its feature matrix is of two minds, it counts as made."""
    match row.reach:
        case Reach.NOWHERE:
            return False
        case Reach.REGIONS:
            return to_another_region and not to_another_account
        case _:
            return True
