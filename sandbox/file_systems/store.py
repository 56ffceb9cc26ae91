"""File systems of FSx in one account and Region, by the rules of Amazon FSx's API reference."""

import time
import uuid
from dataclasses import dataclass, field
from typing import Final

from sandbox.file_systems import volumes
from sandbox.file_systems.errors import Document, FileSystemError
from sandbox.file_systems.volumes import Volumes

# By the type: the member that describes it, and what that must say (API reference, CreateFileSystem…Configuration).
CONFIGURATIONS: Final[dict[str, str]] = {
    "WINDOWS": "WindowsConfiguration",
    "LUSTRE": "LustreConfiguration",
    "OPENZFS": "OpenZFSConfiguration",
    volumes.KIND: volumes.CONFIGURATION,
}
_NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "WINDOWS": ("ThroughputCapacity",),
    "LUSTRE": (),
    "OPENZFS": ("DeploymentType", "ThroughputCapacity"),
    volumes.KIND: ("DeploymentType", "ThroughputCapacity"),
}
_MULTI_AZ: Final = "MULTI_AZ"
_DIRECTORIES: Final = ("ActiveDirectoryId", "SelfManagedActiveDirectoryConfiguration")
# A scratch file system lies under a key of the service; all others under one that is named, or AWS's own.
_SCRATCH: Final = "SCRATCH"


@dataclass(slots=True)
class Backup:
    """A backup that AWS Backup made of a file system or a volume: its type, how many GiB it had, and its tags."""

    type: str
    capacity: int
    tags: list[dict[str, str]]


