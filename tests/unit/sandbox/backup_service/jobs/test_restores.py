"""Restores: where they may happen, what they need, and what appears."""

import re
from typing import Any

import pytest

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.ceremony import Restores
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.restores.deciding.decided import as_decided
from strongroom.domain.restores.jobs import JobState, RestoreJob, judge_restore
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS
from tests.builders.restores import a_recovery_point, a_request

ROLE = "arn:aws:iam::222222222222:role/backup"
DATABASE = "arn:aws:rds:eu-west-1:222222222222:db:pay"


def database(world: Any, **live: Any) -> str:
    world.aws.instances["pay"] = {"DBInstanceArn": DATABASE, "Engine": "postgres", "AllocatedStorage": 20, **live}
    world.disks.execute(DATABASE, "create table accounts (balance)")
    world.disks.execute(DATABASE, "insert into accounts values (100)")
    return str(world.backed_up(DATABASE))


def restored(world: Any, arn: str, metadata: dict[str, str], **parameters: Any) -> Any:
    request = {"RecoveryPointArn": arn, "Metadata": metadata, "IamRoleArn": ROLE, **parameters}
    job_id = world.ask("StartRestoreJob", **request)["RestoreJobId"]
    world.settle()
    return world.ask("DescribeRestoreJob", RestoreJobId=job_id)


def test_a_database_comes_back_as_it_was_beside_the_corrupted_one(world: Any) -> None:
    arn = database(world)
    world.disks.execute(DATABASE, "update accounts set balance = 0")
    job = restored(world, arn, {"dbinstanceidentifier": "pay-restored"})
    assert (job["Status"], job["CreatedResourceArn"]) == ("COMPLETED", DATABASE + "-restored")
    assert world.disks.execute(DATABASE + "-restored", "select balance from accounts")["rows"] == [[100]]
    assert world.disks.execute(DATABASE, "select balance from accounts")["rows"] == [[0]]
    assert world.recorded == [("222222222222", "RestoreDBInstanceFromDBSnapshot", ROLE)]


def test_a_restored_volume_has_no_tags_unless_they_are_asked_for(world: Any) -> None:
    arn = world.backed_up()
    metadata = {"availabilityZone": "eu-west-1b"}
    bare = restored(world, arn, metadata)["CreatedResourceArn"].rpartition("/")[2]
    tagged = restored(world, arn, metadata, CopySourceTagsToRestoredResource=True)["CreatedResourceArn"]
    assert bare not in world.aws.tags
    assert world.aws.tags[tagged.rpartition("/")[2]] == {"Backup": "daily-prod", "owner": "payments"}
    assert world.aws.volumes[bare]["AvailabilityZone"] == "eu-west-1b"


@pytest.mark.parametrize(
    ("metadata", "extra", "code"),
    [
        pytest.param({}, {}, "InvalidParameterValueException", id="identifier missing"),
        pytest.param(
            {"DBInstanceIdentifier": "a", "dbInstanceIdentifier": "b"},
            {},
            "InvalidParameterValueException",
            id="keys that differ only in case",
        ),
        pytest.param(
            {"DBInstanceIdentifier": "a"}, {"ResourceType": "EBS"}, "InvalidParameterValueException", id="other type"
        ),
        pytest.param({"DBInstanceIdentifier": "a"}, {"IamRoleArn": ""}, "MissingParameterValueException", id="no role"),
    ],
)
def test_a_restore_is_refused(world: Any, metadata: dict[str, str], extra: dict[str, str], code: str) -> None:
    arn = database(world)
    with pytest.raises(Exception, match=code):
        restored(world, arn, metadata, **extra)


def test_only_the_account_that_owns_the_vault_can_restore(world: Any) -> None:
    arn = database(world)
    request = {"RecoveryPointArn": arn, "Metadata": {"DBInstanceIdentifier": "a"}, "IamRoleArn": ROLE}
    with pytest.raises(Exception, match="ResourceNotFoundException"):
        world.ask("StartRestoreJob", BACKUP_ACCOUNT, **request)


def test_a_restore_over_an_existing_identifier_fails(world: Any) -> None:
    arn = database(world)
    job = restored(world, arn, {"DBInstanceIdentifier": "pay"})
    assert (job["Status"], "DBInstanceAlreadyExists" in job["StatusMessage"]) == ("FAILED", True)


def test_a_restore_with_a_role_that_backup_cannot_take_fails(world: Any) -> None:
    arn = database(world)
    job = restored(world, arn, {"DBInstanceIdentifier": "a"}, IamRoleArn=ROLE + "-of-nobody")
    assert job["Status"] == "FAILED"
    assert "a" not in world.aws.instances


