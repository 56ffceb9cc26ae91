"""What is tried in the backup account and the audit account, with deployers named in the intent and without."""

from typing import Any, Final

from tests.builders.places import BACKUP_ACCOUNT, CENTRAL_VAULT, LOCAL_VAULT, PAYMENTS, REPLICA_VAULT, a_vault_arn
from tests.guardrails.member_requests import ROLE_CHANGES
from tests.guardrails.scp_requests import (
    ALLOWED,
    CENTRAL_BREAK_GLASS,
    DEPLOYER,
    EDITOR,
    OF_AWS_BACKUP,
    OF_STRONGROOM,
    TICKET,
    Account,
    Case,
    refused_to_all_but,
)

HERE: Final = Account(BACKUP_ACCOUNT)
ADMIN: Final = HERE.role("AdministratorAccess")
COPIER: Final = HERE.role("strongroom/strongroom-central-backup")
FUNCTION: Final = HERE.role("strongroom/strongroom-StartRestoreFunctionRole-1")
STACK_SET: Final = HERE.role("stacksets-exec-0123456789abcdef0123456789abcdef")
EVERYBODY: Final = (*HERE.powerful(), COPIER, FUNCTION, STACK_SET, DEPLOYER, EDITOR, CENTRAL_BREAK_GLASS)
# Whoever writes the ledger: every role under the protected path.
OURS: Final = (COPIER, FUNCTION, HERE.role("strongroom/strongroom-tagging"))

POINT = HERE.arn("backup", "recovery-point:1eb3b5e7-9eb0-435a-a80b-108b488b0d45")
FOREIGN = a_vault_arn("elsewhere", account=PAYMENTS)
SNAPSHOT = "arn:aws:ec2:eu-west-1::snapshot/snap-0123456789abcdef0"
IMAGE = "arn:aws:ec2:eu-west-1::image/ami-0123456789abcdef0"
FSX_BACKUP = HERE.arn("fsx", "backup/backup-0123456789abcdef0")
RDS_SNAPSHOT = HERE.arn("rds", "snapshot:awsbackup:copyjob-1")
RDS_CLUSTER_SNAPSHOT = HERE.arn("rds", "cluster-snapshot:awsbackup:copyjob-1")
REDSHIFT_SNAPSHOT = HERE.arn("redshift", "snapshot:warehouse/awsbackup:job-1")
SERVERLESS_SNAPSHOT = HERE.arn("redshift-serverless", "snapshot/8f1ab3c4-0000-4000-8000-000000000003")
KEY = HERE.arn("kms", "key/8f1ab3c4-0000-4000-8000-000000000002")
LEDGER = HERE.arn("dynamodb", "table/strongroom-LedgerTable-1")
FUNCTION_ARN = HERE.arn("lambda", "function:strongroom-StartRestoreFunction-1")
MACHINE = HERE.arn("states", "stateMachine:strongroom-restore-approval")
EXECUTION = HERE.arn("states", "execution:strongroom-restore-approval:R-1")
RULE = HERE.arn("events", "rule/strongroom/strongroom-VerifyCopyRule-1")
BUS = HERE.arn("events", "event-bus/strongroom")
ARCHIVE = HERE.arn("events", "archive/strongroom-events")
QUEUE = HERE.arn("sqs", "strongroom-VerifyCopyQueue-1")
TOPIC = HERE.arn("sns", "strongroom-AlertsTopic-1")
ALARM = HERE.arn("cloudwatch", "alarm:strongroom-VerifyCopyDeadLettersAlarm-1")
MAPPING = HERE.arn("lambda", "event-source-mapping:8f1ab3c4-0000-4000-8000-000000000004")
STACK = HERE.arn("cloudformation", "stack/strongroom/1")
MANAGED_POLICY = f"arn:aws:iam::{BACKUP_ACCOUNT}:policy/strongroom-LedgerPolicy-1"
SERVICE_LINKED = HERE.role("aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup")
STACK_SETS_LINKED = HERE.role(
    "aws-service-role/member.org.stacksets.cloudformation.amazonaws.com/AWSServiceRoleForCloudFormationStackSetsOrgMember"
)
BUCKET = "arn:aws:s3:::strongroom-audit-reportbucket-1"
PLAN = HERE.arn("backup", "restore-testing-plan:drill-1")
FRAMEWORK = HERE.arn("backup", "framework:f-1")
REPORT_PLAN = HERE.arn("backup", "report-plan:r-1")
POLICY = "arn:aws:organizations::111111111111:policy/o-strongroom1/backup_policy/p-0123456789"
ROOT = "arn:aws:organizations::111111111111:root/o-strongroom1/r-strg"