@dataclass(slots=True)
class FileSystems:
    """The file systems of one account in one Region, and the backups that AWS Backup made of them, by their ARNs."""

    account: str
    region: str
    systems: dict[str, Document] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    calls: dict[str, Document] = field(default_factory=dict)
    backups: dict[str, Backup] = field(default_factory=dict)
    ontap: Volumes = field(init=False)

    def __post_init__(self) -> None:
        """No volume yet."""
        self.ontap = Volumes(self.account, self.region)

    def create(self, request: Document) -> Document:
        """CreateFileSystem; a token that was used before means the file system that it made."""
        token = request.get("ClientRequestToken", "")
        if token in self.tokens:
            return {"FileSystem": self.systems[self.tokens[token]]}
        type_ = request["FileSystemType"]
        if type_ not in CONFIGURATIONS:
            raise FileSystemError("BadRequest", f"File systems of {type_} are not played here")
        _check(type_, request)
        made = self._made(type_, request)
        self.systems[made["FileSystemId"]] = made
        if token:
            self.tokens[token] = made["FileSystemId"]
        return {"FileSystem": made}

    def create_from_backup(self, request: Document) -> Document:
        """CreateFileSystemFromBackup: what is not said of its size is the backup's, and it is CREATING at first.

        With a token that was used before it is what that made, or IncompatibleParameterError where anything differs.
        """
        token = request.get("ClientRequestToken", "")
        if token in self.calls and self.calls[token] != request:
            raise FileSystemError("IncompatibleParameterError", "The token was used with other parameters.")
        if token in self.calls:
            return {"FileSystem": self.systems[self.tokens[token]]}
        backup = self.backups.get(f"arn:aws:fsx:{self.region}:{self.account}:backup/{request['BackupId']}")
        if backup is None:
            raise FileSystemError("BackupNotFound", f"Backup '{request['BackupId']}' does not exist.")
        if backup.type == volumes.KIND:
            raise FileSystemError("BadRequest", f"Backup '{request['BackupId']}' is of a volume.")
        capacity = request.get("StorageCapacity") or backup.capacity
        if capacity < backup.capacity:
            raise FileSystemError("BadRequest", f"StorageCapacity must be at least {backup.capacity}, as it was.")
        given = {name: value for name, value in request.items() if name != "BackupId"}
        made = self.create({**given, "FileSystemType": backup.type, "StorageCapacity": capacity})["FileSystem"]
        if token:
            self.calls[token] = request
        return {"FileSystem": {**made, "Lifecycle": "CREATING"}}

    def describe(self, request: Document) -> Document:
        """DescribeFileSystems: those that are named, or all."""
        wanted = request.get("FileSystemIds")
        return {"FileSystems": [self._found(name) for name in wanted] if wanted else list(self.systems.values())}

    def delete(self, request: Document) -> Document:
        """DeleteFileSystem."""
        system = self._found(request["FileSystemId"])
        del self.systems[system["FileSystemId"]]
        return {"FileSystemId": system["FileSystemId"], "Lifecycle": "DELETING"}

    def create_machine(self, request: Document) -> Document:
        """CreateStorageVirtualMachine."""
        return self.ontap.create_machine(request, file_system=self._found(request["FileSystemId"]))

    def tag(self, request: Document) -> Document:
        """TagResource: the tags beside those that it has."""
        tags = self._tags(request["ResourceARN"])
        kept = {tag["Key"]: tag for tag in (*tags, *request["Tags"])}
        tags[:] = kept.values()
        return {}

    def untag(self, request: Document) -> Document:
        """UntagResource."""
        tags = self._tags(request["ResourceARN"])
        tags[:] = [tag for tag in tags if tag["Key"] not in request["TagKeys"]]
        return {}

    def list_tags(self, request: Document) -> Document:
        """ListTagsForResource."""
        return {"Tags": self._tags(request["ResourceARN"])}

    def _found(self, identifier: str) -> Document:
        if identifier not in self.systems:
            raise FileSystemError("FileSystemNotFound", f"File system '{identifier}' does not exist.")
        return self.systems[identifier]

    def _tags(self, arn: str) -> list[dict[str, str]]:
        there = (*self.systems.values(), *self.ontap.volumes.values())
        found: dict[str, list[dict[str, str]]] = {each["ResourceARN"]: each["Tags"] for each in there}
        found |= {arn: backup.tags for arn, backup in self.backups.items()}
        if arn not in found:
            raise FileSystemError("ResourceNotFound", f"Resource '{arn}' does not exist.")
        return found[arn]

    def _made(self, type_: str, request: Document) -> Document:
        identifier = f"fs-{uuid.uuid4().hex[:17]}"
        place = f"{self.region}:{self.account}"
        member = CONFIGURATIONS[type_]
        configuration = request.get(member) or {}
        made = {
            "OwnerId": self.account,
            "CreationTime": time.time(),
            "FileSystemId": identifier,
            "FileSystemType": type_,
            "Lifecycle": "AVAILABLE",
            "StorageCapacity": request.get("StorageCapacity"),
            "StorageType": request.get("StorageType") or "SSD",
            "SubnetIds": list(request["SubnetIds"]),
            "DNSName": f"{identifier}.fsx.{self.region}.amazonaws.com",
            "ResourceARN": f"arn:aws:fsx:{place}:file-system/{identifier}",
            "Tags": [dict(tag) for tag in request.get("Tags") or []],
            member: dict(configuration),
        }
        if not str(configuration.get("DeploymentType", "")).startswith(_SCRATCH):
            made["KmsKeyId"] = request.get("KmsKeyId") or f"arn:aws:kms:{place}:key/aws-fsx"
        return made


def _check(type_: str, request: Document) -> None:
    member = CONFIGURATIONS[type_]
    configuration = request.get(member) or {}
    if missing := [name for name in _NEEDED[type_] if configuration.get(name) is None]:
        raise FileSystemError("BadRequest", f"{member} needs {', '.join(missing)}")
    if type_ == "WINDOWS" and not any(configuration.get(name) for name in _DIRECTORIES):
        raise FileSystemError("ActiveDirectoryError", "A file system for Windows joins an Active Directory.")
    deployment = str(configuration.get("DeploymentType", ""))
    wanted = 2 if deployment.startswith(_MULTI_AZ) else 1
    if len(request["SubnetIds"]) != wanted:
        raise FileSystemError("InvalidNetworkSettings", f"A file system of {deployment or type_} has {wanted} subnets.")
