"""Volumes of ONTAP in their virtual machines, by the rules of Amazon FSx's API reference."""

from typing import Any

import pytest

from sandbox.file_systems.errors import FileSystemError
from sandbox.file_systems.store import Backup, FileSystems

ONTAP = {"OntapConfiguration": {"DeploymentType": "SINGLE_AZ_1", "ThroughputCapacity": 128}}
LUSTRE = {"LustreConfiguration": {"DeploymentType": "PERSISTENT_2"}}


@pytest.fixture
def systems() -> FileSystems:
    return FileSystems("222222222222", "eu-west-1")


def a_machine(systems: FileSystems) -> str:
    system = systems.create({"FileSystemType": "ONTAP", "SubnetIds": ["subnet-1"], **ONTAP})["FileSystem"]
    made = systems.create_machine({"FileSystemId": system["FileSystemId"], "Name": "restores"})
    return str(made["StorageVirtualMachine"]["StorageVirtualMachineId"])


def a_volume(systems: FileSystems, machine: str, name: str = "orders", **changes: Any) -> dict[str, Any]:
    configuration = {"StorageVirtualMachineId": machine, "SizeInMegabytes": 1024, "JunctionPath": f"/{name}"} | changes
    tags = [{"Key": "Backup", "Value": "daily-prod"}]
    asked = {"VolumeType": "ONTAP", "Name": name, "OntapConfiguration": configuration, "Tags": tags}
    volume: dict[str, Any] = systems.ontap.create(asked)["Volume"]
    return volume


def test_a_volume_lies_in_the_file_system_of_its_virtual_machine_and_has_tags(systems: FileSystems) -> None:
    machine = a_machine(systems)
    volume = a_volume(systems, machine)
    place = f"{volume['FileSystemId']}/{volume['VolumeId']}"
    assert volume["ResourceARN"] == f"arn:aws:fsx:eu-west-1:222222222222:volume/{place}"
    assert volume["FileSystemId"] in systems.systems
    assert systems.ontap.describe({"VolumeIds": [volume["VolumeId"]]}) == {"Volumes": [volume]}
    assert systems.list_tags({"ResourceARN": volume["ResourceARN"]})["Tags"] == volume["Tags"]


def test_volumes_are_listed_by_their_virtual_machine(systems: FileSystems) -> None:
    first, second = a_machine(systems), a_machine(systems)
    volumes = [a_volume(systems, machine) for machine in (first, second)]
    for machine, volume in zip((first, second), volumes, strict=True):
        given = {"Name": "storage-virtual-machine-id", "Values": [machine]}
        assert systems.ontap.describe({"Filters": [given]})["Volumes"] == [volume]
    assert systems.ontap.describe({})["Volumes"] == volumes
    assert systems.ontap.describe({"Filters": [{"Name": "storage-virtual-machine-id", "Values": ["svm-0"]}]}) == {
        "Volumes": []
    }


@pytest.mark.parametrize(
    ("name", "changes", "code"),
    [
        pytest.param("Orders", {"JunctionPath": "/free"}, "BadRequest", id="the name in other letters"),
        pytest.param("free", {"JunctionPath": "/Orders/"}, "BadRequest", id="the junction, spelled otherwise"),
        pytest.param("free", {"JunctionPath": "free"}, "BadRequest", id="no path"),
        pytest.param("free", {"SizeInMegabytes": None}, "MissingVolumeConfiguration", id="of no size"),
        pytest.param("free", {"StorageVirtualMachineId": "svm-0"}, "StorageVirtualMachineNotFound", id="nowhere"),
    ],
)
def test_what_breaks_a_rule_is_not_made(systems: FileSystems, name: str, changes: dict[str, Any], code: str) -> None:
    machine = a_machine(systems)
    a_volume(systems, machine)
    with pytest.raises(FileSystemError) as refused:
        a_volume(systems, machine, name, **changes)
    assert refused.value.code == code
    assert len(systems.ontap.volumes) == 1


def test_another_virtual_machine_has_names_and_junctions_of_its_own(systems: FileSystems) -> None:
    for machine in (a_machine(systems), a_machine(systems)):
        a_volume(systems, machine)
    assert len(systems.ontap.volumes) == 2


def test_what_is_gone_is_told_by_its_name(systems: FileSystems) -> None:
    volume = a_volume(systems, a_machine(systems))
    systems.ontap.delete({"VolumeId": volume["VolumeId"]})
    with pytest.raises(FileSystemError, match=volume["VolumeId"]) as refused:
        systems.ontap.describe({"VolumeIds": [volume["VolumeId"]]})
    assert refused.value.code == "VolumeNotFound"
    with pytest.raises(FileSystemError) as refused:
        systems.list_tags({"ResourceARN": volume["ResourceARN"]})
    assert refused.value.code == "ResourceNotFound"


def test_a_virtual_machine_that_is_not_there_is_told_by_its_name(systems: FileSystems) -> None:
    with pytest.raises(FileSystemError, match="svm-0") as refused:
        systems.ontap.describe_machines({"StorageVirtualMachineIds": ["svm-0"]})
    assert refused.value.code == "StorageVirtualMachineNotFound"


def test_no_other_file_system_has_virtual_machines(systems: FileSystems) -> None:
    system = systems.create({"FileSystemType": "LUSTRE", "SubnetIds": ["subnet-1"], **LUSTRE})["FileSystem"]
    with pytest.raises(FileSystemError, match="ONTAP"):
        systems.create_machine({"FileSystemId": system["FileSystemId"], "Name": "restores"})


def test_no_file_system_is_made_of_the_backup_of_a_volume(systems: FileSystems) -> None:
    systems.backups["arn:aws:fsx:eu-west-1:222222222222:backup/backup-0aa1"] = Backup("ONTAP", capacity=1, tags=[])
    with pytest.raises(FileSystemError, match="is of a volume"):
        systems.create_from_backup({"BackupId": "backup-0aa1", "SubnetIds": ["subnet-1"], **ONTAP})
