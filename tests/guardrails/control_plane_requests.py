"""What is tried in the backup account and the audit account, with deployers named in the intent and without."""

from typing import Any, Final

from strongroom.domain.identifiers import AccountId
from tests.builders.places import (
    BACKUP_ACCOUNT,
    CENTRAL_VAULT,
    LOCAL_VAULT,
    OUTAGE_USERS,
    PAYMENTS,
    REPLICA_VAULT,
    TEMPORARY_VAULT,
    a_vault_arn,
)
from tests.guardrails.member_requests import ROLE_CHANGES, VAULT_CHANGES
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
SCANNER: Final = HERE.role("strongroom/strongroom-scanner")
SCAN: Final = HERE.role("strongroom/strongroom-scan")
REVOKER: Final = HERE.role("strongroom/strongroom-revoke-access")
FUNCTION: Final = HERE.role("strongroom/strongroom-start-restore")
STACK_SET: Final = HERE.role("stacksets-exec-0123456789abcdef0123456789abcdef")
ZONE: Final = HERE.role("AWSControlTowerExecution")
CEREMONY: Final = HERE.role("strongroom/strongroom-restore-approval")
REMEDIATION: Final = HERE.role("strongroom/strongroom-copy-remediation")
ONBOARDING: Final = HERE.role("strongroom/strongroom-account-onboarding")
WITNESS: Final = HERE.role("strongroom/strongroom-ask-witness")
EVERYBODY: Final = (
    *HERE.powerful(),
    COPIER,
    SCANNER,
    REVOKER,
    FUNCTION,
    STACK_SET,
    DEPLOYER,
    EDITOR,
    CENTRAL_BREAK_GLASS,
    ZONE,
    CEREMONY,
)
# Whoever writes the ledger: every role under the protected path.
OURS: Final = (COPIER, SCANNER, REVOKER, FUNCTION, CEREMONY, HERE.role("strongroom/strongroom-tagging"))

POINT = HERE.arn("backup", "recovery-point:1eb3b5e7-9eb0-435a-a80b-108b488b0d45")
FOREIGN = a_vault_arn("elsewhere", account=PAYMENTS)
NAMESAKE = a_vault_arn("local-prod-vault", account=AccountId("600000000001"))
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
REMEDIATION_MACHINE = HERE.arn("states", "stateMachine:strongroom-copy-remediation")
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
SECRET = HERE.arn("secretsmanager", "secret:Secrets-1a2b3c4d5e6f-AbCdEf")
LOGS = HERE.arn("logs", "log-group:/aws/lambda/strongroom-StartRestoreFunction-1")
CEREMONY_LOGS = HERE.arn("logs", "log-group:strongroom-RestoreApprovalLogs-1")
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


def _copied(vault: str, path: str) -> dict[str, Any]:
    return {"backup:CopyTargets": [vault], "backup:CopyTargetOrgPaths": [f"o-strongroom1/r-strg/{path}"]}


def _open(actions: str, resource: str = "*", context: dict[str, Any] | None = None) -> tuple[Case, ...]:
    return tuple(refused_to_all_but("", (ADMIN,), actions, resource, context, to=()))