def _cases(
    sid: str, exempt: tuple[str, ...], actions: str, resource: str = "*", context: dict[str, Any] | None = None
) -> tuple[Case, ...]:
    return tuple(refused_to_all_but(sid, exempt, actions, resource, context, to=EVERYBODY))


def _open(actions: str, resource: str = "*", context: dict[str, Any] | None = None) -> tuple[Case, ...]:
    return tuple(refused_to_all_but("", (ADMIN,), actions, resource, context, to=()))


# What a deployment never does, the deployers included.
_ALWAYS: Final = (
    *_cases("KeepRecoveryPoints", (), "backup:DeleteRecoveryPoint UpdateRecoveryPointLifecycle", POINT),
    *_cases("KeepRecoveryPoints", (), "backup:DisassociateRecoveryPoint DisassociateRecoveryPointFromParent", POINT),
    *_cases("KeepRecoveryPoints", (), "backup:CancelLegalHold", HERE.arn("backup", "legal-hold:1")),
    *_cases("KeepBackupsOn", (), "backup:StopBackupJob UpdateGlobalSettings UpdateRegionSettings"),
    *_cases("OpenNoSideDoor", (), "backup:CreateBackupAccessPoint", POINT),
    *_cases(
        "OpenNoSideDoor",
        (),
        "backup:AssociateBackupVaultMpaApprovalTeam CreateLogicallyAirGappedBackupVault CreateRestoreAccessBackupVault"
        " DisassociateBackupVaultMpaApprovalTeam RevokeRestoreAccessBackupVault",
        CENTRAL_VAULT,
    ),
    *_cases("RestoreByCeremonyOnly", (CENTRAL_BREAK_GLASS,), "backup:StartRestoreJob", POINT, TICKET),
    *_cases("NoRestoreFromCopies", (CENTRAL_BREAK_GLASS,), "ec2:CreateVolume", SNAPSHOT, OF_AWS_BACKUP),
    *_cases("NoRestoreFromCopies", (CENTRAL_BREAK_GLASS,), "ec2:CreateReplaceRootVolumeTask", SNAPSHOT, OF_AWS_BACKUP),
    *_cases("NoRestoreFromCopies", (CENTRAL_BREAK_GLASS,), "ec2:RunInstances", IMAGE, OF_AWS_BACKUP),
    *_cases(
        "NoRestoreFromCopies",
        (CENTRAL_BREAK_GLASS,),
        "fsx:CreateFileSystemFromBackup CreateVolumeFromBackup",
        FSX_BACKUP,
        OF_AWS_BACKUP,
    ),
    *_open("ec2:CreateVolume", SNAPSHOT),
    *_open("ec2:RunInstances", HERE.arn("ec2", "instance/i-1"), OF_AWS_BACKUP),
    *_cases("NoRestoreFromSnapshots", (CENTRAL_BREAK_GLASS,), "rds:RestoreDBClusterFromSnapshot", RDS_CLUSTER_SNAPSHOT),
    *_cases("NoRestoreFromSnapshots", (CENTRAL_BREAK_GLASS,), "rds:RestoreDBInstanceFromDBSnapshot", RDS_SNAPSHOT),
    *_cases("NoRestoreFromSnapshots", (CENTRAL_BREAK_GLASS,), "redshift:RestoreFromClusterSnapshot", REDSHIFT_SNAPSHOT),
    *_cases(
        "NoRestoreFromCopies",
        (CENTRAL_BREAK_GLASS,),
        "redshift-serverless:RestoreFromSnapshot",
        SERVERLESS_SNAPSHOT,
        OF_AWS_BACKUP,
    ),
    *_cases(
        "KeepNativeCopies",
        (COPIER,),
        "ec2:DeleteSnapshot ModifySnapshotAttribute ModifySnapshotTier",
        SNAPSHOT,
        OF_AWS_BACKUP,
    ),
    *_cases(
        "KeepNativeCopies", (COPIER,), "ec2:DeregisterImage DisableImage ModifyImageAttribute", IMAGE, OF_AWS_BACKUP
    ),
    *_cases("KeepNativeCopies", (COPIER,), "fsx:DeleteBackup", FSX_BACKUP, OF_AWS_BACKUP),
    *_open("ec2:DeleteSnapshot", SNAPSHOT),
    *_cases("KeepNativeSnapshots", (COPIER,), "rds:DeleteDBSnapshot ModifyDBSnapshotAttribute", RDS_SNAPSHOT),
    *_cases(
        "KeepNativeSnapshots",
        (COPIER,),
        "rds:DeleteDBClusterSnapshot ModifyDBClusterSnapshotAttribute",
        RDS_CLUSTER_SNAPSHOT,
    ),
    *_cases(
        "KeepNativeSnapshots",
        (COPIER,),
        "redshift:AuthorizeSnapshotAccess BatchDeleteClusterSnapshots BatchModifyClusterSnapshots"
        " DeleteClusterSnapshot ModifyClusterSnapshot",
        REDSHIFT_SNAPSHOT,
    ),
    *_cases(
        "KeepNativeCopies",
        (COPIER,),
        "redshift-serverless:DeleteSnapshot UpdateSnapshot",
        SERVERLESS_SNAPSHOT,
        OF_AWS_BACKUP,
    ),
    *_cases(
        "NoReadingOfCopies",
        (COPIER,),
        "ebs:GetSnapshotBlock ListChangedBlocks ListSnapshotBlocks",
        SNAPSHOT,
        OF_AWS_BACKUP,
    ),
    *_cases("NoReadingOfCopies", (COPIER,), "ec2:CreateStoreImageTask ExportImage", IMAGE, OF_AWS_BACKUP),
    *_cases("NoReadingOfCopies", (COPIER,), "ec2:RegisterImage", SNAPSHOT, OF_AWS_BACKUP),
    *_cases("NoReadingOfCopies", (COPIER,), "fsx:CopyBackup", FSX_BACKUP, OF_AWS_BACKUP),
    *_open("ebs:GetSnapshotBlock", SNAPSHOT),
    *_open("ec2:RegisterImage", SNAPSHOT),
    *_open("fsx:CopyBackup", FSX_BACKUP),
    *_cases("NoCopiesOfSnapshots", (COPIER,), "rds:CopyDBSnapshot StartExportTask", RDS_SNAPSHOT),
    *_cases("NoCopiesOfSnapshots", (COPIER,), "rds:CopyDBClusterSnapshot StartExportTask", RDS_CLUSTER_SNAPSHOT),
    *_cases(
        "NoCopiesOfSnapshots",
        (COPIER,),
        "redshift:CopyClusterSnapshot RestoreTableFromClusterSnapshot",
        REDSHIFT_SNAPSHOT,
    ),
    *_cases("KeepUnmarkedBackups", (COPIER, CENTRAL_BREAK_GLASS), "dynamodb:DeleteBackup", f"{LEDGER}/backup/1"),
    *_cases(
        "KeepUnmarkedBackups",
        (COPIER, CENTRAL_BREAK_GLASS),
        "rds:DeleteDBInstanceAutomatedBackup",
        HERE.arn("rds", "auto-backup:ab-1"),
    ),
    *_cases(
        "KeepUnmarkedBackups",
        (COPIER, CENTRAL_BREAK_GLASS),
        "rds:DeleteDBClusterAutomatedBackup",
        HERE.arn("rds", "cluster-auto-backup:ab-1"),
    ),
    *(
        Case(ALLOWED, COPIER, "backup:CopyFromBackupVault", POINT, {"backup:CopyTargets": [vault]})
        for vault in (LOCAL_VAULT, REPLICA_VAULT, CENTRAL_VAULT)
    ),
    *_cases("CopyToOurVaultsOnly", (), "backup:CopyFromBackupVault", POINT, {"backup:CopyTargets": [FOREIGN]}),
    *_cases("CopyNowhereUnnamed", (), "backup:CopyFromBackupVault", POINT),
    *_cases("StayInOrganization", (), "organizations:LeaveOrganization"),
    *_cases("StayInOrganization", (), "account:CloseAccount DisableRegion", f"arn:aws:account::{HERE.id}:account"),
    *_cases(
        "KeepPolicies",
        (EDITOR,),
        "organizations:AttachPolicy CreatePolicy DeletePolicy DetachPolicy UpdatePolicy",
        POLICY,
    ),
    *_cases("KeepPolicies", (EDITOR,), "organizations:DisablePolicyType", ROOT),
    *_cases(
        "KeepKeyMaterial",
        (),
        "kms:DeleteImportedKeyMaterial DisableKey ScheduleKeyDeletion UntagResource",
        KEY,
        OF_STRONGROOM,
    ),
    *_cases("GrantKeysToServicesOnly", (), "kms:CreateGrant", KEY, OF_STRONGROOM),
    *_cases(
        "GrantKeysToServicesOnly", (), "kms:CreateGrant", KEY, {**OF_STRONGROOM, "kms:GrantIsForAWSResource": "false"}
    ),
    Case(ALLOWED, COPIER, "kms:CreateGrant", KEY, {**OF_STRONGROOM, "kms:GrantIsForAWSResource": "true"}),
    *_open("kms:CreateGrant PutKeyPolicy ScheduleKeyDeletion", KEY),
    *_cases("KeepExemptRoles", (), ROLE_CHANGES, CENTRAL_BREAK_GLASS),
    *_cases("KeepExemptRoles", (), ROLE_CHANGES, EDITOR),
    *_cases("KeepExemptRoles", (), "iam:DeleteServiceLinkedRole", SERVICE_LINKED),
    *_cases("KeepExemptRoles", (), "iam:DeleteServiceLinkedRole", STACK_SETS_LINKED),
    *_cases("KeepRetention", (), "s3:BypassGovernanceRetention", f"{BUCKET}/2026/report.csv"),
    *_cases(
        "KeepTrails",
        (),
        "cloudtrail:DeleteTrail PutEventSelectors StopLogging UpdateTrail",
        HERE.arn("cloudtrail", "trail/everything"),
    ),
    *_cases(
        "KeepRecorder",
        (),
        "config:DeleteConfigurationRecorder StopConfigurationRecorder",
        HERE.arn("config", "configuration-recorder/default/abcdefgh"),
    ),
    *_cases("KeepRecorder", (), "config:DeleteDeliveryChannel"),
    *_open("backup:CreateBackupVault DescribeBackupVault", CENTRAL_VAULT),
    *_open("dynamodb:DeleteTable PutItem", HERE.arn("dynamodb", "table/orders")),
    *_open("dynamodb:GetItem Query", LEDGER),
    *_open("cloudwatch:DeleteAlarms", HERE.arn("cloudwatch", "alarm:orders")),
    *_open("sns:Unsubscribe", HERE.arn("sns", "orders")),
    *_open("lambda:UpdateFunctionCode", HERE.arn("lambda", "function:orders")),
    *_open("s3:DeleteBucket", "arn:aws:s3:::orders"),
    *_open("iam:CreateRole DeleteRole", HERE.role("application")),
    *_open("cloudformation:DeleteStack", HERE.arn("cloudformation", "stack/orders/1")),
)

