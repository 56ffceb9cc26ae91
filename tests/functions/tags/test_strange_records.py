"""Records in shapes that are strange and yet real: each has its stated outcome, through contract and judge."""

from copy import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.verdicts import TagState
from tests.builders.places import HOME, PAYMENTS
from tests.contract.events.change_records import a_notice
from tests.security.test_odd_creations import DEAD_LETTER, NOW, World, a_world
from tests.security.test_odd_creations import run as create
from tests.security.test_odd_tag_changes import a_member
from tests.security.test_odd_tag_changes import run as change

type Document = dict[str, Any]

OTHER: Final = "333333333333"
ABROAD: Final = "eu-central-1"
TABLE: Final = f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/Orders-1"
REPLICA: Final = TABLE.replace(HOME, ABROAD)
CLUSTER: Final = f"arn:aws:eks:{HOME}:{PAYMENTS}:cluster/shop"
DATABASE: Final = f"arn:aws:rds:{HOME}:{PAYMENTS}:db:orders-db"
BUCKET: Final = "arn:aws:s3:::orders-archive"
SYSTEM: Final = f"arn:aws:elasticfilesystem:{ABROAD}:{PAYMENTS}:file-system/fs-0123456789abcdef0"
INSTANCES: Final = tuple(f"arn:aws:ec2:{HOME}:{PAYMENTS}:instance/i-{number:017x}" for number in range(3))
VOLUMES: Final = tuple(f"arn:aws:ec2:{HOME}:{PAYMENTS}:volume/vol-{number:017x}" for number in range(1_000))
LATEST: Final = "9999-12-31T23:59:59Z"


def a_call(source: str, name: str, request: Any, response: Any = None, **more: Any) -> Document:
    """The event of a call; `time` is the envelope's, all else stands in the record."""
    caller = {"type": "IAMUser", "arn": f"arn:aws:iam::{PAYMENTS}:user/omar"}
    record = {"eventVersion": "1.11", "eventSource": f"{source}.amazonaws.com", "eventName": name}
    said = {"userIdentity": caller, "requestParameters": request, "responseElements": response}
    place = {"account": PAYMENTS, "region": HOME, "time": more.pop("time", "2026-09-01T10:00:00Z")}
    envelope = {"id": "e-1", "source": f"aws.{source}", "detail-type": "AWS API Call via CloudTrail"}
    return envelope | place | {"detail": record | said | more}


def started(*arns: str) -> Document:
    """What RunInstances answers: a volume is named here, and a tag may have no value."""
    names = [arn.rpartition("/")[2] for arn in arns]
    volume = {"items": [{"deviceName": "/dev/xvda", "ebs": {"volumeId": "vol-1"}}]}
    tags = {"items": [{"key": "Name", "value": None}]}
    items = [{"instanceId": name, "blockDeviceMapping": volume, "tagSet": tags} for name in names]
    return {"reservationId": "r-1", "ownerId": int(PAYMENTS), "instancesSet": {"items": items}}


def a_table(**more: Any) -> Document:
    return a_call("dynamodb", "CreateTable", {"tableName": "Orders-1"}, **more)


def replicated(updates: Any) -> Document:
    request = {"tableName": "Orders-1", "replicaUpdates": updates}
    return a_call("dynamodb", "UpdateTable", request, {"tableDescription": {"tableArn": TABLE}})


def replicated_system(owner: Any) -> Document:
    system = {"fileSystemId": "fs-0123456789abcdef0", "region": ABROAD, "status": "ENABLING", "ownerId": owner}
    return a_call("elasticfilesystem", "CreateReplicationConfiguration", {}, {"destinations": [system]})