# What a deployment never does, the deployers included.
_ALWAYS: Final = (
    *_cases("KeepRecoveryPoints", (), "backup:DeleteRecoveryPoint UpdateRecoveryPointLifecycle", POINT),
    *_cases("KeepRecoveryPoints", (), "backup:DisassociateRecoveryPoint DisassociateRecoveryPointFromParent", POINT),
    *_cases("KeepRecoveryPoints", (), "backup:CancelLegalHold", HERE.arn("backup", "legal-hold:1")),
    *_cases("KeepBackupsOn", (), "backup:StopBackupJob UpdateGlobalSettings UpdateRegionSettings"),
    *_cases("ReadByRestoreOnly", (SCANNER,), "backup:CreateBackupAccessPoint", POINT),
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
        "redshift-serverless:RestoreFromSnapshot RestoreTableFromSnapshot",
        SERVERLESS_SNAPSHOT,
        OF_AWS_BACKUP,
    ),
    *_cases(
        "KeepNativeCopies",
        (COPIER, SCANNER),
        "ec2:DeleteSnapshot ModifySnapshotAttribute ModifySnapshotTier",
        SNAPSHOT,
        OF_AWS_BACKUP,
    ),
    *_cases(
        "KeepNativeCopies",
        (COPIER, SCANNER),
        "ec2:DeregisterImage DisableImage ModifyImageAttribute",
        IMAGE,
        OF_AWS_BACKUP,
    ),
    *_cases("KeepNativeCopies", (COPIER, SCANNER), "fsx:DeleteBackup", FSX_BACKUP, OF_AWS_BACKUP),
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
        (COPIER, SCANNER),
        "redshift-serverless:DeleteSnapshot UpdateSnapshot",
        SERVERLESS_SNAPSHOT,
        OF_AWS_BACKUP,
    ),
    *_cases(
        "NoReadingOfCopies",
        (COPIER, SCANNER),
        "ebs:GetSnapshotBlock ListChangedBlocks ListSnapshotBlocks",
        SNAPSHOT,
        OF_AWS_BACKUP,
    ),
    *_cases(
        "NoReadingOfCopies", (COPIER, SCANNER), "ec2:CopyImage CreateStoreImageTask ExportImage", IMAGE, OF_AWS_BACKUP
    ),
    *_cases("NoReadingOfCopies", (COPIER, SCANNER), "ec2:CopySnapshot RegisterImage", SNAPSHOT, OF_AWS_BACKUP),
    *_open("ec2:CopySnapshot", SNAPSHOT),
    *_open("ec2:CopyImage", IMAGE),
    *_cases("NoReadingOfCopies", (COPIER, SCANNER), "fsx:CopyBackup", FSX_BACKUP, OF_AWS_BACKUP),
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
    *_cases("NoRestoreFromUnmarked", (CENTRAL_BREAK_GLASS,), "dynamodb:RestoreTableFromBackup", f"{LEDGER}/backup/1"),
    *_open("dynamodb:RestoreTableFromBackup", HERE.arn("dynamodb", "table/orders")),
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
    *(
        Case(ALLOWED, COPIER, "backup:CopyFromBackupVault", POINT, _copied(vault, path))
        for vault, path in (
            (LOCAL_VAULT, "ou-strg-prod0001/"),
            (LOCAL_VAULT, "ou-strg-prod0001/ou-strg-team0001/"),
            (REPLICA_VAULT, ""),
        )
    ),
    *_cases("CopyBackToGovernedOnly", (), "backup:CopyFromBackupVault", POINT, _copied(NAMESAKE, "ou-strg-sand0001/")),
    Case(ALLOWED, COPIER, "backup:CopyFromBackupVault", POINT, _copied(TEMPORARY_VAULT, "ou-strg-prod0001/")),
    *_cases(
        "CopyBackToGovernedOnly",
        (),
        "backup:CopyFromBackupVault",
        POINT,
        _copied(TEMPORARY_VAULT.replace("222222222222", "333333333333"), "ou-strg-sand0001/"),
    ),
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
    *(
        Case("OutageUsersRestoreOnly", user, action, resource)
        for user in OUTAGE_USERS
        for action, resource in (
            ("sts:AssumeRole", ADMIN),
            ("sts:AssumeRole", f"arn:aws:iam::{PAYMENTS}:role/strongroom/strongroom-tagging"),
            ("s3:GetObject", f"{BUCKET}/evidence/r-1/request.json"),
            ("s3:ListAllMyBuckets", "*"),
            ("iam:ChangePassword", user),
        )
    ),
    *(
        Case(ALLOWED, user, action, resource)
        for user in OUTAGE_USERS
        for action, resource in (
            ("sts:GetSessionToken", "*"),
            ("sts:AssumeRole", f"arn:aws:iam::{PAYMENTS}:role/strongroom/strongroom-restore"),
        )
    ),
    Case(ALLOWED, f"{OUTAGE_USERS[0]}0", "s3:GetObject", f"{BUCKET}/evidence/r-1/request.json"),
    *_open("iam:CreateAccessKey DeactivateMFADevice", f"{OUTAGE_USERS[0]}0"),
    *_cases("KeepRetention", (), "s3:BypassGovernanceRetention", f"{BUCKET}/2026/report.csv"),
    *_cases(
        "KeepTrails",
        (ZONE,),
        "cloudtrail:DeleteTrail PutEventSelectors StopLogging UpdateTrail",
        HERE.arn("cloudtrail", "trail/everything"),
    ),
    *_cases(
        "KeepRecorder",
        (ZONE,),
        "config:DeleteConfigurationRecorder StopConfigurationRecorder",
        HERE.arn("config", "configuration-recorder/default/abcdefgh"),
    ),
    *_cases("KeepRecorder", (ZONE,), "config:DeleteDeliveryChannel"),
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

