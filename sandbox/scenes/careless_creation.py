"""Careless creation: resources without a tag, with a wrong one, with a right one, and one that never came to be."""

import statistics
import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.settings import HOME_REGION, PAYMENTS_ACCOUNT

NAME = "Careless creation"
INTENTION = "the payments team creates things in a hurry"
_KEY = "Backup"
_TEAM = {"Key": "team", "Value": "payments"}


def play(world: World, scene: Scene) -> None:
    """Create, and watch what is corrected, what is left alone and what is refused."""
    rds = world.person("piet", PAYMENTS_ACCOUNT, "rds")
    ec2 = world.person("piet", PAYMENTS_ACCOUNT, "ec2")
    s3 = world.person("piet", PAYMENTS_ACCOUNT, "s3")
    dynamodb = world.person("piet", PAYMENTS_ACCOUNT, "dynamodb")
    seconds: list[float] = []

    scene.tell("a database without a backup tag, a volume with a misspelt one, a bucket without any")
    database = rds.create_db_instance(
        DBInstanceIdentifier="payments-reporting",
        Engine="postgres",
        DBInstanceClass="db.t4g.medium",
        AllocatedStorage=20,
        MasterUsername="owner",
        ManageMasterUserPassword=True,
        Tags=[_TEAM],
    )["DBInstance"]["DBInstanceArn"]
    seconds.append(
        _await_tag(scene, "the untagged database gets the unit's default tier", lambda: _of_rds(rds, database))
    )
    scene.check("the database's other tags survive", _of_rds(rds, database).get("team") == "payments")

    volume = ec2.create_volume(
        AvailabilityZone=f"{HOME_REGION}a",
        Size=10,
        TagSpecifications=[
            {"ResourceType": "volume", "Tags": [{"Key": _KEY, "Value": "dayly-prod"}, _TEAM]},
        ],
    )["VolumeId"]
    seconds.append(_await_tag(scene, "the volume's wrong value is corrected", lambda: _of_volume(ec2, volume)))
    scene.check("the volume's other tags survive", _of_volume(ec2, volume).get("team") == "payments")
    item = f"RESOURCE#arn:aws:ec2:{HOME_REGION}:{PAYMENTS_ACCOUNT}:volume/{volume}"
    scene.until(
        "the correction is stored with its reason",
        lambda: _stored_reason(world, item, naming="dayly-prod"),
        detail=lambda reason: reason,
    )

    s3.create_bucket(Bucket="payments-receipts", CreateBucketConfiguration={"LocationConstraint": HOME_REGION})
    s3.put_bucket_versioning(Bucket="payments-receipts", VersioningConfiguration={"Status": "Enabled"})
    seconds.append(_await_tag(scene, "the bucket is tagged", lambda: _of_bucket(s3, "payments-receipts")))

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
        fact["state"] == "LEFT_ALONE" and tags == {_KEY: "monthly-prod", "team": "payments"},
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
    scene.tell(f"from call to corrected tag: {statistics.median(seconds):.1f} s in the median")


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


def _of_volume(ec2: Any, volume: str) -> dict[str, str]:
    [described] = ec2.describe_volumes(VolumeIds=[volume])["Volumes"]
    return {tag["Key"]: tag["Value"] for tag in described.get("Tags", [])}


def _of_bucket(s3: Any, bucket: str) -> dict[str, str]:
    try:
        tags = s3.get_bucket_tagging(Bucket=bucket)["TagSet"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchTagSet":
            return {}
        raise
    return {tag["Key"]: tag["Value"] for tag in tags}
