"""At the front door: under the tagging role's own policy our key is written, another is refused by IAM, as all else is.

What the stage does not have, `tests/contract/iam/test_tagging_role.py` puts to the same evaluator.

Service Authorization Reference: the tagging actions of EC2, RDS, DynamoDB, EFS and S3's control API know `aws:TagKeys`.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from sandbox import lifecycle
from sandbox.clients import client
from sandbox.settings import HOME_REGION
from tests.contract.iam.tagging_documents import tagging_statements
from tests.contract.iam.test_tagging_role import OTHERS
from tests.integration.authority.conftest import ACCOUNT, a_name, a_role, refusal


@pytest.fixture(scope="module")
def service(sandbox_host: lifecycle.Sandbox) -> Callable[[str], Any]:
    """Clients of somebody who has the role's rights, with `Backup` for our key."""
    assert sandbox_host
    role = a_role(*tagging_statements(account=ACCOUNT))
    return role.client


def a_table() -> str:
    made = client("dynamodb", ACCOUNT).create_table(
        TableName=a_name(),
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    return str(made["TableDescription"]["TableArn"])


def a_volume() -> str:
    return str(client("ec2", ACCOUNT).create_volume(AvailabilityZone=f"{HOME_REGION}a", Size=1)["VolumeId"])


def a_database() -> str:
    made = client("rds", ACCOUNT).create_db_instance(
        DBInstanceIdentifier=a_name(), DBInstanceClass="db.t3.micro", Engine="postgres", AllocatedStorage=20
    )
    return str(made["DBInstance"]["DBInstanceArn"])


def a_file_system() -> str:
    return str(client("efs", ACCOUNT).create_file_system(CreationToken=a_name())["FileSystemId"])


def a_bucket() -> str:
    name = a_name()
    client("s3", ACCOUNT).create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": HOME_REGION})
    return f"arn:aws:s3:::{name}"


def pairs(*keys: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": "daily-prod"} for key in keys]


DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
WRITES: dict[str, tuple[Callable[[], str], str, str, str]] = {
    "dynamodb": (a_table, "tag_resource", "ResourceArn", "Tags"),
    "ec2": (a_volume, "create_tags", "Resources", "Tags"),
    "rds": (a_database, "add_tags_to_resource", "ResourceName", "Tags"),
    "efs": (a_file_system, "tag_resource", "ResourceId", "Tags"),
    "s3control": (a_bucket, "tag_resource", "ResourceArn", "Tags"),
}
# The control API is asked at a host of the account's own, which this machine does not have.
ACCOUNTS = {"s3control": {"AccountId": ACCOUNT}}


def without_account(request: Any, **_: Any) -> None:
    request.url = request.url.replace(f"//{ACCOUNT}.", "//")


@pytest.mark.parametrize("name", WRITES)
def test_our_key_is_written_and_no_other_alone_or_beside_it(name: str, service: Callable[[str], Any]) -> None:
    make, call, where, tags = WRITES[name]
    made: Any = make()
    named = {where: [made] if where == "Resources" else made}
    client_of_role = service(name)
    client_of_role.meta.events.register("before-sign.s3-control", without_account)
    named |= ACCOUNTS.get(name, {})
    write = getattr(client_of_role, call)
    write(**named, **{tags: pairs("Backup")})
    for keys in (("team",), ("Backup", "team")):
        code, _ = refusal(partial(write, **named, **{tags: pairs(*keys)}))
        assert code in DENIED


def test_of_many_what_is_there_is_described_by_filters(service: Callable[[str], Any]) -> None:
    volume = a_volume()
    asked = [{"Name": "volume-id", "Values": [volume, "vol-0123456789abcdef0"]}]
    [found] = service("ec2").describe_volumes(Filters=asked)["Volumes"]
    assert found["VolumeId"] == volume


def test_a_bucket_takes_its_whole_set_whatever_is_in_it(service: Callable[[str], Any]) -> None:
    """Of the fifteen the one whose keys AWS does not tell IAM."""
    bucket, s3 = a_bucket().rpartition(":")[2], service("s3")
    for keys in (("Backup",), ("Backup", "team")):
        s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": pairs(*keys)})
    assert {each["Key"] for each in s3.get_bucket_tagging(Bucket=bucket)["TagSet"]} == {"Backup", "team"}


def test_a_cluster_of_kubernetes_takes_our_key_and_no_other(service: Callable[[str], Any]) -> None:
    name, trusted = a_name(), {"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}}
    trust = json.dumps({"Version": "2012-10-17", "Statement": {**trusted, "Action": "sts:AssumeRole"}})
    role = client("iam", ACCOUNT).create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    made = client("eks", ACCOUNT).create_cluster(
        name=name, roleArn=role, resourcesVpcConfig={"subnetIds": ["subnet-1"]}
    )
    arn, eks = made["cluster"]["arn"], service("eks")
    eks.tag_resource(resourceArn=arn, tags={"Backup": "daily-prod"})
    for tags in ({"team": "a"}, {"Backup": "daily-prod", "team": "a"}):
        code, _ = refusal(partial(eks.tag_resource, resourceArn=arn, tags=tags))
        assert code in DENIED


def there(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{HOME_REGION}:{ACCOUNT}:{rest}"


ROLE_TO_PASS = f"arn:aws:iam::{ACCOUNT}:role/any"
POINT = f"arn:aws:ec2:{HOME_REGION}::snapshot/snap-0123456789abcdef0"
TABLE, FILES = there("dynamodb", "table/orders"), "fs-0123456789abcdef0"
BACKUP_TAG = ["Backup"]
KEY = {"id": {"S": "1"}}
# What else somebody would try who has the role, each as the call that needs the right.
ATTEMPTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "backup:DeleteRecoveryPoint": (
        *("backup", "delete_recovery_point"), {"BackupVaultName": "vault", "RecoveryPointArn": POINT}
    ),
    "backup:StartBackupJob": (
        *("backup", "start_backup_job"), {"BackupVaultName": "vault", "ResourceArn": TABLE, "IamRoleArn": ROLE_TO_PASS}
    ),
    "backup:TagResource": ("backup", "tag_resource", {"ResourceArn": POINT, "Tags": {"Backup": "daily-prod"}}),
    "cloudformation:UpdateStack": ("cloudformation", "update_stack", {"StackName": "any", "TemplateBody": "{}"}),
    "dynamodb:DeleteTable": ("dynamodb", "delete_table", {"TableName": "orders"}),
    "dynamodb:GetItem": ("dynamodb", "get_item", {"TableName": "orders", "Key": KEY}),
    "dynamodb:UntagResource": ("dynamodb", "untag_resource", {"ResourceArn": TABLE, "TagKeys": BACKUP_TAG}),
    "ec2:DeleteTags": ("ec2", "delete_tags", {"Resources": ["vol-0123456789abcdef0"], "Tags": [{"Key": "Backup"}]}),
    "ec2:RunInstances": (
        *("ec2", "run_instances"), {"ImageId": "ami-0123456789abcdef0", "MinCount": 1, "MaxCount": 1}
    ),
    "ec2:TerminateInstances": ("ec2", "terminate_instances", {"InstanceIds": ["i-0123456789abcdef0"]}),
    "elasticfilesystem:UntagResource": ("efs", "untag_resource", {"ResourceId": FILES, "TagKeys": BACKUP_TAG}),
    "iam:CreateRole": ("iam", "create_role", {"RoleName": "mine", "AssumeRolePolicyDocument": "{}"}),
    "kms:Decrypt": ("kms", "decrypt", {"CiphertextBlob": b"any", "KeyId": there("kms", "key/1234abcd")}),
    "rds:DeleteDBInstance": (
        *("rds", "delete_db_instance"), {"DBInstanceIdentifier": "orders", "SkipFinalSnapshot": True}
    ),
    "rds:RemoveTagsFromResource": (
        *("rds", "remove_tags_from_resource"), {"ResourceName": there("rds", "db:orders"), "TagKeys": BACKUP_TAG}
    ),
    "s3:DeleteBucket": ("s3", "delete_bucket", {"Bucket": "orders"}),
    "s3:GetObject": ("s3", "get_object", {"Bucket": "orders", "Key": "any"}),
    "sts:AssumeRole": ("sts", "assume_role", {"RoleArn": ROLE_TO_PASS, "RoleSessionName": "any"}),
    "tag:TagResources": (
        *("resourcegroupstaggingapi", "tag_resources"), {"ResourceARNList": [TABLE], "Tags": {"Backup": "daily-prod"}}
    ),
}  # fmt: skip


def test_every_other_act_is_tried_at_the_front_door_but_that_which_is_no_call() -> None:
    assert set(OTHERS) - set(ATTEMPTS) == {"iam:PassRole"}


@pytest.mark.parametrize("action", ATTEMPTS)
def test_nothing_else_is_done(action: str, service: Callable[[str], Any]) -> None:
    name, call, request = ATTEMPTS[action]
    if name == "s3":
        client("s3", ACCOUNT).create_bucket(
            Bucket=(bucket := a_name()), CreateBucketConfiguration={"LocationConstraint": HOME_REGION}
        )
        request = {**request, "Bucket": bucket}
    code, _ = refusal(partial(getattr(service(name), call), **request))
    assert code in DENIED