# What a deployment does: refused to others, and to everybody while the intent names no deployer.
_CHANGES: Final[tuple[tuple[str, str, dict[str, str], str], ...]] = (
    ("KeepOurVaults", CENTRAL_VAULT, {}, VAULT_CHANGES),
    ("KeepOurVaults", LOCAL_VAULT, {}, "backup:PutBackupVaultAccessPolicy"),
    ("KeepOurVaults", REPLICA_VAULT, {}, "backup:DeleteBackupVault"),
    ("KeepOurVaults", TEMPORARY_VAULT, {}, "backup:DeleteBackupVault"),
    ("KeepKeys", KEY, OF_STRONGROOM, "kms:DisableKeyRotation PutKeyPolicy RetireGrant RevokeGrant"),
    ("KeepRoles", FUNCTION, {}, ROLE_CHANGES),
    ("KeepOutageUsers", OUTAGE_USERS[0], {}, "iam:CreateAccessKey"),
    ("KeepOutageUsers", OUTAGE_USERS[1], {},
     ("iam:CreateAccessKey CreateLoginProfile CreateUser DeactivateMFADevice DeleteAccessKey DeleteLoginProfile"
      " DeleteUser DeleteUserPermissionsBoundary DeleteUserPolicy DetachUserPolicy EnableMFADevice"
      " PutUserPermissionsBoundary PutUserPolicy ResyncMFADevice UpdateAccessKey UpdateLoginProfile UpdateUser")),
    ("KeepRoles", MANAGED_POLICY, {},
     "iam:CreatePolicyVersion DeletePolicy DeletePolicyVersion SetDefaultPolicyVersion"),
    ("KeepLedger", LEDGER, {},
     ("dynamodb:DeleteResourcePolicy DeleteTable PutResourcePolicy UpdateContinuousBackups UpdateTable"
      " UpdateTimeToLive")),
    ("KeepControlPlane", ARCHIVE, {}, "events:DeleteArchive UpdateArchive"),
    ("KeepControlPlane", BUS, {}, "events:DeleteEventBus"),
    ("KeepControlPlane", RULE, {}, "events:DeleteRule DisableRule PutRule PutTargets RemoveTargets"),
    ("KeepControlPlane", FUNCTION_ARN, {},
     ("lambda:AddPermission DeleteFunction PutFunctionConcurrency UpdateFunctionCode UpdateFunctionConfiguration")),
    ("KeepControlPlane", LOGS, {}, "logs:DeleteLogGroup DeleteRetentionPolicy PutRetentionPolicy"),
    ("KeepControlPlane", f"{LOGS}:log-stream:2026/09/01/1", {}, "logs:DeleteLogStream"),
    ("KeepControlPlane", CEREMONY_LOGS, {}, "logs:DeleteLogGroup"),
    ("KeepControlPlane", TOPIC, {}, "sns:DeleteTopic SetTopicAttributes"),
    ("KeepControlPlane", QUEUE, {}, "sqs:DeleteQueue PurgeQueue SetQueueAttributes"),
    ("KeepControlPlane", MACHINE, {}, "states:DeleteStateMachine UpdateStateMachine"),
    ("KeepControlPlane", EXECUTION, {}, "states:RedriveExecution StopExecution"),
    ("KeepHearing", "*", {}, "events:PutPermission RemovePermission"),
    ("KeepHearing", "*", {}, "lambda:CreateEventSourceMapping"),
    ("KeepQueues", ALARM, {}, "cloudwatch:DeleteAlarms DisableAlarmActions"),
    ("KeepQueues", MAPPING, {}, "lambda:DeleteEventSourceMapping UpdateEventSourceMapping"),
    ("KeepQueues", TOPIC, {}, "sns:SetSubscriptionAttributes Unsubscribe"),
    ("KeepStacks", STACK, {},
     ("cloudformation:CancelUpdateStack ContinueUpdateRollback CreateChangeSet DeleteStack ExecuteChangeSet"
      " ExecuteStackRefactor RollbackStack SetStackPolicy UpdateStack UpdateTerminationProtection")),
    ("KeepReports", BUCKET, {},
     ("s3:DeleteBucket DeleteBucketPolicy PutBucketObjectLockConfiguration PutBucketPolicy PutBucketPublicAccessBlock"
      " PutBucketVersioning PutEncryptionConfiguration PutLifecycleConfiguration")),
    ("KeepProof", PLAN, {},
     ("backup:CreateRestoreTestingPlan CreateRestoreTestingSelection DeleteRestoreTestingPlan"
      " DeleteRestoreTestingSelection UpdateRestoreTestingPlan UpdateRestoreTestingSelection")),
    ("KeepProof", FRAMEWORK, {}, "backup:DeleteFramework UpdateFramework"),
    ("KeepProof", REPORT_PLAN, {}, "backup:DeleteReportPlan UpdateReportPlan"),
    ("KeepProof", "*", {}, "backup:PutRestoreValidationResult"),
    ("KeepSecrets", SECRET, OF_STRONGROOM,
     ("secretsmanager:CancelRotateSecret DeleteResourcePolicy DeleteSecret PutResourcePolicy PutSecretValue"
      " ReplicateSecretToRegions RotateSecret UntagResource UpdateSecret UpdateSecretVersionStage")),
)  # fmt: skip


