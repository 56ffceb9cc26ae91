"""Every creation call leads to what it created, and to nothing of another service."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from strongroom.domain.identifiers import AccountId
from strongroom.domain.tags.creations import CREATIONS, Found, find_resources
from strongroom.domain.tags.signs import Record, cover_of, origins_of
from tests.builders.places import HOME, PAYMENTS

RDS_DB = "arn:aws:rds:eu-west-1:222222222222:db:"
RDS_CLUSTER = "arn:aws:rds:eu-west-1:222222222222:cluster:"
TABLE = "arn:aws:dynamodb:eu-west-1:222222222222:table/"


def read(source: str, name: str, request: dict[str, Any] | None, response: dict[str, Any] | None) -> Found:
    creation = CREATIONS[f"{source}:{name}"]
    return find_resources(creation, request=request, response=response, account=PAYMENTS, region=HOME)


def found(source: str, name: str, request: dict[str, Any] | None, response: dict[str, Any] | None) -> list[str]:
    told = read(source, name, request, response)
    assert told.misfits == ()
    return [resource.arn for resource in told.resources]


CASES: dict[str, tuple[str, str, dict[str, Any] | None, dict[str, Any] | None, list[str]]] = {
    "instance by its ARN": ("rds", "CreateDBInstance", {}, {"dBInstanceArn": RDS_DB + "a"}, [RDS_DB + "a"]),
    "instance by the request": (
        "rds", "CreateDBInstance", {"dBInstanceIdentifier": "Orders"}, {"status": "creating"}, [RDS_DB + "orders"],
    ),
    "instance of a record over the size limit": (
        "rds", "CreateDBInstance", {"dBInstanceIdentifier": "a"}, None, [RDS_DB + "a"],
    ),
    "restored instance, nested answer": (
        "rds", "RestoreDBInstanceFromDBSnapshot", None, {"dBInstance": {"dBInstanceArn": RDS_DB + "a"}}, [RDS_DB + "a"],
    ),
    "instance restored from a bucket": (
        "rds", "RestoreDBInstanceFromS3", {"dBInstanceIdentifier": "r"}, {"dBInstanceArn": RDS_DB + "r"},
        [RDS_DB + "r"],
    ),
    "replica that is read": (
        "rds", "CreateDBInstanceReadReplica", {"dBInstanceIdentifier": "r"}, {"dBInstanceArn": RDS_DB + "r"},
        [RDS_DB + "r"],
    ),
    "instance restored to a time": (
        "rds", "RestoreDBInstanceToPointInTime",
        {"sourceDBInstanceIdentifier": "old", "targetDBInstanceIdentifier": "new"}, None, [RDS_DB + "new"],
    ),
    "cluster": ("rds", "CreateDBCluster", {}, {"dBClusterArn": RDS_CLUSTER + "c"}, [RDS_CLUSTER + "c"]),
    "cluster restored from a snapshot": (
        "rds", "RestoreDBClusterFromSnapshot", {"dBClusterIdentifier": "c"}, None, [RDS_CLUSTER + "c"],
    ),
    "cluster restored to a time": (
        "rds", "RestoreDBClusterToPointInTime",
        {"sourceDBClusterIdentifier": "old", "dBClusterIdentifier": "c"}, None, [RDS_CLUSTER + "c"],
    ),
    "table": ("dynamodb", "CreateTable", {}, {"tableDescription": {"tableArn": TABLE + "tab"}}, [TABLE + "tab"]),
    "table by the request, case kept": ("dynamodb", "CreateTable", {"tableName": "T-1"}, None, [TABLE + "T-1"]),
    "table restored from a backup": (
        "dynamodb", "RestoreTableFromBackup", {"targetTableName": "new", "backupArn": TABLE + "old/backup/1"}, None,
        [TABLE + "new"],
    ),
    "table restored by AWS Backup": (
        "dynamodb", "RestoreTableFromAwsBackup", {"targetTableName": "new"}, None, [TABLE + "new"],
    ),
    "table restored to a time": (
        "dynamodb", "RestoreTableToPointInTime", {"sourceTableName": "old", "targetTableName": "new"}, None,
        [TABLE + "new"],
    ),
    "volume": (
        "ec2", "CreateVolume", {"zone": "eu-west-1a"}, {"volumeId": "vol-1"},
        ["arn:aws:ec2:eu-west-1:222222222222:volume/vol-1"],
    ),
    "two instances of one call": (
        "ec2", "RunInstances", {}, {"instancesSet": {"items": [{"instanceId": "i-1"}, {"instanceId": "i-2"}]}},
        ["arn:aws:ec2:eu-west-1:222222222222:instance/i-1", "arn:aws:ec2:eu-west-1:222222222222:instance/i-2"],
    ),
    # Of letters and numbers (EC2 User Guide, "Resource IDs").
    "an instance whose id is no number of base 16": (
        "ec2", "RunInstances", {}, {"instancesSet": {"items": [{"instanceId": "i-0web"}]}},
        ["arn:aws:ec2:eu-west-1:222222222222:instance/i-0web"],
    ),
    "instances of an empty set": ("ec2", "RunInstances", {}, {"instancesSet": {}}, []),
    "volume without an answer": ("ec2", "CreateVolume", {"zone": "eu-west-1a"}, None, []),
    "file system by its ARN": (
        "elasticfilesystem", "CreateFileSystem", {},
        {"fileSystemId": "fs-1", "fileSystemArn": "arn:aws:elasticfilesystem:eu-west-1:222222222222:file-system/fs-1"},
        ["arn:aws:elasticfilesystem:eu-west-1:222222222222:file-system/fs-1"],
    ),
    "file system by its id": (
        "elasticfilesystem", "CreateFileSystem", {}, {"fileSystemId": "fs-1"},
        ["arn:aws:elasticfilesystem:eu-west-1:222222222222:file-system/fs-1"],
    ),
    "bucket, which never has an answer": ("s3", "CreateBucket", {"bucketName": "b"}, None, ["arn:aws:s3:::b"]),
    "nothing at all": ("rds", "CreateDBInstance", None, None, []),
}  # fmt: skip


@pytest.mark.parametrize(("source", "name", "request_", "response", "arns"), CASES.values(), ids=CASES.keys())
def test_what_was_created_is_found(
    source: str, name: str, request_: dict[str, Any] | None, response: dict[str, Any] | None, arns: list[str]
) -> None:
    assert found(source, name, request_, response) == arns


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("glue", "CreateTable"),
        ("cassandra", "CreateTable"),
        ("s3files", "CreateFileSystem"),
        ("docdb-elastic", "CreateCluster"),
        ("s3express", "CreateBucket"),
        ("timestream", "CreateDatabase"),
        ("rds", "CreateGlobalCluster"),
        ("dynamodb", "CreateGlobalTable"),
        ("redshift-serverless", "CreateWorkgroup"),
        ("fsx", "CreateStorageVirtualMachine"),
        ("backup", "StartRestoreJob"),
        ("ec2", "CreateTable"),
    ],
)
def test_a_call_that_makes_nothing_of_ours_is_unknown(source: str, name: str) -> None:
    assert f"{source}:{name}" not in CREATIONS


@pytest.mark.parametrize(
    ("constraint", "region"),
    [("us-west-2", "us-west-2"), ("EU", "eu-west-1"), (None, "eu-west-1")],
    ids=["another Region", "the old name of Ireland", "the Region of the call"],
)
def test_a_bucket_lives_where_its_location_constraint_says(constraint: str | None, region: str) -> None:
    creation = CREATIONS["s3:CreateBucket"]
    configuration = {} if constraint is None else {"LocationConstraint": constraint}
    request = {"bucketName": "b", "CreateBucketConfiguration": configuration}
    [bucket] = find_resources(creation, request=request, response=None, account=PAYMENTS, region=HOME).resources
    assert bucket.region == region


@pytest.mark.parametrize("constraint", ["", None], ids=["nothing said", "nothing there"])
def test_a_location_that_says_nothing_is_the_region_of_the_call(constraint: str | None) -> None:
    request = {"bucketName": "b", "CreateBucketConfiguration": {"LocationConstraint": constraint}}
    [bucket] = read("s3", "CreateBucket", request, None).resources
    assert bucket.region == HOME


def test_the_longest_name_that_a_service_takes_is_taken() -> None:
    assert found("dynamodb", "CreateTable", {"tableName": "t" * 255}, None) == [TABLE + "t" * 255]


@pytest.mark.parametrize(
    "name", ["", "t" * 256, "t/backup", "t:1", "t\n", RDS_DB + "a"], ids=lambda name: repr(name)[:12]
)
def test_a_name_that_no_table_can_have_is_refused(name: str) -> None:
    told = read("dynamodb", "CreateTable", {"tableName": name}, None)
    assert (told.resources, len(told.misfits)) == ((), 1)


SAMPLES = {
    "aws.rds/CreateDBInstance": ["arn:aws:rds:us-east-1:123456789012:db:test-instance"],
    "aws.rds/CreateDBCluster": ["arn:aws:rds:eu-west-1:222222222222:cluster:aurora-prod"],
    "aws.dynamodb/CreateTable": ["arn:aws:dynamodb:eu-west-1:222222222222:table/orders"],
    "aws.ec2/CreateVolume": ["arn:aws:ec2:us-east-1:101010101111:volume/vol-97c02b3e"],
    "aws.ec2/RunInstances": [
        "arn:aws:ec2:us-west-1:619193117841:instance/i-784cdacd",
        "arn:aws:ec2:us-west-1:619193117841:instance/i-7b4cdace",
    ],
    "aws.elasticfilesystem/CreateFileSystem": [
        "arn:aws:elasticfilesystem:eu-west-1:222222222222:file-system/fs-01234567890abcdef"
    ],
    "aws.cloudformation/CreateStack": [
        "arn:aws:cloudformation:eu-west-1:222222222222:stack/app/11111111-2222-3333-4444-555555555555"
    ],
    "aws.eks/CreateCluster": ["arn:aws:eks:eu-west-1:222222222222:cluster/k1"],
    "aws.fsx/CreateFileSystem": ["arn:aws:fsx:eu-west-1:222222222222:file-system/fs-0abcdef0123456789"],
    "aws.redshift/CreateCluster": ["arn:aws:redshift:eu-west-1:222222222222:cluster:dw"],
    "aws.s3/CreateBucket": ["arn:aws:s3:::custodian-create-bucket-v4"],
}


@pytest.mark.parametrize(("path", "arns"), SAMPLES.items(), ids=SAMPLES.keys())
def test_the_samples_name_what_was_created(path: str, arns: list[str], sample: Callable[[str], dict[str, Any]]) -> None:
    event = sample(path)
    detail = event["detail"]
    told = find_resources(
        CREATIONS[f"{detail['eventSource'].removesuffix('.amazonaws.com')}:{detail['eventName']}"],
        request=detail["requestParameters"],
        response=detail["responseElements"],
        account=event["account"],
        region=event["region"],
    )
    assert ([resource.arn for resource in told.resources], told.misfits) == (arns, ())


def test_what_was_created_has_an_arn_of_its_regions_partition() -> None:
    place: Any = {"account": PAYMENTS, "region": "us-gov-west-1"}
    request = {"bucketName": "orders"}
    [resource] = find_resources(CREATIONS["s3:CreateBucket"], request=request, response=None, **place).resources
    assert resource.arn == "arn:aws-us-gov:s3:::orders"


REPLICAS: dict[str, Any] = {
    "tableName": "orders",
    "replicaUpdates": [
        {"create": {"regionName": "eu-central-1"}},
        {"create": {"regionName": "us-east-1"}},
        {"delete": {"regionName": "eu-north-1"}},
    ],
}


@pytest.mark.parametrize("name", ["orders", TABLE + "orders"], ids=["by name", "by ARN"])
def test_replicas_of_a_table_are_found_in_their_own_regions_and_none_in_that_of_the_call(name: str) -> None:
    elsewhere = [TABLE.replace("eu-west-1", region) + "orders" for region in ("eu-central-1", "us-east-1")]
    assert found("dynamodb", "UpdateTable", REPLICAS | {"tableName": name}, None) == elsewhere
    own = {"tableName": name, "replicaUpdates": [{"create": {"regionName": HOME}}]}
    assert found("dynamodb", "UpdateTable", own, None) == []


DESTINATION = {"fileSystemId": "fs-1a", "region": "eu-central-1", "ownerId": PAYMENTS}


def test_a_replicated_file_system_lies_where_its_destination_says() -> None:
    response = {"destinations": [DESTINATION]}
    arn = f"arn:aws:elasticfilesystem:eu-central-1:{PAYMENTS}:file-system/fs-1a"
    assert found("elasticfilesystem", "CreateReplicationConfiguration", {}, response) == [arn]


@pytest.mark.parametrize(
    ("change", "is_elsewhere"),
    [
        ({"ownerId": "333333333333"}, True),
        ({"region": None}, False),
        ({"region": "nowhere"}, False),
        ({"region": "eu-central-1/../us-east-1"}, False),
        ({"region": "us-gov-west-1"}, False),
        ({"fileSystemId": "fs-1a/../fs-2b"}, False),
    ],
    ids=["another account", "no Region", "no name of a Region", "a way out", "another partition", "no id"],
)
def test_a_destination_that_cannot_be_ours_is_left_alone(change: dict[str, Any], *, is_elsewhere: bool) -> None:
    told = read("elasticfilesystem", "CreateReplicationConfiguration", {}, {"destinations": [DESTINATION | change]})
    assert (told.resources, [each.is_elsewhere for each in told.misfits]) == ((), [is_elsewhere])


def test_a_number_of_an_owner_has_the_zeros_that_it_lost() -> None:
    request: dict[str, Any] = {}
    told = find_resources(
        CREATIONS["elasticfilesystem:CreateReplicationConfiguration"],
        request=request,
        response={"destinations": [DESTINATION | {"ownerId": 1234567}]},
        account=AccountId("000001234567"),
        region=HOME,
    )
    assert [resource.account for resource in told.resources] == ["000001234567"]


def test_a_table_of_timestream_needs_both_names() -> None:
    arn = f"arn:aws:timestream:eu-west-1:{PAYMENTS}:database/metrics/table/cpu"
    assert found("timestream", "CreateTable", {"databaseName": "metrics", "tableName": "cpu"}, None) == [arn]
    assert found("timestream", "CreateTable", {"tableName": "cpu"}, None) == []


def test_one_strange_name_does_not_hide_the_others() -> None:
    items = [{"instanceId": "i-1"}, {"instanceId": "vol-1"}, {"instanceId": "i-2"}]
    told = read("ec2", "RunInstances", {}, {"instancesSet": {"items": items}})
    assert [resource.arn[-3:] for resource in told.resources] == ["i-1", "i-2"]
    assert [misfit.text for misfit in told.misfits] == ["vol-1"]


ORIGINS: Final[dict[str, tuple[str, dict[str, Any], dict[str, Any], list[str]]]] = {
    "a restored database, by its snapshot": (
        "rds:RestoreDBInstanceFromDBSnapshot", {"dBSnapshotIdentifier": "awsbackup:job-1"}, {},
        ["arn:aws:rds:eu-west-1:222222222222:snapshot:awsbackup:job-1"],
    ),
    "a database as it was, by its source": (
        "rds:RestoreDBInstanceToPointInTime", {"sourceDBInstanceIdentifier": "shop"}, {},
        ["arn:aws:rds:eu-west-1:222222222222:db:shop"],
    ),
    "a replica of another Region's": (
        "rds:CreateDBInstanceReadReplica",
        {"sourceDBInstanceIdentifier": "arn:aws:rds:us-east-1:222222222222:db:shop"}, {},
        ["arn:aws:rds:us-east-1:222222222222:db:shop"],
    ),
    "a volume out of a snapshot": (
        "ec2:CreateVolume", {"snapshotId": "snap-1"}, {}, ["arn:aws:ec2:eu-west-1::snapshot/snap-1"],
    ),
    "a table as it was": (
        "dynamodb:RestoreTableToPointInTime", {"sourceTableName": "orders"},
        {"tableDescription": {"restoreSummary": {"sourceTableArn": "arn:aws:dynamodb:eu-west-1:222222222222:table/x"}}},
        [
            "arn:aws:dynamodb:eu-west-1:222222222222:table/orders",
            "arn:aws:dynamodb:eu-west-1:222222222222:table/x",
        ],
    ),
    "an ARN of another service": (
        "ec2:CreateVolume", {"snapshotId": "arn:aws:rds:eu-west-1:222222222222:snapshot:x"}, {}, [],
    ),
    "no text": ("ec2:CreateVolume", {"snapshotId": ["a b", None, {}]}, {}, []),
}  # fmt: skip


@pytest.mark.parametrize("case", ORIGINS)
def test_what_something_was_made_of_is_looked_for_by_its_arn(case: str) -> None:
    call, request, response, arns = ORIGINS[case]
    record = Record(request=request, response=response)
    assert [*origins_of(CREATIONS[call][1], record, account=PAYMENTS, region=HOME)] == arns


STACK: Final = "arn:aws:cloudformation:eu-west-1:222222222222:stack/{}/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"


@pytest.mark.parametrize(
    ("name", "invoked_by", "is_covered"),
    [
        ("shop-Database-1A2B3C", "cloudformation.amazonaws.com", True),
        ("StackSet-baseline-0a1b2c3d", "cloudformation.amazonaws.com", False),
        ("shop", None, False),
    ],
    ids=["nested", "of a StackSet", "of a person"],
)
def test_a_nested_stack_is_in_the_one_above_it(name: str, invoked_by: str | None, *, is_covered: bool) -> None:
    record = Record(request={"stackName": name}, response={"stackId": STACK.format(name)})
    cover = cover_of(CREATIONS["cloudformation:CreateStack"][1], record, invoked_by=invoked_by)
    assert (cover is not None) is is_covered
