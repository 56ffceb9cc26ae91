"""What makes something in the sandbox is heard by the rule of creations, and its record leads to what was made."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pytest

from sandbox.clients import client
from sandbox.settings import HOME_REGION, PAYMENTS_ACCOUNT, REPLICA_REGION
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.tags.creations import CREATIONS, find_resources
from strongroom.domain.tags.patterns import creation_pattern

KEY: Final[dict[str, Any]] = {
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
DATABASE: Final[dict[str, Any]] = {
    "Engine": "postgres",
    "DBInstanceClass": "db.t3.micro",
    "AllocatedStorage": 20,
    "MasterUsername": "root",
    "MasterUserPassword": "hunter2hunter2",
}
STACK: Final = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})


def aws(service: str) -> Any:
    """A client of the account that makes things."""
    return client(service, PAYMENTS_ACCOUNT)


def named(service: str, rest: str, region: str = HOME_REGION) -> str:
    return f"arn:aws:{service}:{region}:{PAYMENTS_ACCOUNT}:{rest}"


def run_instances(name: str) -> list[str]:
    made = aws("ec2").run_instances(ImageId="ami-0123456789abcdef0", MinCount=2, MaxCount=2, ClientToken=name)
    return [named("ec2", f"instance/{each['InstanceId']}") for each in made["Instances"]]


def create_fleet(name: str, count: int, kind: str = "instant") -> list[str]:
    data = {"ImageId": "ami-0123456789abcdef0", "InstanceType": "t3.micro"}
    aws("ec2").create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)
    fleet = aws("ec2").create_fleet(
        Type=kind,
        LaunchTemplateConfigs=[
            {"LaunchTemplateSpecification": {"LaunchTemplateName": name, "Version": "$Latest"}},
        ],
        TargetCapacitySpecification={"TotalTargetCapacity": count, "DefaultTargetCapacityType": "on-demand"},
    )
    ids = [each for found in fleet.get("Instances", []) for each in found["InstanceIds"]]
    return [named("ec2", f"instance/{each}") for each in ids]


def create_volume(name: str) -> list[str]:
    made = aws("ec2").create_volume(AvailabilityZone=f"{HOME_REGION}a", Size=8, ClientToken=name)
    return [named("ec2", f"volume/{made['VolumeId']}")]


def create_bucket(name: str) -> list[str]:
    aws("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": HOME_REGION})
    return [f"arn:aws:s3:::{name}"]


def create_instance(name: str) -> list[str]:
    made = aws("rds").create_db_instance(DBInstanceIdentifier=name.upper(), **DATABASE)
    return [str(made["DBInstance"]["DBInstanceArn"]).lower()]


def replicate_instance(name: str) -> list[str]:
    aws("rds").create_db_instance(DBInstanceIdentifier=f"{name}-source", **DATABASE)
    aws("rds").create_db_instance_read_replica(DBInstanceIdentifier=name, SourceDBInstanceIdentifier=f"{name}-source")
    return [named("rds", f"db:{name}")]


def restore_instance(name: str) -> list[str]:
    aws("rds").create_db_instance(DBInstanceIdentifier=f"{name}-source", **DATABASE)
    aws("rds").create_db_snapshot(DBSnapshotIdentifier=f"{name}-snap", DBInstanceIdentifier=f"{name}-source")
    aws("rds").restore_db_instance_from_db_snapshot(DBInstanceIdentifier=name, DBSnapshotIdentifier=f"{name}-snap")
    return [named("rds", f"db:{name}")]


def create_cluster(name: str) -> list[str]:
    aws("rds").create_db_cluster(
        DBClusterIdentifier=name, Engine="aurora-postgresql", MasterUsername="root", MasterUserPassword="hunter2hunter2"
    )
    return [named("rds", f"cluster:{name}")]


def create_table(name: str) -> list[str]:
    aws("dynamodb").create_table(TableName=name, **KEY)
    return [named("dynamodb", f"table/{name}")]


def replicate_table(name: str) -> list[str]:
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    aws("dynamodb").create_table(TableName=name, StreamSpecification=stream, **KEY)
    aws("dynamodb").update_table(TableName=name, ReplicaUpdates=[{"Create": {"RegionName": REPLICA_REGION}}])
    return [named("dynamodb", f"table/{name}", REPLICA_REGION)]


def restore_table(name: str) -> list[str]:
    aws("dynamodb").create_table(TableName=f"{name}-source", **KEY)
    backup = aws("dynamodb").create_backup(TableName=f"{name}-source", BackupName=name)["BackupDetails"]
    aws("dynamodb").restore_table_from_backup(TargetTableName=name, BackupArn=backup["BackupArn"])
    return [named("dynamodb", f"table/{name}")]


def rewind_table(name: str) -> list[str]:
    dynamodb = aws("dynamodb")
    dynamodb.create_table(TableName=f"{name}-source", **KEY)
    dynamodb.update_continuous_backups(
        TableName=f"{name}-source", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    dynamodb.restore_table_to_point_in_time(
        SourceTableName=f"{name}-source", TargetTableName=name, UseLatestRestorableTime=True
    )
    return [named("dynamodb", f"table/{name}")]


def import_table(name: str) -> list[str]:
    create_bucket(name)
    aws("dynamodb").import_table(
        S3BucketSource={"S3Bucket": name},
        InputFormat="DYNAMODB_JSON",
        TableCreationParameters={"TableName": name, **KEY},
    )
    return [named("dynamodb", f"table/{name}")]


def create_file_system(name: str) -> list[str]:
    made = aws("efs").create_file_system(CreationToken=name)
    return [named("elasticfilesystem", f"file-system/{made['FileSystemId']}")]


def replicate_file_system(name: str) -> list[str]:
    source = aws("efs").create_file_system(CreationToken=name)["FileSystemId"]
    made = aws("efs").create_replication_configuration(
        SourceFileSystemId=source, Destinations=[{"Region": REPLICA_REGION}]
    )
    ids = [each["FileSystemId"] for each in made["Destinations"]]
    return [named("elasticfilesystem", f"file-system/{each}", REPLICA_REGION) for each in ids]


def create_serverless_cluster(name: str) -> list[str]:
    return [str(aws("dsql").create_cluster(clientToken=name)["arn"])]


def create_kubernetes(name: str) -> list[str]:
    trusted = {"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": trusted})
    role = aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    aws("eks").create_cluster(name=name, roleArn=role, resourcesVpcConfig={"subnetIds": ["subnet-1"]})
    return [named("eks", f"cluster/{name}")]


def create_stack(name: str) -> list[str]:
    return [str(aws("cloudformation").create_stack(StackName=name, TemplateBody=STACK)["StackId"])]


def create_change_set(name: str) -> list[str]:
    made = aws("cloudformation").create_change_set(
        StackName=name, ChangeSetName=name, ChangeSetType="CREATE", TemplateBody=STACK
    )
    return [str(made["StackId"])]


MAKES: Final[dict[str, Callable[[str], list[str]]]] = {
    "ec2:RunInstances": run_instances,
    "ec2:CreateFleet": lambda name: create_fleet(name, 1),
    "ec2:CreateVolume": create_volume,
    "s3:CreateBucket": create_bucket,
    "rds:CreateDBInstance": create_instance,
    "rds:CreateDBInstanceReadReplica": replicate_instance,
    "rds:RestoreDBInstanceFromDBSnapshot": restore_instance,
    "rds:CreateDBCluster": create_cluster,
    "dynamodb:CreateTable": create_table,
    "dynamodb:UpdateTable": replicate_table,
    "dynamodb:RestoreTableFromBackup": restore_table,
    "dynamodb:RestoreTableToPointInTime": rewind_table,
    "dynamodb:ImportTable": import_table,
    "elasticfilesystem:CreateFileSystem": create_file_system,
    "elasticfilesystem:CreateReplicationConfiguration": replicate_file_system,
    "dsql:CreateCluster": create_serverless_cluster,
    "eks:CreateCluster": create_kubernetes,
    "cloudformation:CreateStack": create_stack,
    "cloudformation:CreateChangeSet": create_change_set,
}


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What the record of a call leads to."""

    arns: list[str]
    misfits: tuple[Any, ...]


