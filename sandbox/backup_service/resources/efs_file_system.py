"""EFS file systems: fully managed by AWS Backup."""

from collections.abc import Mapping

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
from sandbox.seams.backup import InternalCallError


class EfsFileSystem:
    """An EFS file system."""

    resource_type = "EFS"
    selector = "arn:aws:elasticfilesystem:*:*:file-system/*"
    is_fully_managed = True
    has_cold_storage = True
    restores_tags = True
    # Developer Guide, "Restore an Amazon EFS file system": a new one needs no file-system-id, which is ignored there.
    required_metadata = ("newFileSystem", "Encrypted", "PerformanceMode", "CreationToken")

    def owns(self, arn: str) -> bool:
        """Whether the ARN names a file system."""
        return arn.startswith("arn:aws:elasticfilesystem:") and ":file-system/" in arn

    def recovery_point_arn(self, account: str, region: str, resource_arn: str, unique: str) -> str:  # noqa: ARG002
        """`arn:aws:backup:R:A:recovery-point:<uuid>`."""
        return f"arn:aws:backup:{region}:{account}:recovery-point:{unique}"

    async def find_all(self, services: AccountServices) -> list[Resource]:
        """Every file system."""
        answer = await services.call("efs", "DescribeFileSystems")
        return [
            Resource(_arn(services, system["FileSystemId"]), tag_map(system.get("Tags")))
            for system in answer.get("FileSystems", [])
        ]

    async def capture(self, services: AccountServices, arn: str) -> Capture:
        """The file system's settings."""
        identifier = arn.rpartition("/")[2]
        try:
            answer = await services.call("efs", "DescribeFileSystems", FileSystemId=identifier)
        except InternalCallError as error:
            raise ResourceGoneError(f"File system {arn} does not exist") from error
        system = answer["FileSystems"][0]
        configuration = {
            "file-system-id": identifier,
            "Encrypted": bool(system.get("Encrypted")),
            "KmsKeyId": system.get("KmsKeyId"),
            "PerformanceMode": system.get("PerformanceMode"),
        }
        return Capture(
            metadata=stringified(configuration),
            size=int((system.get("SizeInBytes") or {}).get("Value") or 0),
            key_arn=system.get("KmsKeyId") or None,
        )

    async def restore(
        self, services: AccountServices, capture: Capture, metadata: Metadata, recovery_point_arn: str
    ) -> str:
        """A new file system, or a directory of an existing one."""
        if not metadata.is_true("newFileSystem"):
            if not metadata.get("file-system-id"):
                raise RestoreRefusedError("file-system-id is required where no new file system is made")
            arn = _arn(services, str(metadata.get("file-system-id")))
            await self.capture(services, arn)
            return arn
        parameters = {
            "CreationToken": metadata.get("CreationToken"),
            "PerformanceMode": metadata.get("PerformanceMode") or capture.metadata.get("PerformanceMode"),
            "Encrypted": metadata.is_true("Encrypted"),
        }
        if key := metadata.get("KmsKeyId"):
            parameters["KmsKeyId"] = key
        system = await services.call("efs", "CreateFileSystem", **parameters)
        arn = _arn(services, system["FileSystemId"])
        services.record(
            "elasticfilesystem.amazonaws.com",
            "CreateFileSystem",
            {"creationToken": parameters["CreationToken"], "recoveryPointArn": recovery_point_arn},
            {"fileSystemId": system["FileSystemId"], "fileSystemArn": arn, "lifeCycleState": "creating"},
        )
        return arn

    async def tag(self, services: AccountServices, arn: str, tags: Mapping[str, str]) -> None:
        """Tag the file system."""
        await services.call("efs", "TagResource", ResourceId=arn.rpartition("/")[2], Tags=tag_list(tags))


def _arn(services: AccountServices, identifier: str) -> str:
    place = services.place
    return f"arn:aws:elasticfilesystem:{place.region}:{place.account}:file-system/{identifier}"
