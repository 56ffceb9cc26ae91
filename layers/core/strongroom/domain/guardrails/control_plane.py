"""What nobody in the backup account and the audit account may do to the vaults, the ledger, the code and the reports.

People deploy the control plane: the deployers of the intent are exempt where a deployment needs it, from nothing else.
The first deployment makes everything before the documents are attached; without deployers it would be the last one.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.guardrails import backups, copies, landing_zones, native_backups
from strongroom.domain.guardrails.control_plane_actions import PART_CHANGES
from strongroom.domain.guardrails.control_plane_actions import ROLE_CHANGES as HOME_ROLE_CHANGES
from strongroom.domain.guardrails.control_plane_acts import OUR_BUS, control_plane_acts, our_roles
from strongroom.domain.guardrails.denials import Denial, Exempt, in_own_account
from strongroom.domain.guardrails.members import OUR_ROLES, ROLE_CHANGES, SERVICE_LINKED_ROLES
from strongroom.domain.guardrails.outage_users import outage_users
from strongroom.domain.identifiers import CENTRAL_BACKUP_ROLE, SCAN_ROLE, Arn
from strongroom.domain.intent.destinations import guarded_vaults, makes_air_gaps
from strongroom.domain.intent.model import Intent

_REPORTS: Final = "arn:{partition}:s3:::strongroom-*"
_TABLES: Final = "arn:{partition}:dynamodb:*:*:table/strongroom-*"


def protect_control_plane(intent: Intent) -> tuple[Denial, ...]:
    """Every statement of `protect-control-plane`, in order."""
    copier = central_backup_role()
    has_air_gaps = makes_air_gaps(intent, accounts=intent.guarded_accounts)
    has_teams = bool(guarded_vaults(intent))
    return (
        *backups.recovery_points(),
        *backups.side_doors(deployers(intent), has_air_gaps=has_air_gaps, has_teams=has_teams),
        *((backups.shares_by(deployers(intent)),) if has_air_gaps or has_teams else ()),
        *backups.vaults(intent, deployers(intent)),
        *(_no_restores(intent) if intent.restores else ()),
        *native_backups.native_copies(copier, break_glass(intent), others=(backups.scanner(),)),
        *native_backups.native_readings(copier, others=(backups.scanner(),)),
        *copies.copies_back(intent),
        *backups.organization((policy_editors(intent),)),
        *backups.keys((deployers(intent),)),
        *_roles(intent),
        *outage_users(intent, deployers(intent)),
        *_ledger(intent),
        *_parts(intent),
        *_messages(intent),
        *backups.witnesses(intent),
        *control_plane_acts(deployers(intent)),
        *_reports(intent),
    )


def central_backup_role() -> Exempt:
    """The role that AWS Backup works under where copies lie."""
    return Exempt(
        who="the central backup role",
        arns=in_own_account(CENTRAL_BACKUP_ROLE),
        why="AWS Backup copies back and has copies scanned under it; nothing else can assume it",
    )


def deployers(intent: Intent) -> Exempt:
    """The people's roles that deploy the control plane."""
    return Exempt(
        who="the deployers",
        arns=_here(intent, intent.deployer_role_arns),
        why="they deploy this; KeepExemptRoles lets nobody change or re-trust their roles",
    )


def policy_editors(intent: Intent) -> Exempt:
    """The roles of the backup account that edit backup policies by delegation."""
    arns = intent.guardrails.policy_editor_role_arns
    return Exempt(
        who="the policy editors",
        arns=tuple(arn for arn in arns if Arn.parse(arn).account == intent.organization.backup_account),
        why="the delegation names them; KeepExemptRoles lets nobody change or re-trust their roles",
    )


def break_glass(intent: Intent) -> Exempt:
    """The break-glass roles of the backup account and the audit account."""
    return backups.break_glass(_here(intent, intent.guardrails.exempt_role_arns))