def read(event: dict[str, Any]) -> Heard:
    detail = event["detail"]
    assert event["source"] == f"aws.{detail['eventSource'].removesuffix('.amazonaws.com')}"
    told = find_resources(
        CREATIONS[f"{event['source'].removeprefix('aws.')}:{detail['eventName']}"],
        request=detail["requestParameters"],
        response=detail["responseElements"],
        account=AccountId(event["account"]),
        region=Region(event["region"]),
    )
    return Heard(arns=[each.arn for each in told.resources], misfits=told.misfits)


@pytest.fixture
def ear(listen: Callable[..., Any]) -> Any:
    """An ear that hears what the rule of creations hears."""
    return listen(PAYMENTS_ACCOUNT, creation_pattern())


@pytest.mark.parametrize("call", MAKES)
def test_what_makes_something_is_heard_and_its_record_leads_there(ear: Any, call: str) -> None:
    arns = MAKES[call](f"t-{uuid.uuid4().hex[:10]}")
    event = ear.wait(eventName=call.split(":")[1])
    assert read(event) == Heard(arns=arns, misfits=())


@pytest.mark.parametrize("count", [1, 3], ids=["one instance", "several"])
def test_a_newer_call_of_ec2_stands_within_its_name_and_a_list_of_one_is_no_list(ear: Any, count: int) -> None:
    arns = create_fleet(f"t-{uuid.uuid4().hex[:10]}", count)
    event = ear.wait(eventName="CreateFleet")
    assert (read(event), len(arns)) == (Heard(arns=arns, misfits=()), count)
    assert event["detail"]["requestParameters"]["CreateFleetRequest"]["Type"] == "instant"
    ids = event["detail"]["responseElements"]["CreateFleetResponse"]["fleetInstanceSet"]["item"]["instanceIds"]["item"]
    assert isinstance(ids, str) == (count == 1)


def test_a_fleet_that_starts_its_instances_later_names_none(ear: Any) -> None:
    assert create_fleet(f"t-{uuid.uuid4().hex[:10]}", 1, "maintain") == []
    assert read(ear.wait(eventName="CreateFleet")) == Heard(arns=[], misfits=())
