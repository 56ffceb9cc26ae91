"""What the organisation's resource policy lets the backup account do: see the organisation, and edit where named.

An organisation has one resource policy. Source: AWS Organizations User Guide, "Delegated administrator for AWS
Organizations".
"""

from collections.abc import Mapping
from typing import Any, Final

from strongroom.domain.guardrails.control_plane import policy_editors
from strongroom.domain.intent.model import Intent

DELEGATION: Final = "DelegationPolicy"

type Statement = Mapping[str, Any]

_READING: Final = (
    "DescribeAccount",
    "DescribeEffectivePolicy",
    "DescribeOrganization",
    "DescribeOrganizationalUnit",
    "DescribePolicy",
    "DescribeResourcePolicy",
    "ListAWSServiceAccessForOrganization",
    "ListAccounts",
    "ListAccountsForParent",
    "ListChildren",
    "ListDelegatedAdministrators",
    "ListOrganizationalUnitsForParent",
    "ListParents",
    "ListPolicies",
    "ListPoliciesForTarget",
    "ListRoots",
    "ListTagsForResource",
    "ListTargetsForPolicy",
)
_EDITING: Final = ("AttachPolicy", "CreatePolicy", "DeletePolicy", "DetachPolicy", "UpdatePolicy")


def delegation_statements(intent: Intent) -> tuple[Statement, ...]:
    """The statements by which the backup account reads, and named roles of it edit backup policies."""
    statement: Statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{intent.partition.name}:iam::{intent.organization.backup_account}:root"},
        "Resource": "*",
    }
    reading = {"Sid": "BackupAccountReads", **statement, "Action": _actions(_READING)}
    editors = policy_editors(intent).arns
    if not editors:
        return (reading,)
    condition = {
        "ArnEquals": {"aws:PrincipalArn": list(editors)},
        "StringEquals": {"organizations:PolicyType": "BACKUP_POLICY"},
    }
    editing = {"Sid": "PolicyEditorsEditBackupPolicies", **statement, "Action": _actions(_EDITING)}
    return (reading, {**editing, "Condition": condition})


def render_delegation(intent: Intent) -> dict[str, dict[str, Any]]:
    """The resource policy by its logical id, none where the organisation's own is somebody else's."""
    if not intent.organization.owns_resource_policy:
        return {}
    content = {"Version": "2012-10-17", "Statement": list(delegation_statements(intent))}
    # What others have merged into it outlives the stack, and our leaving it to them; a failed first try leaves nothing.
    retained = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}
    body = {"Type": "AWS::Organizations::ResourcePolicy", **retained, "Properties": {"Content": content}}
    return {DELEGATION: body}


def _actions(operations: tuple[str, ...]) -> list[str]:
    return [f"organizations:{operation}" for operation in operations]
