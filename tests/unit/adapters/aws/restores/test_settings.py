"""What is set on resources, read from moto's services as the table of readings says, and what is said of the rest."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from moto import mock_aws

from strongroom.adapters.aws.restores.settings import MemberSettingsReader
from strongroom.domain.errors import CallRefusedError, NotFoundError, TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.restores.settings.note import SettingsNote
from tests.builders.places import HOME
from tests.fakes.account_clients import FakeAccountClients, operation_of, refusal
from tests.fakes.moto_clients import moto_client

ACCOUNT: Final = AccountId("123456789012")  # moto's
ARN: Final = f"{HOME}:{ACCOUNT}:"
ALARM: Final[dict[str, Any]] = {
    "AlarmName": "throttled",
    "Namespace": "AWS/DynamoDB",
    "MetricName": "ThrottledRequests",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 5,
    "Threshold": 0.5,
    "ComparisonOperator": "GreaterThanThreshold",
}


# What moto does not know: nothing is set.
UNKNOWN_TO_MOTO: Final = {
    "dynamodb": ("describe_kinesis_streaming_destination",),
    "efs": ("describe_replication_configurations",),
}


class Refusing:
    """Moto's client, of which some calls are answered with an error."""

    def __init__(self, service: str, errors: dict[str, str]) -> None:
        self.real, self.errors = _client(service), errors
        self.unknown = UNKNOWN_TO_MOTO.get(service, ())

    def can_paginate(self, call: str) -> bool:
        return call not in (*self.errors, *self.unknown) and bool(self.real.can_paginate(call))

    def __getattr__(self, call: str) -> Any:
        return (lambda **_: self._refuse(call)) if call in (*self.errors, *self.unknown) else getattr(self.real, call)

    def _refuse(self, call: str) -> dict[str, Any]:
        if call in self.errors:
            raise refusal(self.errors[call], operation_of(call))
        return {}


def _read(resource: str, *, refusing: str = "", **errors: str) -> SettingsNote:
    own = {service: Refusing(service, {}) for service in UNKNOWN_TO_MOTO}
    own |= {refusing: Refusing(refusing, errors)} if refusing else {}
    clients: Any = FakeAccountClients(own=own)
    return MemberSettingsReader(clients).read(resource, account=ACCOUNT, region=HOME)


def _client(service: str) -> Any:
    return moto_client(service, HOME)


@pytest.fixture(autouse=True)
def _aws() -> Iterator[None]:
    with mock_aws():
        yield


@pytest.fixture
def table() -> str:
    dynamodb, alarms = _client("dynamodb"), _client("cloudwatch")
    dynamodb.create_table(
        TableName="orders",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("id", "day")],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-day",
                "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        Tags=[{"Key": "Backup", "Value": "daily-prod"}, {"Key": "api-token", "Value": "hidden-1"}],
    )
    ttl = {"Enabled": True, "AttributeName": "ends"}
    dynamodb.update_time_to_live(TableName="orders", TimeToLiveSpecification=ttl)
    for name in ("orders", "others"):
        of = [{"Name": "TableName", "Value": name}]
        alarms.put_metric_alarm(**ALARM | {"AlarmName": name, "Dimensions": of})
    return f"arn:aws:dynamodb:{ARN}table/orders"


