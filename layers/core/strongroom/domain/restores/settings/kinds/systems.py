"""File systems of FSx for Windows, Lustre and OpenZFS, and volumes of FSx for ONTAP.

Source: Amazon FSx API Reference, the operations named.
"""

from copy import replace
from typing import Final

from strongroom.domain.restores.settings.reading import Afterwards, Reading

_TAG: Final = ("Key", "Value")

_FILE_SYSTEM: Final = Reading(
    what="file system",
    service="fsx",
    call="describe_file_systems",
    action="fsx:DescribeFileSystems",
    by=(("FileSystemIds", ("{name}",)),),
    at="FileSystems/0",
    keeps=(
        *("FileSystemType", "KmsKeyId", "NetworkType", "StorageCapacity", "StorageType", "SubnetIds"),
        *("LustreConfiguration/DataCompressionType", "LustreConfiguration/DeploymentType"),
        *("LustreConfiguration/PerUnitStorageThroughput", "LustreConfiguration/WeeklyMaintenanceStartTime"),
        *("OpenZFSConfiguration/DeploymentType", "OpenZFSConfiguration/ThroughputCapacity"),
        *("OpenZFSConfiguration/CopyTagsToVolumes", "OpenZFSConfiguration/WeeklyMaintenanceStartTime"),
        *("WindowsConfiguration/ActiveDirectoryId", "WindowsConfiguration/DeploymentType"),
        *("WindowsConfiguration/ThroughputCapacity", "WindowsConfiguration/WeeklyMaintenanceStartTime"),
    ),
    afterwards=Afterwards.RESTORED,
    lost=("KmsKeyId",),
)
FILE_SYSTEM: Final = (
    _FILE_SYSTEM,
    replace(
        _FILE_SYSTEM,
        what="aliases",
        at="FileSystems/0/WindowsConfiguration/Aliases",
        keeps=("Name",),
        afterwards=Afterwards.CANNOT,
    ),
    replace(
        _FILE_SYSTEM,
        what="audit logs",
        at="FileSystems/0/WindowsConfiguration/AuditLogConfiguration",
        keeps=(),
        afterwards=Afterwards.CANNOT,
    ),
    replace(_FILE_SYSTEM, what="tags", at="FileSystems/0/Tags", keeps=(), pairs=_TAG, afterwards=Afterwards.DONE),
)
_VOLUME: Final = Reading(
    what="volume",
    service="fsx",
    call="describe_volumes",
    action="fsx:DescribeVolumes",
    by=(("VolumeIds", ("{name}",)),),
    at="Volumes/0",
    keeps=(
        *("OntapConfiguration/JunctionPath", "OntapConfiguration/OntapVolumeType", "OntapConfiguration/SecurityStyle"),
        *("OntapConfiguration/SizeInMegabytes", "OntapConfiguration/SnapshotPolicy"),
        *("OntapConfiguration/StorageEfficiencyEnabled", "OntapConfiguration/StorageVirtualMachineId"),
        *("OntapConfiguration/TieringPolicy", "VolumeType"),
    ),
    afterwards=Afterwards.RESTORED,
)
VOLUME: Final = (
    _VOLUME,
    replace(_VOLUME, what="tags", at="Volumes/0/Tags", keeps=(), pairs=_TAG, afterwards=Afterwards.DONE),
)