TAGGED: Final[set[str]] = {TagState.TAGGED}
IGNORED: Final[set[str]] = {TagState.IGNORED}
REFUSED: Final[set[str]] = {TagState.REFUSED}
# What is made: the event, the states it ends in, and what alone is touched.
MADE: Final[dict[str, tuple[Document, set[str], tuple[str, ...]]]] = {
    "many instances with their volumes": (
        a_call("ec2", "RunInstances", {"minCount": 3}, started(*INSTANCES)), TAGGED, INSTANCES,
    ),
    "one instance without the list": (
        a_call("ec2", "RunInstances", {}, {"instancesSet": {"items": {"instanceId": "i-00000000000000000"}}}),
        TAGGED, INSTANCES[:1],
    ),
    "documents as text": (a_call("ec2", "RunInstances", "{}", '{"instancesSet": {}}'), {TagState.UNREADABLE}, ()),
    "a later version of records": (a_table(eventVersion="2.0", newField={"a": [1]}), TAGGED, (TABLE,)),
    "a version that is a number": (a_table(eventVersion=1.11), TAGGED, (TABLE,)),
    "a table called by its ARN": (a_call("dynamodb", "CreateTable", {"tableName": TABLE}), TAGGED, (TABLE,)),
    "a table called by another account's ARN": (
        a_call("dynamodb", "CreateTable", {"tableName": TABLE.replace(PAYMENTS, OTHER)}), REFUSED, (),
    ),
    "a moment in millionths": (a_table(time="2026-09-01T09:59:59.123456Z"), TAGGED, (TABLE,)),
    "a moment in billionths": (a_table(time="2026-09-01T09:59:59.123456789Z"), TAGGED, (TABLE,)),
    "a moment of another zone": (a_table(time="2026-09-01T11:59:59+02:00"), TAGGED, (TABLE,)),
    "a moment that is to come": (a_table(time=LATEST), TAGGED, (TABLE,)),
    "made by a service": (
        a_table(userIdentity={"type": "AWSService", "invokedBy": "cloudformation.amazonaws.com"}), TAGGED, (TABLE,),
    ),
    "made inside AWS": (a_table(userIdentity={"invokedBy": "AWS Internal"}), TAGGED, (TABLE,)),
    "made by another account's principal": (
        a_table(userIdentity={"type": "AWSAccount", "accountId": OTHER}), TAGGED, (TABLE,),
    ),
    "made by nobody who is told": (a_table(userIdentity=None), TAGGED, (TABLE,)),
    "an identity of numbers": (a_table(userIdentity={"type": 7, "arn": 7, "sessionContext": ""}), TAGGED, (TABLE,)),
    "a replica beside one that ends": (
        replicated([{"delete": {"regionName": "us-east-1"}}, {"create": {"regionName": ABROAD}}]), TAGGED, (REPLICA,),
    ),
    "a replica without the list": (replicated({"create": {"regionName": ABROAD}}), TAGGED, (REPLICA,)),
    "a replica that is changed only": (replicated([{"update": {"regionName": ABROAD}}]), IGNORED, ()),
    "replicas that are null": (replicated([{"create": None}, None]), IGNORED, ()),
    "a replica of a file system, its owner a number": (replicated_system(int(PAYMENTS)), TAGGED, (SYSTEM,)),
    "a replica of a file system in another account": (replicated_system(OTHER), REFUSED, ()),
    "a bucket without a place": (
        a_call("s3", "CreateBucket", {"bucketName": "orders-archive", "CreateBucketConfiguration": ""}),
        TAGGED, (BUCKET,),
    ),
    "a bucket at Europe's first name": (
        a_call("s3", "CreateBucket", {
            "bucketName": "orders-archive", "CreateBucketConfiguration": {"LocationConstraint": "EU"},
        }),
        TAGGED, (BUCKET,),
    ),
    "a database with capitals": (
        a_call("rds", "CreateDBInstance", {"dBInstanceIdentifier": "Orders-DB"}), TAGGED, (DATABASE,),
    ),
    "an error that is empty": (a_table(errorCode=""), TAGGED, (TABLE,)),
}  # fmt: skip


def in_two_regions(world: World) -> World:
    """The world with a second governed Region, as replicas need it."""
    intent = world.needs.intent
    organization = replace(intent.organization, governed_regions=(HOME, Region(ABROAD)))
    world.needs = replace(world.needs, intent=replace(intent, organization=organization))
    return world


@pytest.mark.parametrize(("event", "states", "touched"), MADE.values(), ids=MADE)
def test_what_is_made_ends_as_stated(
    event: Document, states: set[str], touched: tuple[str, ...], intent: Intent
) -> None:
    world = in_two_regions(a_world(intent))
    world.tags.tags = {arn: {} for arn in touched}
    ended = create(world, event)
    assert not isinstance(ended, str), ended
    assert {each.state for each in ended} == states
    assert all(each.reason for each in ended)
    assert world.touched == {*touched}


def tagged(tags: Any) -> Document:
    return a_call("dynamodb", "TagResource", {"resourceArn": TABLE, "tags": tags})


def untagged(**more: Any) -> Document:
    return a_call("dynamodb", "UntagResource", {"resourceArn": TABLE, "tagKeys": ["Backup"]}, **more)


def of_bucket(**request: Any) -> Document:
    return a_call("s3", "PutBucketTagging", {"bucketName": "orders-archive", "Host": ["s3"], "tagging": [""]} | request)


def owned_by(account: str, event: Document) -> Document:
    """As S3 records it: the bucket has an owner, who need not be the caller."""
    owner = {"accountId": account, "type": "AWS::S3::Bucket", "ARN": BUCKET}
    return event | {"detail": event["detail"] | {"resources": [owner, None]}}


def of_tagging_service(*named: Any, failed: Any = None) -> Document:
    request = {"resourceARNList": [*named], "tagKeys": ["Backup"]}
    return a_call("tagging", "UntagResources", request, {"failedResourcesMap": failed})


