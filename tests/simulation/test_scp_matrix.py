"""The SCPs, tried in an IAM engine that is not ours: who may do what, both ways, and no statement without its case.

Everybody here has full access by their own policies, so that whatever is refused is refused by the SCPs. Service-linked
roles and the management account do not occur: SCPs do not bind them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from strongroom.domain.guardrails import render_guardrails
from strongroom.domain.intent import Intent

PAYMENTS = "222222222222"
ROLE = f"arn:aws:iam::{PAYMENTS}:role"
ADMIN = f"{ROLE}/AdministratorAccess"
ROOT = f"arn:aws:iam::{PAYMENTS}:root"
IMPOSTOR = f"{ROLE}/BackupAdminRole"
NAMESAKE = f"{ROLE}/strongroom-restore"  # the right name without the protected path
BACKUP = f"{ROLE}/strongroom/strongroom-backup"
RESTORE = f"{ROLE}/strongroom/strongroom-restore"
TAGGING = f"{ROLE}/strongroom/strongroom-tagging"
STACK_SET = f"{ROLE}/stacksets-exec-0123456789abcdef0123456789abcdef"

BACKUP_ARN = f"arn:aws:backup:eu-west-1:{PAYMENTS}"
POINT = f"{BACKUP_ARN}:recovery-point:1"
VAULT = f"{BACKUP_ARN}:backup-vault:local-prod-vault"
CENTRAL = "arn:aws:backup:eu-west-1:999999999999:backup-vault:central-backup-vault"
REPLICA = "arn:aws:backup:eu-central-1:999999999999:backup-vault:replica-backup-vault"
FOREIGN = "arn:aws:backup:eu-west-1:123123123123:backup-vault:central-backup-vault"
AWS_SNAPSHOT = f"arn:aws:rds:eu-west-1:{PAYMENTS}:snapshot:awsbackup:job-1"
AWS_CLUSTER_SNAPSHOT = f"arn:aws:rds:eu-west-1:{PAYMENTS}:cluster-snapshot:awsbackup:job-1"
OWN_SNAPSHOT = f"arn:aws:rds:eu-west-1:{PAYMENTS}:snapshot:before-migration"
EBS_SNAPSHOT = "arn:aws:ec2:eu-west-1::snapshot/snap-1"
TABLE = f"arn:aws:dynamodb:eu-west-1:{PAYMENTS}:table/orders"
INSTANCE = f"arn:aws:ec2:eu-west-1:{PAYMENTS}:instance/i-1"
DATABASE = f"arn:aws:rds:eu-west-1:{PAYMENTS}:db:payments"
OUR_RULE = f"arn:aws:events:eu-west-1:{PAYMENTS}:rule/strongroom-forwarder"
THEIR_RULE = f"arn:aws:events:eu-west-1:{PAYMENTS}:rule/nightly-report"
KEY = f"arn:aws:kms:eu-west-1:{PAYMENTS}:key/1"
OUR_STACK = f"arn:aws:cloudformation:eu-west-1:{PAYMENTS}:stack/StackSet-strongroom-member-1/1"
THEIR_STACK = f"arn:aws:cloudformation:eu-west-1:{PAYMENTS}:stack/payments/1"

OF_AWS_BACKUP = {"aws:resourcetag/aws:backup:source-resource": "arn:aws:ec2:eu-west-1:222222222222:volume/vol-1"}
OF_STRONGROOM = {"aws:resourcetag/strongroom": "vault-key"}
ROLE_CHANGES = (
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
    "iam:UpdateRoleDescription",
)
ALLOWED = ""


def keys(*names: str) -> dict[str, Any]:
    """A request that removes these tags."""
    return {"aws:tagkeys": list(names)}


def tags(**values: str) -> dict[str, Any]:
    """A request that sets these tags; AWS compares the names in condition keys in any letter case."""
    return {f"aws:requesttag/{name.lower()}": value for name, value in values.items()} | keys(*values)


@dataclass(frozen=True, slots=True)
class Case:
    """One request, and the statement that refuses it; none where it is allowed."""

    refused_by: str
    principal: str
    action: str
    resource: str = "*"
    context: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        details = "-".join(str(value) for value in self.context.values())
        name = f"{self.principal.partition('::')[2]}-{self.action}-{self.resource.rpartition(':')[2]}-{details}"
        return name.replace(" ", "")


def refused_to_all_but(
    statement: str, exempt: tuple[str, ...], action: str, resource: str = "*", context: Mapping[str, Any] | None = None
) -> Iterator[Case]:
    """The request is refused to the powerful and to those who only look like the exempt, and open to the exempt."""
    for principal in (ADMIN, ROOT, IMPOSTOR, NAMESAKE, TAGGING, BACKUP, RESTORE, STACK_SET):
        yield Case(ALLOWED if principal in exempt else statement, principal, action, resource, context or {})


CASES = (
    # Recovery points: nobody, not even our own roles. Expiry is the work of a service-linked role.
    *refused_to_all_but("KeepRecoveryPoints", (), "backup:DeleteRecoveryPoint", POINT),
    *refused_to_all_but("KeepRecoveryPoints", (), "backup:UpdateRecoveryPointLifecycle", POINT),
    *refused_to_all_but("KeepRecoveryPoints", (), "backup:DisassociateRecoveryPoint", POINT),
    Case("KeepRecoveryPoints", ADMIN, "backup:DisassociateRecoveryPointFromParent", POINT),
    Case("KeepRecoveryPoints", ADMIN, "backup:CancelLegalHold"),
    Case(ALLOWED, ADMIN, "backup:DescribeRecoveryPoint", POINT),
    Case(ALLOWED, ADMIN, "backup:StartBackupJob", VAULT),
    Case(ALLOWED, ADMIN, "backup:ListTags", POINT),
    # Vaults: only the StackSet that made them.
    *refused_to_all_but("KeepVaults", (STACK_SET,), "backup:DeleteBackupVault", VAULT),
    *refused_to_all_but("KeepVaults", (STACK_SET,), "backup:PutBackupVaultAccessPolicy", VAULT),
    *refused_to_all_but("KeepVaults", (STACK_SET,), "backup:DeleteBackupVaultLockConfiguration", VAULT),
    Case("KeepVaults", ADMIN, "backup:DeleteBackupVaultAccessPolicy", VAULT),
    Case("KeepVaults", ADMIN, "backup:PutBackupVaultLockConfiguration", VAULT),
    Case("KeepVaults", ADMIN, "backup:DeleteBackupVaultNotifications", VAULT),
    Case(ALLOWED, ADMIN, "backup:CreateBackupVault", VAULT),
    Case(ALLOWED, ADMIN, "backup:DescribeBackupVault", VAULT),
    # Switches.
    *refused_to_all_but("KeepBackupsOn", (), "backup:UpdateRegionSettings"),
    Case("KeepBackupsOn", ADMIN, "backup:UpdateGlobalSettings"),
    Case("KeepBackupsOn", ADMIN, "backup:StopBackupJob"),
    Case(ALLOWED, ADMIN, "backup:DescribeRegionSettings"),
    # Restores.
    *refused_to_all_but("RestoreByCeremonyOnly", (RESTORE,), "backup:StartRestoreJob", POINT),
    Case(ALLOWED, ADMIN, "backup:GetRecoveryPointRestoreMetadata", POINT),
    # The same backups by their services' own calls.
    *refused_to_all_but("KeepNativeCopies", (BACKUP,), "ec2:DeleteSnapshot", EBS_SNAPSHOT, OF_AWS_BACKUP),
    *refused_to_all_but("KeepNativeCopies", (BACKUP,), "ec2:ModifySnapshotAttribute", EBS_SNAPSHOT, OF_AWS_BACKUP),
    Case("KeepNativeCopies", ADMIN, "ec2:DeregisterImage", "arn:aws:ec2:eu-west-1::image/ami-1", OF_AWS_BACKUP),
    Case("KeepNativeCopies", ADMIN, "ec2:ModifyImageAttribute", "arn:aws:ec2:eu-west-1::image/ami-1", OF_AWS_BACKUP),
    Case("KeepNativeCopies", ADMIN, "fsx:DeleteBackup", "*", OF_AWS_BACKUP),
    Case(ALLOWED, ADMIN, "ec2:DeleteSnapshot", EBS_SNAPSHOT),
    Case(ALLOWED, ADMIN, "ec2:DeleteSnapshot", EBS_SNAPSHOT, {"aws:resourcetag/owner": "payments"}),
    *refused_to_all_but("KeepNativeSnapshots", (BACKUP,), "rds:DeleteDBSnapshot", AWS_SNAPSHOT),
    *refused_to_all_but("KeepNativeSnapshots", (BACKUP,), "rds:ModifyDBSnapshotAttribute", AWS_SNAPSHOT),
    Case("KeepNativeSnapshots", ADMIN, "rds:DeleteDBClusterSnapshot", AWS_CLUSTER_SNAPSHOT),
    Case("KeepNativeSnapshots", ADMIN, "rds:ModifyDBClusterSnapshotAttribute", AWS_CLUSTER_SNAPSHOT),
    Case(ALLOWED, ADMIN, "rds:DeleteDBSnapshot", OWN_SNAPSHOT),
    # The way out: into our two vaults, and out of the organisation for nobody.
    Case(ALLOWED, BACKUP, "backup:CopyFromBackupVault", POINT, {"backup:copytargets": [CENTRAL]}),
    Case(ALLOWED, BACKUP, "backup:CopyFromBackupVault", POINT, {"backup:copytargets": [REPLICA]}),
    *refused_to_all_but(
        "CopyToOurVaultsOnly", (), "backup:CopyFromBackupVault", POINT, {"backup:copytargets": [FOREIGN]}
    ),
    Case("CopyToOurVaultsOnly", ADMIN, "backup:CopyFromBackupVault", POINT, {"backup:copytargets": [CENTRAL, FOREIGN]}),
    *refused_to_all_but("CopyNowhereUnnamed", (), "backup:CopyFromBackupVault", POINT),
    *refused_to_all_but("StayInOrganization", (), "organizations:LeaveOrganization"),
    Case("StayInOrganization", ROOT, "account:CloseAccount"),
    Case(ALLOWED, ADMIN, "organizations:DescribeOrganization"),
    # The tag by which backups are selected.
    *refused_to_all_but("KeepBackupTag", (), "dynamodb:UntagResource", TABLE, keys("Backup")),
    *refused_to_all_but("KeepBackupTag", (), "ec2:DeleteTags", INSTANCE, keys("Owner", "Backup")),
    *(
        Case("KeepBackupTag", ADMIN, action, "*", keys("Backup"))
        for action in (
            "backup:UntagResource",
            "eks:UntagResource",
            "elasticfilesystem:DeleteTags",
            "elasticfilesystem:UntagResource",
            "fsx:UntagResource",
            "rds:RemoveTagsFromResource",
            "redshift:DeleteTags",
            "s3:UntagResource",
            "tag:UntagResources",
        )
    ),
    Case(ALLOWED, ADMIN, "dynamodb:UntagResource", TABLE, keys("Owner")),
    Case(ALLOWED, ADMIN, "ec2:DeleteTags", INSTANCE, keys("Owner")),
    Case(ALLOWED, ADMIN, "rds:RemoveTagsFromResource", DATABASE, keys("Owner")),
    Case(ALLOWED, TAGGING, "rds:AddTagsToResource", DATABASE, tags(Backup="daily-prod")),
    Case("RemoveTagsByName", ADMIN, "ec2:DeleteTags", INSTANCE),
    Case("RemoveTagsByName", ROOT, "ec2:DeleteTags", INSTANCE),
    # The control plane's own parts.
    *refused_to_all_but("KeepForwarder", (STACK_SET,), "events:DeleteRule", OUR_RULE),
    *refused_to_all_but("KeepForwarder", (STACK_SET,), "events:PutTargets", OUR_RULE),
    Case("KeepForwarder", ADMIN, "events:DisableRule", OUR_RULE),
    Case("KeepForwarder", ADMIN, "events:PutRule", OUR_RULE),
    Case("KeepForwarder", ADMIN, "events:RemoveTargets", OUR_RULE),
    Case(ALLOWED, ADMIN, "events:DeleteRule", THEIR_RULE),
    Case(ALLOWED, ADMIN, "events:DescribeRule", OUR_RULE),
    *refused_to_all_but("KeepRoles", (STACK_SET,), "iam:UpdateAssumeRolePolicy", RESTORE),
    *refused_to_all_but("KeepRoles", (STACK_SET,), "iam:CreateRole", f"{ROLE}/strongroom/anything"),
    *(Case("KeepRoles", ADMIN, action, BACKUP) for action in ROLE_CHANGES),
    *(Case("KeepStackSetRoles", ADMIN, action, STACK_SET) for action in ROLE_CHANGES),
    Case(ALLOWED, ADMIN, "iam:GetRole", RESTORE),
    Case(ALLOWED, ADMIN, "iam:CreateRole", f"{ROLE}/application"),
    *refused_to_all_but("KeepStackSetRoles", (), "iam:UpdateAssumeRolePolicy", STACK_SET),
    *refused_to_all_but("PassNoRole", (RESTORE, STACK_SET), "iam:PassRole", BACKUP),
    Case(ALLOWED, ADMIN, "iam:PassRole", f"{ROLE}/application"),
    *refused_to_all_but("KeepKeys", (STACK_SET,), "kms:ScheduleKeyDeletion", KEY, OF_STRONGROOM),
    *refused_to_all_but("KeepKeys", (STACK_SET,), "kms:PutKeyPolicy", KEY, OF_STRONGROOM),
    *(
        Case("KeepKeys", ADMIN, f"kms:{action}", KEY, OF_STRONGROOM)
        for action in ("DeleteImportedKeyMaterial", "DisableKey", "RevokeGrant", "UntagResource")
    ),
    Case(ALLOWED, ADMIN, "kms:ScheduleKeyDeletion", KEY),
    Case(ALLOWED, ADMIN, "kms:Decrypt", KEY, OF_STRONGROOM),
    *refused_to_all_but("KeepStacks", (STACK_SET,), "cloudformation:DeleteStack", OUR_STACK),
    Case("KeepStacks", ADMIN, "cloudformation:UpdateStack", OUR_STACK),
    Case("KeepStacks", ADMIN, "cloudformation:ExecuteChangeSet", OUR_STACK),
    Case(ALLOWED, ADMIN, "cloudformation:DeleteStack", THEIR_STACK),
    Case(ALLOWED, ADMIN, "cloudformation:DescribeStacks", OUR_STACK),
    # Creation without a valid tag.
    *refused_to_all_but("RequireTag", (BACKUP, RESTORE), "dynamodb:CreateTable", TABLE),
    *refused_to_all_but("RequireTag", (BACKUP, RESTORE), "elasticfilesystem:CreateFileSystem"),
    Case("RequireTag", ADMIN, "dynamodb:CreateTable", TABLE, tags(Owner="payments")),
    *refused_to_all_but(
        "RequireKnownTier", (BACKUP, RESTORE), "dynamodb:CreateTable", TABLE, tags(Backup="when-i-like")
    ),
    Case("RequireKnownTier", ADMIN, "dynamodb:CreateTable", TABLE, tags(Backup="Daily-Prod")),
    Case("RequireKnownTier", ADMIN, "dynamodb:CreateTable", TABLE, tags(Backup="")),
    *refused_to_all_but("RequireSpelling", (BACKUP, RESTORE), "dynamodb:CreateTable", TABLE, tags(backup="daily-prod")),
    *(
        Case(ALLOWED, ADMIN, "dynamodb:CreateTable", TABLE, tags(Backup=tier, Owner="payments"))
        for tier in ("daily-prod", "monthly-prod", "compliance-7y")
    ),
    Case(ALLOWED, ADMIN, "elasticfilesystem:CreateFileSystem", "*", tags(Backup="daily-prod")),
    Case("RequireKnownTier", ADMIN, "elasticfilesystem:CreateFileSystem", "*", tags(Backup="none")),
    Case("RequireSpelling", ADMIN, "elasticfilesystem:CreateFileSystem", "*", tags(BACKUP="daily-prod")),
    Case(ALLOWED, ADMIN, "rds:CreateDBInstance", DATABASE),
    Case(ALLOWED, ADMIN, "s3:CreateBucket", "arn:aws:s3:::bucket"),
)

FULL_ACCESS = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def statement_that_refuses(case: Case, statements: list[dict[str, Any]]) -> str:
    """The Sid of the statement that refuses the request, or ALLOWED."""
    account = case.principal.split(":")[4]
    context = EvalContext(
        principal_arn=case.principal,
        principal_type="Root" if case.principal.endswith(":root") else "AssumedRole",
        principal_account=account,
        action=case.action,
        resource_arn=case.resource,
        region="eu-west-1",
        service_context={"aws:tagkeys": None, **case.context},
    )
    verdict = evaluate(context, [parse_policy_document(FULL_ACCESS), parse_policy_document({"Statement": statements})])
    assert verdict.decision in ("Allow", "Deny")
    return str(verdict.matched_sid) if verdict.decision == "Deny" else ALLOWED


@pytest.fixture(scope="module")
def statements(intent: Intent) -> list[dict[str, Any]]:
    """All statements that reach an account of Production."""
    return [statement for document in render_guardrails(intent).values() for statement in document["Statement"]]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_request_is_refused_by_its_statement_or_allowed(case: Case, statements: list[dict[str, Any]]) -> None:
    assert statement_that_refuses(case, statements) == case.refused_by


def test_no_request_is_refused_without_the_policies() -> None:
    assert {statement_that_refuses(case, []) for case in CASES} == {ALLOWED}


def test_every_statement_has_a_case_that_fails_without_it(statements: list[dict[str, Any]]) -> None:
    idle = [
        statement["Sid"]
        for statement in statements
        if not any(
            statement_that_refuses(case, [each for each in statements if each is not statement]) == ALLOWED
            for case in CASES
            if case.refused_by == statement["Sid"]
        )
    ]
    assert idle == []


def test_every_action_of_every_statement_has_a_case(statements: list[dict[str, Any]]) -> None:
    tried = {(case.refused_by, case.action) for case in CASES}
    untried = []
    for statement in statements:
        sid, actions = statement["Sid"], statement["Action"]
        for pattern in [actions] if isinstance(actions, str) else actions:
            prefix = pattern.rstrip("*")
            if not any(
                by == sid and (name == prefix or ("*" in pattern and name.startswith(prefix))) for by, name in tried
            ):
                untried.append((sid, pattern))
    assert untried == []


def test_every_exemption_has_a_case_that_is_refused_without_it(statements: list[dict[str, Any]]) -> None:
    strict = [
        statement
        | {"Condition": {name: keys for name, keys in statement.get("Condition", {}).items() if name != "ArnNotLike"}}
        for statement in statements
    ]
    for statement, stricter in zip(statements, strict, strict=True):
        if statement == stricter or "Condition" not in statement:
            continue
        assert any(
            case.refused_by == ALLOWED and statement_that_refuses(case, [stricter]) == statement["Sid"]
            for case in CASES
        ), statement["Sid"]