def test_of_a_table_all_is_read_but_its_items_and_what_is_a_secret(table: str) -> None:
    note = _read(table)
    found = note.settings
    assert found["table"]["BillingModeSummary/BillingMode"] == "PAY_PER_REQUEST"
    assert [each["IndexName"] for each in found["global indexes"]] == ["by-day"]
    assert not {"IndexStatus", "ItemCount"} & set(found["global indexes"][0])
    assert found["stream"]["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    assert found["time to live"] == {"AttributeName": "ends", "TimeToLiveStatus": "ENABLED"}
    assert found["continuous backups"] == {"PointInTimeRecoveryStatus": "DISABLED"}
    assert found["tags"] == [{"name": "Backup", "value": "daily-prod"}, {"name": "api-token"}]
    assert note.secrets == ("tags.api-token",)
    assert "hidden-1" not in note.content
    assert [(each["AlarmName"], each["Threshold"]) for each in found["alarms"]] == [("orders", "0.5")]


def test_the_same_table_read_twice_is_the_same_note(table: str) -> None:
    assert _read(table).digest == _read(table).digest


@pytest.mark.parametrize(
    ("service", "call", "what"),
    [
        ("dynamodb", "describe_time_to_live", "time to live"),
        ("dynamodb", "list_tags_of_resource", "tags"),
        ("cloudwatch", "describe_alarms", "alarms"),
    ],
)
def test_what_may_not_be_read_is_said_beside_what_may(service: str, call: str, what: str, table: str) -> None:
    note = _read(table, refusing=service, **{call: "AccessDeniedException"})
    assert note.unread[what] == f"{operation_of(call)} answered AccessDeniedException: no"
    assert what not in note.settings
    assert "table" in note.settings


@pytest.mark.parametrize("call", ["describe_table", "describe_time_to_live"])
def test_what_is_answered_later_is_read_later(call: str, table: str) -> None:
    with pytest.raises(TemporarilyUnavailableError, match="ThrottlingException"):
        _read(table, refusing="dynamodb", **{call: "ThrottlingException"})


@pytest.mark.parametrize(
    "resource",
    [
        f"arn:aws:dynamodb:{ARN}table/nobody",
        f"arn:aws:rds:{ARN}db:nobody",
        f"arn:aws:rds:{ARN}cluster:nobody",
        "arn:aws:s3:::nobody-has-it",
        f"arn:aws:ec2:{ARN}volume/vol-0aaaaaaaaaaaaaaaa",
        f"arn:aws:elasticfilesystem:{ARN}file-system/fs-0aaaaaaaaaaaaaaaa",
        f"arn:aws:redshift:{ARN}cluster:nobody",
    ],
)
def test_what_is_not_there_is_found_gone(resource: str) -> None:
    with pytest.raises(NotFoundError):
        _read(resource)


def test_nobody_knows_how_to_read_another_type() -> None:
    with pytest.raises(CallRefusedError, match="nobody here knows how the settings of arn:aws:timestream"):
        _read(f"arn:aws:timestream:{ARN}database/night/table/cpu")


def test_of_a_warehouse_its_nodes_are_read_and_its_roles() -> None:
    role = "arn:aws:iam::222222222222:role/loading"
    _client("redshift").create_cluster(
        ClusterIdentifier="shop",
        NodeType="ra3.large",
        NumberOfNodes=2,
        MasterUsername="root",
        MasterUserPassword="Hidden-22",
        IamRoles=[role],
        Tags=[{"Key": "Backup", "Value": "daily-prod"}],
    )
    note = _read(f"arn:aws:redshift:{ARN}cluster:shop")
    assert note.settings["cluster"]["NodeType"] == "ra3.large"
    assert note.settings["roles"] == [{"IamRoleArn": role}]
    assert note.settings["tags"] == [{"name": "Backup", "value": "daily-prod"}]
    assert "Hidden" not in note.content


def test_a_volume_of_ontap_is_asked_for_by_its_own_id() -> None:
    asked: list[dict[str, Any]] = []

    class Volumes:
        def can_paginate(self, _call: str) -> bool:
            return False

        def describe_volumes(self, **by: Any) -> dict[str, Any]:
            asked.append(by)
            return {"Volumes": [{"VolumeType": "ONTAP", "OntapConfiguration": {"JunctionPath": "/shop"}}]}

    clients: Any = FakeAccountClients(own={"fsx": Volumes()})
    note = MemberSettingsReader(clients).read(f"arn:aws:fsx:{ARN}volume/fs-1/fsvol-1", account=ACCOUNT, region=HOME)
    assert asked == [{"VolumeIds": ["fsvol-1"]}]
    assert note.settings["volume"] == {"VolumeType": "ONTAP", "OntapConfiguration/JunctionPath": "/shop"}


def test_of_a_database_its_parameters_are_read_and_no_password() -> None:
    rds = _client("rds")
    rds.create_db_parameter_group(DBParameterGroupName="ours", DBParameterGroupFamily="postgres16", Description="x")
    rds.create_db_instance(
        DBInstanceIdentifier="orders",
        DBInstanceClass="db.r6g.large",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="root",
        MasterUserPassword="hidden-22",
        DBParameterGroupName="ours",
        Tags=[{"Key": "Backup", "Value": "daily-prod"}],
    )
    note = _read(f"arn:aws:rds:{ARN}db:orders")
    assert note.settings["instance"]["DBInstanceClass"] == "db.r6g.large"
    assert note.settings["parameter groups"] == [{"DBParameterGroupName": "ours"}]
    assert note.settings["tags"] == [{"name": "Backup", "value": "daily-prod"}]
    assert note.unread["the master password"] == "it is a secret"
    assert "hidden-22" not in note.content


def test_of_a_cluster_its_instances_are_read() -> None:
    rds = _client("rds")
    rds.create_db_cluster(
        DBClusterIdentifier="orders", Engine="aurora-postgresql", MasterUsername="root", MasterUserPassword="hidden-22"
    )
    for name in ("orders-1", "orders-2"):
        rds.create_db_instance(
            DBInstanceIdentifier=name, DBInstanceClass="db.r6g.large", Engine="aurora-postgresql",
            DBClusterIdentifier="orders",
        )  # fmt: skip
    note = _read(f"arn:aws:rds:{ARN}cluster:orders")
    assert note.settings["cluster"]["Engine"] == "aurora-postgresql"
    assert [each["DBInstanceIdentifier"] for each in note.settings["instances"]] == ["orders-1", "orders-2"]
    assert [each["DBInstanceIdentifier"] for each in note.settings["members"]] == ["orders-1", "orders-2"]


def test_of_a_bucket_what_is_set_is_read_and_the_rest_is_not_there() -> None:
    s3 = _client("s3")
    s3.create_bucket(Bucket="orders", CreateBucketConfiguration={"LocationConstraint": HOME})
    s3.put_bucket_versioning(Bucket="orders", VersioningConfiguration={"Status": "Enabled"})
    said = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::orders/*"}
    policy = {"Version": "2012-10-17", "Statement": [said]}
    s3.put_bucket_policy(Bucket="orders", Policy=json.dumps(policy))
    note = _read("arn:aws:s3:::orders")
    assert note.settings["versioning"] == {"Status": "Enabled"}
    assert note.settings["policy"] == policy
    assert not {"lifecycle", "CORS", "replication", "tags", "website"} & {*note.settings, *note.unread}


def test_of_a_file_system_its_mount_targets_and_access_points_are_read() -> None:
    efs, ec2 = _client("efs"), _client("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    made = efs.create_file_system(CreationToken="orders", Tags=[{"Key": "Backup", "Value": "daily-prod"}])
    name = made["FileSystemId"]
    group = ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]
    efs.create_mount_target(FileSystemId=name, SubnetId=subnet, SecurityGroups=[group])
    efs.create_access_point(FileSystemId=name, PosixUser={"Uid": 1000, "Gid": 1000}, RootDirectory={"Path": "/orders"})
    note = _read(f"arn:aws:elasticfilesystem:{ARN}file-system/{name}")
    assert note.settings["file system"]["ThroughputMode"] == "bursting"
    assert [each["SubnetId"] for each in note.settings["mount targets"]] == [subnet]
    assert note.settings["security groups of mount targets"] == [group]
    assert note.settings["access points"][0]["RootDirectory"]["Path"] == "/orders"
    assert note.settings["tags"] == [{"name": "Backup", "value": "daily-prod"}]


def test_of_a_volume_where_it_is_attached_is_read() -> None:
    volume = _client("ec2").create_volume(AvailabilityZone=f"{HOME}a", Size=8, VolumeType="gp3")["VolumeId"]
    note = _read(f"arn:aws:ec2:{ARN}volume/{volume}")
    assert (note.settings["volume"]["Size"], note.settings["volume"]["VolumeType"]) == (8, "gp3")


def test_of_a_list_that_is_too_long_nothing_is_kept_and_that_is_said(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("strongroom.adapters.aws.restores.settings._MOST", 1)
    note = _read(table)
    assert note.unread["alarms"] == "there are more than 1, and no more are read"
    assert "alarms" not in note.settings
