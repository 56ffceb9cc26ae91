"""What is tried in a governed account: principals x actions x contexts, both ways."""

from typing import Any, Final

from tests.builders.places import CENTRAL_VAULT, LOCAL_VAULT, PAYMENTS, REPLICA_VAULT, TEMPORARY_VAULT, a_vault_arn
from tests.guardrails.scp_requests import (
    ALLOWED,
    BREAK_GLASS,
    OF_AWS_BACKUP,
    OF_STRONGROOM,
    TICKET,
    Account,
    Case,
    refused_to_all_but,
    tag_keys,
    tags,
)

HERE: Final = Account(PAYMENTS)
ADMIN: Final = HERE.role("AdministratorAccess")
BACKUP: Final = HERE.role("strongroom/strongroom-backup")
RESTORE: Final = HERE.role("strongroom/strongroom-restore")
RESTORE_JOB: Final = HERE.role("strongroom/strongroom-restore-job")
NATIVE: Final = HERE.role("strongroom/strongroom-restore-native")
ASKED: Final = HERE.role("strongroom/strongroom-restore-asked")
SCANNER: Final = HERE.role("strongroom/strongroom-scanner")
COPYING: Final = HERE.role("strongroom/strongroom-copying")
STACK_SET: Final = HERE.role("stacksets-exec-0123456789abcdef0123456789abcdef")
TAGGING: Final = HERE.role("strongroom/strongroom-tagging")
ZONE: Final = HERE.role("AWSControlTowerExecution")
EVERYBODY: Final = (
    *HERE.powerful(),
    BACKUP,
    RESTORE,
    RESTORE_JOB,
    NATIVE,
    COPYING,
    SCANNER,
    STACK_SET,
    BREAK_GLASS,
    ZONE,
)
# Who makes things of what AWS Backup keeps, and untagged ones.
_RESTORERS: Final = (RESTORE_JOB, NATIVE, BREAK_GLASS)

POINT = HERE.arn("backup", "recovery-point:1eb3b5e7-9eb0-435a-a80b-108b488b0d45")
FOREIGN = a_vault_arn("central-backup-vault", account="123123123123")
SNAPSHOT = "arn:aws:ec2:eu-west-1::snapshot/snap-0123456789abcdef0"
IMAGE = "arn:aws:ec2:eu-west-1::image/ami-0123456789abcdef0"
FSX_BACKUP = HERE.arn("fsx", "backup/backup-0123456789abcdef0")
RDS_SNAPSHOT = HERE.arn("rds", "snapshot:awsbackup:job-1")
RDS_CLUSTER_SNAPSHOT = HERE.arn("rds", "cluster-snapshot:awsbackup:job-1")
OWN_SNAPSHOT = HERE.arn("rds", "snapshot:before-migration")
REDSHIFT_SNAPSHOT = HERE.arn("redshift", "snapshot:warehouse/awsbackup:job-1")
SERVERLESS_SNAPSHOT = HERE.arn("redshift-serverless", "snapshot/8f1ab3c4-0000-4000-8000-000000000003")
OWN_WAREHOUSE_SNAPSHOT = HERE.arn("redshift", "snapshot:warehouse/before-migration")
TABLE = HERE.arn("dynamodb", "table/orders")
INSTANCE = HERE.arn("ec2", "instance/i-0123456789abcdef0")
VOLUME = HERE.arn("ec2", "volume/vol-0123456789abcdef0")
FILE_SYSTEM = HERE.arn("fsx", "file-system/fs-0123456789abcdef0")
DATABASE = HERE.arn("rds", "db:payments")
OUR_RULE = HERE.arn("events", "rule/strongroom-forwarder")
THEIR_RULE = HERE.arn("events", "rule/nightly-report")
OUR_QUEUE = HERE.arn("sqs", "StackSet-strongroom-member-1-ForwarderDeadLettersQueue-2")
THEIR_QUEUE = HERE.arn("sqs", "orders")
OUR_ALARM = HERE.arn("cloudwatch", "alarm:StackSet-strongroom-member-1-ForwarderDeadLettersAlarm-2")
KEY = HERE.arn("kms", "key/8f1ab3c4-0000-4000-8000-000000000001")
OUR_STACK = HERE.arn("cloudformation", "stack/StackSet-strongroom-member-1/1")
THEIR_STACK = HERE.arn("cloudformation", "stack/payments/1")
SERVICE_LINKED = HERE.role("aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup")
STACK_SETS_LINKED = HERE.role(
    "aws-service-role/member.org.stacksets.cloudformation.amazonaws.com/AWSServiceRoleForCloudFormationStackSetsOrgMember"
)
TRAIL = HERE.arn("cloudtrail", "trail/everything")
RECORDER = HERE.arn("config", "configuration-recorder/default/abcdefgh")
POLICY = "arn:aws:organizations::111111111111:policy/o-strongroom1/backup_policy/p-0123456789"
ROOT = "arn:aws:organizations::111111111111:root/o-strongroom1/r-strg"

