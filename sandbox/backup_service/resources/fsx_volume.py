"""Volumes of FSx for ONTAP: restored into a virtual machine of a file system that is there. Their backups lie in FSx.

AWS Backup Developer Guide, "Restore an FSx file system"; Amazon FSx API Reference, CreateVolumeFromBackup. What a
backup tells of a volume, nobody has recorded: the members of CreateOntapVolumeConfiguration, each with a small letter
first, as that page spells them. That no copy of it comes back is one of two readings of AWS's pages.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from sandbox.backup_service.resources.kind import (
    Capture,
    Metadata,
    Resource,
    ResourceGoneError,
    RestoreRefusedError,
    stringified,
    tag_list,
    tag_map,
)
from sandbox.backup_service.surroundings import AccountServices
from sandbox.file_systems.volumes import CONFIGURATION, KIND
from sandbox.seams.backup import InternalCallError

_MEBIBYTE: Final = 1024**2
_SIZE: Final = "SizeInMegabytes"
_FLAGS: Final = {"true": True, "false": False}


class FsxVolume:
    """A volume of FSx for ONTAP."""

    resource_type = "FSx"
    selector = "arn:aws:fsx:*:*:volume/*"
    is_fully_managed = False
    has_cold_storage = False
    restores_tags = True
    required_metadata = ("Name", CONFIGURATION)

    def owns(self, arn: str) -> bool:
        """Whether the ARN names a volume of FSx."""
        return is_volume(arn)

    def recovery_point_arn(self, account: str, region: str, resource_arn: str, unique: str) -> str:  # noqa: ARG002
        """`arn:aws:fsx:R:A:backup/backup-<id>`."""
        return f"arn:aws:fsx:{region}:{account}:backup/backup-{unique.replace('-', '')[:17]}"

    async def find_all(self, services: AccountServices) -> list[Resource]:
        """Every volume."""
        answer = await services.call("fsx", "DescribeVolumes")
        return [Resource(volume["ResourceARN"], tag_map(volume.get("Tags"))) for volume in answer.get("Volumes", [])]

    async def capture(self, services: AccountServices, arn: str) -> Capture:
        """The volume's settings, and the key of its file system."""
        try:
            answer = await services.call("fsx", "DescribeVolumes", VolumeIds=[arn.rpartition("/")[2]])
        except InternalCallError as error:
            raise ResourceGoneError(f"Volume {arn} does not exist") from error
        volume = answer["Volumes"][0]
        found = await services.call("fsx", "DescribeFileSystems", FileSystemIds=[volume["FileSystemId"]])
        told = {"FileSystemId": volume["FileSystemId"], "FileSystemType": KIND, "Name": volume["Name"]}
        settings = {_small(name): value for name, value in volume[CONFIGURATION].items()}
        return Capture(
            metadata=stringified({**told, CONFIGURATION: settings}),
            size=int(volume[CONFIGURATION][_SIZE]) * _MEBIBYTE,
            key_arn=found["FileSystems"][0].get("KmsKeyId"),
            can_be_copied=False,
            configuration={"FileSystemType": KIND},
        )

    async def restore(
        self, services: AccountServices, capture: Capture, metadata: Metadata, recovery_point_arn: str
    ) -> str:
        """A new volume in the virtual machine that the metadata name, not smaller than it was."""
        chosen = _called(json.loads(metadata.get(CONFIGURATION) or "{}"))
        size = int(chosen.get(_SIZE) or capture.size // _MEBIBYTE)
        if size * _MEBIBYTE < capture.size:
            raise RestoreRefusedError(f"A volume of {size} MB has no room for a backup of {capture.size} bytes")
        configuration = {**chosen, _SIZE: size}
        answer = await services.call(
            "fsx", "CreateVolume", VolumeType=KIND, Name=metadata.get("Name"), **{CONFIGURATION: configuration}
        )
        volume = answer["Volume"]
        services.record(
            "fsx.amazonaws.com",
            "CreateVolumeFromBackup",
            {"backupId": recovery_point_arn.rpartition("/")[2], "name": volume["Name"]},
            {
                "volume": {
                    "fileSystemId": volume["FileSystemId"],
                    "lifecycle": "CREATING",
                    "resourceARN": volume["ResourceARN"],
                    "volumeId": volume["VolumeId"],
                    "volumeType": KIND,
                }
            },
        )
        return str(volume["ResourceARN"])

    async def tag(self, services: AccountServices, arn: str, tags: Mapping[str, str]) -> None:
        """Tag the volume."""
        await services.call("fsx", "TagResource", ResourceARN=arn, Tags=tag_list(tags))


def is_volume(arn: str) -> bool:
    """Whether the ARN is of a volume of FSx."""
    return arn.startswith("arn:aws:fsx:") and ":volume/" in arn


def _called(said: Mapping[str, Any]) -> dict[str, Any]:
    """What the metadata say, spelled as FSx takes it."""
    return {_large(name): _FLAGS.get(value, value) if isinstance(value, str) else value for name, value in said.items()}


def _small(name: str) -> str:
    return name[0].lower() + name[1:]


def _large(name: str) -> str:
    return name[0].upper() + name[1:]
