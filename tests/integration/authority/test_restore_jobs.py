"""A restore works with the rights of its role; with those of our own it makes each kind that is played here.

Sources: AWS Backup Developer Guide, "Managed policies for AWS Backup" and "Restore an Amazon EC2 instance"; Service
Authorization Reference of each service; IAM User Guide, "Grant a user permissions to pass a role to an AWS service" and
"AWS global condition context keys" (aws:ResourceAccount).
"""

import json
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sandbox.clients import client
from sandbox.lifecycle import Sandbox
from sandbox.settings import BACKUP_ACCOUNT, HOME_REGION
from tests.contract.iam.iam_documents import documents_of
from tests.integration.authority.conftest import ACCOUNT, Role, a_key, a_name, a_role, allow, document

MANAGED = "arn:aws:iam::aws:policy/"
READ_HERE = "999999999999"  # the account that templates are read with
type Policy = dict[str, Any]
# The cluster that a profile names, and what AWS Backup enters and looks at there.
INTO = "restores"
ENTERED = tuple(
    f"arn:aws:eks:{HOME_REGION}:{ACCOUNT}:{each}"
    for each in (f"cluster/{INTO}", f"access-entry/{INTO}/*/*/*/*", f"addon/{INTO}/*/*")
)


def _policies(lent: str = "") -> list[Policy]:
    """What the role of restore jobs may do, as the member stack says it, with one role to lend or none."""
    found = [
        json.loads(json.dumps(each.document).replace(READ_HERE, ACCOUNT))
        for each in documents_of(
            "stacks/member.yaml",
            {"RestoredRoleArns": lent or "arn:aws:iam::1:role/none", "RestoredClusterArns": ",".join(ENTERED)},
        )
        if "RestoreJobRole.Policies" in each.name
    ]
    assert found
    return found


def _give(role: Role, policies: list[Policy]) -> None:
    for number, policy in enumerate(policies):
        client("iam", ACCOUNT).put_role_policy(
            RoleName=role.name, PolicyName=f"part-{number}", PolicyDocument=json.dumps(policy)
        )


def _settle(url: str) -> None:
    request = urllib.request.Request(f"{url}/_sandbox/backup/settle", b"{}", method="POST")  # noqa: S310
    with urllib.request.urlopen(request, timeout=60):  # noqa: S310
        pass


class Stage:
    """A vault, a role that backs up into it, and restores out of it under another role."""

    def __init__(self, url: str) -> None:
        """Make vault and role."""
        self.url, self.vault = url, a_name()
        client("backup", ACCOUNT).create_backup_vault(BackupVaultName=self.vault, EncryptionKeyArn=a_key())
        self.keeper = a_role(service="backup.amazonaws.com")
        for name in ("service-role/AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForS3Backup"):
            client("iam", ACCOUNT).attach_role_policy(RoleName=self.keeper.name, PolicyArn=MANAGED + name)

    def point(self, resource: str) -> str:
        """A recovery point of the resource."""
        backup = client("backup", ACCOUNT)
        job = backup.start_backup_job(BackupVaultName=self.vault, ResourceArn=resource, IamRoleArn=self.keeper.arn)
        _settle(self.url)
        done = backup.describe_backup_job(BackupJobId=job["BackupJobId"])
        assert done["State"] == "COMPLETED", done.get("StatusMessage")
        return self._template_of(done) if done["ResourceType"] == "CloudFormation" else str(done["RecoveryPointArn"])

    def _template_of(self, done: Any) -> str:
        """Of the composite of a stack that which lies in it of the stack itself."""
        found = client("backup", ACCOUNT).list_recovery_points_by_backup_vault(
            BackupVaultName=self.vault,
            ByParentRecoveryPointArn=done["RecoveryPointArn"],
            ByResourceArn=done["ResourceArn"],
        )
        [point] = found["RecoveryPoints"]
        return str(point["RecoveryPointArn"])

    def restored(self, point: str, role: Role, **metadata: str) -> Any:
        """The job of a restore, when it has ended."""
        backup = client("backup", ACCOUNT)
        job = backup.start_restore_job(
            RecoveryPointArn=point, Metadata=metadata, IamRoleArn=role.arn, IdempotencyToken=a_name()
        )
        _settle(self.url)
        return backup.describe_restore_job(RestoreJobId=job["RestoreJobId"])