ROLE_CHANGES: Final = (
    "iam:AttachRolePolicy CreateRole DeleteRole DeleteRolePermissionsBoundary DeleteRolePolicy DetachRolePolicy"
    " PutRolePermissionsBoundary PutRolePolicy TagRole UntagRole UpdateAssumeRolePolicy UpdateRole"
    " UpdateRoleDescription"
)

VAULT_CHANGES: Final = (
    "backup:DeleteBackupVault DeleteBackupVaultAccessPolicy DeleteBackupVaultLockConfiguration"
    " DeleteBackupVaultNotifications DeleteBackupVaultSharingPolicy PutBackupVaultAccessPolicy"
    " PutBackupVaultLockConfiguration PutBackupVaultNotifications PutBackupVaultSharingPolicy"
)

REQUEST_TAG: Final = "strongroom-restore"

# Each action by which tags are changed, with something that it changes, and its opposite.
TAGGED: Final[tuple[tuple[str, str, str], ...]] = (
    ("backup-gateway:UntagResource", "backup-gateway:TagResource", HERE.arn("backup-gateway", "vm/vm-1")),
    ("dsql:UntagResource", "dsql:TagResource", HERE.arn("dsql", "cluster/1")),
    ("dynamodb:UntagResource", "dynamodb:TagResource", TABLE),
    ("ec2:DeleteTags", "ec2:CreateTags", INSTANCE),
    ("eks:UntagResource", "eks:TagResource", HERE.arn("eks", "cluster/orders")),
    (
        "elasticfilesystem:DeleteTags",
        "elasticfilesystem:CreateTags",
        HERE.arn("elasticfilesystem", "file-system/fs-1"),
    ),
    (
        "elasticfilesystem:UntagResource",
        "elasticfilesystem:TagResource",
        HERE.arn("elasticfilesystem", "file-system/fs-1"),
    ),
    ("fsx:UntagResource", "fsx:TagResource", HERE.arn("fsx", "file-system/fs-1")),
    ("rds:RemoveTagsFromResource", "rds:AddTagsToResource", DATABASE),
    ("redshift:DeleteTags", "redshift:CreateTags", HERE.arn("redshift", "cluster:warehouse")),
    (
        "redshift-serverless:UntagResource",
        "redshift-serverless:TagResource",
        HERE.arn("redshift-serverless", "namespace/1"),
    ),
    ("s3:UntagResource", "s3:TagResource", "arn:aws:s3:::orders"),
    ("ssm-sap:UntagResource", "ssm-sap:TagResource", HERE.arn("ssm-sap", "HANA/app/DB/1")),
    (
        "storagegateway:RemoveTagsFromResource",
        "storagegateway:AddTagsToResource",
        HERE.arn("storagegateway", "gateway/sgw-1/volume/vol-1"),
    ),
    ("timestream:UntagResource", "timestream:TagResource", HERE.arn("timestream", "database/d/table/t")),
)


