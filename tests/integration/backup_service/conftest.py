"""An account with real resources of every type, and a central vault to copy them to."""

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.clients import client
from sandbox.lifecycle import Sandbox
from sandbox.settings import (
    BACKUP_ACCOUNT,
    MANAGEMENT_ACCOUNT,
    ORGANIZATION_ID,
    OU_PRODUCTION,
    PAYMENTS_ACCOUNT,
)
from tests.builders.places import a_vault_arn
from tests.integration.delegation import delegate_to_the_backup_account

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
COPY_IN = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "backup:CopyIntoBackupVault",
            "Resource": "*",
            "Condition": {
                "StringEquals": {"aws:PrincipalOrgID": ORGANIZATION_ID},
                "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": [f"{ORGANIZATION_ID}/r-strg/{OU_PRODUCTION}/*"]},
            },
        }
    ],
}
MANAGED = (
    "service-role/AWSBackupServiceRolePolicyForBackup",
    "service-role/AWSBackupServiceRolePolicyForRestores",
    "AWSBackupServiceRolePolicyForS3Backup",
    "AWSBackupServiceRolePolicyForS3Restore",
)
TAGS = [{"Key": "Backup", "Value": "night-test"}]
LOCAL = "night-local"
CENTRAL = a_vault_arn("night-central")


