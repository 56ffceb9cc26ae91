"""Everything that the doctor looks at, in the order in which a first deployment depends on it.

Sources are named where a judgement rests on them, beside the judgement.
"""

from typing import Final

from strongroom.domain.doctor.diagnosis import Check

ORGANIZATION: Final = Check(
    id="organization",
    assumption="the credentials are the management account's, of this organisation, with all features",
    calls=("organizations:DescribeOrganization", "sts:AssumeRole", "sts:GetCallerIdentity"),
    remedy="use the credentials of the management account that the intent names",
)
CONCURRENCY: Final = Check(
    id="lambda-concurrency",
    assumption="the backup account runs as many functions at once as the queues ask for",
    calls=("lambda:GetAccountSettings", "lambda:ListEventSourceMappings"),
    remedy="ask Service Quotas for more concurrent executions; until then good messages reach the dead letters",
    shown_by="deploy the control plane: its event source mappings are what is counted",
    protects=False,
)
SLOTS: Final = Check(
    id="scp-slots",
    assumption="each target carries our policies, and has room for them",
    calls=(
        "organizations:ListPoliciesForTarget",
        "servicequotas:ListAWSDefaultServiceQuotas",
        "servicequotas:ListServiceQuotas",
    ),
    remedy="run strongroom plan; detach or merge policies of others where there is no room",
)
OTHERS: Final = Check(
    id="policies-of-others",
    assumption="no policy of others is attached beside ours",
    calls=("organizations:ListPoliciesForTarget",),
    remedy="read whether it denies what Strongroom's roles do: backup:CopyFromBackupVault, backup:CopyIntoBackupVault, "
    "iam:PassRole, sts:AssumeRole, events:PutEvents",
    protects=False,
)
RESOURCE_POLICY: Final = Check(
    id="resource-policy",
    assumption="the organisation's one resource policy lets the backup account read policies and accounts",
    calls=("organizations:DescribeResourcePolicy",),
    remedy="run strongroom plan, which says what to merge",
)
TRAIL: Final = Check(
    id="trail",
    assumption="a trail of the organisation logs all management events of every Region, KMS's too",
    calls=("cloudtrail:DescribeTrails", "cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"),
    remedy="without it no tag is enforced and no attack is seen: mend the trail of the organisation",
)
SWITCHES: Final = Check(
    id="trusted-access",
    assumption="policy types, trusted access, delegated administrators and AWS Backup's settings are on",
    calls=(
        "backup:DescribeGlobalSettings",
        "cloudformation:DescribeOrganizationsAccess",
        "organizations:DescribeOrganization",
        "organizations:ListAWSServiceAccessForOrganization",
        "organizations:ListDelegatedAdministrators",
        "organizations:ListRoots",
    ),
    remedy="strongroom apply switches them on",
)
OPT_INS: Final = Check(
    id="opt-ins",
    assumption="AWS Backup serves the selected types, and manages DynamoDB fully (advanced features)",
    calls=("backup:DescribeRegionSettings",),
    remedy="strongroom apply switches them on in the management account, a person in the others",
)
REGIONS: Final = Check(
    id="regions",
    assumption="the Regions of the intent are on in every account that needs them",
    calls=("account:GetRegionOptStatus", "cloudformation:ListStackInstances", "organizations:ListAccountsForParent"),
    remedy="run strongroom plan, which names the command that enables each",
)
INSTANCES: Final = Check(
    id="stack-instances",
    assumption="every governed account has its stacks, as the StackSets want them",
    calls=("cloudformation:ListStackInstances", "organizations:ListAccountsForParent"),
    remedy="run strongroom plan, which says why, then strongroom apply",
)
RECORDERS: Final = Check(
    id="config-recorders",
    assumption="AWS Config records the four types of AWS Backup where a framework is",
    calls=("config:DescribeConfigurationRecorderStatus", "config:DescribeConfigurationRecorders"),
    remedy="let the recorder cover them, or set audit.framework to false: the framework stays empty, or fails",
    protects=False,
)
VAULT_KEYS: Final = Check(
    id="vault-keys",
    assumption="each vault's key is a customer key, enabled, and lets AWS Backup copy across accounts; that of "
    "`strongroom-restores` is one of its restore profile",
    calls=("backup:DescribeBackupVault", "backup:ListBackupVaults", "kms:DescribeKey", "kms:GetKeyPolicy"),
    remedy="a copy fails without it: cancel the key's deletion or enable it, then let the stack put its policy back",
)
LOCKS: Final = Check(
    id="vault-locks",
    assumption="the vaults of copies are locked as the intent promises",
    calls=("backup:ListBackupVaults",),
    remedy="run strongroom plan before the lock date: afterwards nobody can change a number",
)
SHARES: Final = Check(
    id="vault-shares",
    assumption="air-gapped vaults of other accounts are shared with every governed account, or with nobody where a "
    "team opens them",
    calls=("organizations:ListAccountsForParent", "ram:GetResourceShareAssociations"),
    remedy="strongroom apply shares them; delete a share that is not made from here",
)
BUS: Final = Check(
    id="bus",
    assumption="the bus takes events of the organisation's forwarders only, and its rules reach their queues",
    calls=(
        "events:DescribeEventBus",
        "events:ListRules",
        "events:ListTargetsByRule",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
    ),
    remedy="deploy the control plane again: its template holds both policies",
)
FORWARDERS: Final = Check(
    id="forwarders",
    assumption="every forwarding rule is enabled, sends to the bus, and left no event undelivered",
    calls=("events:ListRules", "events:ListTargetsByRule", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"),
    remedy="run strongroom plan for the account's stacks, then read the dead letters: each holds its ERROR_CODE",
)
COPY_KEYS: Final = Check(
    id="copy-keys",
    assumption="copies lie under the key of the vault they are in",
    calls=("backup:ListBackupVaults", "backup:ListRecoveryPointsByBackupVault"),
    remedy="see whether the source is unencrypted, or its type keeps its own key: copies stay readable",
    shown_by="the first completed copy: backup:DescribeRecoveryPoint in the central vault",
    protects=False,
)
ORIGINS: Final = Check(
    id="plan-names",
    assumption="recovery points of the organisation's plans name their plan, by which their tier is known",
    calls=("backup:ListBackupVaults", "backup:ListRecoveryPointsByBackupVault", "backup:ListTags"),
    remedy="without it the tier comes from tags, which AWS Backup lists for the types that it manages fully only",
    shown_by="the first night of a plan: backup:DescribeRecoveryPoint of what it made",
)
JOBS: Final = Check(
    id="last-jobs",
    assumption="the last backup job and the last copy job of each type completed",
    calls=("backup:ListBackupJobs", "backup:ListCopyJobs"),
    remedy="the runbook says what stops a backup or a copy; the job's own message is the evidence",
    shown_by="a night of the plans: the events Backup Job State Change and Copy Job State Change",
)
WAITING_COPIES: Final = Check(
    id="waiting-copies",
    assumption="a copy that waits for another copy of its resource is listed, as CREATED",
    calls=("backup:ListCopyJobs",),
    remedy="without it a copy that waits its turn looks like one that never began: let deadlines.copy_verified_within "
    "be longer than all copies of a resource take together, so that none is started a second time",
    shown_by="a night of a tier with two destinations: backup:ListCopyJobs while the first copy runs",
    protects=False,
)
SOURCE_KEYS: Final = Check(
    id="source-keys",
    assumption="the keys of sources let the backup account copy",
    calls=(
        "ec2:DescribeVolumes",
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "rds:DescribeDBClusters",
        "rds:DescribeDBInstances",
    ),
    remedy="name the backup account's AWSServiceRoleForBackup in the key's policy; with an AWS-managed key nothing is "
    "copied: the source must be encrypted anew",
    shown_by="a copy job of the resource that ends FAILED, with the key in its message",
)
EXPIRY: Final = Check(
    id="expiry",
    assumption="recovery points are deleted when their time has come, and not before",
    calls=("backup:ListBackupJobs", "backup:ListBackupVaults", "backup:ListRecoveryPointsByBackupVault"),
    remedy="late: see whether the role that made them still exists and may delete; early: CloudTrail's "
    "DeleteRecoveryPoint says who did it",
    shown_by="the first recovery point that is older than its retention: it must be gone from its vault",
)

EVIDENCE_LOG: Final = Check(
    id="evidence-log",
    assumption="the log of the evidence works, is signed by the keys of the intent, and leaves nothing out",
    calls=("lambda:GetFunctionConfiguration", "s3:GetObjectVersion", "s3:ListBucketVersions"),
    remedy="read the alarms and the log of strongroom-log-evidence in the audit account: until it has seen an intent, "
    "nothing is restored; other keys than the intent's are a reason to ask who changed them",
    shown_by="the first restore that is asked for, or strongroom apply, which puts the rules there",
)

CHECKS: Final = (
    ORGANIZATION,
    CONCURRENCY,
    SLOTS,
    OTHERS,
    RESOURCE_POLICY,
    TRAIL,
    SWITCHES,
    OPT_INS,
    REGIONS,
    INSTANCES,
    RECORDERS,
    VAULT_KEYS,
    LOCKS,
    SHARES,
    BUS,
    FORWARDERS,
    COPY_KEYS,
    ORIGINS,
    JOBS,
    WAITING_COPIES,
    SOURCE_KEYS,
    EXPIRY,
    EVIDENCE_LOG,
)


def every_call() -> tuple[str, ...]:
    """The actions of IAM that the doctor needs, each once, sorted."""
    return tuple(sorted({call for check in CHECKS for call in check.calls}))