# What removes or re-keys: the deployers' alone, and nobody's while the intent names none.
_REMOVALS: Final[tuple[tuple[str, str, dict[str, str], str], ...]] = (
    ("KeepVaults", CENTRAL_VAULT, {},
     ("backup:DeleteBackupVault DeleteBackupVaultAccessPolicy DeleteBackupVaultLockConfiguration"
     " DeleteBackupVaultNotifications DeleteBackupVaultSharingPolicy")),
    ("KeepKeys", KEY, OF_STRONGROOM, "kms:DisableKeyRotation PutKeyPolicy RetireGrant RevokeGrant"),
    ("KeepRoles", FUNCTION, {},
     ("iam:DeleteRole DeleteRolePermissionsBoundary DeleteRolePolicy DetachRolePolicy UntagRole"
     " UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription")),
    ("KeepRoles", MANAGED_POLICY, {},
     "iam:CreatePolicyVersion DeletePolicy DeletePolicyVersion SetDefaultPolicyVersion"),
    ("KeepLedger", LEDGER, {}, "dynamodb:DeleteResourcePolicy DeleteTable"),
    ("KeepControlPlane", ARCHIVE, {}, "events:DeleteArchive"),
    ("KeepControlPlane", BUS, {}, "events:DeleteEventBus"),
    ("KeepControlPlane", RULE, {}, "events:DeleteRule DisableRule RemoveTargets"),
    ("KeepControlPlane", FUNCTION_ARN, {}, "lambda:DeleteFunction UpdateFunctionCode UpdateFunctionConfiguration"),
    ("KeepControlPlane", TOPIC, {}, "sns:DeleteTopic"),
    ("KeepControlPlane", QUEUE, {}, "sqs:DeleteQueue PurgeQueue"),
    ("KeepControlPlane", MACHINE, {}, "states:DeleteStateMachine UpdateStateMachine"),
    ("KeepControlPlane", EXECUTION, {}, "states:RedriveExecution"),
    ("KeepHearing", "*", {}, "events:PutPermission RemovePermission"),
    ("KeepQueues", ALARM, {}, "cloudwatch:DeleteAlarms DisableAlarmActions"),
    ("KeepQueues", MAPPING, {}, "lambda:DeleteEventSourceMapping UpdateEventSourceMapping"),
    ("KeepQueues", TOPIC, {}, "sns:SetSubscriptionAttributes Unsubscribe"),
    ("KeepStacks", STACK, {}, "cloudformation:DeleteStack ExecuteStackRefactor"),
    ("KeepReports", BUCKET, {}, "s3:DeleteBucket DeleteBucketPolicy"),
    ("KeepProof", PLAN, {}, "backup:DeleteRestoreTestingPlan DeleteRestoreTestingSelection"),
    ("KeepProof", FRAMEWORK, {}, "backup:DeleteFramework"),
    ("KeepProof", REPORT_PLAN, {}, "backup:DeleteReportPlan"),
    ("KeepProof", "*", {}, "backup:PutRestoreValidationResult"),
)  # fmt: skip