@dataclass
class Night:
    """The payments account before its night."""

    url: str
    role_arn: str
    central_role_arn: str
    keys: dict[str, str] = field(default_factory=dict)
    resources: dict[str, str] = field(default_factory=dict)

    def control(self, path: str, document: dict[str, Any], method: str = "POST") -> Any:
        """Call a control route of the sandbox."""
        body = json.dumps(document).encode()
        request = urllib.request.Request(f"{self.url}/_sandbox{path}", body, method=method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.load(answer)

    def sql(self, arn: str, statement: str) -> Any:
        """Ask a database, as the application would."""
        return self.control("/databases/sql", {"arn": arn, "sql": statement})

    def settle(self) -> None:
        """Wait until every job has ended."""
        self.control("/backup/settle", {})


def _role(account: str) -> str:
    document, iam = json.dumps(TRUST), client("iam", account)
    role = iam.create_role(RoleName="night-backup", AssumeRolePolicyDocument=document)
    for name in MANAGED:
        iam.attach_role_policy(RoleName="night-backup", PolicyArn=f"arn:aws:iam::aws:policy/{name}")
    return str(role["Role"]["Arn"])


def _shared_key(account: str) -> str:
    """A customer's key that the two accounts of the night may use, each as its own policies let it."""
    owners = [f"arn:aws:iam::{each}:root" for each in (PAYMENTS_ACCOUNT, BACKUP_ACCOUNT)]
    shared = {"Effect": "Allow", "Principal": {"AWS": owners}, "Action": "kms:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [shared]})
    return str(client("kms", account).create_key(Policy=policy)["KeyMetadata"]["Arn"])


def _resources(key: str) -> dict[str, str]:
    account = PAYMENTS_ACCOUNT
    rds, dynamodb, ec2 = (client(name, account) for name in ("rds", "dynamodb", "ec2"))
    login = {"MasterUsername": "admin", "MasterUserPassword": "password1", "Tags": TAGS}
    encrypted = {"StorageEncrypted": True, "KmsKeyId": key}
    database = rds.create_db_instance(
        DBInstanceIdentifier="night",
        Engine="postgres",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        **login,
        **encrypted,
    )
    cluster = rds.create_db_cluster(DBClusterIdentifier="night", Engine="aurora-postgresql", **login, **encrypted)
    table = dynamodb.create_table(
        TableName="night",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=TAGS,
    )
    dynamodb.put_item(TableName="night", Item={"id": {"S": "1"}, "blob": {"B": b"\x00\xff"}})
    volume = ec2.create_volume(AvailabilityZone="eu-west-1a", Size=3, TagSpecifications=_tagged("volume"))
    instance = ec2.run_instances(
        ImageId="ami-12345678", MinCount=1, MaxCount=1, InstanceType="t3.micro", TagSpecifications=_tagged("instance")
    )["Instances"][0]
    system = client("efs", account).create_file_system(CreationToken="night", Encrypted=True, Tags=TAGS)
    s3 = client("s3", account)
    s3.create_bucket(Bucket="night-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_versioning(Bucket="night-bucket", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="night-bucket", Key="a/b", Body=b"\x00\xff")
    s3.put_bucket_tagging(Bucket="night-bucket", Tagging={"TagSet": TAGS})
    return {
        "RDS": database["DBInstance"]["DBInstanceArn"],
        "Aurora": cluster["DBCluster"]["DBClusterArn"],
        "DynamoDB": table["TableDescription"]["TableArn"],
        "EBS": f"arn:aws:ec2:eu-west-1:{account}:volume/{volume['VolumeId']}",
        "EC2": f"arn:aws:ec2:eu-west-1:{account}:instance/{instance['InstanceId']}",
        "EFS": f"arn:aws:elasticfilesystem:eu-west-1:{account}:file-system/{system['FileSystemId']}",
        "S3": "arn:aws:s3:::night-bucket",
    }


def _tagged(resource_type: str) -> list[dict[str, Any]]:
    return [{"ResourceType": resource_type, "Tags": TAGS}]


def _policy() -> dict[str, Any]:
    def assign(value: Any) -> dict[str, Any]:
        return {"@@assign": value}

    copy = {"target_backup_vault_arn": assign(CENTRAL), "lifecycle": {"delete_after_days": assign("2555")}}
    rule = {
        "schedule_expression": assign("cron(0 3 ? * * *)"),
        "target_backup_vault_name": assign(LOCAL),
        "lifecycle": {"delete_after_days": assign("35")},
        "copy_actions": {CENTRAL: copy},
    }
    selection = {
        "iam_role_arn": assign("arn:aws:iam::$account:role/night-backup"),
        "tag_key": assign("Backup"),
        "tag_value": assign(["night-test"]),
    }
    plan = {"regions": assign(["eu-west-1"]), "rules": {"night": rule}, "selections": {"tags": {"all": selection}}}
    return {"plans": {"night": plan}}


@pytest.fixture(scope="module")
def night(sandbox_host: Sandbox) -> Iterator[Night]:
    """Vaults, roles, keys, one resource of each type, and the policy that protects them."""
    keys = {account: _shared_key(account) for account in (PAYMENTS_ACCOUNT, BACKUP_ACCOUNT)}
    built = Night(sandbox_host.url, _role(PAYMENTS_ACCOUNT), _role(BACKUP_ACCOUNT), keys)
    delegate_to_the_backup_account()
    own, central = client("backup", PAYMENTS_ACCOUNT), client("backup", BACKUP_ACCOUNT)
    own.create_backup_vault(BackupVaultName=LOCAL, EncryptionKeyArn=keys[PAYMENTS_ACCOUNT])
    central.create_backup_vault(BackupVaultName="night-central", EncryptionKeyArn=keys[BACKUP_ACCOUNT])
    central.put_backup_vault_access_policy(BackupVaultName="night-central", Policy=json.dumps(COPY_IN))
    client("backup", MANAGEMENT_ACCOUNT).update_global_settings(GlobalSettings={"isCrossAccountBackupEnabled": "true"})
    built.resources = _resources(keys[PAYMENTS_ACCOUNT])
    organizations = client("organizations", MANAGEMENT_ACCOUNT)
    policy = organizations.create_policy(
        Name="night", Description="night", Type="BACKUP_POLICY", Content=json.dumps(_policy())
    )["Policy"]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=policy, TargetId=PAYMENTS_ACCOUNT)
    yield built
    organizations.detach_policy(PolicyId=policy, TargetId=PAYMENTS_ACCOUNT)
    organizations.delete_policy(PolicyId=policy)
