"""What the policy of a customer's key must allow, so that copies can be made from under it, and come back under it.

AWS Backup Developer Guide, "Creating backup copies across AWS accounts"; AWS knowledge center, "Given key ID not
accessible".
"""

from typing import Any, Final

from strongroom.domain.identifiers import CENTRAL_BACKUP_ROLE, AccountId
from strongroom.domain.intent.destinations import vault_accounts
from strongroom.domain.intent.model import Intent

# Whoever adds the statements puts the key's own account in, as AWS Backup does in the roles of a backup policy.
KEY_ACCOUNT: Final = AccountId("$account")

_SERVICE_LINKED_ROLE: Final = "aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
_USE: Final = ("kms:DescribeKey", "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*")


def source_key_statements(intent: Intent) -> tuple[dict[str, Any], ...]:
    """The statements: the account's backup role and AWS Backup of each account of vaults use the key, and nobody else.

    The accounts are the principals, because a key policy that names a role which is not there yet is refused.
    """
    copiers = (intent.organization.backup_account, *vault_accounts(intent))
    backing_up = intent.member_role_arn(intent.roles.backup, KEY_ACCOUNT)
    users = (backing_up, *(intent.member_role_arn(_SERVICE_LINKED_ROLE, account) for account in copiers))
    return _statements(intent, users, accounts=(KEY_ACCOUNT, *copiers), what="Copies")


def restore_key_statements(intent: Intent) -> tuple[dict[str, Any], ...]:
    """The statements for the first key of a restore profile: AWS Backup of its account and who copies back use it."""
    home = intent.organization.backup_account
    users = (
        intent.member_role_arn(_SERVICE_LINKED_ROLE, KEY_ACCOUNT),
        intent.member_role_arn(CENTRAL_BACKUP_ROLE, home),
    )
    return _statements(intent, users, accounts=(KEY_ACCOUNT, home), what="CopiesBack")


def _statements(
    intent: Intent, users: tuple[str, ...], *, accounts: tuple[AccountId, ...], what: str
) -> tuple[dict[str, Any], ...]:
    allowed = {
        "Effect": "Allow",
        "Principal": {"AWS": [f"arn:{intent.partition.name}:iam::{account}:root" for account in accounts]},
        "Resource": "*",
    }
    named = {"ArnEquals": {"aws:PrincipalArn": list(users)}}
    for_aws = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    return (
        {"Sid": f"Strongroom{what}", **allowed, "Action": list(_USE), "Condition": named},
        {
            "Sid": f"StrongroomGrants{what.removeprefix('Copies')}ToAwsServices",
            **allowed,
            "Action": "kms:CreateGrant",
            "Condition": named | for_aws,
        },
    )
