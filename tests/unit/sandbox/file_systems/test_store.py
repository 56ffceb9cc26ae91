"""File systems of FSx, by the rules of Amazon FSx's API reference: what is made, what is refused, what is told."""

from typing import Any

import pytest

from sandbox.file_systems.errors import FileSystemError
from sandbox.file_systems.store import Backup, FileSystems

WINDOWS = {"WindowsConfiguration": {"ThroughputCapacity": 32, "ActiveDirectoryId": "d-0123456789"}}
LUSTRE = {"LustreConfiguration": {"DeploymentType": "PERSISTENT_2"}}
OPEN_ZFS = {"OpenZFSConfiguration": {"DeploymentType": "SINGLE_AZ_2", "ThroughputCapacity": 160}}
SUBNETS = {"SubnetIds": ["subnet-1"]}


@pytest.fixture
def systems() -> FileSystems:
    return FileSystems("222222222222", "eu-west-1")


def made(systems: FileSystems, type_: str, **request: Any) -> dict[str, Any]:
    system: dict[str, Any] = systems.create({"FileSystemType": type_, **SUBNETS, **request})["FileSystem"]
    return system


@pytest.mark.parametrize(
    ("type_", "configuration"), [("WINDOWS", WINDOWS), ("LUSTRE", LUSTRE), ("OPENZFS", OPEN_ZFS)], ids=str
)
def test_a_file_system_is_told_as_it_was_made(systems: FileSystems, type_: str, configuration: dict[str, Any]) -> None:
    system = made(systems, type_, StorageCapacity=1200, **configuration)
    assert system["ResourceARN"] == f"arn:aws:fsx:eu-west-1:222222222222:file-system/{system['FileSystemId']}"
    assert {name: system[name] for name in configuration} == configuration
    assert system["KmsKeyId"].endswith("key/aws-fsx")
    assert systems.describe({"FileSystemIds": [system["FileSystemId"]]}) == {"FileSystems": [system]}
    assert systems.describe({}) == {"FileSystems": [system]}


def test_a_scratch_file_system_is_under_no_key_that_can_be_named(systems: FileSystems) -> None:
    """Amazon FSx for Lustre User Guide, "Encrypting data at rest"."""
    scratch = {"LustreConfiguration": {"DeploymentType": "SCRATCH_2"}}
    assert "KmsKeyId" not in made(systems, "LUSTRE", KmsKeyId="arn:aws:kms:eu-west-1:222222222222:key/a", **scratch)


@pytest.mark.parametrize(
    ("type_", "request_", "code"),
    [
        pytest.param("WINDOWS", {"WindowsConfiguration": {"ActiveDirectoryId": "d-1"}}, "BadRequest", id="throughput"),
        pytest.param("WINDOWS", {"WindowsConfiguration": {"ThroughputCapacity": 8}}, "ActiveDirectoryError", id="AD"),
        pytest.param("OPENZFS", {"OpenZFSConfiguration": {"ThroughputCapacity": 8}}, "BadRequest", id="deployment"),
        pytest.param("LUSTRE", {"SubnetIds": ["a", "b"], **LUSTRE}, "InvalidNetworkSettings", id="two subnets"),
        pytest.param(
            "OPENZFS",
            {"OpenZFSConfiguration": {"DeploymentType": "MULTI_AZ_1", "ThroughputCapacity": 160}},
            "InvalidNetworkSettings",
            id="one subnet for two zones",
        ),
        pytest.param("ONTAP", {}, "BadRequest", id="deployment of ONTAP"),
        pytest.param("QUANTUM", {}, "BadRequest", id="not played"),
    ],
)
def test_what_breaks_a_rule_is_not_made(systems: FileSystems, type_: str, request_: dict[str, Any], code: str) -> None:
    with pytest.raises(FileSystemError) as refused:
        made(systems, type_, **request_)
    assert refused.value.code == code
    assert systems.systems == {}


def test_one_token_makes_one_file_system(systems: FileSystems) -> None:
    first = made(systems, "LUSTRE", ClientRequestToken="t", **LUSTRE)
    assert made(systems, "LUSTRE", ClientRequestToken="t", **LUSTRE) == first
    assert made(systems, "LUSTRE", **LUSTRE)["FileSystemId"] != first["FileSystemId"]