def test_an_idempotency_token_restores_once(world: Any) -> None:
    arn = world.backed_up()
    first = restored(world, arn, {"availabilityZone": "eu-west-1a"}, IdempotencyToken="t")
    again = restored(world, arn, {"availabilityZone": "eu-west-1a"}, IdempotencyToken="t")
    assert again["RestoreJobId"] == first["RestoreJobId"]
    assert len(world.aws.volumes) == 2


def test_the_same_restore_without_a_token_is_done_once(world: Any) -> None:
    """AWS re:Post, "restoring EFS": what was restored once is not restored again under the same parameters."""
    arn = world.backed_up()
    jobs = [restored(world, arn, {"availabilityZone": zone})["RestoreJobId"] for zone in ("a", "a", "b")]
    assert jobs[0] == jobs[1] != jobs[2]
    assert len(world.aws.volumes) == 3


def test_what_a_job_used_is_told_with_more_keys_than_were_sent(world: Any) -> None:
    """API reference, GetRestoreJobMetadata: the metadata of the job; an echo is not promised."""
    job = restored(world, database(world), {"dbinstanceidentifier": "pay-restored", "engine": "postgres"})
    used = world.ask("GetRestoreJobMetadata", RestoreJobId=job["RestoreJobId"])["Metadata"]
    assert used.pop("aws:backup:request-id")
    assert used == {"dbinstanceidentifier": "pay-restored", "engine": "postgres", "AllocatedStorage": "20"}


GP3 = {"StorageType": "gp3"}
NETWORK = {"VpcSecurityGroupIds": '["sg-1"]', "DBSubnetGroupName": "elsewhere"}


@pytest.mark.parametrize(
    ("metadata", "why"),
    [
        pytest.param({"Port": "0"}, "Invalid port 0", id="port 0, as it was told"),
        pytest.param({"Port": "1149"}, "Invalid port 1149", id="port too low"),
        pytest.param(
            {"MultiAZ": "true", "AvailabilityZone": "eu-west-1a"}, "availability zone", id="zone and Multi-AZ"
        ),
        pytest.param({**GP3, "Iops": "3000"}, "IOPS or storage throughput", id="IOPS of a small gp3"),
        pytest.param({**GP3, "StorageThroughput": "125"}, "IOPS or storage throughput", id="throughput of a small gp3"),
        pytest.param({"StorageType": "io1"}, "You must specify IOPS", id="io1 without IOPS"),
        pytest.param({"DBSubnetGroupName": "nope"}, "DBSubnetGroupNotFoundFault", id="no such subnet group"),
        pytest.param({"DBParameterGroupName": "nope"}, "DBParameterGroupNotFound", id="no such parameter group"),
        pytest.param({"OptionGroupName": "nope"}, "OptionGroupNotFoundFault", id="no such option group"),
        pytest.param({"VpcSecurityGroupIds": '["nope"]'}, "InvalidGroup.NotFound", id="no such security group"),
        pytest.param({"VpcSecurityGroupIds": "sg-1"}, "Expecting value", id="security groups that are no list"),
        pytest.param(NETWORK, "different VPCs", id="security group of another VPC"),
        pytest.param(
            {"DBSnapshotIdentifier": "awsbackup:job-1"}, "dbsnapshotidentifier", id="the snapshot, as it was told"
        ),
        pytest.param({"NoSuchKey": "1"}, "nosuchkey", id="unknown key"),
    ],
)
def test_rds_refuses_a_restore(world: Any, metadata: dict[str, str], why: str) -> None:
    """RDS API reference, RestoreDBInstanceFromDBSnapshot; RDS User Guide, "Amazon RDS DB instance storage"."""
    job = restored(world, database(world), {"DBInstanceIdentifier": "pay-restored", **metadata})
    assert (job["Status"], why in job["StatusMessage"]) == ("FAILED", True), job["StatusMessage"]
    assert "pay-restored" not in world.aws.instances


@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param({"Port": "5432", "MultiAZ": "true", "DBSubnetGroupName": "data"}, id="in a group that is there"),
        pytest.param(
            {"OptionGroupName": "default:postgres-16", "DBParameterGroupName": "default.pg16"}, id="AWS's own"
        ),
        pytest.param({"InformationalOnly:KmsKeyId": "k", "aws:backup:request-id": "1"}, id="for information only"),
        pytest.param({**GP3, "AllocatedStorage": "400", "Iops": "12000"}, id="IOPS of a large gp3"),
        pytest.param({"VpcSecurityGroupIds": '["sg-1"]', "DBSubnetGroupName": "data"}, id="one VPC"),
    ],
)
def test_rds_restores(world: Any, metadata: dict[str, str]) -> None:
    job = restored(world, database(world), {"DBInstanceIdentifier": "pay-restored", **metadata})
    assert job["Status"] == "COMPLETED", job["StatusMessage"]