def _roles(names: str) -> tuple[str, ...]:
    return tuple(HERE.role(f"strongroom/strongroom-{name}") for name in names.split())


_KNOWING: Final = _roles(
    "close-restore open-ticket post-alert receive-slack-click refresh-cards request-restore snapshot-ticket"
    " start-copy-back start-restore take-alert-click take-proof tell-approvers tell-digest"
)
# What the control plane does by itself, and no deployer either.
_ACTS: Final = (
    *_cases(
        "OnlyTheCeremonyInvokes", (CEREMONY, REMEDIATION, ONBOARDING, WITNESS), "lambda:InvokeFunction", FUNCTION_ARN
    ),
    *_cases(
        "OnlyRequestsBegin",
        _roles("request-restore sweep-ceremonies"),
        "states:StartExecution StartSyncExecution",
        MACHINE,
    ),
    *_cases(
        "OnlyTheSweepBegins",
        _roles("sweep-overdue-copies"),
        "states:StartExecution StartSyncExecution",
        REMEDIATION_MACHINE,
    ),
    *_cases(
        "OnlyProofsRing",
        _roles("sweep-ceremonies take-proof"),
        "states:SendTaskFailure SendTaskHeartbeat SendTaskSuccess",
    ),
    *_cases("OnlyTheLogSigns", _roles("log-evidence"), "kms:Sign", KEY, OF_STRONGROOM),
    *_cases("OnlyFunctionsSpeak", (*OURS, *_roles("forwarder")), "events:PutEvents", BUS),
    *_cases("OnlyFunctionsKnowSecrets", _KNOWING, "secretsmanager:GetSecretValue", SECRET, OF_STRONGROOM),
    *_open("lambda:InvokeFunction", HERE.arn("lambda", "function:orders")),
    *_open("states:StartExecution", HERE.arn("states", "stateMachine:orders")),
    *_open("states:StopExecution", HERE.arn("states", "execution:orders:1")),
    *_open("kms:Sign", KEY),
    *_open("events:PutEvents", HERE.arn("events", "event-bus/default")),
    *_open("sqs:ReceiveMessage DeleteMessage", HERE.arn("sqs", "orders")),
    *_open("secretsmanager:GetSecretValue PutSecretValue", SECRET),
    *_open("logs:DeleteLogGroup", HERE.arn("logs", "log-group:/aws/lambda/orders")),
)
_WRITES: Final = "dynamodb:BatchWriteItem DeleteItem PartiQLDelete PartiQLInsert PartiQLUpdate PutItem UpdateItem"
_FETCHES: Final = "sqs:ChangeMessageVisibility DeleteMessage ReceiveMessage"
_TO_BACKUP: Final = {"iam:PassedToService": "backup.amazonaws.com"}
_TO_GUARDDUTY: Final = {"iam:PassedToService": "malware-protection.guardduty.amazonaws.com"}
_TO_LAMBDA: Final = {"iam:PassedToService": "lambda.amazonaws.com"}
_FOREIGN_VAULT: Final = a_vault_arn("aws-controltower-central-1", account=BACKUP_ACCOUNT)


