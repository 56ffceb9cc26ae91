"""A job of AWS Backup works with the rights of its role, inside what keys, vaults and the organisation allow.

Sources: AWS Backup Developer Guide, "IAM service roles", "Managed policies for AWS Backup" and "Creating backup copies
across AWS accounts"; Service Authorization Reference, CopyFromBackupVault with backup:CopyTargets; Organizations User
Guide, "Service control policies" (they bind service roles, not service-linked roles).
"""

import json
import urllib.request
from copy import replace
from dataclasses import dataclass
from typing import Any

import pytest

from sandbox.clients import client
from sandbox.example.deployment import ROOT
from sandbox.lifecycle import Sandbox
from sandbox.settings import BACKUP_ACCOUNT, HOME_REGION, MANAGEMENT_ACCOUNT, ORGANIZATION_ID
from tests.builders.places import a_vault_arn
from tests.integration.authority.conftest import ACCOUNT, Role, a_key, a_name, a_role, allow, document, scp
from tests.integration.delegation import delegate_to_the_backup_account

MANAGED = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyFor"
OF_THE_ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION_ID}}
USE = ("kms:DescribeKey", "kms:CreateGrant", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")
COPYING = {"Effect": "Deny", "Action": "backup:CopyFromBackupVault", "Resource": "*"}


@dataclass(frozen=True)
class Place:
    """A vault here and one in the backup account, a file system, a volume, and the role of a job."""

    url: str
    local: str
    central: str
    role: Role
    file_system: str
    volume: str

    def settle(self) -> None:
        """Wait until every job has ended."""
        self.control("settle")

    def control(self, path: str, **order: Any) -> None:
        """Call a control route of AWS Backup."""
        body = json.dumps(order).encode()
        request = urllib.request.Request(f"{self.url}/_sandbox/backup/{path}", body, method="POST")  # noqa: S310
        with urllib.request.urlopen(request, timeout=60):  # noqa: S310
            pass

    def backed_up(self, resource: str) -> Any:
        """The backup job of a resource when it has ended."""
        backup = client("backup", ACCOUNT)
        job = backup.start_backup_job(BackupVaultName=self.local, ResourceArn=resource, IamRoleArn=self.role.arn)
        self.settle()
        return backup.describe_backup_job(BackupJobId=job["BackupJobId"])

    def copied(self, resource: str) -> Any:
        """The job of a copy into the backup account, when it has ended; the backup itself must complete."""
        backup, done = client("backup", ACCOUNT), self.backed_up(resource)
        assert done["State"] == "COMPLETED", done
        job = backup.start_copy_job(
            RecoveryPointArn=done["RecoveryPointArn"],
            SourceBackupVaultName=self.local,
            DestinationBackupVaultArn=_vault_arn(BACKUP_ACCOUNT, self.central),
            IamRoleArn=self.role.arn,
        )
        self.settle()
        return backup.describe_copy_job(CopyJobId=job["CopyJobId"])["CopyJob"]

    def manage(self, *names: str) -> None:
        """Attach policies that AWS manages for the role."""
        for name in names:
            client("iam", ACCOUNT).attach_role_policy(RoleName=self.role.name, PolicyArn=MANAGED + name)


def _vault_arn(account: str, name: str) -> str:
    return a_vault_arn(name, account=account, region=HOME_REGION)


@pytest.fixture(scope="module")
def _organization(sandbox_host: Sandbox) -> None:
    delegate_to_the_backup_account()
    client("backup", MANAGEMENT_ACCOUNT).update_global_settings(GlobalSettings={"isCrossAccountBackupEnabled": "true"})


def _place(url: str, central_key: str) -> Place:
    local, central = a_name(), a_name()
    shared = a_key(allow("kms:*", Principal={"AWS": f"arn:aws:iam::{BACKUP_ACCOUNT}:root"}))
    client("backup", ACCOUNT).create_backup_vault(BackupVaultName=local, EncryptionKeyArn=shared)
    vaults = client("backup", BACKUP_ACCOUNT)
    vaults.create_backup_vault(BackupVaultName=central, EncryptionKeyArn=central_key)
    let_in = document(allow("backup:CopyIntoBackupVault", Principal="*", Condition=OF_THE_ORGANIZATION))
    vaults.put_backup_vault_access_policy(BackupVaultName=central, Policy=let_in)
    system = client("efs", ACCOUNT).create_file_system(CreationToken=a_name(), Encrypted=True)["FileSystemId"]
    volume = client("ec2", ACCOUNT).create_volume(AvailabilityZone=f"{HOME_REGION}a", Size=1)["VolumeId"]
    return Place(
        url,
        local,
        central,
        a_role(service="backup.amazonaws.com"),
        f"arn:aws:elasticfilesystem:{HOME_REGION}:{ACCOUNT}:file-system/{system}",
        f"arn:aws:ec2:{HOME_REGION}:{ACCOUNT}:volume/{volume}",
    )


@pytest.fixture
def place(sandbox_host: Sandbox, _organization: None) -> Place:
    """A place whose central key lets the roles of the organization's accounts in."""
    return _place(
        sandbox_host.url, a_key(allow(*USE, Principal="*", Condition=OF_THE_ORGANIZATION), account=BACKUP_ACCOUNT)
    )


@pytest.fixture
def shut_key(sandbox_host: Sandbox, _organization: None) -> Place:
    """A place whose central key names service-linked roles only."""
    linked = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
    condition = {"ArnEquals": {"aws:PrincipalArn": linked}}
    statement = allow(*USE, Principal="*", Condition=condition)
    return _place(sandbox_host.url, a_key(statement, account=BACKUP_ACCOUNT))


def test_a_role_without_a_policy_backs_nothing_up(place: Place) -> None:
    job = place.backed_up(place.volume)
    assert (job["State"], job["MessageCategory"]) == ("FAILED", "AccessDenied")
    assert "ec2:CreateSnapshot" in job["StatusMessage"]
    place.manage("Backup")
    assert place.backed_up(place.volume)["State"] == "COMPLETED"


def test_a_role_that_lets_aws_backup_in_for_another_account_only_backs_nothing_up(place: Place) -> None:
    """Source: IAM User Guide, "The confused deputy problem", cross-service prevention by aws:SourceAccount."""
    place.manage("Backup")
    for source, ends in (("111122223333", False), (ACCOUNT, True)):
        condition = {"StringEquals": {"aws:SourceAccount": source}}
        let_in = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
        trust = document({**let_in, "Condition": condition})
        client("iam", ACCOUNT).update_assume_role_policy(RoleName=place.role.name, PolicyDocument=trust)
        assert (place.backed_up(place.volume)["State"] == "COMPLETED") is ends


def test_a_backup_that_aws_backup_keeps_needs_the_vaults_key(place: Place) -> None:
    place.role.may(allow("elasticfilesystem:Backup"))
    assert "kms:DescribeKey" in place.backed_up(place.file_system)["StatusMessage"]
    place.role.may(allow("elasticfilesystem:Backup"), allow("kms:DescribeKey"))
    assert "kms:CreateGrant" in place.backed_up(place.file_system)["StatusMessage"]


def test_an_scp_binds_the_role_of_a_backup(place: Place) -> None:
    place.manage("Backup")
    with scp({"Effect": "Deny", "Action": "ec2:CreateSnapshot", "Resource": "*"}):
        job = place.backed_up(place.volume)
    assert job["State"] == "FAILED"
    assert "explicit deny in a service control policy" in job["StatusMessage"]


@pytest.mark.parametrize("missing", ["backup:CopyFromBackupVault", "backup:CopyIntoBackupVault"])
def test_a_copy_leaves_and_arrives_by_a_right_of_the_role(place: Place, missing: str) -> None:
    place.role.may(allow("*"), {"Effect": "Deny", "Action": missing, "Resource": "*"})
    job = place.copied(place.file_system)
    assert (job["State"], job["MessageCategory"]) == ("FAILED", "AccessDenied")
    assert missing in job["StatusMessage"]


def test_the_managed_policy_copies_both_what_aws_backup_keeps_and_what_it_does_not(place: Place) -> None:
    place.manage("Backup")
    assert place.copied(place.file_system)["State"] == "COMPLETED"
    place.role.may({"Effect": "Deny", "Action": "ec2:ModifySnapshotAttribute", "Resource": "*"})
    assert "ec2:ModifySnapshotAttribute" in place.copied(place.volume)["StatusMessage"]


def test_an_scp_stops_a_copy_by_where_it_goes(place: Place) -> None:
    place.manage("Backup")
    here = _vault_arn(BACKUP_ACCOUNT, place.central)
    elsewhere = _vault_arn(BACKUP_ACCOUNT, "another")
    with scp({**COPYING, "Condition": {"ForAnyValue:ArnNotLike": {"backup:CopyTargets": [elsewhere]}}}):
        assert place.copied(place.file_system)["State"] == "FAILED"
    with scp({**COPYING, "Condition": {"ForAnyValue:ArnNotLike": {"backup:CopyTargets": [here]}}}):
        assert place.copied(place.file_system)["State"] == "COMPLETED"


def test_refusing_unnamed_copies_stops_whatever_aws_does_not_name(place: Place) -> None:
    place.manage("Backup")
    unnamed = {**COPYING, "Condition": {"Null": {"backup:CopyTargets": "true"}}}
    with scp(unnamed):
        assert place.copied(place.file_system)["State"] == "COMPLETED"
        place.control("faults", fault="unnamed_copy", match={"resource_arn": place.file_system})
        assert "service control policy" in place.copied(place.file_system)["StatusMessage"]


def test_the_example_lets_a_copy_pass_that_aws_does_not_name(place: Place) -> None:
    place.manage("Backup")
    here = _vault_arn(BACKUP_ACCOUNT, place.central)
    with scp({**COPYING, "Condition": {"ForAnyValue:ArnNotLike": {"backup:CopyTargets": [here]}}}):
        place.control("faults", fault="unnamed_copy", match={"resource_arn": place.file_system})
        assert place.copied(place.file_system)["State"] == "COMPLETED"


def test_starting_a_copy_names_where_it_goes(place: Place) -> None:
    place.manage("Backup")
    unnamed = {"Null": {"backup:CopyTargets": "true"}}
    with scp({"Effect": "Deny", "Action": "backup:StartCopyJob", "Resource": "*", "Condition": unnamed}):
        assert place.copied(place.file_system)["State"] == "COMPLETED"


def test_a_copy_needs_the_role_in_the_destinations_key(shut_key: Place) -> None:
    """Of what AWS Backup does not keep itself no page says so; the stage asks for it all the same."""
    shut_key.manage("Backup")
    job = shut_key.copied(shut_key.file_system)
    assert job["State"] == "FAILED"
    assert f"kms:DescribeKey on resource: arn:aws:kms:{HOME_REGION}:{BACKUP_ACCOUNT}" in job["StatusMessage"]
    native = shut_key.copied(shut_key.volume)
    assert (native["State"], "of the destination backup vault" in native["StatusMessage"]) == ("FAILED", True)


VAULT_PARAMETERS = {
    "GovernedPaths": f"{ORGANIZATION_ID}/*",
    "OrganizationId": ORGANIZATION_ID,
    "VaultName": "of-the-template",
    "MinRetentionDays": "7",
    "MaxRetentionDays": "35",
    "ChangeableForDays": "36500",
}


@pytest.fixture(scope="module")
def our_key() -> str:
    """The key of our own vault of copies, as its template makes it."""
    stacks = client("cloudformation", BACKUP_ACCOUNT)
    stacks.create_stack(
        StackName="our-vault",
        TemplateBody=(ROOT / "stacks" / "vault.yaml").read_text(encoding="utf-8"),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in VAULT_PARAMETERS.items()],
    )
    stacks.get_waiter("stack_create_complete").wait(StackName="our-vault", WaiterConfig={"Delay": 1})
    key = stacks.describe_stack_resource(StackName="our-vault", LogicalResourceId="VaultKey")
    key_id = key["StackResourceDetail"]["PhysicalResourceId"]
    return str(client("kms", BACKUP_ACCOUNT).describe_key(KeyId=key_id)["KeyMetadata"]["Arn"])


