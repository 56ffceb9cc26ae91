"""What settings name of an account, in mappings as well, and which volume they would make."""

import json

import pytest

from strongroom.domain.restores.deciding.placed import PlaceNamed, VolumeNamed, places_named, volume_named

MACHINE = "svm-0123456789abcdef0"
INSIDE = {"storageVirtualMachineId": MACHINE, "junctionPath": "/restored-1", "sizeInMegabytes": 1024}
METADATA = (("Name", "restored_1"), ("OntapConfiguration", json.dumps(INSIDE)))
VOLUME = VolumeNamed(machine=MACHINE, name="restored_1", junction="/restored-1")


KEY = "arn:aws:kms:eu-west-1:111122223333:key/1"
OTHER_KEY = KEY.replace("key/1", "key/2")
DEVICES = [{"DeviceName": f"/dev/xvd{n}", "Ebs": {"KmsKeyId": key}} for n, key in enumerate((KEY, KEY, OTHER_KEY))]


@pytest.mark.parametrize(
    ("name", "inside", "of"),
    [
        pytest.param("OntapConfiguration", "storageVirtualMachineId", "svm", id="a virtual machine"),
        pytest.param("WindowsConfiguration", "PreferredSubnetId", "subnets", id="a subnet for Windows"),
        pytest.param("OpenZFSConfiguration", "PreferredSubnetId", "subnets", id="a subnet for OpenZFS"),
        pytest.param("WindowsConfiguration", "ActiveDirectoryId", "directory", id="a directory"),
    ],
)
def test_a_place_in_a_mapping_is_named_by_its_path(name: str, inside: str, of: str) -> None:
    found = list(places_named(((name, json.dumps({inside: "x-1", "ThroughputCapacity": 32})),)))
    assert found == [PlaceNamed(key=f"{name}.{inside}", of=of, name="x-1")]


@pytest.mark.parametrize(
    ("name", "value", "of", "named"),
    [
        pytest.param("DBSubnetGroupName", "restores-db", "db_subnet_group", ["restores-db"], id="a place"),
        pytest.param("VpcSecurityGroupIds", '["sg-1","sg-2"]', "security_groups", ["sg-1", "sg-2"], id="a list"),
        pytest.param("VpcSecurityGroupIds", "sg-1", "security_groups", [], id="what is no list, where one is needed"),
        pytest.param("kmsKeyId", KEY, "keys", [KEY], id="a key"),
        pytest.param("BlockDeviceMappings", json.dumps(DEVICES), "keys", [KEY, OTHER_KEY], id="keys of devices"),
        pytest.param("regionalConfig", json.dumps([{"kmsKeyId": KEY}]), "keys", [KEY], id="a key in what is made"),
        pytest.param("Engine", "postgres", "", [], id="what places nothing"),
        pytest.param("OntapConfiguration", '{"sizeInMegabytes":"1024"}', "", [], id="a mapping that places nothing"),
        pytest.param("OntapConfiguration", "[]", "", [], id="no mapping"),
    ],
)
def test_what_places_or_encrypts_is_named_each_by_itself_and_once(
    name: str, value: str, of: str, named: list[str]
) -> None:
    assert list(places_named(((name, value),))) == [PlaceNamed(key=name, of=of, name=each) for each in named]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"storageVirtualMachineId": ""}'])
def test_a_mapping_that_names_no_virtual_machine_names_no_volume(text: str) -> None:
    assert volume_named((("Name", "restored_1"), ("OntapConfiguration", text))) is None


def test_a_volume_is_known_by_its_virtual_machine_its_name_and_its_junction() -> None:
    assert volume_named(METADATA) == VOLUME
    assert volume_named((("Name", "orders"), ("DestinationBucketName", "b"))) is None


def test_a_volume_without_a_name_or_a_junction_is_one_all_the_same() -> None:
    said = (("OntapConfiguration", json.dumps({"storageVirtualMachineId": MACHINE})),)
    assert volume_named(said) == VolumeNamed(machine=MACHINE, name="", junction="")


@pytest.mark.parametrize(
    ("name", "junction", "is_taken"),
    [
        pytest.param("restored_1", "", True, id="the name"),
        pytest.param("Restored_1", "/elsewhere", True, id="the name in other letters"),
        pytest.param("other", "/restored-1", True, id="the junction"),
        pytest.param("other", "/Restored-1/", True, id="the junction, spelled otherwise"),
        pytest.param("other", "/restored-1/below", False, id="a junction below it"),
        pytest.param("other", "/restored-1~", False, id="a junction that begins so"),
        pytest.param("other", "", False, id="mounted nowhere"),
    ],
)
def test_a_volume_with_its_name_or_at_its_junction_is_in_the_way(name: str, junction: str, *, is_taken: bool) -> None:
    assert VOLUME.is_taken_by(name=name, junction=junction) is is_taken


def test_a_volume_that_is_mounted_nowhere_takes_no_junction() -> None:
    unmounted = VolumeNamed(machine=MACHINE, name="restored_1", junction="")
    assert not unmounted.is_taken_by(name="other", junction="")
