"""The table of threats: which API calls could weaken backups, what they would do, and when they concern us.

Whoever learns of another way to harm a backup adds a row: here, or in the catalogue where it is a type's own.
"""

from typing import Final

from strongroom.domain.catalogue.model import Scope, Threat
from strongroom.domain.catalogue.rows import ROWS

_VAULT = ("backupVaultName",)
_POINT = ("recoveryPointArn", "backupVaultName")
_ROLE = ("roleName",)
_RULE = ("name", "rule")
_PERMISSION = ("permissionArn",)
_SHARE = ("resourceShareArn",)

_BACKUP: dict[str, tuple[str, tuple[str, ...], Scope]] = {
    "DeleteRecoveryPoint": ("delete a backup", _POINT, Scope.OUR_VAULT),
    "DeleteBackupVault": ("delete a backup vault", _VAULT, Scope.OUR_VAULT),
    "UpdateRecoveryPointLifecycle": ("change how long a backup is kept", _POINT, Scope.OUR_VAULT),
    "DisassociateRecoveryPoint": ("take a backup out of its vault", _POINT, Scope.OUR_VAULT),
    "DisassociateRecoveryPointFromParent": ("take a backup out of its set", _POINT, Scope.OUR_VAULT),
    "PutBackupVaultAccessPolicy": ("change who may use a vault", _VAULT, Scope.OUR_VAULT),
    "DeleteBackupVaultAccessPolicy": ("remove the rule of who may use a vault", _VAULT, Scope.OUR_VAULT),
    "PutBackupVaultLockConfiguration": ("change a vault's lock", _VAULT, Scope.OUR_VAULT),
    "DeleteBackupVaultLockConfiguration": ("unlock a vault", _VAULT, Scope.OUR_VAULT),
    "DeleteBackupVaultNotifications": ("silence a vault", _VAULT, Scope.OUR_VAULT),
    "DeleteBackupPlan": ("delete a backup plan", ("backupPlanId",), Scope.ANYTHING),
    "UpdateBackupPlan": ("change a backup plan", ("backupPlanId",), Scope.ANYTHING),
    "DeleteBackupSelection": ("take resources out of a backup plan", ("backupPlanId",), Scope.ANYTHING),
    "StopBackupJob": ("stop a running backup", ("backupJobId",), Scope.ANYTHING),
    "UpdateRegionSettings": ("switch off backups of a resource type", (), Scope.ANYTHING),
    "UpdateGlobalSettings": ("switch off copies between accounts", (), Scope.ANYTHING),
    "DisassociateBackupVaultMpaApprovalTeam": ("take the approval team of a vault away", _VAULT, Scope.OUR_VAULT),
    "CreateRestoreAccessBackupVault": (
        "have an air-gapped vault opened outside the ceremony",
        ("sourceBackupVaultArn",),
        Scope.CEREMONY,
    ),
    "StartRestoreJob": ("restore data outside the ceremony", _POINT, Scope.CEREMONY),
    "StartCopyJob": ("copy a backup to a foreign vault", ("destinationBackupVaultArn",), Scope.FOREIGN_DESTINATION),
}
_EVENTS: dict[str, tuple[str, tuple[str, ...], Scope]] = {
    "DeleteRule": ("delete the rule that shows us events", _RULE, Scope.OUR_NAME),
    "DisableRule": ("switch off the rule that shows us events", _RULE, Scope.OUR_NAME),
    "PutRule": ("change the rule that shows us events", _RULE, Scope.OUR_NAME),
    "PutTargets": ("redirect the rule that shows us events", ("rule",), Scope.OUR_NAME),
    "RemoveTargets": ("cut off the rule that shows us events", ("rule",), Scope.OUR_NAME),
}
_IAM: dict[str, tuple[str, tuple[str, ...], Scope]] = {
    "AttachRolePolicy": ("give one of our roles more rights", _ROLE, Scope.OUR_NAME),
    "DeleteRole": ("delete one of our roles", _ROLE, Scope.OUR_NAME),
    "DeleteRolePolicy": ("take rights from one of our roles", _ROLE, Scope.OUR_NAME),
    "DetachRolePolicy": ("take rights from one of our roles", _ROLE, Scope.OUR_NAME),
    "PutRolePermissionsBoundary": ("put a boundary on one of our roles", _ROLE, Scope.OUR_NAME),
    "PutRolePolicy": ("change the rights of one of our roles", _ROLE, Scope.OUR_NAME),
    "UpdateAssumeRolePolicy": ("let somebody else borrow one of our roles", _ROLE, Scope.OUR_NAME),
}
_KMS: dict[str, tuple[str, tuple[str, ...], Scope]] = {
    "DisableKey": ("disable the key of a vault", ("keyId",), Scope.VAULT_KEY),
    "PutKeyPolicy": ("change who may use the key of a vault", ("keyId",), Scope.VAULT_KEY),
    "ScheduleKeyDeletion": ("delete the key of a vault", ("keyId",), Scope.VAULT_KEY),
}
_CLOUDTRAIL: dict[str, tuple[str, tuple[str, ...], Scope]] = {
    "DeleteTrail": ("delete a trail, and what is seen of calls may hang on it", ("name",), Scope.ANYTHING),
    "StopLogging": ("stop a trail, and what is seen of calls may hang on it", ("name",), Scope.ANYTHING),
}
_ORGANIZATIONS: dict[str, tuple[str, tuple[str, ...], Scope]] = {
    "AttachPolicy": ("attach an organisation policy", ("policyId",), Scope.OUTSIDE_MANAGEMENT),
    "CreatePolicy": ("make an organisation policy", ("name",), Scope.OUTSIDE_MANAGEMENT),
    "DeletePolicy": ("delete an organisation policy", ("policyId",), Scope.OUTSIDE_MANAGEMENT),
    "DetachPolicy": ("detach an organisation policy", ("policyId",), Scope.OUTSIDE_MANAGEMENT),
    "UpdatePolicy": ("change an organisation policy", ("policyId",), Scope.OUTSIDE_MANAGEMENT),
    "LeaveOrganization": ("take the account out of the organisation", (), Scope.ANYTHING),
}