def test_the_restore_metadata_of_rds_cannot_be_sent_back_as_it_is_told(world: Any) -> None:
    """A public record of GetRecoveryPointRestoreMetadata: port 0, the old zone, the snapshot, InformationalOnly."""
    key = f"arn:aws:kms:eu-west-1:{BACKUP_ACCOUNT}:key/pay"
    live = {
        "Iops": 0,
        "StorageType": "gp3",
        "MultiAZ": True,
        "AvailabilityZone": "eu-west-1a",
        "Endpoint": {"Port": 5432},
    }
    arn = database(world, StorageEncrypted=True, KmsKeyId=key, **live)
    told = world.ask("GetRecoveryPointRestoreMetadata", BackupVaultName="local", RecoveryPointArn=arn)[
        "RestoreMetadata"
    ]
    assert told.pop("aws:backup:request-id")
    assert told == {
        "AllocatedStorage": "20",
        "AvailabilityZone": "eu-west-1a",
        "DBSnapshotIdentifier": arn.partition(":snapshot:")[2],
        "Engine": "postgres",
        "InformationalOnly:Encrypted": "true",
        "InformationalOnly:KmsKeyId": key,
        "Iops": "3000",
        "MultiAZ": "true",
        "Port": "0",
        "StorageThroughput": "125",
        "StorageType": "gp3",
    }


def test_the_key_of_a_snapshot_is_told_by_its_arn_however_it_was_said(world: Any) -> None:
    """RDS API reference, DBInstance: KmsKeyId."""
    arn = database(world, StorageEncrypted=True, KmsKeyId="1234abcd")
    point = world.ask("DescribeRecoveryPoint", BackupVaultName="local", RecoveryPointArn=arn)
    assert point["EncryptionKeyArn"] == f"arn:aws:kms:{HOME}:{PAYMENTS}:key/1234abcd"


def test_a_snapshot_of_rds_answers_for_its_tags_and_aws_backup_does_not(world: Any) -> None:
    """API reference, ListTags: only what is fully managed, "an ARN that begins arn:aws:backup"."""
    world.aws.tags[DATABASE] = {"Backup": "daily-prod"}
    arn = database(world)
    assert world.natives.kept[arn].tags == {"Backup": "daily-prod"}
    with pytest.raises(Exception, match="InvalidParameterValueException"):
        world.ask("ListTags", ResourceArn=arn)


@pytest.mark.parametrize(
    ("metadata", "status"),
    [
        pytest.param({"encryptionType": "KMS"}, "FAILED", id="KMS without a key"),
        pytest.param({"kmsMasterKeyArn": "arn:key"}, "FAILED", id="a key without KMS"),
        pytest.param({"encryptionType": "Default", "kmsMasterKeyArn": "arn:key"}, "FAILED", id="a key by default"),
        pytest.param({"encryptionType": "SSE"}, "FAILED", id="another word"),
        pytest.param({"billingMode": "x"}, "FAILED", id="unknown key"),
        pytest.param({"encryptionType": "KMS", "kmsMasterKeyArn": "arn:key"}, "COMPLETED", id="KMS with its key"),
        pytest.param({"encryptionType": "Default", "originalTableName": "orders"}, "COMPLETED", id="as it was told"),
    ],
)
def test_dynamodb_restores_under_a_key_that_hangs_together(world: Any, metadata: dict[str, str], status: str) -> None:
    """AWS Backup Developer Guide, "Restoring a DynamoDB table"."""
    world.aws.tables["orders"] = {"Account": PAYMENTS, "KeySchema": [], "AttributeDefinitions": []}
    world.ask("UpdateRegionSettings", ResourceTypeManagementPreference={"DynamoDB": True})
    arn = world.backed_up(f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/orders")
    job = restored(world, arn, {"targetTableName": "orders-0200", **metadata})
    assert job["Status"] == status, job["StatusMessage"]


def test_the_restore_metadata_shows_the_configuration_at_backup_time(world: Any) -> None:
    arn = database(world)
    world.aws.instances["pay"]["Engine"] = "mysql"
    answer = world.ask("GetRecoveryPointRestoreMetadata", BackupVaultName="local", RecoveryPointArn=arn)
    assert (answer["RestoreMetadata"]["Engine"], answer["ResourceType"]) == ("postgres", "RDS")


LIVE: dict[str, Any] = {
    "AvailabilityZone": "eu-west-1a",
    "DBSubnetGroup": {"DBSubnetGroupName": "data"},
    "MultiAZ": True,
    "StorageType": "gp3",
    "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1"}],
}