@pytest.fixture
def stage(sandbox_host: Sandbox) -> Stage:
    """A stage of its own."""
    return Stage(sandbox_host.url)


@pytest.fixture
def job_role(sandbox_host: Sandbox) -> Role:
    """Our own role, which lends no role."""
    role = a_role(service="backup.amazonaws.com")
    _give(role, _policies())
    return role


def _database() -> tuple[str, dict[str, str]]:
    rds = client("rds", ACCOUNT)
    made = rds.create_db_instance(
        DBInstanceIdentifier=a_name(), DBInstanceClass="db.t3.micro", Engine="postgres", AllocatedStorage=20
    )
    return made["DBInstance"]["DBInstanceArn"], {"DBInstanceIdentifier": a_name()}


def _cluster(engine: str = "aurora-postgresql") -> tuple[str, dict[str, str]]:
    made = client("rds", ACCOUNT).create_db_cluster(DBClusterIdentifier=a_name(), Engine=engine)
    return made["DBCluster"]["DBClusterArn"], {
        "DBClusterIdentifier": a_name(),
        "Engine": engine,
        "KmsKeyId": a_key(),
    }


def _table() -> tuple[str, dict[str, str]]:
    made = client("dynamodb", ACCOUNT).create_table(
        TableName=a_name(),
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    metadata = {"targetTableName": a_name(), "encryptionType": "KMS", "kmsMasterKeyArn": a_key()}
    return made["TableDescription"]["TableArn"], metadata


def _volume() -> tuple[str, dict[str, str]]:
    made = client("ec2", ACCOUNT).create_volume(AvailabilityZone=f"{HOME_REGION}a", Size=1)
    metadata = {"availabilityZone": f"{HOME_REGION}a", "encrypted": "true", "kmsKeyId": a_key()}
    return f"arn:aws:ec2:{HOME_REGION}:{ACCOUNT}:volume/{made['VolumeId']}", metadata


def _instance() -> tuple[str, dict[str, str]]:
    made = client("ec2", ACCOUNT).run_instances(ImageId="ami-12345678", MinCount=1, MaxCount=1)
    return f"arn:aws:ec2:{HOME_REGION}:{ACCOUNT}:instance/{made['Instances'][0]['InstanceId']}", {}


def _files() -> tuple[str, dict[str, str]]:
    made = client("efs", ACCOUNT).create_file_system(CreationToken=a_name(), Encrypted=True)
    metadata = {"newFileSystem": "true", "CreationToken": a_name(), "Encrypted": "true", "KmsKeyId": a_key()}
    metadata["PerformanceMode"] = "generalPurpose"
    metadata["file-system-id"] = made["FileSystemId"]
    return f"arn:aws:elasticfilesystem:{HOME_REGION}:{ACCOUNT}:file-system/{made['FileSystemId']}", metadata


def _file_system(type_: str) -> tuple[str, dict[str, str]]:
    member, configuration = FSX[type_]
    made = client("fsx", ACCOUNT).create_file_system(
        FileSystemType=type_, StorageCapacity=1200, SubnetIds=["subnet-0a1b2c3d"], **{member: configuration}
    )
    metadata = {"SubnetIds": '["subnet-0a1b2c3d"]', "KmsKeyId": a_key(), member: json.dumps(configuration)}
    return made["FileSystem"]["ResourceARN"], metadata


FSX: dict[str, tuple[str, dict[str, Any]]] = {
    "WINDOWS": ("WindowsConfiguration", {"ActiveDirectoryId": "d-0123456789", "ThroughputCapacity": 32}),
    "LUSTRE": ("LustreConfiguration", {"DeploymentType": "PERSISTENT_2", "PerUnitStorageThroughput": 125}),
    "OPENZFS": ("OpenZFSConfiguration", {"DeploymentType": "SINGLE_AZ_2", "ThroughputCapacity": 160}),
}


def _ontap_volume() -> tuple[str, dict[str, str]]:
    fsx, settings = client("fsx", ACCOUNT), {"DeploymentType": "SINGLE_AZ_1", "ThroughputCapacity": 128}
    system = fsx.create_file_system(
        FileSystemType="ONTAP",
        StorageCapacity=1024,
        SubnetIds=["subnet-0a1b2c3d"],
        KmsKeyId=a_key(),
        OntapConfiguration=settings,
    )["FileSystem"]["FileSystemId"]
    made = fsx.create_storage_virtual_machine(FileSystemId=system, Name="restores")["StorageVirtualMachine"]
    machine, name = made["StorageVirtualMachineId"], a_name().replace("-", "_")
    volume = fsx.create_volume(
        VolumeType="ONTAP",
        Name=name,
        OntapConfiguration={"SizeInMegabytes": 1024, "StorageVirtualMachineId": machine},
    )
    inside = {"storageVirtualMachineId": machine, "junctionPath": "/back", "sizeInMegabytes": 1024}
    return volume["Volume"]["ResourceARN"], {"Name": f"{name}_back", "OntapConfiguration": json.dumps(inside)}


def _warehouse() -> tuple[str, dict[str, str]]:
    """A cluster whose password Redshift keeps."""
    redshift, ec2, name = client("redshift", ACCOUNT), client("ec2", ACCOUNT), a_name()
    network = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=network, CidrBlock="10.7.0.0/24")["Subnet"]["SubnetId"]
    redshift.create_cluster_subnet_group(ClusterSubnetGroupName=name, Description="restores", SubnetIds=[subnet])
    redshift.create_cluster(
        ClusterIdentifier=name,
        NodeType="ra3.large",
        MasterUsername="a",
        ManageMasterPassword=True,
        ClusterSubnetGroupName=name,
    )
    metadata = {
        "ClusterIdentifier": a_name(),
        "ClusterSubnetGroupName": name,
        "RestoreType": "CLUSTER_RESTORE",
        "Encrypted": "true",
        "KmsKeyId": a_key(),
        "ManageMasterPassword": "true",
    }
    return f"arn:aws:redshift:{HOME_REGION}:{ACCOUNT}:cluster:{name}", metadata


