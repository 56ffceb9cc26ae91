"""Which API calls create something that AWS Backup protects, and where its ARN is found: one row per call.

Names collide across services (CreateTable, CreateVolume, CreateFileSystem), so a row is keyed by event source and
event name together. Evidence for the paths: CloudTrail records; RDS answers are flattened there.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from strongroom.domain.identifiers import AccountId, Region

_EVENT_SOURCE_SUFFIX = ".amazonaws.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceType:
    """One kind of resource: what people call it, AWS Backup's name for it, and the shape of its ARN."""

    label: str
    backup_type: str
    arn: str
    is_id_lower_case: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Creation:
    """How a creation call tells what it made.

    Paths are dotted, `[]` walks a list; `response` is tried in order, then `request`. What is found is an ARN or an id
    for the type's ARN. `home` leads to the Region in the request where that need not be the Region of the call.
    """

    type: ResourceType
    response: tuple[str, ...] = ()
    request: str | None = None
    home: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something that a call created, and where it lives."""

    arn: str
    label: str
    account: AccountId
    region: Region


_INSTANCE = ResourceType(
    label="RDS instance", backup_type="RDS", arn="arn:aws:rds:{region}:{account}:db:{id}", is_id_lower_case=True
)
_CLUSTER = ResourceType(
    label="database cluster",
    backup_type="Aurora",
    arn="arn:aws:rds:{region}:{account}:cluster:{id}",
    is_id_lower_case=True,
)
_TABLE = ResourceType(
    label="DynamoDB table", backup_type="DynamoDB", arn="arn:aws:dynamodb:{region}:{account}:table/{id}"
)
_VOLUME = ResourceType(label="EBS volume", backup_type="EBS", arn="arn:aws:ec2:{region}:{account}:volume/{id}")
_SERVER = ResourceType(label="EC2 instance", backup_type="EC2", arn="arn:aws:ec2:{region}:{account}:instance/{id}")
_FILE_SYSTEM = ResourceType(
    label="EFS file system",
    backup_type="EFS",
    arn="arn:aws:elasticfilesystem:{region}:{account}:file-system/{id}",
)
_BUCKET = ResourceType(label="S3 bucket", backup_type="S3", arn="arn:aws:s3:::{id}")

_INSTANCE_ARN = ("dBInstanceArn", "dBInstance.dBInstanceArn")
_CLUSTER_ARN = ("dBClusterArn", "dBCluster.dBClusterArn")
_TABLE_ARN = ("tableDescription.tableArn",)

CREATIONS: dict[tuple[str, str], Creation] = {
    ("rds", "CreateDBInstance"): Creation(type=_INSTANCE, response=_INSTANCE_ARN, request="dBInstanceIdentifier"),
    ("rds", "RestoreDBInstanceFromDBSnapshot"): Creation(
        type=_INSTANCE, response=_INSTANCE_ARN, request="dBInstanceIdentifier"
    ),
    ("rds", "RestoreDBInstanceToPointInTime"): Creation(
        type=_INSTANCE, response=_INSTANCE_ARN, request="targetDBInstanceIdentifier"
    ),
    ("rds", "CreateDBCluster"): Creation(type=_CLUSTER, response=_CLUSTER_ARN, request="dBClusterIdentifier"),
    ("rds", "RestoreDBClusterFromSnapshot"): Creation(
        type=_CLUSTER, response=_CLUSTER_ARN, request="dBClusterIdentifier"
    ),
    ("rds", "RestoreDBClusterToPointInTime"): Creation(
        type=_CLUSTER, response=_CLUSTER_ARN, request="dBClusterIdentifier"
    ),
    ("dynamodb", "CreateTable"): Creation(type=_TABLE, response=_TABLE_ARN, request="tableName"),
    ("dynamodb", "RestoreTableFromBackup"): Creation(type=_TABLE, response=_TABLE_ARN, request="targetTableName"),
    ("dynamodb", "RestoreTableToPointInTime"): Creation(type=_TABLE, response=_TABLE_ARN, request="targetTableName"),
    ("ec2", "CreateVolume"): Creation(type=_VOLUME, response=("volumeId",)),
    ("ec2", "RunInstances"): Creation(type=_SERVER, response=("instancesSet.items[].instanceId",)),
    ("elasticfilesystem", "CreateFileSystem"): Creation(type=_FILE_SYSTEM, response=("fileSystemArn", "fileSystemId")),
    ("s3", "CreateBucket"): Creation(
        type=_BUCKET, request="bucketName", home="CreateBucketConfiguration.LocationConstraint"
    ),
}


def creation_of(event_source: str, event_name: str) -> Creation | None:
    """The row of a call by `eventSource` and `eventName` together, None when the call creates nothing that we know."""
    return CREATIONS.get((event_source.removesuffix(_EVENT_SOURCE_SUFFIX), event_name))


def find_resources(
    creation: Creation,
    *,
    request: Mapping[str, Any] | None,
    response: Mapping[str, Any] | None,
    account: AccountId,
    region: Region,
) -> tuple[Resource, ...]:
    """Everything that the call created; empty when neither the answer nor the request names it."""
    found = next((ids for path in creation.response if (ids := _texts(response, path))), ())
    if not found and creation.request is not None:
        found = _texts(request, creation.request)
    home = _home(creation, request) or region
    return tuple(
        Resource(
            arn=_arn(creation.type, text, account=account, region=home),
            label=creation.type.label,
            account=account,
            region=home,
        )
        for text in found
    )


def creation_pattern() -> dict[str, Any]:
    """The EventBridge pattern of every call in the table that did not fail; the cross product is sorted out later."""
    sources = sorted({source for source, _ in CREATIONS})
    return {
        "source": [f"aws.{source}" for source in sources],
        "detail": {
            "eventSource": [f"{source}{_EVENT_SOURCE_SUFFIX}" for source in sources],
            "eventName": sorted({name for _, name in CREATIONS}),
            "errorCode": [{"exists": False}],
        },
    }


def protected_backup_types() -> tuple[str, ...]:
    """The resource types of the table as AWS Backup names them, sorted."""
    return tuple(sorted({creation.type.backup_type for creation in CREATIONS.values()}))


def _arn(kind: ResourceType, text: str, *, account: AccountId, region: Region) -> str:
    if text.startswith("arn:"):
        return text
    return kind.arn.format(region=region, account=account, id=text.lower() if kind.is_id_lower_case else text)


def _home(creation: Creation, request: Mapping[str, Any] | None) -> Region | None:
    if creation.home is None:
        return None
    named = _texts(request, creation.home)
    # `EU` is how S3 calls the first Region in Europe (S3 API reference, CreateBucketConfiguration).
    return Region("eu-west-1" if named[0] == "EU" else named[0]) if named else None


def _texts(document: Mapping[str, Any] | None, path: str) -> tuple[str, ...]:
    return tuple(value for value in _walk(document, re.findall(r"[^.\[\]]+|\[\]", path)) if isinstance(value, str))


def _walk(node: Any, steps: list[str]) -> Iterator[Any]:
    if not steps:
        yield node
    elif steps[0] == "[]":
        for item in node if isinstance(node, list) else ():
            yield from _walk(item, steps[1:])
    elif isinstance(node, Mapping) and steps[0] in node:
        yield from _walk(node[steps[0]], steps[1:])