def _nobody(sid: str, actions: str, resource: str = "*", context: dict[str, Any] | None = None) -> tuple[Case, ...]:
    return tuple(refused_to_all_but(sid, (), actions, resource, context, to=EVERYBODY))


def _all_but(
    sid: str, exempt: tuple[str, ...], actions: str, resource: str = "*", context: dict[str, Any] | None = None
) -> tuple[Case, ...]:
    return tuple(refused_to_all_but(sid, exempt, actions, resource, context, to=EVERYBODY))


def _open(actions: str, resource: str = "*", context: dict[str, Any] | None = None) -> tuple[Case, ...]:
    return tuple(refused_to_all_but("", (ADMIN,), actions, resource, context, to=()))


_RECOVERY_POINTS: Final = (
    *_nobody("KeepRecoveryPoints", "backup:DeleteRecoveryPoint UpdateRecoveryPointLifecycle", POINT),
    *_nobody("KeepRecoveryPoints", "backup:DisassociateRecoveryPoint DisassociateRecoveryPointFromParent", POINT),
    *_nobody("KeepRecoveryPoints", "backup:CancelLegalHold", HERE.arn("backup", "legal-hold:1")),
    *_open("backup:DescribeRecoveryPoint ListTags StartCopyJob", POINT),
    *_open("backup:StartBackupJob DescribeBackupVault", LOCAL_VAULT),
    *_nobody("KeepBackupsOn", "backup:StopBackupJob UpdateGlobalSettings UpdateRegionSettings"),
    *_open("backup:DescribeRegionSettings"),
    *_all_but("ReadByRestoreOnly", (SCANNER,), "backup:CreateBackupAccessPoint", POINT),
    *_nobody(
        "OpenNoSideDoor",
        "backup:AssociateBackupVaultMpaApprovalTeam CreateLogicallyAirGappedBackupVault CreateRestoreAccessBackupVault"
        " DisassociateBackupVaultMpaApprovalTeam RevokeRestoreAccessBackupVault",
        LOCAL_VAULT,
    ),
    *_all_but(
        "KeepVaults", (STACK_SET, ZONE), VAULT_CHANGES, a_vault_arn("aws-controltower-local-1", account=PAYMENTS)
    ),
    *_all_but("KeepOurVaults", (STACK_SET,), VAULT_CHANGES, LOCAL_VAULT),
    *_all_but("KeepOurVaults", (STACK_SET,), "backup:PutBackupVaultAccessPolicy", CENTRAL_VAULT),
    *_all_but("KeepOurVaults", (STACK_SET,), "backup:DeleteBackupVault", REPLICA_VAULT),
    *_all_but("KeepOurVaults", (STACK_SET,), "backup:DeleteBackupVault PutBackupVaultAccessPolicy", TEMPORARY_VAULT),
    *_open("backup:CreateBackupVault", LOCAL_VAULT),
)
_RESTORES: Final = (
    *_all_but("RestoreByCeremonyOnly", (RESTORE, BREAK_GLASS), "backup:StartRestoreJob", POINT, TICKET),
    *_all_but("RestoreByTicketOnly", (BREAK_GLASS,), "backup:StartRestoreJob", POINT),
    *_open("backup:GetRecoveryPointRestoreMetadata", POINT),
    *_all_but(
        "KeepProof",
        (STACK_SET,),
        "backup:CreateRestoreTestingPlan CreateRestoreTestingSelection DeleteRestoreTestingPlan"
        " DeleteRestoreTestingSelection UpdateRestoreTestingPlan UpdateRestoreTestingSelection",
        HERE.arn("backup", "restore-testing-plan:drill-1"),
    ),
    *_all_but("KeepProof", (STACK_SET,), "backup:PutRestoreValidationResult"),
    *_all_but("KeepProof", (STACK_SET,), "backup:DeleteFramework UpdateFramework", HERE.arn("backup", "framework:f-1")),
    *_all_but(
        "KeepProof", (STACK_SET,), "backup:DeleteReportPlan UpdateReportPlan", HERE.arn("backup", "report-plan:r-1")
    ),
    *_open("backup:GetRestoreTestingPlan", HERE.arn("backup", "restore-testing-plan:drill-1")),
    *_all_but("NoRestoreFromCopies", _RESTORERS, "ec2:CreateVolume", SNAPSHOT, OF_AWS_BACKUP),
    *_all_but("NoRestoreFromCopies", _RESTORERS, "ec2:CreateReplaceRootVolumeTask", SNAPSHOT, OF_AWS_BACKUP),
    *_all_but("NoRestoreFromCopies", _RESTORERS, "ec2:RunInstances", IMAGE, OF_AWS_BACKUP),
    *_all_but(
        "NoRestoreFromCopies",
        _RESTORERS,
        "fsx:CreateFileSystemFromBackup CreateVolumeFromBackup",
        FSX_BACKUP,
        OF_AWS_BACKUP,
    ),
    *_open("ec2:CreateVolume", SNAPSHOT),
    *_open("ec2:RunInstances", IMAGE),
    *_open("ec2:RunInstances", INSTANCE, {**OF_AWS_BACKUP, **tags(Backup="daily-prod")}),
    *_all_but("NoRestoreFromSnapshots", _RESTORERS, "rds:RestoreDBClusterFromSnapshot", RDS_CLUSTER_SNAPSHOT),
    *_all_but("NoRestoreFromSnapshots", _RESTORERS, "rds:RestoreDBInstanceFromDBSnapshot", RDS_SNAPSHOT),
    *_all_but("NoRestoreFromSnapshots", _RESTORERS, "redshift:RestoreFromClusterSnapshot", REDSHIFT_SNAPSHOT),
    *_all_but(
        "NoRestoreFromCopies",
        _RESTORERS,
        "redshift-serverless:RestoreFromSnapshot RestoreTableFromSnapshot",
        SERVERLESS_SNAPSHOT,
        OF_AWS_BACKUP,
    ),
    *_open("rds:RestoreDBInstanceFromDBSnapshot", OWN_SNAPSHOT),
    *_open("rds:RestoreDBInstanceToPointInTime", DATABASE),
)
_NATIVE: Final = (
    *_all_but(
        "KeepNativeCopies",
        (BACKUP, SCANNER),
        "ec2:DeleteSnapshot ModifySnapshotAttribute ModifySnapshotTier",
        SNAPSHOT,
        OF_AWS_BACKUP,
    ),
    *_all_but(
        "KeepNativeCopies",
        (BACKUP, SCANNER),
        "ec2:DeregisterImage DisableImage ModifyImageAttribute",
        IMAGE,
        OF_AWS_BACKUP,
    ),
    *_all_but("KeepNativeCopies", (BACKUP, SCANNER), "fsx:DeleteBackup", FSX_BACKUP, OF_AWS_BACKUP),
    *_open("ec2:DeleteSnapshot", SNAPSHOT),
    *_open("ec2:DeleteSnapshot", SNAPSHOT, {"aws:ResourceTag/owner": "payments"}),
    *_all_but("KeepNativeSnapshots", (BACKUP,), "rds:DeleteDBSnapshot ModifyDBSnapshotAttribute", RDS_SNAPSHOT),
    *_all_but(
        "KeepNativeSnapshots",
        (BACKUP,),
        "rds:DeleteDBClusterSnapshot ModifyDBClusterSnapshotAttribute",
        RDS_CLUSTER_SNAPSHOT,
    ),
    *_all_but(
        "KeepNativeSnapshots",
        (BACKUP,),
        "redshift:AuthorizeSnapshotAccess BatchDeleteClusterSnapshots BatchModifyClusterSnapshots"
        " DeleteClusterSnapshot ModifyClusterSnapshot",
        REDSHIFT_SNAPSHOT,
    ),
    *_all_but(
        "KeepNativeCopies",
        (BACKUP, SCANNER),
        "redshift-serverless:DeleteSnapshot UpdateSnapshot",
        SERVERLESS_SNAPSHOT,
        OF_AWS_BACKUP,
    ),
    *_all_but(
        "NoReadingOfCopies",
        (BACKUP, SCANNER),
        "ebs:GetSnapshotBlock ListChangedBlocks ListSnapshotBlocks",
        SNAPSHOT,
        OF_AWS_BACKUP,
    ),
    *_all_but(
        "NoReadingOfCopies",
        (BACKUP, SCANNER),
        "ec2:CopyImage CreateStoreImageTask ExportImage",
        IMAGE,
        OF_AWS_BACKUP,
    ),
    *_all_but("NoReadingOfCopies", (BACKUP, SCANNER), "ec2:CopySnapshot RegisterImage", SNAPSHOT, OF_AWS_BACKUP),
    *_open("ec2:CopySnapshot", SNAPSHOT),
    *_open("ec2:CopyImage", IMAGE),
    *_all_but("NoReadingOfCopies", (BACKUP, SCANNER), "fsx:CopyBackup", FSX_BACKUP, OF_AWS_BACKUP),
    *_open("ebs:GetSnapshotBlock", SNAPSHOT),
    *_open("ec2:RegisterImage", SNAPSHOT),
    *_open("fsx:CopyBackup", FSX_BACKUP),
    *_all_but("NoCopiesOfSnapshots", (BACKUP,), "rds:CopyDBSnapshot StartExportTask", RDS_SNAPSHOT),
    *_all_but("NoCopiesOfSnapshots", (BACKUP,), "rds:CopyDBClusterSnapshot StartExportTask", RDS_CLUSTER_SNAPSHOT),
    *_all_but(
        "NoCopiesOfSnapshots",
        (BACKUP,),
        "redshift:CopyClusterSnapshot RestoreTableFromClusterSnapshot",
        REDSHIFT_SNAPSHOT,
    ),
    *_open("rds:CopyDBSnapshot StartExportTask", OWN_SNAPSHOT),
    *_open("redshift:CopyClusterSnapshot", OWN_WAREHOUSE_SNAPSHOT),
    *_open("rds:DeleteDBSnapshot", OWN_SNAPSHOT),
    *_open("redshift:DeleteClusterSnapshot", OWN_WAREHOUSE_SNAPSHOT),
    *_all_but("KeepUnmarkedBackups", (BACKUP, BREAK_GLASS), "dynamodb:DeleteBackup", f"{TABLE}/backup/1"),
    *_all_but("NoRestoreFromUnmarked", _RESTORERS, "dynamodb:RestoreTableFromBackup", f"{TABLE}/backup/1"),
    *_open("dynamodb:RestoreTableFromBackup", HERE.arn("dynamodb", "table/orders-restored")),
    *_all_but(
        "KeepUnmarkedBackups",
        (BACKUP, BREAK_GLASS),
        "rds:DeleteDBInstanceAutomatedBackup",
        HERE.arn("rds", "auto-backup:ab-1"),
    ),
    *_all_but(
        "KeepUnmarkedBackups",
        (BACKUP, BREAK_GLASS),
        "rds:DeleteDBClusterAutomatedBackup",
        HERE.arn("rds", "cluster-auto-backup:ab-1"),
    ),
)
_WAYS_OUT: Final = (
    *(
        Case(ALLOWED, BACKUP, "backup:CopyFromBackupVault", POINT, {"backup:CopyTargets": [vault]})
        for vault in (CENTRAL_VAULT, REPLICA_VAULT)
    ),
    *_nobody("CopyToOurVaultsOnly", "backup:CopyFromBackupVault", POINT, {"backup:CopyTargets": [FOREIGN]}),
    *_nobody(
        "CopyToOurVaultsOnly", "backup:CopyFromBackupVault", POINT, {"backup:CopyTargets": [CENTRAL_VAULT, FOREIGN]}
    ),
    *_nobody("CopyNowhereUnnamed", "backup:CopyFromBackupVault", POINT),
    *_nobody("StayInOrganization", "organizations:LeaveOrganization"),
    *_nobody("StayInOrganization", "account:CloseAccount DisableRegion", f"arn:aws:account::{PAYMENTS}:account"),
    *_open("organizations:DescribeOrganization"),
    *_nobody("KeepPolicies", "organizations:AttachPolicy CreatePolicy DeletePolicy DetachPolicy UpdatePolicy", POLICY),
    *_nobody("KeepPolicies", "organizations:DisablePolicyType", ROOT),
    *_open("organizations:DescribePolicy", POLICY),
)
_TAGS: Final = (
    *(
        each
        for removal, _, resource in TAGGED
        for each in _nobody("KeepBackupTag", removal, resource, tag_keys("Owner", "Backup"))
    ),
    *(each for removal, _, resource in TAGGED for each in _open(removal, resource, tag_keys("Owner"))),
    *_nobody("RemoveTagsByName", "ec2:DeleteTags", INSTANCE),
    *(
        each
        for _, change, resource in TAGGED
        for each in (
            *_all_but(
                "KeepTier", (BACKUP,), change, resource, {"aws:ResourceTag/Backup": "daily-prod", **tags(Backup="none")}
            ),
            *_open(change, resource, {"aws:ResourceTag/Backup": "daily-prod", **tags(Backup="monthly-prod")}),
            *_open(change, resource, {"aws:ResourceTag/Backup": "daily-prod", **tags(Owner="payments")}),
            *_open(change, resource, tags(Backup="none")),
        )
    ),
    Case(ALLOWED, TAGGING, "rds:AddTagsToResource", DATABASE, tags(Backup="daily-prod")),
    *(
        each
        for actions, made, backup in (
            ("ec2:CreateTags DeleteTags", VOLUME, SNAPSHOT),
            ("fsx:TagResource UntagResource", FILE_SYSTEM, FSX_BACKUP),
        )
        for each in (
            *_all_but("KeepRequestTag", (RESTORE_JOB, NATIVE), actions, made, tag_keys("Owner", REQUEST_TAG)),
            *_open(actions, made, tag_keys("Owner", "Strongroom-Restore-Drill")),
            # Backups carry the tags of what they are of, whoever makes them.
            *_open(actions, backup, tag_keys("Owner", REQUEST_TAG)),
        )
    ),
)
_OUR_PARTS: Final = (
    *_all_but("KeepRoles", (STACK_SET,), ROLE_CHANGES, RESTORE),
    *_all_but("KeepRoles", (STACK_SET,), "iam:CreateRole", HERE.role("strongroom/anything")),
    *_open("iam:GetRole", RESTORE),
    *_open("iam:CreateRole DeleteRole", HERE.role("application")),
    *_nobody("KeepExemptRoles", ROLE_CHANGES, STACK_SET),
    *_nobody("KeepExemptRoles", ROLE_CHANGES, BREAK_GLASS),
    *_all_but("KeepLandingZoneRoles", (STACK_SET, ZONE), ROLE_CHANGES, ZONE),
    *_nobody("KeepExemptRoles", "iam:DeleteServiceLinkedRole", SERVICE_LINKED),
    *_nobody("KeepExemptRoles", "iam:DeleteServiceLinkedRole", STACK_SETS_LINKED),
    *_open("iam:DeleteServiceLinkedRole", HERE.role("aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS")),
    *_all_but("PassNoRole", (RESTORE, COPYING, BACKUP, STACK_SET, BREAK_GLASS), "iam:PassRole", SCANNER),
    *_all_but("PassNoRole", (RESTORE, COPYING, BACKUP, STACK_SET, BREAK_GLASS), "iam:PassRole", STACK_SET),
    *_open("iam:PassRole", HERE.role("application")),
    *_nobody(
        "KeepKeyMaterial",
        "kms:DeleteImportedKeyMaterial DisableKey ScheduleKeyDeletion UntagResource",
        KEY,
        OF_STRONGROOM,
    ),
    *_all_but(
        "KeepKeys", (STACK_SET,), "kms:DisableKeyRotation PutKeyPolicy RetireGrant RevokeGrant", KEY, OF_STRONGROOM
    ),
    *_open("kms:ScheduleKeyDeletion PutKeyPolicy CreateGrant", KEY),
    *_open("kms:Decrypt TagResource", KEY, OF_STRONGROOM),
    *_nobody("GrantKeysToServicesOnly", "kms:CreateGrant", KEY, OF_STRONGROOM),
    *_nobody(
        "GrantKeysToServicesOnly", "kms:CreateGrant", KEY, {**OF_STRONGROOM, "kms:GrantIsForAWSResource": "false"}
    ),
    Case(ALLOWED, BACKUP, "kms:CreateGrant", KEY, {**OF_STRONGROOM, "kms:GrantIsForAWSResource": "true"}),
    *_all_but(
        "KeepForwarder",
        (STACK_SET,),
        "events:DeleteRule DisableRule PutRule PutTargets RemoveTargets UntagResource",
        OUR_RULE,
    ),
    *_all_but(
        "KeepForwarder",
        (STACK_SET,),
        "sqs:AddPermission ChangeMessageVisibility DeleteMessage DeleteQueue PurgeQueue ReceiveMessage"
        " RemovePermission SetQueueAttributes",
        OUR_QUEUE,
    ),
    *_all_but(
        "KeepForwarder",
        (STACK_SET,),
        "cloudwatch:DeleteAlarms DisableAlarmActions PutMetricAlarm SetAlarmState",
        OUR_ALARM,
    ),
    *_open("events:DeleteRule", THEIR_RULE),
    *_open("events:DescribeRule", OUR_RULE),
    *_open("sqs:DeleteQueue", THEIR_QUEUE),
    *_open("sqs:GetQueueAttributes", OUR_QUEUE),
    *_all_but(
        "KeepStacks",
        (STACK_SET,),
        "cloudformation:CancelUpdateStack ContinueUpdateRollback CreateChangeSet DeleteChangeSet DeleteStack"
        " ExecuteChangeSet ExecuteStackRefactor RollbackStack SetStackPolicy UpdateStack UpdateTerminationProtection",
        OUR_STACK,
    ),
    *_open("cloudformation:CreateChangeSet DeleteStack", THEIR_STACK),
    *_open("cloudformation:DescribeStacks", OUR_STACK),
    *_all_but("KeepTrails", (ZONE,), "cloudtrail:DeleteTrail PutEventSelectors StopLogging UpdateTrail", TRAIL),
    *_open("cloudtrail:GetTrailStatus StartLogging", TRAIL),
    *_all_but("KeepRecorder", (ZONE,), "config:DeleteConfigurationRecorder StopConfigurationRecorder", RECORDER),
    *_all_but("KeepRecorder", (ZONE,), "config:DeleteDeliveryChannel"),
    *_open("config:StartConfigurationRecorder", RECORDER),
)
_CLUSTER: Final = HERE.arn("rds", "cluster:payments")
# Each call with what of it carries tags; that of a file system names nothing.
_TAGGED_BY: Final = (
    ("dynamodb:CreateTable", TABLE),
    ("ec2:CreateVolume", VOLUME),
    ("ec2:RunInstances", INSTANCE),
    ("ec2:RunInstances", VOLUME),
    ("rds:CreateDBCluster", _CLUSTER),
    ("rds:CreateDBInstance", DATABASE),
)
_CREATIONS: Final = (
    *_all_but("RequireTag", _RESTORERS, "elasticfilesystem:CreateFileSystem"),
    *_all_but("RequireKnownTier", _RESTORERS, "elasticfilesystem:CreateFileSystem", "*", tags(Backup="none")),
    *_all_but("RequireSpelling", _RESTORERS, "elasticfilesystem:CreateFileSystem", "*", tags(BACKUP="daily-prod")),
    *(
        each
        for action, made in _TAGGED_BY
        for each in (
            *_all_but("RequireTag2", _RESTORERS, action, made),
            *_all_but("RequireKnownTier2", _RESTORERS, action, made, tags(Backup="none")),
            *_all_but("RequireSpelling2", _RESTORERS, action, made, tags(backup="daily-prod")),
        )
    ),
    *_all_but("RequireTag2", _RESTORERS, "dynamodb:CreateTable", TABLE, tags(Owner="payments")),
    # A stack that CloudFormation makes is made with its caller's rights.
    *_all_but("RequireTag2", _RESTORERS, "dynamodb:CreateTable", TABLE, {"aws:ViaAWSService": "true"}),
    *_all_but("RequireKnownTier2", _RESTORERS, "dynamodb:CreateTable", TABLE, tags(Backup="when-i-like")),
    *_all_but("RequireKnownTier2", _RESTORERS, "dynamodb:CreateTable", TABLE, tags(Backup="Daily-Prod")),
    *_all_but("RequireKnownTier2", _RESTORERS, "dynamodb:CreateTable", TABLE, tags(Backup="")),
    # What such a call only uses carries no tags of the request.
    *_open("ec2:RunInstances", HERE.arn("ec2", "subnet/subnet-0123456789abcdef0")),
    *_open("ec2:CreateVolume", "arn:aws:ec2:eu-west-1::snapshot/snap-0fedcba9876543210"),
    *_open("rds:CreateDBInstance", HERE.arn("rds", "subgrp:default")),
    *_open("rds:CreateDBCluster", HERE.arn("rds", "cluster-pg:default")),
    *(
        each
        for tier in ("daily-prod", "monthly-prod", "compliance-7y")
        for each in (
            *_open("elasticfilesystem:CreateFileSystem", "*", tags(Backup=tier)),
            *(case for action, made in _TAGGED_BY for case in _open(action, made, tags(Backup=tier, Owner="payments"))),
        )
    ),
    *_open("s3:CreateBucket", "arn:aws:s3:::orders"),
)

