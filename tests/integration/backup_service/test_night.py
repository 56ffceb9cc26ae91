"""One night of a real account: backed up, copied, restored, copied back, through AWS's own API."""

import json
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.clients import client, session_client
from sandbox.settings import BACKUP_ACCOUNT, PAYMENTS_ACCOUNT
from strongroom.adapters.aws.backup.restores import MemberRestoreJobs
from strongroom.domain.identifiers import AccountId
from strongroom.domain.restores.jobs import faults_of
from tests.builders.places import a_vault_arn
from tests.builders.restores import a_request

LOCAL = "night-local"
CENTRAL_NAME = "night-central"
CENTRAL = a_vault_arn(CENTRAL_NAME)


@pytest.fixture(scope="module")
def points(night: Any) -> dict[str, Any]:
    """The local recovery points after the night, by resource type; the databases are corrupted since."""
    for arn in (night.resources["RDS"], night.resources["Aurora"]):
        night.sql(arn, "create table accounts (balance)")
        night.sql(arn, "insert into accounts values (100)")
    started = night.control("/backup/run", {"schedule": "cron(0 3 ? * * *)"})["jobs"]
    night.settle()
    assert {job["resource_arn"] for job in started} == set(night.resources.values())
    for arn in (night.resources["RDS"], night.resources["Aurora"]):
        night.sql(arn, "update accounts set balance = 0")
    listed = client("backup", PAYMENTS_ACCOUNT).list_recovery_points_by_backup_vault(BackupVaultName=LOCAL)
    return {point["ResourceType"]: point for point in listed["RecoveryPoints"]}


def restored(night: Any, point_arn: str, metadata: dict[str, str], **parameters: Any) -> Any:
    backup = client("backup", PAYMENTS_ACCOUNT)
    job_id = backup.start_restore_job(
        RecoveryPointArn=point_arn, Metadata=metadata, IamRoleArn=night.role_arn, **parameters
    )["RestoreJobId"]
    night.settle()
    return backup.describe_restore_job(RestoreJobId=job_id)


def test_every_resource_is_backed_up_and_copied_under_the_central_key(night: Any, points: dict[str, Any]) -> None:
    assert set(points) == set(night.resources)
    central = client("backup", BACKUP_ACCOUNT)
    copies = central.list_recovery_points_by_backup_vault(BackupVaultName=CENTRAL_NAME)["RecoveryPoints"]
    assert {copy["ResourceArn"] for copy in copies} == set(night.resources.values())
    # An image names no key (Developer Guide, "Encryption for backups in AWS Backup").
    keys = {copy["ResourceType"]: copy.get("EncryptionKeyArn") for copy in copies}
    assert keys == dict.fromkeys(night.resources, night.keys[BACKUP_ACCOUNT]) | {"EC2": None}
    assert {copy["Lifecycle"]["DeleteAfterDays"] for copy in copies} == {2555}
    jobs = central.list_copy_jobs(ByAccountId="*", ByDestinationVaultArn=CENTRAL)["CopyJobs"]
    assert {job["State"] for job in jobs} == {"COMPLETED"}


def test_a_copy_is_listed_by_when_its_backup_was_made_and_says_where_it_came_from(
    night: Any, points: dict[str, Any]
) -> None:
    """A copy keeps its source's creation date ("Creating a backup copy"); its completion date is that of its job."""
    source, moment = points["RDS"], timedelta(seconds=1)
    listed = client("backup", BACKUP_ACCOUNT).list_recovery_points_by_backup_vault(
        BackupVaultName=CENTRAL_NAME,
        ByResourceArn=source["ResourceArn"],
        ByCreatedAfter=source["CreationDate"] - moment,
        ByCreatedBefore=source["CreationDate"] + moment,
    )
    (copy,) = listed["RecoveryPoints"]
    assert (copy["SourceBackupVaultArn"], copy["CreationDate"]) == (source["BackupVaultArn"], source["CreationDate"])
    assert copy["CompletionDate"] > source["CompletionDate"]


