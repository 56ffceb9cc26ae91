"""What Strongroom, AWS Backup and our deployment do by themselves: each act by the exact role that does it.

Whoever holds such a role may do nothing else unseen, and no role is trusted for the path that it lies under: whether
a restore was approved is another question, which the watch of the audit account answers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from strongroom.domain.catalogue.model import Scope
from strongroom.domain.catalogue.rows import OWN_CALLS, ROWS, joined
from strongroom.domain.identifiers import CENTRAL_BACKUP_ROLE, COPY_BACK_ROLE, SCANNER_ROLE
from strongroom.domain.intent.destinations import vault_accounts
from strongroom.domain.tampering.own_shares import is_sharing_by_apply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strongroom.domain.calls import ApiCall
    from strongroom.domain.intent.model import Intent

_RESTORING: Final = (Scope.CEREMONY, Scope.NATIVE_RESTORE)
# Where backups lie as the services themselves keep them: AWS Backup works there under the roles that it is lent.
_NATIVE_SERVICES: Final = frozenset(
    threat.call.partition(":")[0] for row in ROWS for threat in row.threats if threat.scope not in _RESTORING
)
# AWS makes these (AWS Backup Developer Guide, "Using service-linked roles for AWS Backup").
_AWS_BACKUP: Final = "aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
_RESTORE_TESTING: Final = "aws-service-role/restore-testing.backup.amazonaws.com/AWSServiceRoleForBackupRestoreTesting"
# AWS gives each StackSet's role in a member account a name of its own.
_STACK_SET_ROLE: Final = re.compile(r"stacksets-exec-[0-9a-f]+")
_RESTORE, _COPY = "backup:StartRestoreJob", "backup:StartCopyJob"
_ACCESS: Final = "backup:CreateRestoreAccessBackupVault"
# For a restore AWS Backup makes something untagged, by calls that are told of others, and clears what it has made on
# the way. Of those calls the ceremony's own are told, too: no job shows whether they were approved.
_RESTORED: Final = (
    *OWN_CALLS,
    *(each.call for row in ROWS for each in row.threats if each.scope is Scope.UNTAGGED_CREATION),
    *joined(row.native.clearings for row in ROWS),
)
_SCANNED: Final = joined(row.native.lendings for row in ROWS)
_EXPIRY: Final = ("backup:DeleteRecoveryPoint", "backup:DisassociateRecoveryPointFromParent")
_CLOUDFORMATION: Final = "cloudformation.amazonaws.com"
# What makes, changes and removes the parts of our stacks outside of the backup account; vaults and keys that hold
# something stay.
_DEPLOYMENT: Final = frozenset(
    (
        "backup:DeleteBackupVault",
        "backup:PutBackupVaultAccessPolicy",
        "events:DeleteRule",
        "events:PutRule",
        "events:PutTargets",
        "events:RemoveTargets",
        "iam:AttachRolePolicy",
        "iam:DeleteRole",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:PutRolePolicy",
        "iam:UpdateAssumeRolePolicy",
        "kms:PutKeyPolicy",
    )
)


def is_own_act(call: ApiCall, intent: Intent) -> bool:
    """Whether it is an act of the role that did it, which is to do just that."""
    prefix = f"arn:{intent.partition.name}:iam::{call.account}:role/"
    if call.role is None or not call.role.startswith(prefix):
        return False
    if is_sharing_by_apply(call, intent):
        return True
    role = call.role.removeprefix(prefix)
    if _STACK_SET_ROLE.fullmatch(role) or _is_deployment_of_vaults(call, intent):
        return call.action in _DEPLOYMENT
    service = call.action.partition(":")[0]
    return any(role == own and act in (call.action, service) for own, act in _acts(call, intent))


def _is_deployment_of_vaults(call: ApiCall, intent: Intent) -> bool:
    """Whether a stack of an account of vaults is at work, on the word of whom the intent lets deploy there."""
    is_a_stack = call.invoked_by == _CLOUDFORMATION and call.account in vault_accounts(intent)
    return is_a_stack and call.role in intent.deployer_role_arns


def _acts(call: ApiCall, intent: Intent) -> Iterator[tuple[str, str]]:
    """Each role of the account with an act of its own: an action, or all that it does in a service."""
    yield intent.roles.restore, _RESTORE
    yield intent.roles.restore, _ACCESS
    yield _RESTORE_TESTING, _RESTORE
    yield intent.roles.copying, _COPY
    if call.account == intent.organization.backup_account:
        yield COPY_BACK_ROLE, _COPY
    yield from ((_AWS_BACKUP, action) for action in _EXPIRY)
    yield from ((role, action) for role in (intent.roles.restore_job, intent.roles.restore_raw) for action in _RESTORED)
    yield from ((SCANNER_ROLE, action) for action in _SCANNED)
    lent = [intent.roles.backup, _AWS_BACKUP]
    if call.account in intent.own_accounts:
        lent.append(CENTRAL_BACKUP_ROLE)
    yield from ((role, service) for role in lent for service in _NATIVE_SERVICES)