UNTOLD: Final = {"Tagging": {"TagSet": {"Tag": {"Key": "team", "Value": "a"}}, "xmlns": "http://s3"}}
IN_TIER: Final = {"Tagging": {"TagSet": {"Tag": [{"Key": "Backup", "Value": "daily-prod"}]}}}
# What is changed: what it was about, the event, and the states it ends in; what is TAGGED got its tier back.
CHANGED: Final[dict[str, tuple[str, Document, set[str]]]] = {
    "tags that are null": (TABLE, tagged(None), TAGGED),
    "a tag that is null": (TABLE, tagged([None]), TAGGED),
    "a value that is null": (TABLE, tagged([{"key": "Backup", "value": None}]), TAGGED),
    "a key that is null may be ours": (TABLE, tagged([{"key": None, "value": "none"}]), TAGGED),
    "tags that were too large": (TABLE, tagged({"omitted": True}), TAGGED),
    "a tag called key hides no other": (
        CLUSTER,
        a_call("eks", "TagResource", {"resourceArn": CLUSTER, "tags": {"key": "x", "Backup": "none"}}),
        TAGGED,
    ),
    "an ARN as it stood in the address": (
        CLUSTER,
        a_call("eks", "UntagResource", {
            "resourceArn": CLUSTER.replace(":", "%3A").replace("/", "%2F"), "tagKeys": ["Backup"],
        }),
        TAGGED,
    ),
    "a key without the list": (
        CLUSTER, a_call("eks", "UntagResource", {"resourceArn": CLUSTER, "tagKeys": "Backup"}), TAGGED,
    ),
    "a set of a bucket in its first form": (BUCKET, of_bucket(**UNTOLD), TAGGED),
    "a set of a bucket that keeps it in its tier": (BUCKET, of_bucket(**IN_TIER), IGNORED),
    "a set of a bucket that is empty": (BUCKET, of_bucket(Tagging={"TagSet": ""}), TAGGED),
    "a set of a bucket that is not told": (BUCKET, of_bucket(), TAGGED),
    "a bucket of one's own": (BUCKET, owned_by(PAYMENTS, of_bucket(**UNTOLD)), TAGGED),
    "a bucket of another account": (BUCKET, owned_by(OTHER, of_bucket(**UNTOLD)), REFUSED),
    "a table of another account": (
        TABLE,
        a_call("dynamodb", "UntagResource", {"resourceArn": TABLE.replace(PAYMENTS, OTHER), "tagKeys": ["Backup"]}),
        REFUSED,
    ),
    "many things, some of others and some that are none": (
        TABLE, of_tagging_service(TABLE, "arn:aws:sqs:eu-west-1:222222222222:q", None, 7), TAGGED,
    ),
    "many things that all failed": (
        TABLE, of_tagging_service(TABLE, failed={TABLE: {"statusCode": 400}}), IGNORED,
    ),
    "a moment without a zone": (TABLE, untagged(time="2026-09-01T10:00:00"), {DEAD_LETTER}),
    "by nobody who is told": (TABLE, untagged(userIdentity=None), TAGGED),
    "by a service": (TABLE, untagged(userIdentity={"invokedBy": "tagging.amazonaws.com"}), TAGGED),
    "a volume among other things": (
        VOLUMES[0],
        a_call("ec2", "DeleteTags", {
            "resourcesSet": {"items": [
                {"resourceId": each} for each in ("sg-1", VOLUMES[0].rpartition("/")[2], "snap-1", None, "*")
            ]},
            "tagSet": {"items": [{"key": "Backup"}]},
        }),
        TAGGED,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("arn", "event", "states"), CHANGED.values(), ids=CHANGED)
def test_what_is_changed_ends_as_stated(arn: str, event: Document, states: set[str], intent: Intent) -> None:
    world = a_member(intent, arn)
    assert change(world, event) == states
    is_put_back = states == TAGGED
    assert world.tags.written == ([(arn, {"Backup": "daily-prod"}, HOME)] if is_put_back else [])
    assert world.touched == ({arn} if is_put_back else set())


def test_a_thousand_volumes_of_one_call_are_put_back_together(intent: Intent) -> None:
    world = a_member(intent, VOLUMES[0])
    world.tags.tags = {arn: {} for arn in VOLUMES}
    items = [{"resourceId": arn.rpartition("/")[2]} for arn in VOLUMES]
    request = {"resourcesSet": {"items": items}, "tagSet": {"items": [{"key": "Backup"}]}}
    assert change(world, a_call("ec2", "DeleteTags", request)) == TAGGED
    assert sorted(arn for arn, _, _ in world.tags.written) == [*VOLUMES]


@pytest.mark.parametrize(
    "event", [untagged(time=LATEST), a_notice(arn=TABLE) | {"time": LATEST}], ids=["call", "notice"]
)
def test_a_change_that_is_yet_to_come_keeps_up_no_quarrel(event: Document, intent: Intent) -> None:
    world = a_member(intent, TABLE)
    assert change(world, event) == TAGGED
    quarrels = world.needs.resources.recall([TABLE])[TABLE].quarrels
    assert all(each.times <= (NOW + timedelta(minutes=5),) for each in quarrels)
