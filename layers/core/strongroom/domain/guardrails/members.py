"""What nobody in a governed account may do to its backups, whatever else allows it.

SCPs bind neither the management account nor service-linked roles; AWS Backup deletes what has expired as one of those.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.catalogue import redshift
from strongroom.domain.catalogue.rows import ROWS, joined
from strongroom.domain.guardrails import backups, copies, landing_zones, native_backups
from strongroom.domain.guardrails.denials import Denial, Exempt, in_own_account, numbered
from strongroom.domain.guardrails.scope import both
from strongroom.domain.guardrails.tag_values import guarded_tags, not_offered
from strongroom.domain.intent.destinations import guarded_vaults, makes_air_gaps, shared_vaults
from strongroom.domain.intent.governed import targets_below
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.intent.places import own_places
from strongroom.domain.intent.tier_names import guarded_keys
from strongroom.domain.partitions import PLACEHOLDER

# CloudFormation makes it in each account with a random suffix and renews it as it likes: no exact ARN can be known.
STACK_SET_ROLE: Final = "stacksets-exec-*"
OUR_ROLES: Final = "arn:{partition}:iam::*:role/strongroom/*"
_STACK_SET_ROLES: Final = f"arn:{PLACEHOLDER}:iam::*:role/{STACK_SET_ROLE}"
OUR_STACKS: Final = "StackSet-strongroom*"
_TAGGING: Final = joined(row.tagging for row in ROWS)

ROLE_CHANGES: Final = (
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
# The roles under which AWS Backup and StackSets work here: without them nothing is backed up, and nothing deployed.
SERVICE_LINKED_ROLES: Final = (
    "arn:{partition}:iam::*:role/aws-service-role/*backup.amazonaws.com/*",
    "arn:{partition}:iam::*:role/aws-service-role/member.org.stacksets.cloudformation.amazonaws.com/*",
)


def protect_backups(intent: Intent, top: Target) -> tuple[Denial, ...]:
    """Every statement of `protect-backups` for a topmost target, in order."""
    deployer = stack_set()
    copier, restorer = backup_role(intent), restore_job_role(intent)
    # Out of an air-gapped vault a restore makes a snapshot first, and deletes it in the end.
    is_opened = bool(guarded_vaults(intent))
    has_gaps = any(place.vault.is_air_gapped for place in own_places(intent))
    is_gapped = has_gaps or is_opened or bool(shared_vaults(intent))
    has_own = makes_air_gaps(intent, accounts=(None,))
    others = (backups.scanner(), restorer) if is_gapped else (backups.scanner(),)
    restorers = (restorer, *by_hand_role(intent), break_glass(intent))
    keep_vaults = backups.our_vaults if intent.guardrails.vaults == "ours" else backups.vaults
    return (
        *backups.recovery_points(),
        *backups.side_doors(deployer, has_air_gaps=has_own, askers=(restore_role(intent),) if is_opened else ()),
        *((backups.shares_of_own(intent),) if has_own else ()),
        *keep_vaults(intent, deployer),
        *_restores(intent),
        *(native_backups.native_restores(restorers) if intent.restores else ()),
        *(native_backups.request_tags((restorer, *callers)) if (callers := by_call_role(intent)) else ()),
        *native_backups.native_copies(copier, break_glass(intent), others=others),
        *native_backups.native_readings(copier, others=others, callers=table_caller(intent)),
        *copies.copies_out(intent, *copies.copy_targets(intent, top)),
        *backups.organization(),
        *_selection(intent, top, copier),
        *_roles(intent, deployer),
        *landing_zones.landing_zone_roles(intent, deployer, ROLE_CHANGES),
        *backups.keys((deployer,)),
        *_forwarding(deployer),
        *backups.witnesses(intent),
    )


def stack_set() -> Exempt:
    """The StackSet that makes and maintains what Strongroom has in the account."""
    return Exempt(
        who="the StackSet's role",
        arns=in_own_account(STACK_SET_ROLE),
        why="it deploys and updates this; KeepExemptRoles lets nobody make, change or re-trust a role of that name",
    )


def break_glass(intent: Intent) -> Exempt:
    """The break-glass roles of governed accounts."""
    arns = intent.guardrails.exempt_role_arns
    return backups.break_glass(tuple(arn for arn in arns if not backups.is_control_plane(arn, intent)))


def backup_role(intent: Intent) -> Exempt:
    """The role that AWS Backup itself works under."""
    return Exempt(
        who="the backup role",
        arns=in_own_account(intent.roles.backup),
        why="AWS Backup backs up and copies under it, sharing and clearing snapshots; nothing else can assume it",
    )


def restore_role(intent: Intent) -> Exempt:
    """The role under which the ceremony asks an approval team to open an air-gapped vault."""
    return Exempt(
        who="the restore role",
        arns=in_own_account(intent.roles.restore),
        why="the ceremony asks under it for what a team must approve besides; its trust wants a person and a ticket",
    )


def restore_job_role(intent: Intent) -> Exempt:
    """The role under which AWS Backup makes what is restored."""
    return Exempt(
        who="the role of restore jobs",
        arns=in_own_account(intent.roles.restore_job),
        why="AWS Backup restores under it, and clears what it made on the way; nothing else can assume it",
    )


def by_hand_role(intent: Intent) -> tuple[Exempt, ...]:
    """The roles under which what a person wrote is restored; none where no profile allows that."""
    by_job = Exempt(
        who="the role of restores by hand",
        arns=in_own_account(intent.roles.restore_raw),
        why="AWS Backup restores under it what no machine makes metadata for; nothing else can assume it",
    )
    is_by_hand = intent.restores is not None and intent.restores.is_by_hand
    return (*((by_job,) if is_by_hand else ()), *by_call_role(intent))


def by_call_role(intent: Intent) -> tuple[Exempt, ...]:
    """The role under which calls of services restore; none where no profile allows any."""
    if intent.restores is None or not intent.restores.is_native:
        return ()
    return (
        Exempt(
            who="the role of calls that restore",
            arns=in_own_account(intent.roles.restore_native),
            why="the ceremony calls under it what AWS Backup cannot do; its trust admits one function, for a person and"
            " a ticket",
        ),
    )


def table_caller(intent: Intent) -> tuple[Exempt, ...]:
    """The same role where a profile lets it take single tables out of snapshots of Redshift; none elsewhere."""
    profiles = () if intent.restores is None else intent.restores.profiles
    return by_call_role(intent) if any(redshift.TABLE_CALL in profile.native for profile in profiles) else ()


def _restores(intent: Intent) -> Iterator[Denial]:
    if intent.restores is not None:
        yield from _restores_by_ceremony(intent)
    yield backups.proof(stack_set())


def _restores_by_ceremony(intent: Intent) -> Iterator[Denial]:
    starting = ("backup:StartRestoreJob",)
    ceremony = Exempt(
        who="the restore role",
        arns=in_own_account(intent.roles.restore),
        why="the ceremony restores under it; its trust admits one function, which must name a person and a ticket",
    )
    yield Denial(
        sid="RestoreByCeremonyOnly",
        stops="restoring without the ceremony",
        actions=starting,
        exempt=(ceremony, break_glass(intent)),
    )
    yield Denial(
        sid="RestoreByTicketOnly",
        stops="restoring in a session that carries no ticket, by the restore role, too",
        actions=starting,
        when={"Null": {"aws:PrincipalTag/ticket": "true"}},
        exempt=(break_glass(intent),),
    )


def _selection(intent: Intent, top: Target, copier: Exempt) -> Iterator[Denial]:
    keys = guarded_keys(intent)
    yield Denial(
        sid="KeepBackupTag",
        stops="removing the tag by which backups are selected",
        actions=joined(row.untagging for row in ROWS),
        when={"ForAnyValue:StringEquals": {"aws:TagKeys": keys[0] if len(keys) == 1 else list(keys)}},
    )
    yield Denial(
        sid="RemoveTagsByName",
        stops="removing all tags at once: DeleteTags without keys has no aws:TagKeys to compare",
        actions=joined(row.clearing for row in ROWS),
        when={"Null": {"aws:TagKeys": "true"}},
    )
    for number, tag in enumerate(guarded_tags(intent, top), start=1):
        # A first value that is no tier is corrected, but nobody corrects the values of another key.
        corrected = {tag.carried: "false"} if tag.key == intent.tag_key else {}
        yield Denial(
            sid=numbered("KeepTier", number),
            stops="overwriting the tag of a resource that has one with a value that is no tier on offer",
            actions=_TAGGING,
            when={
                "Null": {**corrected, tag.requested: "false"},
                "StringNotEquals": {tag.requested: list(tag.values)},
            },
            exempt=(copier,),
        )
    yield from _tiers_of_others(intent, top, copier)
    yield from _reasons(intent, top, copier)


def _tiers_of_others(intent: Intent, top: Target, copier: Exempt) -> Iterator[Denial]:
    """What a target below does not offer, or it alone: told by where whoever calls lies."""
    for number, each in enumerate(not_offered(intent, top), start=1):
        yield Denial(
            sid=numbered("KeepTierWithin", number),
            stops="choosing a tier that is on offer elsewhere, and not here",
            actions=_writing_tags(intent),
            when=both({"StringEquals": {each.tag.requested: list(each.values)}}, each.where),
            exempt=(copier,),
        )


def _reasons(intent: Intent, top: Target, copier: Exempt) -> Iterator[Denial]:
    """Whoever opts out says why; what is created has no tags yet but those of the request."""
    way = intent.opt_out
    if way is None or not any(target.opt_out for target in targets_below(intent, top)):
        return
    yield Denial(
        sid="OptOutWithReason",
        stops="opting out of backups without the tag that says why",
        actions=_writing_tags(intent),
        when={
            "StringEquals": {f"aws:RequestTag/{intent.tag_key}": way.value},
            "Null": {f"aws:RequestTag/{way.reason_key}": "true", f"aws:ResourceTag/{way.reason_key}": "true"},
        },
        exempt=(copier,),
    )


def _writing_tags(intent: Intent) -> tuple[str, ...]:
    return (*_TAGGING, *sorted(set(intent.guardrails.tag_required_on)))


def _roles(intent: Intent, deployer: Exempt) -> Iterator[Denial]:
    yield Denial(
        sid="KeepRoles",
        stops="making, changing or re-trusting a role of ours",
        actions=ROLE_CHANGES,
        resources=(OUR_ROLES,),
        exempt=(deployer,),
    )
    yield Denial(
        sid="KeepExemptRoles",
        stops="making, changing or re-trusting a role that is exempt, and deleting those of AWS Backup and StackSets",
        actions=(*ROLE_CHANGES, "iam:DeleteServiceLinkedRole"),
        resources=(_STACK_SET_ROLES, *SERVICE_LINKED_ROLES, *break_glass(intent).arns),
    )
    yield Denial(
        sid="PassNoRole",
        stops="lending a role of ours or the StackSet's to a service, and so to whoever uses the service",
        actions=("iam:PassRole",),
        resources=(OUR_ROLES, _STACK_SET_ROLES),
        exempt=(
            Exempt(
                who="the restore role",
                arns=in_own_account(intent.roles.restore),
                why="it hands AWS Backup the roles that restores work under, and no other by its own policy",
            ),
            Exempt(
                who="the copying role",
                arns=in_own_account(intent.roles.copying),
                why="it hands the backup role to AWS Backup, and nothing else by its own policy",
            ),
            Exempt(
                who="the backup role",
                arns=in_own_account(intent.roles.backup),
                why="AWS Backup hands GuardDuty the scanner role under it, and by its own policy GuardDuty alone any",
            ),
            deployer,
            break_glass(intent),
        ),
    )


def _forwarding(deployer: Exempt) -> Iterator[Denial]:
    yield Denial(
        sid="KeepForwarder",
        stops="blinding the control plane: its rules, its dead letters and their alarm",
        actions=(
            "cloudwatch:DeleteAlarms",
            "cloudwatch:DisableAlarmActions",
            "cloudwatch:PutMetricAlarm",
            "cloudwatch:SetAlarmState",
            "events:DeleteRule",
            "events:DisableRule",
            "events:PutRule",
            "events:PutTargets",
            "events:RemoveTargets",
            "events:UntagResource",
            "sqs:AddPermission",
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:DeleteQueue",
            "sqs:PurgeQueue",
            "sqs:ReceiveMessage",
            "sqs:RemovePermission",
            "sqs:SetQueueAttributes",
        ),
        resources=(
            f"arn:{PLACEHOLDER}:cloudwatch:*:*:alarm:{OUR_STACKS}",
            "arn:{partition}:events:*:*:rule/strongroom-*",
            f"arn:{PLACEHOLDER}:sqs:*:*:{OUR_STACKS}",
        ),
        exempt=(deployer,),
    )
    yield Denial(
        sid="KeepStacks",
        stops="changing or deleting the stacks that all of this is made of",
        actions=(
            "cloudformation:CancelUpdateStack",
            "cloudformation:ContinueUpdateRollback",
            "cloudformation:CreateChangeSet",
            "cloudformation:Delete*",
            "cloudformation:ExecuteChangeSet",
            "cloudformation:ExecuteStackRefactor",
            "cloudformation:RollbackStack",
            "cloudformation:SetStackPolicy",
            "cloudformation:UpdateStack",
            "cloudformation:UpdateTerminationProtection",
        ),
        resources=(f"arn:{PLACEHOLDER}:cloudformation:*:*:stack/{OUR_STACKS}",),
        exempt=(deployer,),
    )
