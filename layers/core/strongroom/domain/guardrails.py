"""The service control policies of the governed units: what nobody there may do to backups, whatever else allows it.

SCPs bind neither the management account nor service-linked roles; AWS Backup deletes what has expired as one of those.
Sources: Service Authorization Reference; AWS Backup Developer Guide, "Deleting backups" and "Creating backup copies
across AWS accounts".
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from strongroom.domain.intent import Intent
from strongroom.domain.taggable_creation import TAGGABLE_CREATION

POLICY_CHARACTERS: Final = 5_120
PROTECT_BACKUPS: Final = "protect-backups"
REQUIRE_BACKUP_TAG: Final = "require-backup-tag"

# Made in each account by CloudFormation's service-linked role, and protected below: nobody can make one of that name.
STACK_SET_ROLE: Final = "arn:aws:iam::*:role/stacksets-exec-*"
OUR_ROLES: Final = "arn:aws:iam::*:role/strongroom/*"

_ROLE_CHANGES: Final = (
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRole*",
    "iam:DetachRolePolicy",
    "iam:PutRole*",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole*",
)
_TAG_REMOVALS: Final = (
    "backup:UntagResource",
    "dynamodb:UntagResource",
    "ec2:DeleteTags",
    "eks:UntagResource",
    "elasticfilesystem:DeleteTags",
    "elasticfilesystem:UntagResource",
    "fsx:UntagResource",
    "rds:RemoveTagsFromResource",
    "redshift:DeleteTags",
    "s3:UntagResource",
    "tag:UntagResources",
)

type Statement = dict[str, Any]
type Condition = Mapping[str, Mapping[str, str | list[str]]]


def render_guardrails(intent: Intent) -> dict[str, dict[str, Any]]:
    """The service control policy documents by name; the tag policy only where the intent names create actions."""
    documents = {PROTECT_BACKUPS: _document(_protect_backups(intent))}
    if intent.guardrails.tag_required_on:
        documents[REQUIRE_BACKUP_TAG] = _document(_require_backup_tag(intent))
    return documents


def _document(statements: Iterator[Statement]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _protect_backups(intent: Intent) -> Iterator[Statement]:
    yield from _recovery_points(intent)
    yield from _native_snapshots(intent)
    yield from _way_out(intent)
    yield from _selection(intent)
    yield from _control_plane(intent)


def _recovery_points(intent: Intent) -> Iterator[Statement]:
    deletions = (
        "backup:CancelLegalHold",
        "backup:DeleteRecoveryPoint",
        "backup:DisassociateRecoveryPoint*",
        "backup:UpdateRecoveryPointLifecycle",
    )
    switches = ("backup:StopBackupJob", "backup:UpdateGlobalSettings", "backup:UpdateRegionSettings")
    yield _deny(intent, "KeepRecoveryPoints", deletions)
    yield _deny(intent, "KeepVaults", ("backup:DeleteBackupVault*", "backup:PutBackupVault*"), but=(STACK_SET_ROLE,))
    yield _deny(intent, "KeepBackupsOn", switches)
    restorer = (_anywhere(intent.roles.restore),)
    yield _deny(intent, "RestoreByCeremonyOnly", ("backup:StartRestoreJob",), but=restorer)


def _native_snapshots(intent: Intent) -> Iterator[Statement]:
    # A vault's access policy does not reach EC2 and RDS. The backup role itself cleans up and shares during copies.
    copier = (_anywhere(intent.roles.backup),)
    yield _deny(
        intent,
        "KeepNativeCopies",
        (
            "ec2:DeleteSnapshot",
            "ec2:DeregisterImage",
            "ec2:ModifyImageAttribute",
            "ec2:ModifySnapshotAttribute",
            "fsx:DeleteBackup",
        ),
        when={"Null": {"aws:ResourceTag/aws:backup:source-resource": "false"}},
        but=copier,
    )
    yield _deny(
        intent,
        "KeepNativeSnapshots",
        (
            "rds:DeleteDBClusterSnapshot",
            "rds:DeleteDBSnapshot",
            "rds:ModifyDBClusterSnapshotAttribute",
            "rds:ModifyDBSnapshotAttribute",
        ),
        on=("arn:aws:rds:*:*:cluster-snapshot:awsbackup:*", "arn:aws:rds:*:*:snapshot:awsbackup:*"),
        but=copier,
    )


def _way_out(intent: Intent) -> Iterator[Statement]:
    copying = ("backup:CopyFromBackupVault",)
    ours = [intent.central_vault_arn(), intent.replica_vault_arn()]
    yield _deny(intent, "CopyToOurVaultsOnly", copying, when={"ForAnyValue:ArnNotLike": {"backup:CopyTargets": ours}})
    yield _deny(intent, "CopyNowhereUnnamed", copying, when={"Null": {"backup:CopyTargets": "true"}})
    yield _deny(intent, "StayInOrganization", ("account:CloseAccount", "organizations:LeaveOrganization"))


def _selection(intent: Intent) -> Iterator[Statement]:
    removed = {"ForAnyValue:StringEquals": {"aws:TagKeys": intent.tag_key}}
    yield _deny(intent, "KeepBackupTag", _TAG_REMOVALS, when=removed)
    # DeleteTags without keys removes all of them, and then there is no aws:TagKeys to compare.
    yield _deny(intent, "RemoveTagsByName", ("ec2:DeleteTags",), when={"Null": {"aws:TagKeys": "true"}})


def _control_plane(intent: Intent) -> Iterator[Statement]:
    deployer = (STACK_SET_ROLE,)
    exempt = intent.guardrails.exempt_role_arns
    rule_changes = (
        "events:DeleteRule",
        "events:DisableRule",
        "events:PutRule",
        "events:PutTargets",
        "events:RemoveTargets",
    )
    key_changes = (
        "kms:DeleteImportedKeyMaterial",
        "kms:DisableKey",
        "kms:PutKeyPolicy",
        "kms:RevokeGrant",
        "kms:ScheduleKeyDeletion",
        "kms:UntagResource",
    )
    stack_changes = ("cloudformation:Delete*", "cloudformation:ExecuteChangeSet", "cloudformation:UpdateStack")
    ours = {"Null": {"aws:ResourceTag/strongroom": "false"}}
    yield _deny(intent, "KeepForwarder", rule_changes, on=("arn:aws:events:*:*:rule/strongroom-*",), but=deployer)
    yield _deny(intent, "KeepRoles", _ROLE_CHANGES, on=(OUR_ROLES, *exempt), but=deployer)
    yield _deny(intent, "KeepStackSetRoles", _ROLE_CHANGES, on=(STACK_SET_ROLE,))
    borrower = (_anywhere(intent.roles.restore), *deployer)
    yield _deny(intent, "PassNoRole", ("iam:PassRole",), on=(OUR_ROLES,), but=borrower)
    yield _deny(intent, "KeepKeys", key_changes, when=ours, but=deployer)
    stacks = ("arn:aws:cloudformation:*:*:stack/StackSet-strongroom*",)
    yield _deny(intent, "KeepStacks", stack_changes, on=stacks, but=deployer)


def _require_backup_tag(intent: Intent) -> Iterator[Statement]:
    offered = {tier for target in intent.targets for tier in target.tiers}
    tiers = [name for name in intent.tiers if name in offered]
    tag = f"aws:RequestTag/{intent.tag_key}"
    given = {"Null": {tag: "false"}}
    # Restores make untagged resources; the control plane tags them afterwards.
    restorers = (_anywhere(intent.roles.backup), _anywhere(intent.roles.restore))
    for suffix, actions, resources in _creations(intent.guardrails.tag_required_on):
        conditions: dict[str, Condition] = {
            "RequireTag": {"Null": {tag: "true"}},
            "RequireKnownTier": {**given, "StringNotEquals": {tag: tiers}},
            # Tag keys in conditions match in any letter case; the selection of a backup plan does not.
            "RequireSpelling": {**given, "ForAllValues:StringNotEquals": {"aws:TagKeys": intent.tag_key}},
        }
        for sid, condition in conditions.items():
            yield _deny(intent, sid + suffix, actions, on=resources, when=condition, but=restorers)


def _creations(actions: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    by_resources: dict[tuple[str, ...], list[str]] = {}
    for action in sorted(set(actions)):
        by_resources.setdefault(TAGGABLE_CREATION[action], []).append(action)
    for number, (resources, together) in enumerate(by_resources.items(), start=1):
        yield "" if number == 1 else str(number), tuple(together), resources


def _anywhere(role: str) -> str:
    return f"arn:aws:iam::*:role/{role}"


def _deny(
    intent: Intent,
    sid: str,
    actions: Sequence[str],
    *,
    on: Sequence[str] = ("*",),
    when: Condition | None = None,
    but: Sequence[str] = (),
) -> Statement:
    statement: Statement = {"Sid": sid, "Effect": "Deny", "Action": _one_or_more(actions), "Resource": _one_or_more(on)}
    condition: dict[str, Any] = {operator: dict(keys) for operator, keys in (when or {}).items()}
    if exempt := [*but, *intent.guardrails.exempt_role_arns]:
        condition["ArnNotLike"] = {"aws:PrincipalArn": _one_or_more(exempt)}
    return statement | ({"Condition": condition} if condition else {})


def _one_or_more(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
