"""What the management account delegates before the backup account may act for the organisation."""

import json

from sandbox.clients import client
from sandbox.settings import BACKUP_ACCOUNT, MANAGEMENT_ACCOUNT

BACKUP_SERVICE = "backup.amazonaws.com"


def delegate_to_the_backup_account() -> None:
    """Make it AWS Backup's administrator, and an editor of backup policies."""
    management = client("organizations", MANAGEMENT_ACCOUNT)
    management.enable_aws_service_access(ServicePrincipal=BACKUP_SERVICE)
    management.register_delegated_administrator(AccountId=BACKUP_ACCOUNT, ServicePrincipal=BACKUP_SERVICE)
    editing = {
        "Sid": "DelegateBackupPolicies",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{BACKUP_ACCOUNT}:root"},
        "Action": [f"organizations:{verb}Policy" for verb in ("Attach", "Create", "Delete", "Detach", "Update")],
        "Resource": "*",
        "Condition": {"StringEquals": {"organizations:PolicyType": "BACKUP_POLICY"}},
    }
    management.put_resource_policy(Content=json.dumps({"Version": "2012-10-17", "Statement": [editing]}))
