"""Careless creation: resources without a tag, with a wrong one, with a right one, and one that never came to be."""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.settings import HOME_REGION, PAYMENTS_ACCOUNT

NAME = "Careless creation"
INTENTION = "the payments team creates things in a hurry"
_KEY = "Backup"
_TEAM = {"Key": "team", "Value": "payments"}
_TEMPLATE = json.dumps({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}})
_MISSPELT = {"Key": _KEY, "Value": "dayly-prod"}


def play(world: World, scene: Scene) -> None:
    """Create, and watch what is corrected, what is left alone and what is refused."""
    rds = world.person("piet", PAYMENTS_ACCOUNT, "rds")
    ec2 = world.person("piet", PAYMENTS_ACCOUNT, "ec2")
    s3 = world.person("piet", PAYMENTS_ACCOUNT, "s3")
    dynamodb = world.person("piet", PAYMENTS_ACCOUNT, "dynamodb")
    seconds: list[float] = []

    scene.tell(
        "a database and an instance without a backup tag, a volume with a misspelt one: the guardrail refuses them"
    )
    for what, expected, act in _refused(rds, ec2):
        refusal = _refusal(act)
        scene.check(f"{what} is refused at creation", refusal == expected, refusal)

    scene.tell("what no guardrail refuses: a database out of the team's own snapshot, and a bucket with a misspelt tag")
    rds.create_db_snapshot(DBInstanceIdentifier="payments-db", DBSnapshotIdentifier="before-migration")
    database = rds.restore_db_instance_from_db_snapshot(
        DBInstanceIdentifier="payments-reporting", DBSnapshotIdentifier="before-migration"
    )["DBInstance"]["DBInstanceArn"]
    seconds.append(
        _await_tag(scene, "the untagged database gets the unit's default tier", lambda: _of_rds(rds, database))
    )
    s3.create_bucket(
        Bucket="payments-receipts",
        CreateBucketConfiguration={"LocationConstraint": HOME_REGION, "Tags": [_MISSPELT, _TEAM]},
    )
    s3.put_bucket_versioning(Bucket="payments-receipts", VersioningConfiguration={"Status": "Enabled"})
    seconds.append(
        _await_tag(scene, "the bucket's wrong value is corrected", lambda: _of_bucket(s3, "payments-receipts"))
    )
    scene.check("the bucket's other tags survive", _of_bucket(s3, "payments-receipts").get("team") == "payments")
    scene.until(
        "the correction is stored with its reason",
        lambda: _stored_reason(world, "RESOURCE#arn:aws:s3:::payments-receipts", naming="dayly-prod"),
        detail=lambda reason: reason,
    )

    scene.tell("a table with the right tag, and one that the guardrail refuses")
    right = _create_table(dynamodb, "payments-refunds", [{"Key": _KEY, "Value": "monthly-prod"}, _TEAM])
    fact = scene.until(
        "the rightly tagged table is seen and left alone",
        lambda: world.fact("TagEnforced", resource=right),
        detail=lambda seen: seen["reason"],
    )
    tags = {tag["Key"]: tag["Value"] for tag in dynamodb.list_tags_of_resource(ResourceArn=right)["Tags"]}
    scene.check(
        "its tags are what its owner wrote",
        fact["state"] == "COMPLIANT" and tags == {_KEY: "monthly-prod", "team": "payments"},
        tags,
    )
    refusal = _refusal(lambda: _create_table(dynamodb, "payments-forgotten", [_TEAM]))
    scene.check("the table without a tag is refused at creation", refusal == "AccessDeniedException", refusal)
    forgotten = f"arn:aws:dynamodb:{HOME_REGION}:{PAYMENTS_ACCOUNT}:table/payments-forgotten"
    later = _create_table(dynamodb, "payments-invoices", [{"Key": _KEY, "Value": "monthly-prod"}, _TEAM])
    scene.until("a table created after it is judged", lambda: world.fact("TagEnforced", resource=later))
    scene.check(
        "the call that failed sets nothing off",
        world.fact("TagEnforced", resource=forgotten) is None
        and world.ledger(f"RESOURCE#{forgotten}", "STATE") is None,
        "no verdict, nothing stored",
    )
    scene.tell("a stack as CDK and SAM make it, which nobody but its owner can tag")
    stack = world.person("piet", PAYMENTS_ACCOUNT, "cloudformation").create_change_set(
        StackName="payments-queues", ChangeSetName="first", ChangeSetType="CREATE", TemplateBody=_TEMPLATE
    )["StackId"]
    told = scene.until(
        "the stack is heard of, and its owner is told where its tag has to be",
        lambda: world.fact("TagEnforced", resource=stack),
        detail=lambda seen: seen["reason"],
    )
    scene.check(
        "it was not touched",
        told["state"] == "CANNOT" and "the stack's own deployment" in told["reason"],
        told["state"],
    )
    scene.tell(f"from call to corrected tag: {statistics.median(seconds):.1f} s in the median")


def _refused(rds: Any, ec2: Any) -> Iterator[tuple[str, str, Callable[[], object]]]:
    """What is tried, with the error that it must come to."""
    database = {"Engine": "postgres", "DBInstanceClass": "db.t4g.medium", "AllocatedStorage": 20}
    owner = {"MasterUsername": "owner", "ManageMasterUserPassword": True}
    yield (
        "the database without a tag",
        "AccessDenied",
        lambda: rds.create_db_instance(DBInstanceIdentifier="payments-draft", **database, **owner, Tags=[_TEAM]),
    )
    yield (
        "the instance without a tag",
        "UnauthorizedOperation",
        lambda: ec2.run_instances(ImageId="ami-0123456789abcdef0", MinCount=1, MaxCount=1),
    )
    yield (
        "the volume with a misspelt one",
        "UnauthorizedOperation",
        lambda: ec2.create_volume(
            AvailabilityZone=f"{HOME_REGION}a",
            Size=10,
            TagSpecifications=[{"ResourceType": "volume", "Tags": [_MISSPELT, _TEAM]}],
        ),
    )


def _await_tag(scene: Scene, claim: str, tags: Callable[[], dict[str, str]]) -> float:
    began = time.monotonic()
    scene.until(
        claim,
        lambda: tags() if tags().get(_KEY) == "daily-prod" else None,
        detail=lambda seen: f"{_KEY}={seen[_KEY]}",
    )
    return time.monotonic() - began


def _stored_reason(world: World, pk: str, *, naming: str) -> str | None:
    reason = str((world.ledger(pk, "STATE") or {}).get("tag_reason", ""))
    return reason if naming in reason else None


def _create_table(dynamodb: Any, name: str, tags: list[dict[str, str]]) -> str:
    described = dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        Tags=tags,
    )
    return str(described["TableDescription"]["TableArn"])


def _refusal(act: Callable[[], object]) -> str:
    try:
        act()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "it was allowed"


def _of_rds(rds: Any, arn: str) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in rds.list_tags_for_resource(ResourceName=arn)["TagList"]}


def _of_bucket(s3: Any, bucket: str) -> dict[str, str]:
    try:
        tags = s3.get_bucket_tagging(Bucket=bucket)["TagSet"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchTagSet":
            return {}
        raise
    return {tag["Key"]: tag["Value"] for tag in tags}
