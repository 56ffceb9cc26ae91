"""What a diagnosis reads where all is as a copy needs it, with one thing changed."""

from copy import replace
from typing import Any

from strongroom.domain.copies.remediation.circumstances import Circumstances, SourceKey
from strongroom.domain.intent.model import Intent
from tests.builders.copies import a_source, a_vault
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS

OWN_KEY = f"arn:aws:kms:{HOME}:{PAYMENTS}:key/own"


def a_key(**changes: Any) -> SourceKey:
    """A customer key that lets the backup account use it."""
    statement = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{BACKUP_ACCOUNT}:root"}, "Action": "kms:*"}
    key = SourceKey(arn=OWN_KEY, manager="CUSTOMER", state="Enabled", statements=(statement,))
    return replace(key, **changes)


def a_vault_policy(intent: Intent) -> tuple[dict[str, Any], ...]:
    """The statement that lets the organisation copy into a vault."""
    condition = {"StringEquals": {"aws:PrincipalOrgID": intent.organization.id}}
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Condition": condition}
    return (allowed,)


def a_reading(intent: Intent, **changes: Any) -> Circumstances:
    """Everything was read, and nothing speaks against the copy."""
    reading = Circumstances(
        words="",
        error=None,
        source=a_source(encryption_key=OWN_KEY, type="RDS"),
        key=a_key(),
        vault=a_vault(),
        vault_policy=a_vault_policy(intent),
        opt_ins={"RDS": True},
        is_cross_account=True,
        has_left=False,
    )
    return replace(reading, **changes)
