"""The role that restores: all that AWS's own policies allow it, but for what is left out here, each with its reason.

Sources: AWS Managed Policy Reference Guide, AWSBackupServiceRolePolicyForRestores (v36 of 24 August 2026) and
AWSBackupServiceRolePolicyForS3Restore (v2), as moto brings them.
"""

import json
from typing import Any, Final

import pytest
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document
from moto.iam.aws_managed_policies import aws_managed_policies_data

from strongroom.domain.intent_rules.ceremony.profiles import ROOM_FOR_ARNS
from tests.builders.places import HOME
from tests.contract.iam.iam_documents import documents_of
from tests.contract.templates import MEMBER

ACCOUNT: Final = "999999999999"  # whose role it is where templates are read
OTHER: Final = "123123123123"
ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/strongroom/strongroom-restore-job"
MANAGED: Final = ("AWSBackupServiceRolePolicyForRestores", "AWSBackupServiceRolePolicyForS3Restore")
CLUSTER: Final = f"arn:aws:eks:{HOME}:{ACCOUNT}:cluster/restores"
MARKED: Final = {"aws:ResourceTag/aws:backup:source-resource": f"arn:aws:ec2:{HOME}:{ACCOUNT}:volume/vol-1"}
LENT: Final = f"arn:aws:iam::{ACCOUNT}:role/orders-server"
TO_EC2: Final = {"iam:PassedToService": "ec2.amazonaws.com"}

# What AWS's policies allow and our role does not, with the reason.
LEFT_OUT: Final = {
    "what no machine restores": (
        "backup-gateway:Restore redshift-serverless:GetNamespace redshift-serverless:GetTableRestoreStatus"
        " redshift-serverless:RestoreTableFromSnapshot redshift:DescribeTableRestoreStatus"
        " redshift:RestoreTableFromClusterSnapshot storagegateway:AddTagsToResource"
        " storagegateway:CreateCachediSCSIVolume storagegateway:CreateStorediSCSIVolume storagegateway:DeleteVolume"
        " storagegateway:DescribeCachediSCSIVolumes storagegateway:DescribeGatewayInformation"
        " storagegateway:DescribeStorediSCSIVolumes storagegateway:ListVolumes"
    ),
    "a cluster of EKS is there already, and gets no nodes, roles or identities": (
        "ec2:DescribeLaunchTemplateVersions eks:CreateAddon eks:CreateCluster eks:CreateFargateProfile"
        " eks:CreateNodegroup eks:CreatePodIdentityAssociation eks:DescribeFargateProfile eks:DescribeNodegroup"
        " eks:DescribePodIdentityAssociation iam:GetRole iam:ListAttachedRolePolicies"
    ),
    "a cluster of DSQL comes back in one Region": (
        "dsql:AddPeerCluster dsql:PutMultiRegionProperties dsql:PutWitnessRegion dsql:RemovePeerCluster"
        " dsql:UpdateCluster"
    ),
    "no restore starts another one past the ceremony": (
        "backup:DescribeRestoreJob backup:ListRecoveryPointsByBackupVault backup:ListRestoreJobs backup:StartRestoreJob"
    ),
}

# Redshift makes the managed password of a cluster by the rights of whoever restores it, of which AWS's policies have
# none (Amazon Redshift Management Guide, "Permissions required for AWS Secrets Manager integration").
BEYOND_AWSS: Final = {
    f"secretsmanager:{name.lower()}"
    for name in (
        "CreateSecret",
        "DeleteSecret",
        "DescribeSecret",
        "GetRandomPassword",
        "RotateSecret",
        "TagResource",
        "UpdateSecret",
    )
}
WAREHOUSE_SECRET: Final = f"arn:aws:secretsmanager:{HOME}:{ACCOUNT}:secret:redshift!back-admin-a1b2c3"

OURS: Final = [
    each.document
    for each in documents_of("stacks/member.yaml", {"RestoredRoleArns": LENT, "RestoredClusterArns": CLUSTER})
    if "RestoreJobRole.Policies" in each.name
]
THEIRS: Final = [json.loads(aws_managed_policies_data)[name]["Document"] for name in MANAGED]