# What a first deployment does, too: refused to others once there are deployers, else allowed.
_MAKINGS: Final = (
    (
        "KeepVaults", CENTRAL_VAULT,
        ("backup:PutBackupVaultAccessPolicy PutBackupVaultLockConfiguration PutBackupVaultNotifications"
        " PutBackupVaultSharingPolicy"),
    ),
    (
        "KeepRoles", FUNCTION,
        "iam:AttachRolePolicy CreateRole PutRolePermissionsBoundary PutRolePolicy TagRole",
    ),
    ("KeepLedger", LEDGER, "dynamodb:PutResourcePolicy UpdateContinuousBackups UpdateTable UpdateTimeToLive"),
    ("KeepControlPlane", RULE, "events:PutRule PutTargets"),
    ("KeepControlPlane", ARCHIVE, "events:UpdateArchive"),
    ("KeepControlPlane", FUNCTION_ARN, "lambda:AddPermission PutFunctionConcurrency"),
    ("KeepControlPlane", TOPIC, "sns:SetTopicAttributes"),
    ("KeepControlPlane", QUEUE, "sqs:SetQueueAttributes"),
    (
        "KeepStacks", STACK,
        ("cloudformation:CancelUpdateStack ContinueUpdateRollback CreateChangeSet ExecuteChangeSet RollbackStack"
        " SetStackPolicy UpdateStack UpdateTerminationProtection"),
    ),
    (
        "KeepReports", BUCKET,
        ("s3:PutBucketObjectLockConfiguration PutBucketPolicy PutBucketPublicAccessBlock PutBucketVersioning"
        " PutEncryptionConfiguration PutLifecycleConfiguration"),
    ),
    ("KeepProof", PLAN, "backup:CreateRestoreTestingPlan CreateRestoreTestingSelection UpdateRestoreTestingPlan"),
    ("KeepProof", PLAN, "backup:UpdateRestoreTestingSelection"),
    ("KeepProof", FRAMEWORK, "backup:UpdateFramework"),
    ("KeepProof", REPORT_PLAN, "backup:UpdateReportPlan"),
)  # fmt: skip

