"""What the policy of a customer's key must allow, so that what lies under it can be copied to another account.

AWS Backup Developer Guide, "Creating backup copies across AWS accounts"; AWS knowledge center, "Given key ID not
accessible".
"""

from typing import Any, Final

from strongroom.domain.identifiers import AccountId
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
    copiers, partition = (intent.organization.backup_account, *vault_accounts(intent)), intent.partition.name
    users = [
        intent.member_role_arn(intent.roles.backup, KEY_ACCOUNT),
        *(intent.member_role_arn(_SERVICE_LINKED_ROLE, account) for account in copiers),
    ]
    allowed = {
        "Effect": "Allow",
        "Principal": {"AWS": [f"arn:{partition}:iam::{account}:root" for account in (KEY_ACCOUNT, *copiers)]},
        "Resource": "*",
    }
    named = {"ArnEquals": {"aws:PrincipalArn": users}}
    for_aws = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    return (
        {"Sid": "StrongroomCopies", **allowed, "Action": list(_USE), "Condition": named},
        {"Sid": "StrongroomGrantsToAwsServices", **allowed, "Action": "kms:CreateGrant", "Condition": named | for_aws},
    )
