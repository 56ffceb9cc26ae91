"""What the lists of services show: each path by AWS's own models, and items as the services answer them."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.clients import service_model
from strongroom.domain.catalogue.rows import TYPES
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.inventory.lists import LISTS, Item, items_of, keys_that_choose

ACCOUNT, HOME = AccountId("222222222222"), Region("eu-west-1")
MADE = datetime(2026, 8, 1, 10, tzinfo=UTC)


def items(name: str, *answered: Any) -> tuple[Item, ...]:
    """What the list shows of these items, which stand in its answer where it has them."""
    answer: Any = list(answered)
    for step in reversed(re.findall(r"[^.\[\]]+", LISTS[name][1].items)):
        answer = {step: answer if isinstance(answer, list) else [answer]}
    return items_of(LISTS[name], answer, account=ACCOUNT, region=HOME)


def item(name: str, answered: Any) -> Item:
    [found] = items(name, answered)
    return found


def test_every_type_is_in_a_list() -> None:
    assert [row.label for row in TYPES if row.listing is None] == []
    assert len(LISTS) == 18


@pytest.mark.parametrize("name", LISTS)
def test_each_path_of_a_list_is_in_the_model_of_its_service(name: str) -> None:
    row, listing = LISTS[name]
    assert row.tags is not None
    model = service_model(row.tags.client).operation_model(listing.call)
    answer, asked = model.output_shape, model.input_shape
    assert answer is not None
    of_each = listing.items
    for path in (listing.name, listing.tags, listing.made_at, listing.state, listing.attached_to, listing.home):
        if path:
            walk(answer, f"{of_each}.{path}")
    assert walk(answer, f"{of_each}.{listing.name}" if listing.name else of_each).type_name == "string"
    if listing.next_at in answer.members:
        assert asked is not None
        assert listing.begin_at in asked.members
    else:
        pytest.fail(f"{listing.next_at} is not in the answer of {name}")
    if listing.size:
        assert asked is not None
        size = asked.members[listing.size]
        assert size.metadata.get("max", listing.page) == listing.page
    if listing.made_at:
        assert walk(answer, f"{of_each}.{listing.made_at}").type_name == "timestamp"


def walk(shape: Any, path: str) -> Any:
    for step in re.findall(r"[^.\[\]]+|\[\]", path):
        shape = shape.member if step == "[]" else shape.members[step]
    return shape


@pytest.mark.parametrize(
    ("name", "answered", "arn", "tags"),
    [
        (
            "ec2:DescribeInstances",
            {"InstanceId": "i-0a", "Tags": [{"Key": "Backup", "Value": "x"}]},
            "arn:aws:ec2:eu-west-1:222222222222:instance/i-0a",
            {"Backup": "x"},
        ),
        ("dynamodb:ListTables", "orders", "arn:aws:dynamodb:eu-west-1:222222222222:table/orders", None),
        ("eks:ListClusters", "blue", "arn:aws:eks:eu-west-1:222222222222:cluster/blue", None),
        (
            "ssm-sap:ListDatabases",
            {"Arn": "arn:aws:ssm-sap:eu-west-1:222222222222:HANA/erp/DB/SYSTEMDB", "Tags": {"Backup": "x"}},
            "arn:aws:ssm-sap:eu-west-1:222222222222:HANA/erp/DB/SYSTEMDB",
            {"Backup": "x"},
        ),
        (
            "redshift:DescribeClusters",
            {"ClusterIdentifier": "dwh", "ClusterCreateTime": MADE},
            "arn:aws:redshift:eu-west-1:222222222222:cluster:dwh",
            {},
        ),
    ],
)
def test_an_item_is_its_resource_with_its_tags(name: str, answered: Any, arn: str, tags: dict[str, str] | None) -> None:
    found = item(name, answered)
    assert (found.resource.arn, found.tags) == (arn, tags)


def test_a_cluster_is_of_the_type_that_its_engine_tells() -> None:
    arn = "arn:aws:rds:eu-west-1:222222222222:cluster:one"
    engines = ("aurora-mysql", "docdb", "neptune", "postgres")
    told = items("rds:DescribeDBClusters", *({"DBClusterArn": arn, "Engine": engine} for engine in engines))
    assert [each.type.label for each in told] == [
        "database cluster",
        "DocumentDB cluster",
        "Neptune cluster",
        "Multi-AZ database cluster",
    ]
    assert [bool(each.limits) for each in told] == [False, False, False, True]


@pytest.mark.parametrize(
    ("name", "answered", "cover"),
    [
        (
            "rds:DescribeDBInstances",
            {"DBInstanceArn": "arn:aws:rds:eu-west-1:222222222222:db:one", "DBClusterIdentifier": "blue"},
            "its cluster blue",
        ),
        (
            "cloudformation:DescribeStacks",
            {
                "StackId": f"arn:aws:cloudformation:{HOME}:{ACCOUNT}:stack/in/01234567-0123-0123-0123-0123456789ab",
                "ParentId": "arn:above",
            },
            "the stack above it, arn:above",
        ),
        (
            "fsx:DescribeFileSystems",
            {
                "ResourceARN": "arn:aws:fsx:eu-west-1:222222222222:file-system/fs-01234567",
                "FileSystemType": "ONTAP",
            },
            "its volumes, which are backed up one by one: a tag of the file system selects nothing",
        ),
        (
            "fsx:DescribeVolumes",
            {
                "ResourceARN": "arn:aws:fsx:eu-west-1:222222222222:volume/fs-01234567/fsvol-01234567890123456",
                "FileSystemId": "fs-01234567",
                "VolumeType": "OPENZFS",
            },
            "its file system fs-01234567",
        ),
    ],
)
def test_what_is_no_resource_of_its_own_is_in_something(name: str, answered: Any, cover: str) -> None:
    assert item(name, answered).cover == cover


def test_what_has_no_backups_is_known_by_the_signs_of_its_creation() -> None:
    arn = "arn:aws:fsx:eu-west-1:222222222222:file-system/fs-01234567"
    scratch = {"ResourceARN": arn, "LustreConfiguration": {"DeploymentType": "SCRATCH_2"}}
    [limit] = item("fsx:DescribeFileSystems", scratch).limits
    assert limit.stops_backups


def test_what_is_being_deleted_or_is_of_another_place_is_left_out() -> None:
    gone = {"InstanceId": "i-0a", "State": {"Name": "terminated"}}
    assert items("ec2:DescribeInstances", gone) == ()
    foreign = {"DBInstanceArn": "arn:aws:rds:eu-west-1:333333333333:db:one"}
    elsewhere = {"DBInstanceArn": "arn:aws:rds:us-east-1:222222222222:db:one"}
    assert items("rds:DescribeDBInstances", foreign, elsewhere, {"DBInstanceArn": 5}, {}) == ()
    assert items("s3:ListBuckets", {"Name": "express--x-s3", "BucketRegion": "eu-west-1"}) == ()
    assert items("s3:ListBuckets", {"Name": "nowhere"}, {"Name": "odd", "BucketRegion": "../x"}) == ()


def test_a_bucket_lies_where_the_list_says() -> None:
    found = item("s3:ListBuckets", {"Name": "logs", "BucketRegion": "eu-central-1", "CreationDate": MADE})
    assert (found.resource.region, found.made_at, found.tags) == ("eu-central-1", MADE, None)


def test_a_volume_names_the_instance_that_holds_it() -> None:
    found = item("ec2:DescribeVolumes", {"VolumeId": "vol-0a", "Attachments": [{"InstanceId": "i-0a"}]})
    assert found.attached_to == "i-0a"


def test_the_keys_are_those_by_which_tiers_are_chosen(intent: Intent) -> None:
    assert keys_that_choose(intent) == ("Backup",)
