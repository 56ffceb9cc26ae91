"""SCPs through the wire: whom they bind, whom they do not, and in whose words they refuse."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.clients import client, every
from sandbox.settings import (
    BACKUP_ACCOUNT,
    MANAGEMENT_ACCOUNT,
    OU_PRODUCTION,
    OU_SHARED,
    PAYMENTS_ACCOUNT,
    REPORTS_ACCOUNT,
    ROOT_ID,
)
from tests.builders.places import LOCAL_VAULT

type Statement = dict[str, Any]

IN_AN_SCP = "explicit deny in a service control policy"
NO_SCP_ALLOWS = "no service control policy allows"
RECOVERY_POINT = "arn:aws:ec2:eu-west-1::snapshot/snap-0123456789abcdef0"


def deny(action: str, resource: str = "*", condition: dict[str, Any] | None = None) -> Statement:
    statement: Statement = {"Effect": "Deny", "Action": action, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def refusal_of(call: Callable[[], Any]) -> tuple[str, str] | None:
    """The error code and message of a call that an SCP refused, None when it got past the SCPs."""
    try:
        call()
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        return (code, message) if IN_AN_SCP in message or NO_SCP_ALLOWS in message else None
    return None


def delete_vault(backup: Any) -> Callable[[], Any]:
    return lambda: backup.delete_backup_vault(BackupVaultName="no-such-vault")


@pytest.mark.parametrize(
    ("service", "action", "call", "code"),
    [
        pytest.param("rds", "rds:DescribeDBInstances", "describe_db_instances", "AccessDenied", id="query"),
        pytest.param("ec2", "ec2:DescribeVolumes", "describe_volumes", "UnauthorizedOperation", id="ec2"),
        pytest.param("dynamodb", "dynamodb:ListTables", "list_tables", "AccessDeniedException", id="json"),
        pytest.param(
            "backup", "backup:ListBackupVaults", "list_backup_vaults", "AccessDeniedException", id="rest-json"
        ),
        pytest.param("s3", "s3:ListAllMyBuckets", "list_buckets", "AccessDenied", id="rest-xml"),
        pytest.param("ssm", "ssm:DescribeParameters", "describe_parameters", "AccessDeniedException", id="ssm"),
        pytest.param("logs", "logs:DescribeLogGroups", "describe_log_groups", "AccessDeniedException", id="logs"),
        pytest.param("iam", "iam:ListRoles", "list_roles", "AccessDenied", id="iam"),
        pytest.param("events", "events:ListRules", "list_rules", "AccessDeniedException", id="events"),
    ],
)
def test_a_denied_call_is_refused_in_the_format_of_its_service(
    service: str, action: str, call: str, code: str, attached: Any
) -> None:
    member = client(service, PAYMENTS_ACCOUNT)
    assert refusal_of(getattr(member, call)) is None
    with attached(PAYMENTS_ACCOUNT, deny(action)):
        refused = refusal_of(getattr(member, call))
    assert refused is not None
    assert refused[0] == code
    assert f"User: arn:aws:iam::{PAYMENTS_ACCOUNT}:root is not authorized to perform: {action}" in refused[1]
    assert refusal_of(getattr(member, call)) is None


@pytest.mark.parametrize("target", [ROOT_ID, OU_PRODUCTION, PAYMENTS_ACCOUNT], ids=["root", "unit", "account"])
def test_an_scp_binds_root_and_administrators_of_a_member_wherever_on_the_path_it_hangs(
    target: str, attached: Any, person: Any
) -> None:
    with attached(target, deny("backup:DeleteBackupVault")):
        assert refusal_of(delete_vault(client("backup", PAYMENTS_ACCOUNT)))
        assert refusal_of(delete_vault(person("backup", PAYMENTS_ACCOUNT)))
    assert refusal_of(delete_vault(person("backup", PAYMENTS_ACCOUNT))) is None


def test_an_scp_does_not_bind_accounts_elsewhere(attached: Any) -> None:
    with attached(OU_PRODUCTION, deny("backup:DeleteBackupVault")):
        assert refusal_of(delete_vault(client("backup", REPORTS_ACCOUNT))) is None


def test_an_scp_follows_an_account_that_moves(attached: Any, management: Any) -> None:
    home = every(management, "list_parents", ChildId=REPORTS_ACCOUNT)[0]["Id"]
    with attached(OU_PRODUCTION, deny("backup:DeleteBackupVault")):
        management.move_account(AccountId=REPORTS_ACCOUNT, SourceParentId=home, DestinationParentId=OU_PRODUCTION)
        assert refusal_of(delete_vault(client("backup", REPORTS_ACCOUNT)))
        management.move_account(AccountId=REPORTS_ACCOUNT, SourceParentId=OU_PRODUCTION, DestinationParentId=home)
        assert refusal_of(delete_vault(client("backup", REPORTS_ACCOUNT))) is None


def test_management_is_never_bound(attached: Any, person: Any) -> None:
    with attached(ROOT_ID, deny("backup:*")):
        assert refusal_of(delete_vault(client("backup", MANAGEMENT_ACCOUNT))) is None
        assert refusal_of(delete_vault(person("backup", MANAGEMENT_ACCOUNT))) is None


def test_the_delegated_administrator_is_bound(attached: Any, person: Any) -> None:
    assert refusal_of(delete_vault(person("backup", BACKUP_ACCOUNT))) is None
    with attached(OU_SHARED, deny("backup:DeleteBackupVault")):
        assert refusal_of(delete_vault(person("backup", BACKUP_ACCOUNT)))


def make_role(account: str, name: str, path: str = "/") -> str:
    iam = client("iam", account)
    trust = '{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "777777777778"}, "Action": "sts:AssumeRole"}]}'
    made = iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trust)
    iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    return str(made["Role"]["Arn"])


def test_a_role_is_exempt_by_its_exact_arn_with_path_and_not_by_its_name(attached: Any, person: Any) -> None:
    exempt = make_role(PAYMENTS_ACCOUNT, "BackupAdminRole", "/strongroom/")
    make_role("333333333333", "BackupAdminRole")
    condition = {"ArnNotEquals": {"aws:PrincipalArn": exempt}}
    with attached(OU_PRODUCTION, deny("backup:DeleteBackupVault", condition=condition)):
        assert refusal_of(delete_vault(person("backup", PAYMENTS_ACCOUNT, "BackupAdminRole"))) is None
        assert refusal_of(delete_vault(person("backup", PAYMENTS_ACCOUNT)))
        assert refusal_of(delete_vault(person("backup", "333333333333", "BackupAdminRole")))


def test_a_service_linked_role_is_not_bound(attached: Any, person: Any) -> None:
    make_role(PAYMENTS_ACCOUNT, "AWSServiceRoleForBackup", "/aws-service-role/backup.amazonaws.com/")
    with attached(PAYMENTS_ACCOUNT, deny("*")):
        assert refusal_of(delete_vault(person("backup", PAYMENTS_ACCOUNT, "AWSServiceRoleForBackup"))) is None


@pytest.mark.parametrize(
    ("condition", "denies"),
    [
        pytest.param({"StringEquals": {"aws:PrincipalOrgID": "o-strongroom1"}}, True, id="organisation"),
        pytest.param({"StringNotEquals": {"aws:PrincipalOrgID": "o-strongroom1"}}, False, id="not the organisation"),
        pytest.param(
            {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-strongroom1/r-strg/ou-strg-prod0001/*"}},
            True,
            id="path",
        ),
        pytest.param(
            {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-strongroom1/r-strg/ou-strg-sand0001/*"}},
            False,
            id="another path",
        ),
        pytest.param({"StringEquals": {"aws:PrincipalOrgPath": "o-strongroom1/*"}}, False, id="a key that is none"),
        pytest.param({"Bool": {"aws:PrincipalIsAWSService": "false"}}, True, id="no AWS service"),
        pytest.param({"Bool": {"aws:ViaAWSService": "true"}}, False, id="via an AWS service"),
        pytest.param(
            {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::222222222222:role/AdministratorAccess"}}, True, id="role arn"
        ),
    ],
)
def test_condition_keys_of_the_organisation_have_their_values(
    condition: dict[str, Any], *, denies: bool, attached: Any, person: Any
) -> None:
    with attached(PAYMENTS_ACCOUNT, deny("backup:DeleteBackupVault", condition=condition)):
        assert (refusal_of(delete_vault(person("backup", PAYMENTS_ACCOUNT))) is not None) is denies


def test_a_level_that_allows_nothing_refuses_everything(attached: Any, management: Any) -> None:
    allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    with attached(PAYMENTS_ACCOUNT, allow):
        management.detach_policy(PolicyId="p-FullAWSAccess", TargetId=PAYMENTS_ACCOUNT)
        refused = refusal_of(client("dynamodb", PAYMENTS_ACCOUNT).list_tables)
        assert refusal_of(client("s3", PAYMENTS_ACCOUNT).list_buckets) is None
        management.attach_policy(PolicyId="p-FullAWSAccess", TargetId=PAYMENTS_ACCOUNT)
    assert refused is not None
    assert NO_SCP_ALLOWS in refused[1]


def test_switching_scps_off_frees_everybody(attached: Any, management: Any) -> None:
    scp = {"RootId": ROOT_ID, "PolicyType": "SERVICE_CONTROL_POLICY"}
    with attached(PAYMENTS_ACCOUNT, deny("backup:*")):
        assert refusal_of(delete_vault(client("backup", PAYMENTS_ACCOUNT)))
        management.disable_policy_type(**scp)
        assert refusal_of(delete_vault(client("backup", PAYMENTS_ACCOUNT))) is None
        management.enable_policy_type(**scp)


def test_the_new_text_of_an_scp_counts_at_once(attached: Any, management: Any) -> None:
    with attached(PAYMENTS_ACCOUNT, deny("backup:*")) as policy_id:
        assert refusal_of(delete_vault(client("backup", PAYMENTS_ACCOUNT)))
        content = '{"Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}'
        management.update_policy(PolicyId=policy_id, Content=content)
        assert refusal_of(delete_vault(client("backup", PAYMENTS_ACCOUNT))) is None


POINT = {"BackupVaultName": "local-prod-vault", "RecoveryPointArn": RECOVERY_POINT}
TAG = {"Key": "Backup", "Value": "daily-prod"}


@pytest.mark.parametrize(
    ("service", "action", "resource", "call", "parameters"),
    [
        ("backup", "backup:DeleteRecoveryPoint", RECOVERY_POINT, "delete_recovery_point", POINT),
        ("backup", "backup:DisassociateRecoveryPoint", RECOVERY_POINT, "disassociate_recovery_point", POINT),
        (
            "backup",
            "backup:UpdateRecoveryPointLifecycle",
            RECOVERY_POINT,
            "update_recovery_point_lifecycle",
            {**POINT, "Lifecycle": {"DeleteAfterDays": 1}},
        ),
        (
            "backup",
            "backup:StartRestoreJob",
            RECOVERY_POINT,
            "start_restore_job",
            {"RecoveryPointArn": RECOVERY_POINT, "Metadata": {}},
        ),
        (
            "backup",
            "backup:DeleteBackupVaultLockConfiguration",
            LOCAL_VAULT,
            "delete_backup_vault_lock_configuration",
            {"BackupVaultName": "local-prod-vault"},
        ),
        (
            "backup",
            "backup:PutBackupVaultAccessPolicy",
            LOCAL_VAULT,
            "put_backup_vault_access_policy",
            {"BackupVaultName": "local-prod-vault", "Policy": "{}"},
        ),
        (
            "backup",
            "backup:StartBackupJob",
            LOCAL_VAULT,
            "start_backup_job",
            {
                "BackupVaultName": "local-prod-vault",
                "ResourceArn": "arn:aws:rds:eu-west-1:222222222222:db:x",
                "IamRoleArn": "arn:aws:iam::222222222222:role/x",
            },
        ),
        (
            "backup",
            "backup:UntagResource",
            LOCAL_VAULT,
            "untag_resource",
            {"ResourceArn": LOCAL_VAULT, "TagKeyList": ["Backup"]},
        ),
        (
            "events",
            "events:DeleteRule",
            "arn:aws:events:eu-west-1:222222222222:rule/forward",
            "delete_rule",
            {"Name": "forward"},
        ),
        (
            "events",
            "events:RemoveTargets",
            "arn:aws:events:eu-west-1:222222222222:rule/forward",
            "remove_targets",
            {"Rule": "forward", "Ids": ["1"]},
        ),
        ("ec2", "ec2:DeleteSnapshot", RECOVERY_POINT, "delete_snapshot", {"SnapshotId": "snap-0123456789abcdef0"}),
        (
            "ec2",
            "ec2:DeleteTags",
            "arn:aws:ec2:eu-west-1:222222222222:volume/vol-1",
            "delete_tags",
            {"Resources": ["vol-1"], "Tags": [{"Key": "Backup"}]},
        ),
        (
            "rds",
            "rds:DeleteDBSnapshot",
            "arn:aws:rds:eu-west-1:222222222222:snapshot:s",
            "delete_db_snapshot",
            {"DBSnapshotIdentifier": "s"},
        ),
        (
            "iam",
            "iam:CreateRole",
            "arn:aws:iam::222222222222:role/strongroom/backup",
            "create_role",
            {"RoleName": "backup", "Path": "/strongroom/", "AssumeRolePolicyDocument": "{}"},
        ),
        ("organizations", "organizations:LeaveOrganization", "*", "leave_organization", {}),
    ],
)
def test_a_call_is_authorised_as_the_action_on_the_resource_that_aws_names(
    service: str, action: str, resource: str, call: str, parameters: dict[str, Any], attached: Any
) -> None:
    member = client(service, PAYMENTS_ACCOUNT)
    with attached(PAYMENTS_ACCOUNT, deny(action, "arn:aws:none:::elsewhere"), deny(action, resource)):
        refused = refusal_of(lambda: getattr(member, call)(**parameters))
    assert refused is not None
    assert f"{action} on resource: {resource} " in refused[1]


TABLE = {
    "TableName": "orders",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}
INSTANCE = {"DBInstanceIdentifier": "orders", "DBInstanceClass": "db.t3.micro", "Engine": "postgres"}
CLUSTER = {"DBClusterIdentifier": "orders", "Engine": "aurora-postgresql"}
VOLUME = {"AvailabilityZone": "eu-west-1a", "Size": 1}
MACHINE = {"ImageId": "ami-12345678", "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro"}
BUCKET: dict[str, Any] = {"Bucket": "orders-archive"}
PLACE = {"LocationConstraint": "eu-west-1"}


def specification(*kinds: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [TAG]} for kind in kinds]


@pytest.mark.parametrize(
    ("service", "action", "call", "untagged", "tagged"),
    [
        ("dynamodb", "dynamodb:CreateTable", "create_table", TABLE, {"Tags": [TAG]}),
        ("rds", "rds:CreateDBInstance", "create_db_instance", INSTANCE, {"Tags": [TAG]}),
        ("rds", "rds:CreateDBCluster", "create_db_cluster", CLUSTER, {"Tags": [TAG]}),
        ("efs", "elasticfilesystem:CreateFileSystem", "create_file_system", {"CreationToken": "t"}, {"Tags": [TAG]}),
        (
            "ec2",
            "ec2:CreateVolume",
            "create_volume",
            VOLUME,
            {"TagSpecifications": specification("volume")},
        ),
        (
            "ec2",
            "ec2:RunInstances",
            "run_instances",
            {**MACHINE, "TagSpecifications": specification("instance")},
            {"TagSpecifications": specification("instance", "volume")},
        ),
        (
            "s3",
            "s3:CreateBucket",
            "create_bucket",
            {**BUCKET, "CreateBucketConfiguration": PLACE},
            {"CreateBucketConfiguration": {**PLACE, "Tags": [TAG]}},
        ),
    ],
    ids=["dynamodb", "rds instance", "rds cluster", "efs", "volume", "instance", "bucket"],
)
def test_creation_without_the_tag_is_refused_and_with_it_is_not(
    service: str, action: str, call: str, untagged: dict[str, Any], tagged: dict[str, Any], attached: Any
) -> None:
    create = getattr(client(service, PAYMENTS_ACCOUNT), call)
    missing = deny(action, condition={"Null": {"aws:RequestTag/Backup": "true"}})
    wrong = deny(action, condition={"StringNotEqualsIfExists": {"aws:RequestTag/Backup": ["daily-prod"]}})
    with attached(OU_PRODUCTION, missing, wrong):
        assert refusal_of(lambda: create(**untagged))
        create(**{**untagged, **tagged})


def test_a_wrong_value_and_a_forbidden_key_are_seen(attached: Any) -> None:
    dynamodb = client("dynamodb", PAYMENTS_ACCOUNT)
    other = {**TABLE, "TableName": "other", "Tags": [{"Key": "Backup", "Value": "never"}]}
    values = deny(
        "dynamodb:CreateTable", condition={"StringNotEqualsIfExists": {"aws:RequestTag/Backup": ["daily-prod"]}}
    )
    keys = deny("dynamodb:CreateTable", condition={"ForAnyValue:StringEquals": {"aws:TagKeys": ["Backup"]}})
    for statement in (values, keys):
        with attached(PAYMENTS_ACCOUNT, statement):
            assert refusal_of(lambda: dynamodb.create_table(**other))


def test_a_tag_on_the_resource_can_be_a_condition(attached: Any) -> None:
    rds = client("rds", PAYMENTS_ACCOUNT)
    for name, tags in (("kept", [TAG]), ("free", [])):
        rds.create_db_instance(**{**INSTANCE, "DBInstanceIdentifier": name, "Tags": tags})
    with attached(PAYMENTS_ACCOUNT, deny("rds:Delete*", condition={"Null": {"aws:ResourceTag/Backup": "false"}})):
        assert refusal_of(lambda: rds.delete_db_instance(DBInstanceIdentifier="kept", SkipFinalSnapshot=True))
        rds.delete_db_instance(DBInstanceIdentifier="free", SkipFinalSnapshot=True)


def test_everybody_may_ask_who_they_are(attached: Any) -> None:
    with attached(PAYMENTS_ACCOUNT, deny("*")):
        assert client("sts", PAYMENTS_ACCOUNT).get_caller_identity()["Account"] == PAYMENTS_ACCOUNT