# Whatever changes with whom an air-gapped vault is shared. Not told: EnableSharingWithAwsOrganization, which opens no
# share, is on wherever `apply` shares, and which the management account makes, whose Regions have no forwarder.
_RAM: dict[str, tuple[str, tuple[str, ...], Scope]] = {
    "AssociateResourceShare": ("share an air-gapped vault with others", _SHARE, Scope.SHARE),
    "AssociateResourceSharePermission": ("change what the share of an air-gapped vault lets do", _SHARE, Scope.SHARE),
    "CreatePermissionVersion": ("change what shares let do", _PERMISSION, Scope.SHARE),
    "CreateResourceShare": ("share an air-gapped vault with others", ("resourceArns[]", "name"), Scope.SHARE),
    "DeleteResourceShare": ("take away the share by which others restore", _SHARE, Scope.SHARE),
    "DisassociateResourceShare": ("take others out of the share by which they restore", _SHARE, Scope.SHARE),
    "DisassociateResourceSharePermission": (
        "change what the share of an air-gapped vault lets do",
        _SHARE,
        Scope.SHARE,
    ),
    "ReplacePermissionAssociations": ("change what shares let do", ("fromPermissionArn",), Scope.SHARE),
    "SetDefaultPermissionVersion": ("change what shares let do", _PERMISSION, Scope.SHARE),
    "UpdateResourceShare": ("change whom the share of an air-gapped vault admits", _SHARE, Scope.SHARE),
}

# The service's own removal of each may be recorded beside it, or not: both are heard, and each is an act of its own.
_TAGGING: dict[str, tuple[str, tuple[str, ...], Scope]] = {
    "UntagResources": ("remove the backup tag", ("resourceARNList[]",), Scope.BACKUP_TAG),
}

_OTHERS: Final = {
    "backup": _BACKUP,
    "cloudtrail": _CLOUDTRAIL,
    "events": _EVENTS,
    "iam": _IAM,
    "kms": _KMS,
    "organizations": _ORGANIZATIONS,
    "ram": _RAM,
    "tagging": _TAGGING,
}

THREATS: Final[dict[str, Threat]] = {
    f"{service}:{name}": Threat(call=f"{service}:{name}", what=what, target_keys=keys, scope=scope)
    for service, rows in _OTHERS.items()
    for name, (what, keys, scope) in rows.items()
} | {threat.call: threat for row in ROWS for threat in row.threats}
