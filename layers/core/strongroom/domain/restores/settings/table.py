"""What is read of each kind of resource, by what its ARN says that it is."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from strongroom.domain.identifiers import AccountId, Arn
from strongroom.domain.restores.settings.alarms import Move
from strongroom.domain.restores.settings.kinds import databases, files, systems, tables, warehouses
from strongroom.domain.restores.settings.reading import Afterwards, Reading, Unread

ALARMS: Final = "alarms"
ALARMS_ACTION: Final = "cloudwatch:DescribeAlarms"
"""Nobody lists the alarms of a resource: those of the Region are read, and its own are picked out by a dimension."""


class SettingsKind(Struct, frozen=True, kw_only=True):
    """What is read of one kind of resource; its metrics are told apart by the `dimension` that holds its name or id.

    What it lies in has the dimension `under`, where its ARN names that as well. By the dimensions `lost` metrics are
    told apart whose values a restore does not bring back.
    """

    service: str
    begins: str
    dimension: str
    readings: tuple[Reading, ...]
    under: str = ""
    lost: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()

    def named(self, arn: Arn) -> dict[str, str]:
        """The values of the dimensions that name it, its own first."""
        parent, _, own = arn.name.rpartition("/")
        return {self.dimension: own} | ({self.under: parent} if self.under else {})

    def afterwards(self, what: str, part: str = "") -> Afterwards:
        """What becomes of a setting after a restore, or of a part of it."""
        if what == ALARMS:
            return Afterwards.DONE
        found = (each for each in self.readings if each.what == what and part not in each.lost)
        return next((each.afterwards for each in found), Afterwards.CANNOT)


KINDS: Final = (
    SettingsKind(
        service="dynamodb",
        begins="table/",
        dimension="TableName",
        # Of replicas in other Regions: what is restored has none.
        lost=("ReceivingRegion",),
        readings=tables.TABLE,
    ),
    SettingsKind(
        service="rds",
        begins="db:",
        dimension="DBInstanceIdentifier",
        readings=databases.INSTANCE,
        unread=databases.UNREAD,
    ),
    SettingsKind(
        service="rds",
        begins="cluster:",
        dimension="DBClusterIdentifier",
        readings=databases.CLUSTER,
        unread=databases.UNREAD,
    ),
    SettingsKind(service="s3", begins="", dimension="BucketName", readings=files.BUCKET),
    SettingsKind(service="ec2", begins="volume/", dimension="VolumeId", readings=files.VOLUME),
    SettingsKind(
        service="ec2",
        begins="instance/",
        dimension="InstanceId",
        # Its image is made anew, and no group knows it.
        lost=("AutoScalingGroupName", "ImageId"),
        readings=files.MACHINE,
        unread=files.UNREAD_OF_MACHINES,
    ),
    SettingsKind(
        service="elasticfilesystem", begins="file-system/", dimension="FileSystemId", readings=files.FILE_SYSTEM
    ),
    SettingsKind(
        service="fsx",
        begins="file-system/",
        dimension="FileSystemId",
        # Its volumes have other ids.
        lost=("VolumeId",),
        readings=systems.FILE_SYSTEM,
    ),
    SettingsKind(service="fsx", begins="volume/", dimension="VolumeId", under="FileSystemId", readings=systems.VOLUME),
    SettingsKind(service="redshift", begins="cluster:", dimension="ClusterIdentifier", readings=warehouses.CLUSTER),
)


def settings_kind(arn: Arn) -> SettingsKind | None:
    """The kind of a resource, or None of one whose settings nobody here knows how to read."""
    return next((each for each in KINDS if each.service == arn.service and arn.resource.startswith(each.begins)), None)


def move_of(original: Arn, created: Arn, *, account: AccountId) -> Move | None:
    """From where to where alarms are moved, or None where nobody here knows which metrics are of what was created."""
    kind = settings_kind(created)
    if kind is None or kind is not settings_kind(original):
        return None
    was, now = kind.named(original), kind.named(created)
    return Move(values={each: (was[each], now[each]) for each in now}, lost=kind.lost, account=account)


def actions_of(kinds: Iterable[SettingsKind]) -> tuple[str, ...]:
    """The actions that reading them takes, each once."""
    return tuple(sorted({ALARMS_ACTION, *(each.action for kind in kinds for each in kind.readings)}))