def test_what_strongroom_makes_of_a_multi_az_database_s_metadata_is_taken_and_judged_as_approved(world: Any) -> None:
    arn = database(world, **LIVE)
    told = world.ask("GetRecoveryPointRestoreMetadata", BackupVaultName="local", RecoveryPointArn=arn)[
        "RestoreMetadata"
    ]
    profile = AccountProfile(
        account=AccountId(PAYMENTS), region=Region(HOME), db_subnet_group=("data",), security_groups=(("sg-1",),)
    )
    restores = Restores(requesters="oncall", rules=(), profiles=(profile,))
    point = a_recovery_point(arn=arn, resource=DATABASE, restore_metadata=told)
    metadata = as_decided(a_request(target_name="pay-0200"), point=point, restores=restores).metadata
    job = restored(world, arn, dict(metadata))
    assert job["Status"] == "COMPLETED", job["StatusMessage"]
    used = world.ask("GetRestoreJobMetadata", RestoreJobId=job["RestoreJobId"])["Metadata"]
    assert used.keys() > dict(metadata).keys()
    described = RestoreJob(
        id=job["RestoreJobId"],
        account=job["AccountId"],
        recovery_point=job["RecoveryPointArn"],
        role=job["IamRoleArn"],
        created_at=job["CreationDate"],
        status=job["Status"],
        message="",
        created=job["CreatedResourceArn"],
        metadata=used,
    )
    verdict = judge_restore(described, request=a_request(metadata=metadata, role=ROLE), recovery_point=arn)
    assert verdict.state is JobState.COMPLETED, verdict.reason


MACHINE = f"arn:aws:backup-gateway:{HOME}:{PAYMENTS}:vm/vm-0AA1"
# AWS Backup Developer Guide, "Restoring a virtual machine".
TO_VMWARE = {
    "RestoreTo": "VMware",
    "HypervisorArn": f"arn:aws:backup-gateway:{HOME}:{PAYMENTS}:hypervisor/hype-1",
    "VMName": "orders",
    "VMPath": "/Datacenter/vm",
    "ComputeResourceName": "cluster-1",
    "VMDatastore": "datastore-1",
}


def test_a_virtual_machine_comes_back_at_its_path_as_another_one(world: Any) -> None:
    arn = world.backed_up(MACHINE)
    job = restored(world, arn, TO_VMWARE | {"DisksToRestore": "[]"})
    assert job["Status"] == "COMPLETED"
    assert re.fullmatch(MACHINE.replace("vm-0AA1", "vm-[0-9A-F]{17}"), job["CreatedResourceArn"])
    told = world.ask("GetRestoreJobMetadata", RestoreJobId=job["RestoreJobId"])["Metadata"]
    assert told.items() >= (TO_VMWARE | {"DisksToRestore": "[]"}).items()


def test_a_key_that_the_type_does_not_know_is_refused_at_once(world: Any) -> None:
    """Public records of restores of Aurora DSQL: StartRestoreJob refuses `cluster_id`, which AWS itself had told."""
    arn = world.backed_up(MACHINE)
    with pytest.raises(Exception, match="InvalidParameterValueException"):
        restored(world, arn, TO_VMWARE | {"cluster_id": "1"})
    assert world.ask("ListRestoreJobs")["RestoreJobs"] == []


@pytest.mark.parametrize("key", TO_VMWARE)
def test_a_virtual_machine_needs_all_that_places_it(key: str, world: Any) -> None:
    arn = world.backed_up(MACHINE)
    with pytest.raises(Exception, match="InvalidParameterValueException"):
        restored(world, arn, {name: value for name, value in TO_VMWARE.items() if name != key})


def test_a_virtual_machine_is_not_restored_to_ec2_here(world: Any) -> None:
    job = restored(world, world.backed_up(MACHINE), TO_VMWARE | {"RestoreTo": "EC2Instance"})
    assert (job["Status"], "not played" in job["StatusMessage"]) == ("FAILED", True)


def test_a_role_that_may_not_restore_through_the_gateway_makes_no_machine(world: Any) -> None:
    arn = world.backed_up(MACHINE)
    world.denied = {"backup-gateway:Restore"}
    assert restored(world, arn, TO_VMWARE)["Status"] == "FAILED"


