"""Resources without a tag in a member account, as one was made or lost its tag; a kind for each wire format of AWS."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from benchmarks.aws.night import MEMBER, new_tokens
from benchmarks.aws.stage import Stage
from benchmarks.workloads.workload import Json, Workload, sample

_ENGINE: Final = {"Engine": "mysql", "DBInstanceClass": "db.t3.micro", "AllocatedStorage": 20}
_LOGIN: Final = {"MasterUsername": "benchmark", "MasterUserPassword": "not-a-secret"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """How one service makes a thing, names it in its trail, and tells its tags; `service` is boto3's name.

    `untagged` is the sample of the call that takes tags off, and `named` what stands there for the thing; None where a
    thing that nobody has judged is left to the inventory.
    """

    service: str
    sample: str
    create: Callable[[Any, str], str]
    told: Callable[[str, str], Mapping[str, Json]]
    tags: Callable[[Any, str, str], Sequence[Mapping[str, str]]]
    untagged: str | None = None
    named: Callable[[str, str], Json] = lambda _name, _region: {}


def _create_table(dynamodb: Any, name: str) -> str:
    dynamodb.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


def _create_instance(rds: Any, name: str) -> str:
    rds.create_db_instance(DBInstanceIdentifier=name, **_ENGINE, **_LOGIN)
    return name


def _create_volume(ec2: Any, _: str) -> str:
    volume: str = ec2.create_volume(AvailabilityZone=f"{ec2.meta.region_name}a", Size=1)["VolumeId"]
    return volume


def _start_instance(ec2: Any, _: str) -> str:
    (instance,) = ec2.run_instances(ImageId="ami-06116566", MinCount=1, MaxCount=1)["Instances"]
    started: str = instance["InstanceId"]
    return started


def _create_bucket(s3: Any, name: str) -> str:
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
    # AWS Backup takes no bucket without versions.
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def _tags_of_ec2(ec2: Any, name: str, _: str) -> Sequence[Mapping[str, str]]:
    tags: Sequence[Mapping[str, str]] = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [name]}])["Tags"]
    return tags


def _named_to_ec2(name: str, _: str) -> Json:
    return {"resourcesSet": {"items": [{"resourceId": name}]}}


def _bucket_tags(s3: Any, name: str, _: str) -> Sequence[Mapping[str, str]]:
    try:
        tags: Sequence[Mapping[str, str]] = s3.get_bucket_tagging(Bucket=name)["TagSet"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchTagSet":
            return ()
        raise
    return tags


def _table_arn(name: str, region: str) -> str:
    return f"arn:aws:dynamodb:{region}:{MEMBER}:table/{name}"


def _instance_arn(name: str, region: str) -> str:
    return f"arn:aws:rds:{region}:{MEMBER}:db:{name}"


_KINDS: Final = {
    "dynamodb": _Kind(
        service="dynamodb",
        sample="aws.dynamodb/CreateTable",
        create=_create_table,
        told=lambda name, region: {
            "requestParameters": {"tableName": name, "billingMode": "PAY_PER_REQUEST"},
            "responseElements": {"tableDescription": {"tableName": name, "tableArn": _table_arn(name, region)}},
        },
        tags=lambda dynamodb, name, region: dynamodb.list_tags_of_resource(ResourceArn=_table_arn(name, region))[
            "Tags"
        ],
        untagged="aws.dynamodb/UntagResource",
        named=lambda name, region: {"resourceArn": _table_arn(name, region)},
    ),
    "rds": _Kind(
        service="rds",
        sample="aws.rds/CreateDBInstance",
        create=_create_instance,
        told=lambda name, region: {
            "requestParameters": {"dBInstanceIdentifier": name, "engine": "mysql"},
            "responseElements": {"dBInstanceIdentifier": name, "dBInstanceArn": _instance_arn(name, region)},
        },
        tags=lambda rds, name, region: rds.list_tags_for_resource(ResourceName=_instance_arn(name, region))["TagList"],
    ),
    "ebs": _Kind(
        service="ec2",
        sample="aws.ec2/CreateVolume",
        create=_create_volume,
        told=lambda name, region: {
            "requestParameters": {"zone": f"{region}a", "size": "1"},
            "responseElements": {"volumeId": name, "status": "creating", "zone": f"{region}a"},
        },
        tags=_tags_of_ec2,
        untagged="aws.ec2/DeleteTags",
        named=_named_to_ec2,
    ),
    "ec2": _Kind(
        service="ec2",
        sample="aws.ec2/RunInstances",
        create=_start_instance,
        # The sample is of a group, whose instances are exempt.
        told=lambda name, _: {
            "userIdentity": {"type": "IAMUser", "arn": f"arn:aws:iam::{MEMBER}:user/omar"},
            "requestParameters": {"instancesSet": {"items": [{"imageId": "ami-06116566", "minCount": 1}]}},
            "responseElements": {"instancesSet": {"items": [{"instanceId": name}]}},
        },
        tags=_tags_of_ec2,
        untagged="aws.ec2/DeleteTags",
        named=_named_to_ec2,
    ),
    "s3": _Kind(
        service="s3",
        sample="aws.s3/CreateBucket",
        create=_create_bucket,
        told=lambda name, region: {
            "requestParameters": {"bucketName": name, "CreateBucketConfiguration": {"LocationConstraint": region}},
        },
        tags=_bucket_tags,
        untagged="aws.s3/PutBucketTagging",
        named=lambda name, _: {"bucketName": name},
    ),
}


def _make(kind: _Kind, stage: Stage, count: int) -> Sequence[str]:
    client = stage.client(kind.service, of_member=True)
    return [kind.create(client, f"bench-{token}") for token in new_tokens(count)]


def _event(kind: _Kind, stage: Stage, name: str) -> Json:
    return _of_member(sample(kind.sample), kind.told(name, stage.night.region), stage)


def _change(untagged: str, kind: _Kind, stage: Stage, name: str) -> Json:
    event = sample(untagged)
    request = event["detail"]["requestParameters"] | kind.named(name, stage.night.region)
    return _of_member(event, {"requestParameters": request}, stage)


def _of_member(event: Json, told: Mapping[str, Json], stage: Stage) -> Json:
    region = stage.night.region
    place = {"awsRegion": region, "recipientAccountId": MEMBER}
    return event | {"account": MEMBER, "region": region, "detail": event["detail"] | place | told}


def _untagged(kind: _Kind, stage: Stage, names: Sequence[str]) -> Sequence[str]:
    client, intent = stage.client(kind.service, of_member=True), stage.night.intent
    tiers = intent.targets[0].tiers

    def tier_of(name: str) -> str | None:
        tags = {tag["Key"]: tag["Value"] for tag in kind.tags(client, name, stage.night.region)}
        return tags.get(intent.tag_key)

    return [name for name in names if tier_of(name) not in tiers]


ENFORCE_TAGS: Final = {
    name: Workload(
        name=f"enforce_tags.{name}",
        function="enforce_tags",
        batch=1,
        make=functools.partial(_make, kind),
        event=functools.partial(_event, kind),
        left_undone=functools.partial(_untagged, kind),
    )
    for name, kind in _KINDS.items()
}
# Each thing has lost its tag before anybody judged it: it is looked at, and tagged, as on any other change.
ANSWER_DRIFT: Final = {
    name: Workload(
        name=f"answer_drift.{name}",
        function="answer_drift",
        batch=1,
        make=functools.partial(_make, kind),
        event=functools.partial(_change, kind.untagged, kind),
        left_undone=functools.partial(_untagged, kind),
    )
    for name, kind in _KINDS.items()
    if kind.untagged is not None
}