@pytest.mark.parametrize(
    ("resource_type", "metadata"),
    [
        ("RDS", {"DBInstanceIdentifier": "night-back"}),
        ("Aurora", {"dbClusterIdentifier": "night-back", "engine": "aurora-postgresql"}),
    ],
)
def test_a_database_comes_back_with_the_nights_contents(
    night: Any, points: dict[str, Any], resource_type: str, metadata: dict[str, str]
) -> None:
    job = restored(night, points[resource_type]["RecoveryPointArn"], metadata)
    assert job["Status"] == "COMPLETED", job.get("StatusMessage")
    assert job["CreatedResourceArn"] == night.resources[resource_type] + "-back"
    assert night.sql(job["CreatedResourceArn"], "select balance from accounts")["rows"] == [[100]]
    assert night.sql(night.resources[resource_type], "select balance from accounts")["rows"] == [[0]]
    tags = client("rds", PAYMENTS_ACCOUNT).list_tags_for_resource(ResourceName=job["CreatedResourceArn"])["TagList"]
    assert tags == []


def test_a_table_comes_back_with_its_items(night: Any, points: dict[str, Any]) -> None:
    job = restored(night, points["DynamoDB"]["RecoveryPointArn"], {"targetTableName": "night-back"})
    assert job["Status"] == "COMPLETED", job.get("StatusMessage")
    items = client("dynamodb", PAYMENTS_ACCOUNT).scan(TableName="night-back")["Items"]
    assert items == [{"id": {"S": "1"}, "blob": {"B": b"\x00\xff"}}]


def test_a_bucket_comes_back_with_its_objects(night: Any, points: dict[str, Any]) -> None:
    metadata = {"DestinationBucketName": "night-bucket-back", "NewBucket": "true"}
    job = restored(night, points["S3"]["RecoveryPointArn"], metadata)
    assert job["Status"] == "COMPLETED", job.get("StatusMessage")
    body = client("s3", PAYMENTS_ACCOUNT).get_object(Bucket="night-bucket-back", Key="a/b")["Body"].read()
    assert body == b"\x00\xff"


def test_a_bucket_of_which_objects_failed_is_restored_with_faults(night: Any, points: dict[str, Any]) -> None:
    """Developer Guide, "Restore S3 data using AWS Backup": its job is COMPLETED, and its StatusMessage says so."""
    night.control("/backup/faults", {"fault": "complete_with_issues", "match": {"kind": "restore"}})
    metadata = {"DestinationBucketName": "night-bucket-faulty", "NewBucket": "true"}
    told = restored(night, points["S3"]["RecoveryPointArn"], metadata)
    request = a_request(account=AccountId(PAYMENTS_ACCOUNT), resource_type="S3", metadata=tuple(metadata.items()))
    members = SimpleNamespace(client=lambda service, *, account, region: client(service, account, region))
    job = MemberRestoreJobs(members).describe(told["RestoreJobId"], request=request)
    assert (job.status, faults_of(job)) == ("COMPLETED", ("One or more objects failed to be restored.",))
    assert job.created == "arn:aws:s3:::night-bucket-faulty"


def test_volume_instance_and_file_system_come_back(night: Any, points: dict[str, Any]) -> None:
    volume = restored(night, points["EBS"]["RecoveryPointArn"], {"availabilityZone": "eu-west-1b"})
    instance = restored(night, points["EC2"]["RecoveryPointArn"], {}, CopySourceTagsToRestoredResource=True)
    file_system = {
        "newFileSystem": "true",
        "file-system-id": "new",
        "Encrypted": "true",
        "PerformanceMode": "generalPurpose",
        "CreationToken": "back",
    }
    system = restored(night, points["EFS"]["RecoveryPointArn"], file_system)
    assert [job["Status"] for job in (volume, instance, system)] == ["COMPLETED"] * 3
    ec2 = client("ec2", PAYMENTS_ACCOUNT)
    (row,) = ec2.describe_volumes(VolumeIds=[volume["CreatedResourceArn"].rpartition("/")[2]])["Volumes"]
    assert (row["Size"], row["AvailabilityZone"], row.get("Tags", [])) == (3, "eu-west-1b", [])
    identifier = instance["CreatedResourceArn"].rpartition("/")[2]
    (again,) = ec2.describe_instances(InstanceIds=[identifier])["Reservations"][0]["Instances"]
    assert {"Key": "Backup", "Value": "night-test"} in again["Tags"]


