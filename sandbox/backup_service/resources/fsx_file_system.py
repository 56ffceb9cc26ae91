"""File systems of FSx: for Windows, of Lustre and of OpenZFS. Their backups lie in FSx itself.

AWS Backup Developer Guide, "Restore an FSx file system".
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
from sandbox.file_systems.store import CONFIGURATIONS
from sandbox.file_systems.volumes import KIND
from sandbox.seams.backup import InternalCallError

_CHOICES: Final = {
    "StorageCapacity": "number",
    "StorageType": "text",
    "SubnetIds": "list",
    "SecurityGroupIds": "list",
    "KmsKeyId": "text",
}
# Only FSx's own CreateFileSystemFromBackup makes one of these.
_BY_HAND: Final = ("OPENZFS", "MULTI_AZ")


class FsxFileSystem:
    """A file system of FSx."""

    resource_type = "FSx"
    selector = "arn:aws:fsx:*:*:file-system/*"
    is_fully_managed = False
    has_cold_storage = False
    restores_tags = True
    required_metadata = ("SubnetIds",)

    def owns(self, arn: str) -> bool:
        """Whether the ARN names a file system of FSx."""
        return arn.startswith("arn:aws:fsx:") and ":file-system/" in arn

    def recovery_point_arn(self, account: str, region: str, resource_arn: str, unique: str) -> str:  # noqa: ARG002
        """`arn:aws:fsx:R:A:backup/backup-<id>`."""
        return f"arn:aws:fsx:{region}:{account}:backup/backup-{unique.replace('-', '')[:17]}"

    async def find_all(self, services: AccountServices) -> list[Resource]:
        """Every file system but those of ONTAP, whose volumes are backed up one by one."""
        answer = await services.call("fsx", "DescribeFileSystems")
        return [
            Resource(system["ResourceARN"], tag_map(system.get("Tags")))
            for system in answer.get("FileSystems", [])
            if system["FileSystemType"] != KIND
        ]

    async def capture(self, services: AccountServices, arn: str) -> Capture:
        """The file system's settings."""
        try:
            identifiers = [arn.rpartition("/")[2]]
            answer = await services.call("fsx", "DescribeFileSystems", FileSystemIds=identifiers)
        except InternalCallError as error:
            raise ResourceGoneError(f"File system {arn} does not exist") from error
        system = answer["FileSystems"][0]
        told = ("FileSystemId", "FileSystemType", "StorageCapacity", "StorageType", "SubnetIds", "KmsKeyId")
        configuration = CONFIGURATIONS[system["FileSystemType"]]
        return Capture(
            metadata=stringified({name: system.get(name) for name in (*told, configuration)}),
            size=int(system.get("StorageCapacity") or 0) * 1024**3,
            key_arn=system.get("KmsKeyId") or None,
            configuration={"FileSystemType": system["FileSystemType"]},
        )

    async def restore(
        self, services: AccountServices, capture: Capture, metadata: Metadata, recovery_point_arn: str
    ) -> str:
        """A new file system of the same type."""
        type_ = str(capture.configuration["FileSystemType"])
        member = CONFIGURATIONS[type_]
        chosen: dict[str, Any] = json.loads(metadata.get(member) or "{}")
        if type_ == _BY_HAND[0] and str(chosen.get("DeploymentType", "")).startswith(_BY_HAND[1]):
            raise RestoreRefusedError("AWS Backup restores no OpenZFS file system in several Availability Zones")
        parameters = metadata.chosen(_CHOICES, {"StorageCapacity": _number(capture.metadata.get("StorageCapacity"))})
        answer = await services.call(
            "fsx", "CreateFileSystem", FileSystemType=type_, **parameters, **({member: chosen} if chosen else {})
        )
        system = answer["FileSystem"]
        services.record(
            "fsx.amazonaws.com",
            "CreateFileSystemFromBackup",
            {"backupId": recovery_point_arn.rpartition("/")[2], "subnetIds": system["SubnetIds"]},
            {
                "fileSystem": {
                    "fileSystemId": system["FileSystemId"],
                    "fileSystemType": type_,
                    "lifecycle": "CREATING",
                    "resourceARN": system["ResourceARN"],
                }
            },
        )
        return str(system["ResourceARN"])

    async def tag(self, services: AccountServices, arn: str, tags: Mapping[str, str]) -> None:
        """Tag the file system."""
        await services.call("fsx", "TagResource", ResourceARN=arn, Tags=tag_list(tags))


def _number(text: str | None) -> int | None:
    return int(text) if text else None
