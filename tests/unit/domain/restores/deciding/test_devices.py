"""Of devices size and speed are kept, under a key of the account; what cannot be read is carried not at all."""

import json
from typing import Any

import pytest

from strongroom.domain.restores.deciding.decision import Fault, LeftOut, Refusal
from strongroom.domain.restores.deciding.devices import devices_under
from strongroom.domain.restores.deciding.sheet import Sheet
from tests.builders.deciding.restore_cases import PROFILE, a_restore

PATH = "BlockDeviceMappings"
KEY = PROFILE["keys"][0]
UNDER = {"Encrypted": True, "KmsKeyId": KEY}


def _under(told: Any, **said: Any) -> tuple[Any, Sheet]:
    sheet = Sheet(a_restore("EC2", **said))
    text = told if told is None or isinstance(told, str) else json.dumps(told)
    made = devices_under(text, path=PATH, sheet=sheet)
    return None if made is None else json.loads(made), sheet


def _volume(**volume: Any) -> list[dict[str, Any]]:
    return [{"DeviceName": "/dev/xvda", "Ebs": volume}]


@pytest.mark.parametrize(
    ("volume", "kept"),
    [
        pytest.param({}, {}, id="nothing said"),
        pytest.param({"VolumeSize": 8, "SnapshotId": "snap-1", "Encrypted": False, "KmsKeyId": "k"}, {"VolumeSize": 8}),
        pytest.param({"volumesize": 8, "DELETEONTERMINATION": False}, {"VolumeSize": 8, "DeleteOnTermination": False}),
        pytest.param({"VolumeSize": None, "VolumeType": "gp3"}, {"VolumeType": "gp3"}, id="what is null"),
        pytest.param({"VolumeSize": 1}, {"VolumeSize": 1}, id="the smallest"),
        pytest.param({"VolumeSize": 2**31 - 1}, {"VolumeSize": 2**31 - 1}, id="the largest"),
        *(
            pytest.param(
                {"VolumeType": kind, "Iops": 3000, "Throughput": 125},
                {"VolumeType": kind} | ({"Iops": 3000} if fast else {}) | ({"Throughput": 125} if wide else {}),
                id=kind,
            )
            for kind, fast, wide in (
                ("gp3", True, True),
                ("io1", True, False),
                ("io2", True, False),
                ("gp2", False, False),
                ("st1", False, False),
            )
        ),
        pytest.param({"Iops": 3000, "VolumeSize": 8}, {"VolumeSize": 8}, id="a speed of no type"),
    ],
)
def test_of_a_volume_is_kept_what_the_backup_says_of_it(volume: dict[str, Any], kept: dict[str, Any]) -> None:
    made, sheet = _under(_volume(**volume))
    assert made == [{"DeviceName": "/dev/xvda", "Ebs": kept | UNDER}]
    assert (sheet.left_out, sheet.refusals) == ((), ())


@pytest.mark.parametrize("name", ["xvda", "/dev/sda1", "sd"])
def test_a_device_is_called_as_it_was(name: str) -> None:
    made, _ = _under([{"devicename": name, "ebs": {}}])
    assert made == [{"DeviceName": name, "Ebs": UNDER}]


def test_what_has_no_volume_is_not_made() -> None:
    ephemeral = {"DeviceName": "/dev/sdb", "VirtualName": "ephemeral0"}
    assert _under([ephemeral, *_volume(VolumeSize=8)])[0] == [
        {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 8} | UNDER}
    ]
    made, sheet = _under([ephemeral])
    assert (made, sheet.left_out) == (None, ())
    assert _under([])[0] is None


def test_of_nothing_nothing_is_made() -> None:
    made, sheet = _under(None)
    assert (made, sheet.left_out) == (None, ())


@pytest.mark.parametrize(
    "told",
    [
        pytest.param("no JSON", id="no JSON"),
        pytest.param('{"DeviceName":"xvda"}', id="no list"),
        pytest.param("{}", id="an empty mapping"),
        pytest.param(["xvda"], id="no mapping"),
        pytest.param([{"Ebs": {}}], id="without a name"),
        pytest.param([{"DeviceName": 1, "Ebs": {}}], id="a number for a name"),
        pytest.param([{"DeviceName": "../x", "Ebs": {}}], id="no name of a device"),
        pytest.param([{"DeviceName": "xvda", "Ebs": []}], id="no volume"),
        *(
            pytest.param(_volume(**{name: value}), id=f"{name} {value!r}")
            for name, values in {
                "VolumeSize": (0, -1, 2**31, 1.5, "8", True),
                "Iops": (0, "3000"),
                "Throughput": (0, "125"),
                "VolumeType": ("a/b", 1),
                "DeleteOnTermination": ("true", 1),
            }.items()
            for value in values
        ),
        pytest.param(_volume(VolumeSize=8, VolumeType=1), id="one that is wrong beside one that is right"),
        pytest.param([*_volume(VolumeSize=8), {"DeviceName": "xvdb", "Ebs": 1}], id="one that is wrong behind one"),
    ],
)
def test_what_cannot_be_read_is_left_out_with_its_reason(told: Any) -> None:
    made, sheet = _under(told)
    assert made is None
    assert sheet.left_out == (LeftOut(key=PATH, reason="its value cannot be carried"),)


def test_without_a_key_nothing_is_made_unencrypted() -> None:
    made, sheet = _under(_volume(VolumeSize=8), profile={**PROFILE, "keys": []})
    assert made is None
    sentence = f"{PATH} must come from a restore profile of the account, which has no encryption key"
    assert sheet.refusals == (Refusal(fault=Fault.NO_PROFILE, key=PATH, sentence=sentence),)


def test_the_first_key_of_the_profile_encrypts() -> None:
    made, _ = _under(_volume(), profile={**PROFILE, "keys": [KEY, KEY.replace("1111", "2222")]})
    assert made[0]["Ebs"]["KmsKeyId"] == KEY