def test_what_is_no_machine_is_not_backed_up(world: Any) -> None:
    request = {"BackupVaultName": "local", "IamRoleArn": ROLE, "ResourceArn": f"{MACHINE}/evil"}
    job = world.ask("StartBackupJob", **request)["BackupJobId"]
    world.settle()
    assert world.ask("DescribeBackupJob", BackupJobId=job)["State"] == "FAILED"


DISTRIBUTED = "arn:aws:dsql:eu-west-1:222222222222:cluster/abcdefghijklmnopqrstuvwxyz"
ONE_REGION = {"regionalConfig": '[{"region":"eu-west-1"}]'}
SERIES = "arn:aws:timestream:eu-west-1:222222222222:database/metrics/table/cpu"
SERIES_BACK = {
    "DatabaseName": "metrics",
    "TableName": "cpu-back",
    "MemoryStoreRetentionPeriodInHours": "24",
    "MagneticStoreRetentionPeriodInDays": "365",
}


def test_what_aws_tells_of_a_cluster_of_dsql_is_refused_and_has_used_up_its_token(world: Any) -> None:
    """Public records of October 2026: `cluster_id` and `backup_size_bytes` are refused, and so is the token then."""
    arn = world.backed_up(DISTRIBUTED)
    told = world.ask("GetRecoveryPointRestoreMetadata", BackupVaultName="local", RecoveryPointArn=arn)[
        "RestoreMetadata"
    ]
    assert sorted(told) == ["backup_size_bytes", "cluster_id"]
    for token, metadata in (("one", {**ONE_REGION, **told}), ("one", ONE_REGION)):
        with pytest.raises(Exception, match="InvalidParameterValueException"):
            restored(world, arn, metadata, IdempotencyToken=token)
    assert world.aws.distributed == []
    job = restored(world, arn, ONE_REGION, IdempotencyToken="two")
    assert (job["Status"], job["CreatedResourceArn"]) == ("COMPLETED", world.aws.distributed[0])


def test_a_fifth_restore_of_dsql_fails_while_four_run(world: Any) -> None:
    """AWS Backup Developer Guide, "Amazon Aurora DSQL restore": four at once in an account."""
    arn = world.backed_up(DISTRIBUTED)
    request = {"RecoveryPointArn": arn, "Metadata": ONE_REGION, "IamRoleArn": ROLE}
    for _ in range(4):
        world.service.order_fault({"fault": "stall", "match": {"kind": "restore"}, "seconds": 0.5})
    jobs = [world.ask("StartRestoreJob", **request, IdempotencyToken=str(each))["RestoreJobId"] for each in range(5)]
    world.settle()
    ended = [world.ask("DescribeRestoreJob", RestoreJobId=job) for job in jobs]
    assert [job["Status"] for job in ended] == ["COMPLETED"] * 4 + ["FAILED"]
    assert ended[4]["StatusMessage"] == "At most 4 restores of Aurora DSQL run at once"
    assert restored(world, arn, ONE_REGION, IdempotencyToken="later")["Status"] == "COMPLETED"


def test_a_table_of_timestream_is_made_without_the_tags_that_fail_its_job(world: Any) -> None:
    """AWS Backup Developer Guide, "Restore metadata": CopySourceTagsToRestoredResource is not for Timestream."""
    arn = world.backed_up(SERIES)
    assert restored(world, arn, SERIES_BACK)["CreatedResourceArn"] == SERIES + "-back"
    job = restored(world, arn, SERIES_BACK, CopySourceTagsToRestoredResource=True)
    assert (job["Status"], "not supported for Timestream" in job["StatusMessage"]) == ("FAILED", True)


def test_a_second_restore_of_timestream_fails_while_one_runs(world: Any) -> None:
    """Amazon Timestream Developer Guide, "Quota and limits" of backups: one restore at once in an account."""
    arn = world.backed_up(SERIES)
    request = {"RecoveryPointArn": arn, "Metadata": SERIES_BACK, "IamRoleArn": ROLE}
    world.service.order_fault({"fault": "stall", "match": {"kind": "restore"}, "seconds": 0.5})
    jobs = [world.ask("StartRestoreJob", **request, IdempotencyToken=str(each))["RestoreJobId"] for each in range(2)]
    world.settle()
    assert [world.ask("DescribeRestoreJob", RestoreJobId=job)["Status"] for job in jobs] == ["COMPLETED", "FAILED"]