def test_the_central_copy_restores_after_copying_it_back(night: Any, points: dict[str, Any]) -> None:
    assert "RDS" in points
    central, own = client("backup", BACKUP_ACCOUNT), client("backup", PAYMENTS_ACCOUNT)
    (copy,) = central.list_recovery_points_by_backup_vault(
        BackupVaultName=CENTRAL_NAME, ByResourceArn=night.resources["RDS"]
    )["RecoveryPoints"]
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        own.start_restore_job(
            RecoveryPointArn=copy["RecoveryPointArn"],
            Metadata={"DBInstanceIdentifier": "night-central"},
            IamRoleArn=night.role_arn,
        )
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{BACKUP_ACCOUNT}:root"},
                "Action": "backup:CopyIntoBackupVault",
                "Resource": "*",
            }
        ],
    }
    own.put_backup_vault_access_policy(BackupVaultName=LOCAL, Policy=json.dumps(policy))
    vault = own.describe_backup_vault(BackupVaultName=LOCAL)["BackupVaultArn"]
    job_id = central.start_copy_job(
        RecoveryPointArn=copy["RecoveryPointArn"],
        SourceBackupVaultName=CENTRAL_NAME,
        DestinationBackupVaultArn=vault,
        IamRoleArn=night.central_role_arn,
    )["CopyJobId"]
    night.settle()
    job = central.describe_copy_job(CopyJobId=job_id)["CopyJob"]
    assert job["State"] == "COMPLETED", job.get("StatusMessage")
    restore = restored(night, job["DestinationRecoveryPointArn"], {"DBInstanceIdentifier": "night-central"})
    assert restore["Status"] == "COMPLETED", restore.get("StatusMessage")
    assert night.sql(restore["CreatedResourceArn"], "select balance from accounts")["rows"] == [[100]]


def test_snapshots_answer_for_their_tags_at_their_own_service_and_not_at_aws_backup(points: dict[str, Any]) -> None:
    """API reference, ListTags: it serves ARNs that begin arn:aws:backup."""
    rds, ec2, backup = (client(name, PAYMENTS_ACCOUNT) for name in ("rds", "ec2", "backup"))
    for kind in ("RDS", "Aurora"):
        tags = rds.list_tags_for_resource(ResourceName=points[kind]["RecoveryPointArn"])["TagList"]
        assert {"Key": "Backup", "Value": "night-test"} in tags
    for kind in ("EBS", "EC2"):
        snapshot = points[kind]["RecoveryPointArn"].rpartition("/")[2]
        tags = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [snapshot]}])["Tags"]
        assert ("Backup", "night-test") in [(tag["Key"], tag["Value"]) for tag in tags]
    for kind in ("RDS", "Aurora", "EBS", "EC2"):
        with pytest.raises(ClientError, match="InvalidParameterValueException"):
            backup.list_tags(ResourceArn=points[kind]["RecoveryPointArn"])
    assert backup.list_tags(ResourceArn=points["EFS"]["RecoveryPointArn"])["Tags"]["Backup"] == "night-test"


def test_a_role_without_permission_cannot_delete_a_recovery_point(night: Any, points: dict[str, Any]) -> None:
    assert points
    iam, sts = client("iam", PAYMENTS_ACCOUNT), client("sts", PAYMENTS_ACCOUNT)
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": PAYMENTS_ACCOUNT}, "Action": "sts:AssumeRole"}],
    }
    role = iam.create_role(RoleName="night-visitor", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    session = sts.assume_role(RoleArn=role, RoleSessionName="visitor")["Credentials"]
    with pytest.raises(ClientError, match="AccessDenied"):
        session_client("backup", session).delete_recovery_point(
            BackupVaultName=LOCAL, RecoveryPointArn=points["EBS"]["RecoveryPointArn"]
        )


def test_job_events_reach_rules_on_the_accounts_default_bus(night: Any) -> None:
    sqs, events = client("sqs", PAYMENTS_ACCOUNT), client("events", PAYMENTS_ACCOUNT)
    queue = sqs.create_queue(QueueName="night-events")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allow = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": arn,
            }
        ],
    }
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(allow)})
    events.put_rule(
        Name="night",
        EventPattern=json.dumps(
            {"source": ["aws.backup"], "detail-type": ["Backup Job State Change"], "detail": {"state": ["COMPLETED"]}}
        ),
    )
    events.put_targets(Rule="night", Targets=[{"Id": "queue", "Arn": arn}])
    client("backup", PAYMENTS_ACCOUNT).start_backup_job(
        BackupVaultName=LOCAL, ResourceArn=night.resources["EBS"], IamRoleArn=night.role_arn
    )
    night.settle()
    deadline = time.monotonic() + 60
    messages: list[Any] = []
    while not messages and time.monotonic() < deadline:
        messages = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages", [])
    event = json.loads(messages[0]["Body"])
    assert (event["account"], event["source"]) == (PAYMENTS_ACCOUNT, "aws.backup")
    assert event["detail"]["resourceArn"] == night.resources["EBS"]
