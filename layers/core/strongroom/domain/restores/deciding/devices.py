"""The devices of a machine: the backup says how large and how fast they are, and nothing else."""

import re
from typing import Any, Final

from strongroom.domain.restores.deciding.decision import Fault
from strongroom.domain.restores.deciding.reading import UnreadableError, is_plain, read_json, write_json
from strongroom.domain.restores.deciding.sheet import Sheet

_DEVICE: Final = r"(?:/dev/)?[a-z][a-z0-9]{1,11}"
_FLAG: Final = "DeleteOnTermination"
_NUMBERS: Final = ("Iops", "Throughput", "VolumeSize")
_TYPE: Final = "VolumeType"
# Which types of volumes take a speed (Amazon EC2 API Reference, EbsBlockDevice).
_SPEEDS: Final = {"Iops": ("gp3", "io1", "io2"), "Throughput": ("gp3",)}
_LARGEST: Final = 2**31


def devices_under(told: str | None, *, path: str, sheet: Sheet) -> str | None:
    """The devices that the backup tells of, encrypted with the profile's first key and out of no other snapshot."""
    if told is None:
        return None
    devices = _devices(told)
    if devices is None:
        sheet.leave_out(path, "its value cannot be carried")
        return None
    if not sheet.case.profile.keys:
        sentence = f"{path} must come from a restore profile of the account, which has no encryption key"
        sheet.refuse(Fault.NO_PROFILE, sentence, key=path)
        return None
    under = {"Encrypted": True, "KmsKeyId": sheet.case.profile.keys[0]}
    made = [{"DeviceName": name, "Ebs": volume | under} for name, volume in devices]
    return write_json(made) if made else None


def _devices(told: str) -> list[tuple[str, dict[str, Any]]] | None:
    try:
        content = read_json(told)
    except UnreadableError:
        return None
    if not isinstance(content, list):
        return None
    read = [_device(each) for each in content]
    return None if None in read else [each for each in read if each]


def _device(content: Any) -> tuple[str, dict[str, Any]] | tuple[()] | None:
    """A device and what is kept of its volume; nothing of one that has none, None where it cannot be read."""
    if not isinstance(content, dict):
        return None
    said = {name.lower(): value for name, value in content.items()}
    name, volume = said.get("devicename"), said.get("ebs")
    if not isinstance(name, str) or re.fullmatch(_DEVICE, name) is None:
        return None
    if volume is None:
        return ()
    kept = _volume(volume)
    return None if kept is None else (name, kept)


def _volume(content: Any) -> dict[str, Any] | None:
    if not isinstance(content, dict):
        return None
    said = {name.lower(): value for name, value in content.items()}
    kind = said.get(_TYPE.lower())
    kept = {name: said[name.lower()] for name in (_FLAG, *_NUMBERS, _TYPE) if said.get(name.lower()) is not None}
    if not all(_is_shaped(name, value) for name, value in kept.items()):
        return None
    return {name: value for name, value in kept.items() if name not in _SPEEDS or kind in _SPEEDS[name]}


def _is_shaped(name: str, value: Any) -> bool:
    if name == _FLAG:
        return isinstance(value, bool)
    if name == _TYPE:
        return is_plain(value)
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < _LARGEST
