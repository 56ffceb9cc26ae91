"""The table of threats: which API calls could weaken backups, what they would do, and when they concern us.

Whoever learns of another way to harm a backup adds a row here, and nowhere else.
"""

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """When a call of the row concerns us."""

    ANYTHING = "always"
    OUR_VAULT = "it names one of our vaults, or none"
    FOREIGN_DESTINATION = "it copies out of our vaults to a vault that is not ours"
    OUR_NAME = "its target's name begins with strongroom-"
    VAULT_KEY = "its target is the key of one of our vaults"
    NATIVE_BACKUP = "its target is a snapshot of AWS Backup's making"
    BACKUP_TAG = "it takes away the backup tag"
    OUTSIDE_MANAGEMENT = "it comes from another account than the management account"
    UNTAGGED_CREATION = "it was refused, and the backup tag is not among its tags"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat:
    """What a call would do, which of its parameters name the target, and when it concerns us."""

    what: str
    target_keys: tuple[str, ...]
    scope: Scope


_VAULT = ("backupVaultName",)
_POINT = ("recoveryPointArn", "backupVaultName")
_SNAPSHOT = ("dBSnapshotIdentifier", "dBClusterSnapshotIdentifier")
_ROLE = ("roleName",)
_RULE = ("name", "rule")

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
    "StartRestoreJob": ("restore data outside the ceremony", _POINT, Scope.ANYTHING),
    "StartCopyJob": ("copy a backup to a foreign vault", ("destinationBackupVaultArn",), Scope.FOREIGN_DESTINATION),
}
_EC2: dict[str, tuple[str, tuple[str, ...], Scope]] = {
    "DeleteSnapshot": ("delete the snapshot behind a backup", ("snapshotId",), Scope.NATIVE_BACKUP),
    "DeregisterImage": ("delete the image behind a backup", ("imageId",), Scope.NATIVE_BACKUP),
    "ModifySnapshotAttribute": ("share the snapshot behind a backup", ("snapshotId",), Scope.NATIVE_BACKUP),
    "ModifyImageAttribute": ("share the image behind a backup", ("imageId",), Scope.NATIVE_BACKUP),
    "DeleteTags": ("remove the backup tag", (), Scope.BACKUP_TAG),
}
_RDS: dict[str, tuple[str, tuple[str, ...], Scope]] = {
    "DeleteDBSnapshot": ("delete the snapshot behind a backup", _SNAPSHOT, Scope.NATIVE_BACKUP),
    "DeleteDBClusterSnapshot": ("delete the snapshot behind a backup", _SNAPSHOT, Scope.NATIVE_BACKUP),
    "ModifyDBSnapshotAttribute": ("share the snapshot behind a backup", _SNAPSHOT, Scope.NATIVE_BACKUP),
    "ModifyDBClusterSnapshotAttribute": ("share the snapshot behind a backup", _SNAPSHOT, Scope.NATIVE_BACKUP),
    "RemoveTagsFromResource": ("remove the backup tag", ("resourceName",), Scope.BACKUP_TAG),
}
_DYNAMODB: dict[str, tuple[str, tuple[str, ...], Scope]] = {
    "DeleteBackup": ("delete the table backup behind a backup", ("backupArn",), Scope.NATIVE_BACKUP),
    "UntagResource": ("remove the backup tag", ("resourceArn",), Scope.BACKUP_TAG),
}
_EFS: dict[str, tuple[str, tuple[str, ...], Scope]] = {
    "UntagResource": ("remove the backup tag", ("resourceId",), Scope.BACKUP_TAG),
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
    "DeleteTrail": ("delete the trail that shows us calls", ("name",), Scope.ANYTHING),
    "StopLogging": ("stop the trail that shows us calls", ("name",), Scope.ANYTHING),
}
_ORGANIZATIONS: dict[str, tuple[str, tuple[str, ...], Scope]] = {
    "AttachPolicy": ("attach an organisation policy", ("policyId",), Scope.OUTSIDE_MANAGEMENT),
    "CreatePolicy": ("make an organisation policy", ("name",), Scope.OUTSIDE_MANAGEMENT),
    "DeletePolicy": ("delete an organisation policy", ("policyId",), Scope.OUTSIDE_MANAGEMENT),
    "DetachPolicy": ("detach an organisation policy", ("policyId",), Scope.OUTSIDE_MANAGEMENT),
    "UpdatePolicy": ("change an organisation policy", ("policyId",), Scope.OUTSIDE_MANAGEMENT),
    "LeaveOrganization": ("take the account out of the organisation", (), Scope.ANYTHING),
}

THREATS: dict[tuple[str, str], Threat] = {
    (f"{service}.amazonaws.com", name): Threat(what=what, target_keys=keys, scope=scope)
    for service, rows in {
        "backup": _BACKUP,
        "cloudtrail": _CLOUDTRAIL,
        "dynamodb": _DYNAMODB,
        "ec2": _EC2,
        "elasticfilesystem": _EFS,
        "events": _EVENTS,
        "iam": _IAM,
        "kms": _KMS,
        "organizations": _ORGANIZATIONS,
        "rds": _RDS,
    }.items()
    for name, (what, keys, scope) in rows.items()
}

CREATIONS: dict[tuple[str, str], Threat] = {
    ("dynamodb.amazonaws.com", "CreateTable"): Threat(
        what="create a table without a backup tag", target_keys=("tableName",), scope=Scope.UNTAGGED_CREATION
    ),
    ("elasticfilesystem.amazonaws.com", "CreateFileSystem"): Threat(
        what="create a file system without a backup tag", target_keys=("creationToken",), scope=Scope.UNTAGGED_CREATION
    ),
}
