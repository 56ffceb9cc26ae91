"""Every private touch of MiniStack for the snapshots and images that AWS Backup keeps in EC2 and RDS.

They are shown by the calls of their own service, and only AWS Backup deletes them. Pinned by
`tests/contract/seams/test_snapshots.py`.
"""
# ruff: noqa: SLF001

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from sandbox.seams import host as seams
from sandbox.settings import Settings

# https://github.com/ekristen/aws-nuke/issues/364: what tells those of AWS Backup apart.
SOURCE_TAG: Final = "aws:backup:source-resource"
_SNAPSHOT_TYPE: Final = "awsbackup"

# EC2 API reference, CopySnapshot: "Snapshots copies have an arbitrary source volume ID".
_ANY_VOLUME: Final = "vol-ffffffff"
_GIBIBYTE: Final = 1024**3

type Parameters = Mapping[str, Any]
type Call = Callable[[Parameters], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeSnapshot:
    """A snapshot or image by its ARN; `configuration` is that of its source, `size` counts bytes."""

    arn: str
    source_arn: str
    created: datetime
    size: int
    key_arn: str | None
    configuration: Mapping[str, Any]
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Refusal:
    """What a service answers to whoever deletes what is AWS Backup's."""

    parameter: str
    code: str
    message: str


_REFUSALS: Final = {
    # https://github.com/cloud-custodian/cloud-custodian/issues/9459
    ("ec2", "DeleteSnapshot"): _Refusal(
        "SnapshotId",
        "InvalidParameterValue",
        "This snapshot is managed by the AWS Backup service and cannot be deleted via EC2 APIs. "
        "If you wish to delete this snapshot, please do so via the Backup console.",
    ),
    # https://github.com/openshift/installer/pull/9964
    ("ec2", "DeregisterImage"): _Refusal(
        "ImageId",
        "AuthFailure",
        "This image is managed by AWS Backup and cannot be deleted via EC2 APIs. "
        "To delete this image, please use the AWS Backup APIs, CLI, or console.",
    ),
    # https://github.com/LBHackney-IT/Data-Platform/pull/1599: that it fails; the code is the API reference's, the
    # words are nobody's.
    ("rds", "DeleteDBSnapshot"): _Refusal(
        "DBSnapshotIdentifier", "InvalidDBSnapshotState", "Snapshots of AWS Backup are deleted by AWS Backup."
    ),
    ("rds", "DeleteDBClusterSnapshot"): _Refusal(
        "DBClusterSnapshotIdentifier",
        "InvalidDBClusterSnapshotStateFault",
        "Snapshots of AWS Backup are deleted by AWS Backup.",
    ),
}


def install(_: Settings | None = None) -> None:
    """Let nobody but AWS Backup delete what is AWS Backup's."""
    for service in ("ec2", "rds"):
        seams.replace(f"ministack.services.{service}", "_ACTION_MAP", partial(_with_refusals, service))
    # An image of AWS Backup's is no container, which alone the emulator would ask Docker for.
    seams.replace("ministack.services.ec2", "_any_image_registered", lambda _: _any_container)


def _with_refusals(service: str, actions: Mapping[str, Call]) -> dict[str, Call]:
    refused = {action: each for (owner, action), each in _REFUSALS.items() if owner == service}
    return {**actions, **{action: _refusing(service, actions[action], each) for action, each in refused.items()}}


def _any_container() -> bool:
    return any(image.get("ImageLocation") for image in seams.service_module("ec2")._images.all_values())


def _refusing(service: str, original: Call, refusal: _Refusal) -> Call:
    module = seams.service_module(service)

    def delete(parameters: Parameters) -> Any:
        name = module._p(parameters, refusal.parameter)
        if _is_of_aws_backup(service, name):
            return module._error(refusal.code, refusal.message, 400)
        return original(parameters)

    return delete


def _is_of_aws_backup(service: str, name: str) -> bool:
    if service == "ec2":
        return any(tag["Key"] == SOURCE_TAG for tag in seams.service_module("ec2")._tags.get(name, ()))
    rds = seams.service_module("rds")
    record = rds._snapshots.get(name) or rds._db_cluster_snapshots.get(name) or {}
    return record.get("SnapshotType") == _SNAPSHOT_TYPE


def keep(snapshot: NativeSnapshot, account: str, region: str) -> None:
    """Let the service that owns its kind show a snapshot in an account and Region."""
    service, kind, name = _parts(snapshot.arn)
    module = seams.service_module(service)
    tags = [{"Key": key, "Value": value} for key, value in snapshot.tags.items()]
    tags.append({"Key": SOURCE_TAG, "Value": snapshot.source_arn})
    with seams.request_scope(account, region):
        record = _RECORDS[service, kind](name, snapshot) | {"OwnerId": account, "TagList": tags}
        getattr(module, _STORES[service, kind])[name] = record
        module._tags[name if service == "ec2" else snapshot.arn] = tags


def drop(arn: str, account: str, region: str) -> None:
    """Let nobody see a snapshot any more."""
    service, kind, name = _parts(arn)
    module = seams.service_module(service)
    with seams.request_scope(account, region):
        getattr(module, _STORES[service, kind]).pop(name, None)
        module._tags.pop(name if service == "ec2" else arn, None)


def _parts(arn: str) -> tuple[str, str, str]:
    """Service, kind and name of what an ARN names, be it `snapshot/snap-1` or `snapshot:awsbackup:job-1`."""
    _, _, service, _, _, named = arn.split(":", 5)
    kind, name = re.split("[:/]", named, maxsplit=1)
    return service, kind, name


def _ebs_snapshot(name: str, snapshot: NativeSnapshot) -> dict[str, Any]:
    is_copy = snapshot.source_arn.split(":")[4] != seams.request_account()
    return {
        "SnapshotId": name,
        "VolumeId": _ANY_VOLUME if is_copy else snapshot.source_arn.rpartition("/")[2],
        "VolumeSize": snapshot.size // _GIBIBYTE,
        "Description": "This snapshot is created by the AWS Backup service.",
        "State": "completed",
        "StartTime": f"{snapshot.created:%Y-%m-%dT%H:%M:%S.000Z}",
        "Progress": "100%",
        "Encrypted": snapshot.key_arn is not None,
        "KmsKeyId": snapshot.key_arn,
        "StorageTier": "standard",
    }


def _image(name: str, snapshot: NativeSnapshot) -> dict[str, Any]:
    return {
        "ImageId": name,
        "Name": f"AwsBackup_{snapshot.source_arn.rpartition('/')[2]}_{name}",
        "ImageLocation": "",
        "Description": "This image is created by the AWS Backup service.",
        "Architecture": "x86_64",
        "RootDeviceType": "ebs",
        "RootDeviceName": "/dev/xvda",
        "BlockDeviceMappings": [],
        "VirtualizationType": "hvm",
        "CreationDate": f"{snapshot.created:%Y-%m-%dT%H:%M:%S.000Z}",
    }


def _db_snapshot(name: str, snapshot: NativeSnapshot) -> dict[str, Any]:
    make = seams.service_module("rds")._create_snapshot_internal
    return _of_database(make(name, {"DBInstanceIdentifier": snapshot.source_arn.rpartition(":")[2]} | _told(snapshot)))


def _cluster_snapshot(name: str, snapshot: NativeSnapshot) -> dict[str, Any]:
    make = seams.service_module("rds")._create_cluster_snapshot_internal
    return _of_database(make(name, {"DBClusterIdentifier": snapshot.source_arn.rpartition(":")[2]} | _told(snapshot)))


def _told(snapshot: NativeSnapshot) -> dict[str, Any]:
    given = {name: value for name, value in snapshot.configuration.items() if value is not None}
    key = {"StorageEncrypted": snapshot.key_arn is not None, "KmsKeyId": snapshot.key_arn or ""}
    return {"Engine": "", "EngineVersion": ""} | given | key


def _of_database(record: dict[str, Any]) -> dict[str, Any]:
    return record | {"SnapshotType": _SNAPSHOT_TYPE}


_STORES: Final = {
    ("ec2", "snapshot"): "_snapshots",
    ("ec2", "image"): "_images",
    ("rds", "snapshot"): "_snapshots",
    ("rds", "cluster-snapshot"): "_db_cluster_snapshots",
}
_RECORDS: Final[Mapping[tuple[str, str], Callable[[str, NativeSnapshot], dict[str, Any]]]] = {
    ("ec2", "snapshot"): _ebs_snapshot,
    ("ec2", "image"): _image,
    ("rds", "snapshot"): _db_snapshot,
    ("rds", "cluster-snapshot"): _cluster_snapshot,
}