@pytest.mark.usefixtures("_organization")
def test_our_own_key_lets_the_backup_role_of_a_member_in_and_no_other(sandbox_host: Sandbox, our_key: str) -> None:
    place = _place(sandbox_host.url, our_key)
    place.manage("Backup")
    assert our_key in place.copied(place.file_system)["StatusMessage"]
    ours = a_role(service="backup.amazonaws.com", path="/strongroom/", name="strongroom-backup")
    place = replace(place, role=ours)
    place.manage("Backup")
    assert place.copied(place.file_system)["State"] == "COMPLETED"


def test_a_role_that_backs_up_does_not_restore(place: Place) -> None:
    place.manage("Backup")
    backup, point = client("backup", ACCOUNT), place.backed_up(place.volume)["RecoveryPointArn"]
    found = backup.get_recovery_point_restore_metadata(BackupVaultName=place.local, RecoveryPointArn=point)
    request = {"RecoveryPointArn": point, "Metadata": found["RestoreMetadata"], "IamRoleArn": place.role.arn}

    def restored() -> Any:
        job = backup.start_restore_job(**request)
        place.settle()
        return backup.describe_restore_job(RestoreJobId=job["RestoreJobId"])

    assert "ec2:CreateVolume" in restored()["StatusMessage"]
    place.manage("Restores")
    assert restored()["Status"] == "COMPLETED"
    with scp({"Effect": "Deny", "Action": "ec2:CreateVolume", "Resource": point}):
        assert "explicit deny in a service control policy" in restored()["StatusMessage"]


def test_a_table_under_a_customers_key_is_read_by_a_right_on_the_key(place: Place) -> None:
    table = client("dynamodb", ACCOUNT).create_table(
        TableName=a_name(),
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": a_key()},
    )["TableDescription"]["TableArn"]
    kept = [allow("kms:DescribeKey", "kms:CreateGrant"), allow("dynamodb:*")]
    place.role.may(*kept)
    assert "kms:Decrypt" in place.backed_up(table)["StatusMessage"]
    place.role.may(
        *kept, allow("kms:Decrypt", Condition={"StringLike": {"kms:ViaService": "dynamodb.*.amazonaws.com"}})
    )
    assert place.backed_up(table)["State"] == "COMPLETED"


def test_the_managed_policies_of_backups_exist() -> None:
    for name in ("service-role/AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForS3Restore"):
        iam = client("iam", ACCOUNT)
        policy = iam.get_policy(PolicyArn=f"arn:aws:iam::aws:policy/{name}")["Policy"]
        version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])
        assert json.dumps(version["PolicyVersion"]["Document"])