# What is asked for after a restore is refused by the ceremony and the role, and by no guardrail.
_AFTER: Final = (
    *(Case(ALLOWED, ASKED, call, TABLE) for call in ("dynamodb:UpdateTable", "dynamodb:UpdateTimeToLive")),
    *(
        Case(ALLOWED, ASKED, call, "arn:aws:s3:::shop-docs-restored")
        for call in ("s3:PutBucketNotification", "s3:PutLifecycleConfiguration", "s3:PutReplicationConfiguration")
    ),
    Case(ALLOWED, ASKED, "iam:PassRole", HERE.role("replicates"), {"iam:PassedToService": "s3.amazonaws.com"}),
)

CASES: Final = (*_RECOVERY_POINTS, *_RESTORES, *_NATIVE, *_WAYS_OUT, *_TAGS, *_OUR_PARTS, *_CREATIONS, *_AFTER)

_GAPPED: Final = {"ram:ResourceArn": a_vault_arn("strongroom-gapped", account=PAYMENTS)}
_SUBNET: Final = {"ram:ResourceArn": HERE.arn("ec2", "subnet/subnet-0123456789abcdef0")}
_SHARE: Final = HERE.arn("ram", "resource-share/1")
# What an account with air-gapped vaults of its own meets besides.
AIR_GAPPED_CASES: Final = (
    *_nobody("ShareNoVault", "ram:AssociateResourceShare", _SHARE, _GAPPED),
    *_nobody("ShareNoVault", "ram:CreateResourceShare", "*", _GAPPED),
    *_open("ram:AssociateResourceShare", _SHARE, _SUBNET),
    *_open("ram:CreateResourceShare", "*", _SUBNET),
    *_open("ram:AssociateResourceShare DisassociateResourceShare DeleteResourceShare", _SHARE),
    *_all_but("AskTeamsByCeremonyOnly", (RESTORE,), "backup:CreateRestoreAccessBackupVault", LOCAL_VAULT),
    *_nobody("OpenNoSideDoor", "backup:RevokeRestoreAccessBackupVault", LOCAL_VAULT),
    *_all_but("MakeOurAirGapsOnly", (STACK_SET,), "backup:CreateLogicallyAirGappedBackupVault", LOCAL_VAULT),
)