def _spelled(documents: list[dict[str, Any]]) -> set[str]:
    """The actions as IAM compares them."""
    listed = (statement["Action"] for document in documents for statement in document["Statement"])
    return {each.lower() for actions in listed for each in ([actions] if isinstance(actions, str) else actions)}


def _may(by: list[dict[str, Any]], action: str, resource: str, context: dict[str, Any]) -> bool:
    request = EvalContext(
        principal_arn=ROLE,
        principal_type="AssumedRole",
        principal_account=ACCOUNT,
        action=action,
        resource_arn=resource,
        region=HOME,
        service_context={"aws:tagkeys": None} | {key.lower(): value for key, value in context.items()},
    )
    return bool(evaluate(request, [parse_policy_document(each) for each in by]).decision == "Allow")


def _arn(service: str, resource: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:{service}:{HOME}:{account}:{resource}"


def test_the_role_may_do_what_awss_policies_allow_but_for_what_is_left_out_for_a_reason() -> None:
    left_out = {action.lower() for actions in LEFT_OUT.values() for action in actions.split()}
    theirs, ours = _spelled(THEIRS), _spelled(OURS)
    assert sorted(left_out - theirs) == [], "what AWS's policies do not allow is not left out"
    ours -= BEYOND_AWSS
    assert (sorted(theirs - left_out - ours), sorted(ours - (theirs - left_out))) == ([], []), "(missing, too much)"


@pytest.mark.parametrize("action", sorted(BEYOND_AWSS))
def test_passwords_that_redshift_keeps_are_made_and_no_other_secret_is_touched(action: str) -> None:
    assert not _may(THEIRS, action, WAREHOUSE_SECRET, {})
    assert _may(OURS, action, WAREHOUSE_SECRET, {})
    others = f"arn:aws:secretsmanager:{HOME}:{ACCOUNT}:secret:orders-a1b2c3"
    assert _may(OURS, action, others, {}) is (action == "secretsmanager:getrandompassword")


def test_no_role_of_a_member_carries_awss_policies_for_restores() -> None:
    text = json.dumps(MEMBER)
    assert [name for name in MANAGED if name in text] == []


# What AWS's policies would allow as well: the action, a resource or a circumstance it is refused with, and one it is
# allowed with.
_LIMITED: Final[tuple[tuple[str, tuple[str, dict[str, Any]], tuple[str, dict[str, Any]]], ...]] = (
    ("iam:PassRole", (f"arn:aws:iam::{ACCOUNT}:role/administrator", TO_EC2), (LENT, TO_EC2)),
    ("iam:PassRole", (LENT, {"iam:PassedToService": "backup.amazonaws.com"}), (LENT, TO_EC2)),
    ("ec2:TerminateInstances", (_arn("ec2", "instance/i-1"), {}), (_arn("ec2", "instance/i-1"), MARKED)),
    ("ec2:DeleteVolume", (_arn("ec2", "volume/vol-1"), {}), (_arn("ec2", "volume/vol-1"), MARKED)),
    ("rds:DeleteDBInstance", (_arn("rds", "db:orders"), {}), (_arn("rds", "db:orders"), MARKED)),
    ("rds:DeleteDBCluster", (_arn("rds", "cluster:orders"), {}), (_arn("rds", "cluster:orders"), MARKED)),
    ("rds:DeleteTenantDatabase", (_arn("rds", "tenant-database:1"), {}), (_arn("rds", "tenant-database:1"), MARKED)),
    (
        "elasticfilesystem:DeleteFileSystem",
        (_arn("elasticfilesystem", "file-system/fs-1"), {}),
        (_arn("elasticfilesystem", "file-system/fs-1"), MARKED),
    ),
    ("eks:CreateAccessEntry", (_arn("eks", "cluster/live"), {}), (CLUSTER, {})),
    ("kms:DescribeKey", (_arn("kms", "key/1", OTHER), {}), (_arn("kms", "key/1"), {})),
    (
        "kms:CreateGrant",
        (_arn("kms", "key/1", OTHER), {"kms:GrantIsForAWSResource": "true"}),
        (_arn("kms", "key/1"), {"kms:GrantIsForAWSResource": "true"}),
    ),
    (
        "kms:Decrypt",
        (_arn("kms", "key/1", OTHER), {"kms:ViaService": f"rds.{HOME}.amazonaws.com"}),
        (_arn("kms", "key/1"), {"kms:ViaService": f"rds.{HOME}.amazonaws.com"}),
    ),
    ("rds:CreateDBInstance", (_arn("rds", "db:orders", OTHER), {}), (_arn("rds", "db:orders"), {})),
    ("dynamodb:PutItem", (_arn("dynamodb", "table/orders", OTHER), {}), (_arn("dynamodb", "table/orders"), {})),
)


@pytest.mark.parametrize(("action", "refused", "allowed"), _LIMITED, ids=lambda value: str(value)[:60])
def test_it_is_narrower_than_awss_policies(
    action: str, refused: tuple[str, dict[str, Any]], allowed: tuple[str, dict[str, Any]]
) -> None:
    """With AWS's policies in place of ours this fails."""
    assert _may(THEIRS, action, *refused) or action.startswith("eks:")
    assert (_may(OURS, action, *refused), _may(OURS, action, *allowed)) == (False, True)


@pytest.mark.parametrize(
    ("resource", "context", "is_allowed"),
    [
        pytest.param("volume/vol-1", {"ec2:CreateAction": "CreateVolume"}, True, id="while a volume is made"),
        pytest.param("instance/i-1", {"ec2:CreateAction": "RunInstances"}, True, id="while an instance is made"),
        pytest.param("volume/vol-1", {"ec2:CreateAction": "CreateImage"}, False, id="while something else is made"),
        pytest.param("volume/vol-1", {}, False, id="afterwards"),
    ],
)
def test_what_is_made_gets_any_tag_while_it_is_made_only(
    resource: str, context: dict[str, Any], *, is_allowed: bool
) -> None:
    given = {"aws:TagKeys": ["team", "Backup"], **context}
    assert _may(OURS, "ec2:CreateTags", _arn("ec2", resource), given) is is_allowed


@pytest.mark.parametrize(
    ("keys", "is_allowed"),
    [
        pytest.param(["aws:backup:source-resource"], True, id="the mark of a backup"),
        pytest.param(["aws:backup:source-resource", "team"], False, id="another tag beside it"),
        pytest.param(None, False, id="no key at all"),
    ],
)
@pytest.mark.parametrize("arn", [f"arn:aws:ec2:{HOME}::snapshot/snap-1", _arn("ec2", "instance/i-1")])
def test_afterwards_it_gets_the_mark_of_a_backup_only(arn: str, keys: list[str] | None, *, is_allowed: bool) -> None:
    assert _may(OURS, "ec2:CreateTags", arn, {} if keys is None else {"aws:TagKeys": keys}) is is_allowed


def test_without_a_word_of_the_intent_it_lends_no_role_and_enters_no_cluster() -> None:
    conditional = {
        (statement["!If"][0], statement["!If"][1]["Sid"])
        for policy in MEMBER["RestoreJobRole"]["Properties"]["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
        if "!If" in statement
    }
    assert conditional == {
        ("HasRestoredRoles", "LendNamedRoles"),
        ("HasRestoredClusters", "RestoreIntoNamedClusters"),
        ("HasRestoredClusters", "EnterNamedClusters"),
    }


def test_its_policies_have_the_room_for_roles_and_clusters_that_the_intent_may_name() -> None:
    """IAM User Guide, "IAM and AWS STS quotas": 10,240 characters for all inline policies of a role."""
    shortest = documents_of("stacks/member.yaml", {"RestoredRoleArns": "r", "RestoredClusterArns": "c"})
    written = [each.document for each in shortest if "RestoreJobRole.Policies" in each.name]
    characters = sum(len(json.dumps(each, separators=(",", ":"))) for each in written)
    assert characters + ROOM_FOR_ARNS <= 10_240