def test_tags_are_put_beside_those_that_are_there(systems: FileSystems) -> None:
    arn = made(systems, "LUSTRE", Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "1"}], **LUSTRE)[
        "ResourceARN"
    ]
    systems.tag({"ResourceARN": arn, "Tags": [{"Key": "b", "Value": "2"}, {"Key": "c", "Value": "3"}]})
    systems.untag({"ResourceARN": arn, "TagKeys": ["a"]})
    assert systems.list_tags({"ResourceARN": arn}) == {"Tags": [{"Key": "b", "Value": "2"}, {"Key": "c", "Value": "3"}]}


def test_a_backup_of_aws_backup_has_its_tags(systems: FileSystems) -> None:
    arn = "arn:aws:fsx:eu-west-1:222222222222:backup/backup-1"
    tags = [{"Key": "Backup", "Value": "daily-prod"}]
    systems.backups[arn] = Backup(type="OPENZFS", capacity=64, tags=tags)
    systems.tag({"ResourceARN": arn, "Tags": [{"Key": "team", "Value": "a"}]})
    told = systems.list_tags({"ResourceARN": arn})["Tags"]
    assert told == [{"Key": "Backup", "Value": "daily-prod"}, {"Key": "team", "Value": "a"}]


def test_what_is_gone_is_told_by_its_name(systems: FileSystems) -> None:
    system = made(systems, "LUSTRE", **LUSTRE)
    systems.delete({"FileSystemId": system["FileSystemId"]})
    with pytest.raises(FileSystemError, match=system["FileSystemId"]) as refused:
        systems.describe({"FileSystemIds": [system["FileSystemId"]]})
    assert refused.value.code == "FileSystemNotFound"
    with pytest.raises(FileSystemError) as refused:
        systems.list_tags({"ResourceARN": system["ResourceARN"]})
    assert refused.value.code == "ResourceNotFound"


POINT = "arn:aws:fsx:eu-west-1:222222222222:backup/backup-0aa1"
ACROSS = {
    "SubnetIds": ["subnet-1", "subnet-2"],
    "OpenZFSConfiguration": {"DeploymentType": "MULTI_AZ_1", "ThroughputCapacity": 160},
}


@pytest.fixture
def backed_up(systems: FileSystems) -> FileSystems:
    systems.backups[POINT] = Backup(type="OPENZFS", capacity=64, tags=[])
    return systems


def test_a_backup_is_restored_into_a_file_system_of_its_type_and_size_that_is_creating_at_first(
    backed_up: FileSystems,
) -> None:
    made_of = {"BackupId": "backup-0aa1", "ClientRequestToken": "t", **ACROSS}
    system = backed_up.create_from_backup(made_of)["FileSystem"]
    assert (system["FileSystemType"], system["StorageCapacity"], system["Lifecycle"]) == ("OPENZFS", 64, "CREATING")
    [told] = backed_up.describe({})["FileSystems"]
    assert (told["FileSystemId"], told["Lifecycle"]) == (system["FileSystemId"], "AVAILABLE")
    assert backed_up.create_from_backup(made_of)["FileSystem"]["FileSystemId"] == system["FileSystemId"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"BackupId": "backup-0bb2"}, "BackupNotFound", id="no such backup"),
        pytest.param({"StorageCapacity": 32}, "BadRequest", id="less than there was"),
        pytest.param({"SubnetIds": ["subnet-1"]}, "InvalidNetworkSettings", id="one zone"),
    ],
)
def test_what_a_backup_cannot_become_is_refused(backed_up: FileSystems, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(FileSystemError) as refused:
        backed_up.create_from_backup({"BackupId": "backup-0aa1", **ACROSS} | changes)
    assert refused.value.code == code


def test_a_token_is_for_the_same_parameters_only(backed_up: FileSystems) -> None:
    """API reference, CreateFileSystemFromBackup: IncompatibleParameterError."""
    asked = {"BackupId": "backup-0aa1", "ClientRequestToken": "t", **ACROSS}
    backed_up.create_from_backup(asked)
    with pytest.raises(FileSystemError) as refused:
        backed_up.create_from_backup(asked | {"StorageCapacity": 128})
    assert refused.value.code == "IncompatibleParameterError"
