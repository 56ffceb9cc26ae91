"""Private touches of MiniStack's EC2: volumes out of snapshots, as EC2 refuses them, and under which key they lie.

Sources: Amazon EC2 API Reference, CreateVolume and "Error codes"; EBS User Guide, "Create an Amazon EBS volume". Pinned
by `tests/integration/authority/test_volumes.py`.
"""
# ruff: noqa: SLF001

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from sandbox.seams import host as seams
from sandbox.seams.keys import encrypted, managed_keys

# "Valid range: 100 - 300 MiB/s".
_RATES: Final = range(100, 301)
_LEAST_THROUGHPUT: Final = 125
_ZONES: Final = "abc"
# What the API calls what MiniStack's answer leaves out.
_TOLD: Final = {
    "KmsKeyId": "kmsKeyId",
    "Throughput": "throughput",
    "VolumeInitializationRate": "volumeInitializationRate",
}

type Parameters = Mapping[str, Any]
type Call = Callable[[Parameters], Any]
type WhyKeyMayNot = Callable[[str, str | None], str | None]


def install(why_key_may_not: WhyKeyMayNot) -> None:
    """Make volumes out of snapshots as EC2 does.

    `why_key_may_not(key_arn, snapshot_key_arn)` answers why whoever asks may not encrypt under it; None when it may.
    """
    seams.replace("ministack.services.ec2", "_ACTION_MAP", partial(_taught, why_key_may_not=why_key_may_not))
    seams.replace("ministack.services.ec2", "_volume_inner_xml", _telling_more)


def snapshot_facts(snapshot_id: str) -> Mapping[str, Any] | None:
    """The tags and the key of a snapshot in the account and Region of the request; None when there is no such thing."""
    ec2 = seams.service_module("ec2")
    found = ec2._snapshots.get(snapshot_id)
    if found is None:
        return None
    tags = {tag["Key"]: tag["Value"] for tag in ec2._tags.get(snapshot_id, ())}
    return {"tags": tags, "key": found.get("KmsKeyId")}


def _taught(actions: Mapping[str, Call], *, why_key_may_not: WhyKeyMayNot) -> dict[str, Call]:
    return {**actions, "CreateVolume": partial(_create, actions["CreateVolume"], why_key_may_not)}


def _create(original: Call, why_key_may_not: WhyKeyMayNot, parameters: Parameters) -> Any:
    ec2 = seams.service_module("ec2")
    if not ec2._p(parameters, "SnapshotId"):
        return _create_empty(original, parameters)
    token = ec2._p(parameters, "ClientToken")
    asked = {name: value for name, value in parameters.items() if name not in ("Action", "Version")}
    earlier = next((each for each in ec2._volumes.values() if token and each.get("ClientToken") == token), None)
    if earlier is not None and earlier["Asked"] != asked:
        return ec2._error("IdempotentParameterMismatch", "The token was used with other parameters.", 400)
    if earlier is not None:
        return ec2._xml(200, "CreateVolumeResponse", ec2._volume_inner_xml(earlier))
    if refusal := _refusal(parameters):
        return ec2._error(*refusal, 400)
    before = set(ec2._volumes.keys())
    original({**parameters, "Size": [str(_size(parameters))]})
    [name] = set(ec2._volumes.keys()) - before
    made = ec2._volumes[name]
    made.update(_told(parameters), ClientToken=token, Asked=asked)
    answer = ec2._xml(200, "CreateVolumeResponse", ec2._volume_inner_xml({**made, "State": "creating"}))
    if _is_key_refused(parameters, why_key_may_not):
        # "Amazon Web Services authenticates the KMS key asynchronously … the action can appear to complete, but
        # eventually fails."
        del ec2._volumes[name]
    return answer