def _here(intent: Intent, arns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(arn for arn in arns if backups.is_control_plane(arn, intent))


def _no_restores(intent: Intent) -> Iterator[Denial]:
    yield Denial(
        sid="RestoreByCeremonyOnly",
        stops="restoring here: the ceremony copies back and restores in the account that lost something",
        actions=("backup:StartRestoreJob",),
        exempt=(break_glass(intent),),
    )
    yield from native_backups.native_restores((break_glass(intent),))


def _roles(intent: Intent) -> Iterator[Denial]:
    yield Denial(
        sid="KeepRoles",
        stops="making, changing or re-trusting a role of the control plane, or a policy of its roles",
        actions=HOME_ROLE_CHANGES,
        resources=("arn:{partition}:iam::*:policy/strongroom-*", OUR_ROLES),
        exempt=(deployers(intent),),
    )
    people = (*deployers(intent).arns, *policy_editors(intent).arns, *break_glass(intent).arns)
    yield Denial(
        sid="KeepExemptRoles",
        stops="making, changing or re-trusting a role that is exempt, and deleting those of AWS Backup",
        actions=(*ROLE_CHANGES, "iam:DeleteServiceLinkedRole"),
        resources=(*SERVICE_LINKED_ROLES, *dict.fromkeys(people)),
    )
    yield Denial(
        sid="PassNoRole",
        stops="running foreign code under a role of the control plane; AWS Backup and GuardDuty may be lent their own",
        actions=("iam:PassRole",),
        resources=(OUR_ROLES,),
        when={"StringNotEquals": {"iam:PassedToService": "backup.amazonaws.com"}},
        exempt=(
            deployers(intent),
            central_backup_role(),
            Exempt(
                who="the scan role",
                arns=in_own_account(SCAN_ROLE),
                why="it starts scans with the scanner role, and hands over no other but the central backup role",
            ),
        ),
    )
    yield from landing_zones.landing_zone_roles(intent, deployers(intent), ROLE_CHANGES)


def _ledger(intent: Intent) -> Iterator[Denial]:
    yield Denial(
        sid="KeepLedger",
        stops="deleting the ledger or its point-in-time recovery, or opening it to others",
        actions=(
            "dynamodb:DeleteResourcePolicy",
            "dynamodb:DeleteTable",
            "dynamodb:PutResourcePolicy",
            "dynamodb:UpdateContinuousBackups",
            "dynamodb:UpdateTable",
            "dynamodb:UpdateTimeToLive",
        ),
        resources=(_TABLES,),
        exempt=(deployers(intent),),
    )
    yield Denial(
        sid="OnlyFunctionsWrite",
        stops="writing, changing or forging what the ledger says, by hand",
        actions=(
            "dynamodb:BatchWriteItem",
            "dynamodb:DeleteItem",
            "dynamodb:PartiQLDelete",
            "dynamodb:PartiQLInsert",
            "dynamodb:PartiQLUpdate",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
        ),
        resources=(_TABLES,),
        exempt=(our_roles("they keep the ledger"), deployers(intent)),
    )


def _messages(intent: Intent) -> Iterator[Denial]:
    """The ways that events and alerts take; a first deployment opens them before the documents are attached."""
    yield Denial(
        sid="KeepHearing",
        stops="deciding anew who sends to the bus or feeds a function: accounts fall silent, strangers speak for them",
        # AWS offers no resource for these three.
        actions=("events:PutPermission", "events:RemovePermission", "lambda:CreateEventSourceMapping"),
        exempt=(deployers(intent),),
    )
    yield Denial(
        sid="KeepQueues",
        stops="unplugging queues from functions, people from alerts, or the alarms that watch both",
        actions=(
            "cloudwatch:DeleteAlarms",
            "cloudwatch:DisableAlarmActions",
            "lambda:DeleteEventSourceMapping",
            "lambda:UpdateEventSourceMapping",
            "sns:SetSubscriptionAttributes",
            "sns:Unsubscribe",
        ),
        resources=(
            "arn:{partition}:cloudwatch:*:*:alarm:strongroom*",
            "arn:{partition}:lambda:*:*:event-source-mapping:*",
            "arn:{partition}:sns:*:*:strongroom-*",
        ),
        exempt=(deployers(intent),),
    )


def _parts(intent: Intent) -> Iterator[Denial]:
    yield Denial(
        sid="KeepControlPlane",
        stops="switching off, emptying or re-programming bus, queues, functions, state machines and logs",
        actions=PART_CHANGES,
        resources=(
            "arn:{partition}:events:*:*:archive/strongroom*",
            OUR_BUS,
            "arn:{partition}:events:*:*:rule/strongroom*",
            "arn:{partition}:lambda:*:*:function:strongroom-*",
            "arn:{partition}:logs:*:*:log-group:/aws/lambda/strongroom-*",
            "arn:{partition}:logs:*:*:log-group:strongroom-*",
            "arn:{partition}:sns:*:*:strongroom-*",
            "arn:{partition}:sqs:*:*:strongroom-*",
            "arn:{partition}:states:*:*:execution:strongroom-*",
            "arn:{partition}:states:*:*:stateMachine:strongroom-*",
        ),
        exempt=(deployers(intent),),
    )
    yield Denial(
        sid="KeepStacks",
        stops="changing or deleting the stacks that all of this is made of",
        actions=(
            "cloudformation:CancelUpdateStack",
            "cloudformation:ContinueUpdateRollback",
            "cloudformation:CreateChangeSet",
            "cloudformation:DeleteStack",
            "cloudformation:ExecuteChangeSet",
            "cloudformation:ExecuteStackRefactor",
            "cloudformation:RollbackStack",
            "cloudformation:SetStackPolicy",
            "cloudformation:UpdateStack",
            "cloudformation:UpdateTerminationProtection",
        ),
        resources=("arn:{partition}:cloudformation:*:*:stack/strongroom*",),
        exempt=(deployers(intent),),
    )


def _reports(intent: Intent) -> Iterator[Denial]:
    yield Denial(
        sid="KeepRetention",
        stops="deleting a report or a piece of evidence before its time",
        actions=("s3:BypassGovernanceRetention",),
        resources=(f"{_REPORTS}/*",),
    )
    yield Denial(
        sid="KeepReports",
        stops="deleting or opening the report bucket, or loosening its lock",
        actions=(
            "s3:DeleteBucket",
            "s3:DeleteBucketPolicy",
            "s3:PutBucketObjectLockConfiguration",
            "s3:PutBucketPolicy",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutBucketVersioning",
            "s3:PutEncryptionConfiguration",
            "s3:PutLifecycleConfiguration",
        ),
        resources=(_REPORTS,),
        exempt=(deployers(intent),),
    )
    yield backups.proof(deployers(intent))
