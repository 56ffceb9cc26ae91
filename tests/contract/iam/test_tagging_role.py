"""The tagging role writes the tags that choose tiers and no other, wherever AWS tells IAM which keys a call has.

Put to the evaluator of the sandbox, with the role's own policy as the member stack has it. Which actions know
`aws:TagKeys` stands in the Service Authorization Reference; `s3:PutBucketTagging` does not.
"""

from collections.abc import Sequence
from typing import Any, Final

import pytest
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.intent.model import Intent
from strongroom.domain.stacks.parameters import render_parameters
from tests.contract.iam.tagging_documents import tagging_documents

ACCOUNT: Final = "222222222222"
ROLE: Final = f"arn:aws:sts::{ACCOUNT}:assumed-role/strongroom-tagging/strongroom"
UNSEEN: Final = "s3:PutBucketTagging"
WRITES: Final = sorted(
    {write for row in ROWS if row.tags is not None for write in (row.tags.write, row.tags.instead) if write is not None}
)
SEEN: Final = [action for action in WRITES if action != UNSEEN]
# What somebody would try who has the role: to untag, to delete, to read data, to make backups, roles and keys.
OTHERS: Final = (
    *("backup:DeleteRecoveryPoint", "backup:StartBackupJob", "backup:TagResource", "cloudformation:UpdateStack"),
    *("dynamodb:DeleteTable", "dynamodb:GetItem", "dynamodb:UntagResource", "ec2:DeleteTags", "ec2:RunInstances"),
    *("ec2:TerminateInstances", "elasticfilesystem:UntagResource", "iam:CreateRole", "iam:PassRole", "kms:Decrypt"),
    *("rds:DeleteDBInstance", "rds:RemoveTagsFromResource", "s3:DeleteBucket", "s3:GetObject", "sts:AssumeRole"),
    "tag:TagResources",
)


@pytest.fixture(scope="module")
def policies(intent: Intent) -> list[Any]:
    """The role's policies, with the parameters that the example's intent gives the stack."""
    keys = render_parameters(intent)["member"]["TagKeys"].split(",")
    return [parse_policy_document(document) for document in tagging_documents(keys=keys, account=ACCOUNT)]


def is_allowed(
    action: str, policies: Sequence[Any], *, keys: Sequence[str] | None = None, resource: str | None = None
) -> bool:
    """Whether the role may do it, on anything of its account unless a resource is named, with these keys of tags."""
    context = EvalContext(
        principal_arn=ROLE,
        principal_type="AssumedRole",
        principal_account=ACCOUNT,
        action=action,
        resource_arn=resource or f"arn:aws:{action.split(':')[0]}:eu-west-1:{ACCOUNT}:thing/orders",
        region="eu-west-1",
        service_context={"aws:tagkeys": None if keys is None else list(keys)},
    )
    return bool(evaluate(context, policies).decision == "Allow")


def test_the_calls_are_those_that_the_catalogue_names() -> None:
    assert (len(WRITES), len(SEEN), len(OTHERS)) == (15, 14, 20)


@pytest.mark.parametrize("action", WRITES)
def test_our_key_is_written(action: str, policies: list[Any]) -> None:
    assert is_allowed(action, policies, keys=None if action == UNSEEN else ["Backup"])


@pytest.mark.parametrize(
    "keys", [["team"], ["Backup", "team"], ["backup"], None], ids=["other", "both", "case", "none"]
)
@pytest.mark.parametrize("action", SEEN)
def test_no_other_key_is_written_alone_or_beside_ours(action: str, keys: list[str] | None, policies: list[Any]) -> None:
    assert not is_allowed(action, policies, keys=keys)


@pytest.mark.parametrize("action", OTHERS)
def test_nothing_else_is_done(action: str, policies: list[Any]) -> None:
    assert not is_allowed(action, policies, keys=["Backup"])


def test_every_key_that_a_tier_goes_by_is_ours(intent: Intent) -> None:
    assert render_parameters(intent)["member"]["TagKeys"] == "Backup"


@pytest.mark.parametrize(
    ("resource", "is_known"),
    [
        pytest.param(f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd", True, id="a key of the account"),
        pytest.param(f"arn:aws:kms:ap-south-1:{ACCOUNT}:key/1234abcd", True, id="a key of it in another Region"),
        pytest.param("arn:aws:kms:eu-west-1:333333333333:key/1234abcd", False, id="a key of another account"),
        pytest.param(f"arn:aws:kms:eu-west-1:{ACCOUNT}:alias/orders", False, id="an alias"),
    ],
)
def test_of_keys_those_of_the_account_are_looked_at_and_nothing_more(
    resource: str, policies: list[Any], *, is_known: bool
) -> None:
    assert is_allowed("kms:DescribeKey", policies, resource=resource) == is_known
    assert not any(is_allowed(f"kms:{name}", policies, resource=resource) for name in ("CreateGrant", "GetKeyPolicy"))