_WRITES: Final = "dynamodb:BatchWriteItem DeleteItem PartiQLDelete PartiQLInsert PartiQLUpdate PutItem UpdateItem"
_TO_LAMBDA: Final = {"iam:PassedToService": "lambda.amazonaws.com"}
_TO_BACKUP: Final = {"iam:PassedToService": "backup.amazonaws.com"}

CASES: Final = (
    *_ALWAYS,
    *(each for sid, at, context, names in _REMOVALS for each in _cases(sid, (DEPLOYER,), names, at, context)),
    *(each for sid, at, names in _MAKINGS for each in _cases(sid, (DEPLOYER,), names, at)),
    *_cases("OnlyFunctionsWrite", (*OURS, DEPLOYER), _WRITES, LEDGER),
    *_cases("KeepExemptRoles", (), ROLE_CHANGES, DEPLOYER),
    *_cases("PassNoRole", (DEPLOYER,), "iam:PassRole", FUNCTION, _TO_LAMBDA),
    Case(ALLOWED, FUNCTION, "iam:PassRole", COPIER, _TO_BACKUP),
    *_open("iam:PassRole", HERE.role("application"), _TO_LAMBDA),
)
CASES_WITHOUT_DEPLOYERS: Final = (
    *_ALWAYS,
    *(each for sid, at, context, names in _REMOVALS for each in _cases(sid, (), names, at, context)),
    *_cases("OnlyFunctionsWrite", OURS, _WRITES, LEDGER),
    *(each for _, at, names in _MAKINGS for each in _open(names, at)),
    *_open("iam:PassRole", FUNCTION, _TO_LAMBDA),
)