def _create_empty(original: Call, parameters: Parameters) -> Any:
    """An encrypted volume under no named key lies under the account's default key."""
    ec2 = seams.service_module("ec2")
    before = set(ec2._volumes.keys())
    answer = original(parameters)
    made = set(ec2._volumes.keys()) - before
    if not made or not _is_encrypted(parameters):
        return answer
    named = ec2._p(parameters, "KmsKeyId") or "alias/aws/ebs"
    volume = ec2._volumes[made.pop()]
    volume["KmsKeyId"] = managed_keys.key_arn(named) or named
    return ec2._xml(200, "CreateVolumeResponse", ec2._volume_inner_xml(volume))


def _refusal(parameters: Parameters) -> tuple[str, str] | None:
    """The code and the words with which EC2 refuses it; None where it does not."""
    ec2 = seams.service_module("ec2")
    zone, name = ec2._p(parameters, "AvailabilityZone"), ec2._p(parameters, "SnapshotId")
    rate, snapshot = ec2._p(parameters, "VolumeInitializationRate"), ec2._snapshots.get(name)
    if not zone:
        return "MissingParameter", "The request must contain the parameter AvailabilityZone"
    if zone not in {f"{seams.request_region()}{letter}" for letter in _ZONES}:
        return "InvalidZone.NotFound", f"The zone '{zone}' does not exist."
    if snapshot is None:
        return "InvalidSnapshot.NotFound", f"The snapshot '{name}' does not exist."
    if _size(parameters) < snapshot["VolumeSize"]:
        least = snapshot["VolumeSize"]
        return "InvalidParameterValue", f"The volume is smaller than snapshot '{name}', expect size >= {least}GB"
    if rate and int(rate) not in _RATES:
        return "InvalidParameterValue", "VolumeInitializationRate must be from 100 to 300 MiB/s."
    if ec2._p(parameters, "KmsKeyId") and not _is_encrypted(parameters):
        return "InvalidParameterDependency", "The parameter KmsKeyId requires the parameter Encrypted to be set."
    return None


def _size(parameters: Parameters) -> int:
    ec2 = seams.service_module("ec2")
    snapshot = ec2._snapshots.get(ec2._p(parameters, "SnapshotId")) or {}
    return int(ec2._p(parameters, "Size") or snapshot.get("VolumeSize", 0))


def _is_encrypted(parameters: Parameters) -> bool:
    return str(seams.service_module("ec2")._p(parameters, "Encrypted")).lower() == "true"


def _told(parameters: Parameters) -> dict[str, Any]:
    """What of the volume MiniStack leaves out."""
    ec2 = seams.service_module("ec2")
    snapshot = ec2._snapshots[ec2._p(parameters, "SnapshotId")]
    key = ec2._p(parameters, "KmsKeyId")
    told: dict[str, Any] = {"MultiAttachEnabled": ec2._p(parameters, "MultiAttachEnabled") == "true"}
    if _is_encrypted(parameters) or snapshot.get("KmsKeyId"):
        told |= {"Encrypted": True, "KmsKeyId": encrypted.key_arn(key) or key or snapshot.get("KmsKeyId")}
    if rate := ec2._p(parameters, "VolumeInitializationRate"):
        told["VolumeInitializationRate"] = int(rate)
    if ec2._p(parameters, "VolumeType") == "gp3":
        told["Throughput"] = int(ec2._p(parameters, "Throughput") or _LEAST_THROUGHPUT)
    return told


def _is_key_refused(parameters: Parameters, why_key_may_not: WhyKeyMayNot) -> bool:
    ec2 = seams.service_module("ec2")
    named = ec2._p(parameters, "KmsKeyId")
    if not named or not _is_encrypted(parameters):
        return False
    key = encrypted.key_arn(named)
    source = ec2._snapshots[ec2._p(parameters, "SnapshotId")].get("KmsKeyId")
    return key is None or why_key_may_not(key, source) is not None


def _telling_more(original: Callable[[Mapping[str, Any]], str]) -> Callable[[Mapping[str, Any]], str]:
    def inner(volume: Mapping[str, Any]) -> str:
        more = (f"<{_TOLD[name]}>{volume[name]}</{_TOLD[name]}>" for name in _TOLD if volume.get(name))
        return original(volume) + "".join(more)

    return inner
