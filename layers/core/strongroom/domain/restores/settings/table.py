"""What is read of each kind of resource, by what its ARN says that it is."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.settings.kinds import databases, files, tables
from strongroom.domain.restores.settings.reading import Afterwards, Reading, Unread

ALARMS: Final = "alarms"
ALARMS_ACTION: Final = "cloudwatch:DescribeAlarms"
"""Nobody lists the alarms of a resource: those of the Region are read, and its own are picked out by a dimension."""


class SettingsKind(Struct, frozen=True, kw_only=True):
    """What is read of one kind of resource; its metrics are told apart by the `dimension` that holds its name.

    What becomes of its `alarms` after a restore is said, too.
    """

    service: str
    begins: str
    dimension: str
    readings: tuple[Reading, ...]
    unread: tuple[Unread, ...] = ()
    alarms: Afterwards = Afterwards.CANNOT

    def afterwards(self, what: str) -> Afterwards:
        """What becomes of a setting after a restore."""
        if what == ALARMS:
            return self.alarms
        return next((each.afterwards for each in self.readings if each.what == what), Afterwards.CANNOT)


KINDS: Final = (
    SettingsKind(
        service="dynamodb",
        begins="table/",
        dimension="TableName",
        readings=tables.TABLE,
        alarms=Afterwards.DONE,
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
        alarms=Afterwards.DONE,
        unread=databases.UNREAD,
    ),
    SettingsKind(service="s3", begins="", dimension="BucketName", readings=files.BUCKET),
    SettingsKind(service="ec2", begins="volume/", dimension="VolumeId", readings=files.VOLUME),
    SettingsKind(
        service="ec2",
        begins="instance/",
        dimension="InstanceId",
        readings=files.MACHINE,
        unread=files.UNREAD_OF_MACHINES,
    ),
    SettingsKind(
        service="elasticfilesystem", begins="file-system/", dimension="FileSystemId", readings=files.FILE_SYSTEM
    ),
)


def settings_kind(arn: Arn) -> SettingsKind | None:
    """The kind of a resource, or None of one whose settings nobody here knows how to read."""
    return next((each for each in KINDS if each.service == arn.service and arn.resource.startswith(each.begins)), None)


def actions_of(kinds: Iterable[SettingsKind]) -> tuple[str, ...]:
    """The actions that reading them takes, each once."""
    return tuple(sorted({ALARMS_ACTION, *(each.action for kind in kinds for each in kind.readings)}))