def _kubernetes(name: str = INTO) -> tuple[str, dict[str, str]]:
    """A cluster, whose objects come into another one, that is there already."""
    eks, role = client("eks", ACCOUNT), a_role(service="eks.amazonaws.com")
    there = set(eks.list_clusters()["clusters"])
    for each in {"backed-up", name} - there:
        eks.create_cluster(name=each, roleArn=role.arn, resourcesVpcConfig={"subnetIds": ["subnet-1"]})
        eks.get_waiter("cluster_active").wait(name=each, WaiterConfig={"Delay": 1})
    metadata = {"clusterName": name, "newCluster": "false", "restoreKubernetesManifestsOnly": "true"}
    return f"arn:aws:eks:{HOME_REGION}:{ACCOUNT}:cluster/backed-up", metadata


def _stack() -> tuple[str, dict[str, str]]:
    """A stack of a table without a name of its own."""
    cloudformation, name = client("cloudformation", ACCOUNT), a_name()
    table = {
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    template = {"Resources": {"Orders": {"Type": "AWS::DynamoDB::Table", "Properties": table}}}
    made = cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    return made["StackId"], {"StackName": a_name(), "ChangeSetName": "r-abcdefgh2345"}


def _distributed() -> tuple[str, dict[str, str]]:
    made = client("dsql", ACCOUNT).create_cluster(deletionProtectionEnabled=False)
    region = {"region": HOME_REGION, "kmsKeyId": a_key(), "isDeletionProtectionEnabled": False}
    return made["arn"], {"regionalConfig": json.dumps([region])}


def _series() -> tuple[str, dict[str, str]]:
    series, name = client("timestream-write", ACCOUNT), a_name()
    series.create_database(DatabaseName=name, KmsKeyId=a_key())
    made = series.create_table(DatabaseName=name, TableName="cpu")
    kept = {"MemoryStoreRetentionPeriodInHours": "24", "MagneticStoreRetentionPeriodInDays": "365"}
    return made["Table"]["Arn"], {"DatabaseName": name, "TableName": "back", **kept}


def _bucket(account: str = ACCOUNT) -> str:
    s3, name = client("s3", account), a_name()
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": HOME_REGION})
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def _objects() -> tuple[str, dict[str, str]]:
    bucket = _bucket()
    client("s3", ACCOUNT).put_object(Bucket=bucket, Key="a", Body=b"1")
    metadata = {"DestinationBucketName": a_name(), "NewBucket": "true", "CreationToken": a_name(), "KMSKey": a_key()}
    return f"arn:aws:s3:::{bucket}", metadata


MADE: dict[str, Callable[[], tuple[str, dict[str, str]]]] = {
    "RDS": _database,
    "RDS cluster": lambda: _cluster("postgres"),
    "Aurora": _cluster,
    "DocumentDB": lambda: _cluster("docdb"),
    "Neptune": lambda: _cluster("neptune"),
    "DynamoDB": _table,
    "EBS": _volume,
    "EC2": _instance,
    "EFS": _files,
    "FSx Windows": lambda: _file_system("WINDOWS"),
    "FSx Lustre": lambda: _file_system("LUSTRE"),
    "FSx OpenZFS": lambda: _file_system("OPENZFS"),
    "FSx ONTAP": _ontap_volume,
    "Redshift": _warehouse,
    "CloudFormation": _stack,
    "EKS": _kubernetes,
    "Aurora DSQL": _distributed,
    "Timestream": _series,
    "S3": _objects,
}
# What each asks at least, by a right without which it fails.
_CLUSTERS_NEED = ("rds:RestoreDBClusterFromSnapshot", "kms:CreateGrant")
NEEDED: dict[str, tuple[str, ...]] = {
    "RDS": ("rds:RestoreDBInstanceFromDBSnapshot",),
    **dict.fromkeys(("RDS cluster", "Aurora", "DocumentDB", "Neptune"), _CLUSTERS_NEED),
    "DynamoDB": ("dynamodb:RestoreTableFromAwsBackup", "dynamodb:BatchWriteItem", "kms:CreateGrant"),
    "EBS": ("ec2:CreateVolume", "kms:DescribeKey"),
    "EC2": ("ec2:RunInstances",),
    "EFS": ("elasticfilesystem:CreateFileSystem", "elasticfilesystem:Restore"),
    **dict.fromkeys(
        ("FSx Windows", "FSx Lustre", "FSx OpenZFS"), ("fsx:CreateFileSystemFromBackup", "kms:CreateGrant")
    ),
    "FSx ONTAP": ("fsx:CreateVolumeFromBackup", "kms:CreateGrant"),
    "Redshift": (
        "redshift:RestoreFromClusterSnapshot",
        "redshift:DescribeClusters",
        "secretsmanager:CreateSecret",
        "secretsmanager:GetRandomPassword",
        "kms:CreateGrant",
    ),
    "EKS": ("eks:DescribeCluster", "eks:CreateAccessEntry", "eks:AssociateAccessPolicy"),
    "CloudFormation": ("cloudformation:CreateChangeSet", "cloudformation:DescribeChangeSet"),
    "Aurora DSQL": ("dsql:CreateCluster", "dsql:StartRestoreJob", "dsql:GetRestoreJob", "kms:GenerateDataKey"),
    "Timestream": ("timestream:StartAwsRestoreJob", "timestream:DescribeDatabase", "timestream:DescribeEndpoints"),
    "S3": ("s3:CreateBucket", "s3:PutBucketVersioning", "s3:PutObject", "kms:GenerateDataKey"),
}


@pytest.mark.parametrize("kind", MADE)
def test_our_role_restores_it_and_not_without_each_right(kind: str, stage: Stage, job_role: Role) -> None:
    resource, metadata = MADE[kind]()
    point = stage.point(resource)
    for right in NEEDED[kind]:
        _give(job_role, [*_policies(), {"Version": "2012-10-17", "Statement": [_never(right)]}])
        job = stage.restored(point, job_role, **metadata)
        assert (job["Status"], right in job["StatusMessage"]) == ("FAILED", True), job
    _give(job_role, [*_policies(), {"Version": "2012-10-17", "Statement": [allow("iam:ListRoles")]}])
    job = stage.restored(point, job_role, **metadata)
    assert job["Status"] == "COMPLETED", job["StatusMessage"]


def _never(action: str) -> Policy:
    return {"Effect": "Deny", "Action": action, "Resource": "*"}


def test_nothing_comes_into_a_cluster_that_no_profile_names(stage: Stage, job_role: Role) -> None:
    resource, metadata = _kubernetes("live")
    job = stage.restored(stage.point(resource), job_role, **metadata)
    assert job["Status"] == "FAILED"
    assert "eks:" in job["StatusMessage"]


def test_a_bucket_of_somebody_else_is_not_written_though_it_lets_the_role_in(stage: Stage, job_role: Role) -> None:
    """The bucket lets the role in, and AWS's own policy would, too."""
    resource, metadata = _objects()
    point, foreign = stage.point(resource), _bucket(BACKUP_ACCOUNT)
    opened = allow("s3:*", Principal={"AWS": job_role.arn}, resource=f"arn:aws:s3:::{foreign}")
    opened["Resource"] = [f"arn:aws:s3:::{foreign}", f"arn:aws:s3:::{foreign}/*"]
    client("s3", BACKUP_ACCOUNT).put_bucket_policy(Bucket=foreign, Policy=document(opened))
    wanted = metadata | {"DestinationBucketName": foreign, "NewBucket": "false"}
    job = stage.restored(point, job_role, **wanted)
    assert (job["Status"], "s3:ListBucket" in job["StatusMessage"]) == ("FAILED", True), job
    theirs = a_role(service="backup.amazonaws.com")
    _attach(theirs)
    opened["Principal"] = {"AWS": theirs.arn}
    client("s3", BACKUP_ACCOUNT).put_bucket_policy(Bucket=foreign, Policy=document(opened))
    assert "s3:" not in (stage.restored(point, theirs, **wanted).get("StatusMessage") or "")


def _attach(role: Role) -> None:
    for name in ("service-role/AWSBackupServiceRolePolicyForRestores", "AWSBackupServiceRolePolicyForS3Restore"):
        client("iam", ACCOUNT).attach_role_policy(RoleName=role.name, PolicyArn=MANAGED + name)


@pytest.fixture
def server_role(sandbox_host: Sandbox) -> Iterator[Role]:
    """A role of machines, in an instance profile of its name."""
    iam, role = client("iam", ACCOUNT), a_role(service="ec2.amazonaws.com")
    iam.create_instance_profile(InstanceProfileName=role.name)
    iam.add_role_to_instance_profile(InstanceProfileName=role.name, RoleName=role.name)
    yield role
    iam.remove_role_from_instance_profile(InstanceProfileName=role.name, RoleName=role.name)
    iam.delete_instance_profile(InstanceProfileName=role.name)


def test_a_machine_comes_back_with_no_role_that_nobody_named(stage: Stage, job_role: Role, server_role: Role) -> None:
    """AWS's own policy would lend it: with it in place of ours this fails."""
    made = client("ec2", ACCOUNT).run_instances(
        ImageId="ami-12345678", MinCount=1, MaxCount=1, IamInstanceProfile={"Name": server_role.name}
    )
    point = stage.point(f"arn:aws:ec2:{HOME_REGION}:{ACCOUNT}:instance/{made['Instances'][0]['InstanceId']}")
    job = stage.restored(point, job_role, IamInstanceProfileName="UseBackedUpValue")
    assert (job["Status"], "iam:PassRole" in job["StatusMessage"]) == ("FAILED", True), job
    assert stage.restored(point, job_role)["Status"] == "COMPLETED", "without a role it comes back"
    theirs = a_role(service="backup.amazonaws.com")
    _attach(theirs)
    assert stage.restored(point, theirs, IamInstanceProfileName="UseBackedUpValue")["Status"] == "COMPLETED"
    _give(job_role, _policies(server_role.arn))
    assert stage.restored(point, job_role, IamInstanceProfileName="UseBackedUpValue")["Status"] == "COMPLETED"