def _with(*deployers: str) -> tuple[Case, ...]:
    return (
        *_ALWAYS,
        *_ACTS,
        *(each for sid, at, context, names in _CHANGES for each in _cases(sid, deployers, names, at, context)),
        *_cases("KeepVaults", (*deployers, ZONE), VAULT_CHANGES, _FOREIGN_VAULT),
        *_cases("KeepLandingZoneRoles", (*deployers, ZONE), ROLE_CHANGES, ZONE),
        *_cases("OnlyFunctionsWrite", (*OURS, *deployers), _WRITES, LEDGER),
        *_cases("OnlyFunctionsFetch", (*OURS, *_roles("forwarder"), *deployers), _FETCHES, QUEUE),
        *(each for deployer in deployers for each in _cases("KeepExemptRoles", (), ROLE_CHANGES, deployer)),
        *_cases("PassNoRole", (COPIER, SCAN, *deployers), "iam:PassRole", FUNCTION, _TO_LAMBDA),
        *_cases("PassNoRole", (COPIER, SCAN, *deployers), "iam:PassRole", SCANNER, _TO_GUARDDUTY),
        Case(ALLOWED, FUNCTION, "iam:PassRole", COPIER, _TO_BACKUP),
        *_open("iam:PassRole", HERE.role("application"), _TO_LAMBDA),
    )


CASES: Final = _with(DEPLOYER)
CASES_WITHOUT_DEPLOYERS: Final = _with()

_SHARE: Final = HERE.arn("ram", "resource-share/1")
# What an account with air-gapped vaults for all meets besides.
AIR_GAPPED_CASES: Final = (
    *_cases(
        "ShareAsWrittenOnly",
        (DEPLOYER,),
        "ram:AssociateResourceShare AssociateResourceSharePermission DeleteResourceShare DisassociateResourceShare"
        " UpdateResourceShare",
        _SHARE,
    ),
    *_cases("ShareAsWrittenOnly", (DEPLOYER,), "ram:CreateResourceShare"),
    *_open("ram:GetResourceShares GetResourceShareAssociations ListPrincipals"),
    *_cases(
        "OpenNoSideDoor",
        (),
        "backup:CreateRestoreAccessBackupVault DisassociateBackupVaultMpaApprovalTeam",
        CENTRAL_VAULT,
    ),
    *_cases(
        "TeamsByDeployersOnly",
        (DEPLOYER,),
        "backup:AssociateBackupVaultMpaApprovalTeam",
        CENTRAL_VAULT,
    ),
    *_cases(
        "RevokeAccessInTurnOnly",
        (DEPLOYER, REVOKER),
        "backup:RevokeRestoreAccessBackupVault",
        CENTRAL_VAULT,
    ),
    *_cases("MakeOurAirGapsOnly", (DEPLOYER,), "backup:CreateLogicallyAirGappedBackupVault", CENTRAL_VAULT),
)
