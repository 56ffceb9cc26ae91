"""The statements for a source's key let in whom AWS Backup copies with, as a policy engine reads them."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.seams.backup import PolicyQuestion, decide_by_resource_policy
from strongroom.domain.copies.source_keys import KEY_ACCOUNT, restore_key_statements, source_key_statements
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import Vault
from tests.builders.intents import with_vault
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS, VAULT_ACCOUNT

KEY = f"arn:aws:kms:{HOME}:{PAYMENTS}:key/own"
SENDER = f"arn:aws:iam::{PAYMENTS}:role/strongroom/strongroom-backup"
RECEIVER = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
OWN = RECEIVER.replace(BACKUP_ACCOUNT, PAYMENTS)
COPIER = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/strongroom/strongroom-central-backup"

type Statements = Callable[[Intent], tuple[dict[str, Any], ...]]
# https://repost.aws/knowledge-center/backup-cross-account-copy-error
NEEDED = (
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:CreateGrant",
)


def decide(
    intent: Intent,
    principal: str,
    action: str,
    *,
    is_for_aws: bool = True,
    said: Statements = source_key_statements,
) -> str:
    policy = json.dumps({"Version": "2012-10-17", "Statement": said(intent)})
    return decide_by_resource_policy(
        PolicyQuestion(
            document=policy.replace(KEY_ACCOUNT, PAYMENTS),
            action=action,
            resource_arn=KEY,
            principal_arn=principal,
            principal_account=principal.split(":")[4],
            region=HOME,
            principal_keys={"kms:GrantIsForAWSResource": str(is_for_aws).lower()},
        )
    )


@pytest.mark.parametrize("action", NEEDED)
@pytest.mark.parametrize("principal", [SENDER, RECEIVER], ids=["sender", "receiver"])
def test_sender_and_receiver_of_a_copy_may_use_the_key(intent: Intent, principal: str, action: str) -> None:
    assert decide(intent, principal, action) == "Allow"


@pytest.mark.parametrize("action", NEEDED)
def test_aws_backup_of_each_account_of_vaults_may_too(intent: Intent, action: str) -> None:
    receiver = RECEIVER.replace(BACKUP_ACCOUNT, VAULT_ACCOUNT)
    far = with_vault(intent, "far", Vault(name="far", account=VAULT_ACCOUNT, lock="none"))
    assert (decide(far, receiver, action), decide(intent, receiver, action)) == ("Allow", "ImplicitDeny")


@pytest.mark.parametrize(
    "principal",
    [
        f"arn:aws:iam::{PAYMENTS}:role/strongroom/strongroom-restore",
        f"arn:aws:iam::{BACKUP_ACCOUNT}:role/admin",
        "arn:aws:iam::333333333333:role/strongroom/strongroom-backup",
        "arn:aws:iam::333333333333:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup",
    ],
)
@pytest.mark.parametrize("action", NEEDED)
def test_nobody_else_may(intent: Intent, principal: str, action: str) -> None:
    assert decide(intent, principal, action) == "ImplicitDeny"


@pytest.mark.parametrize("principal", [SENDER, RECEIVER], ids=["sender", "receiver"])
def test_grants_go_to_services_of_aws_only_and_the_key_is_not_administered(intent: Intent, principal: str) -> None:
    assert decide(intent, principal, "kms:CreateGrant", is_for_aws=False) == "ImplicitDeny"
    assert decide(intent, principal, "kms:ScheduleKeyDeletion") == "ImplicitDeny"


@pytest.mark.parametrize("action", NEEDED)
def test_b_7_a_key_that_copies_come_back_under_lets_its_own_aws_backup_and_who_copies_use_it(
    intent: Intent, action: str
) -> None:
    allowed = [decide(intent, each, action, said=restore_key_statements) for each in (OWN, COPIER)]
    others = (SENDER, RECEIVER, COPIER.replace("central-backup", "copy-back"), OWN.replace(PAYMENTS, "333333333333"))
    refused = {decide(intent, each, action, said=restore_key_statements) for each in others}
    assert (allowed, refused) == (["Allow", "Allow"], {"ImplicitDeny"})


def test_both_sets_of_statements_may_stand_in_one_policy(intent: Intent) -> None:
    sids = [each["Sid"] for each in (*source_key_statements(intent), *restore_key_statements(intent))]
    assert sids == [
        "StrongroomCopies",
        "StrongroomGrantsToAwsServices",
        "StrongroomCopiesBack",
        "StrongroomGrantsBackToAwsServices",
    ]
