"""Statements about backups themselves, the same wherever a backup lies: in a governed account or the backup account.

Sources: Service Authorization Reference; AWS Backup Developer Guide, "Deleting backups" and "Creating backup copies
across AWS accounts".
"""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.guardrails import landing_zones
from strongroom.domain.guardrails.denials import Condition, Denial, Exempt, in_own_account
from strongroom.domain.identifiers import REVOKE_ROLE, SCANNER_ROLE, Arn
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import made_vault_names
from strongroom.domain.partitions import PLACEHOLDER

_MAKING_AIR_GAPS: Final = "backup:CreateLogicallyAirGappedBackupVault"
_ASKING: Final = "backup:CreateRestoreAccessBackupVault"
_REVOKING: Final = "backup:RevokeRestoreAccessBackupVault"
_TEAMING: Final = "backup:AssociateBackupVaultMpaApprovalTeam"
# Every key of ours carries this tag, whatever its value.
OF_STRONGROOM: Final[Condition] = {"Null": {"aws:ResourceTag/strongroom": "false"}}
_CHANGING_VAULTS: Final = ("backup:DeleteBackupVault*", "backup:PutBackupVault*")


def vaults(intent: Intent, keeper: Exempt) -> Iterator[Denial]:
    """Nobody but the keeper changes a vault; a landing zone's roles those that are not ours."""
    theirs = landing_zones.keepers_of_their_vaults(intent)
    control_tower = f"arn:{PLACEHOLDER}:backup:*:*:backup-vault:{landing_zones.CONTROL_TOWER_VAULTS}"
    has_control_tower = landing_zones.CONTROL_TOWER in intent.guardrails.landing_zone
    yield Denial(
        sid="KeepVaults",
        stops="deleting a vault, and changing or removing its access policy, sharing, lock or notifications",
        actions=_CHANGING_VAULTS,
        not_resources=(control_tower,) if has_control_tower else (),
        exempt=(keeper, theirs),
    )
    if has_control_tower:
        yield Denial(
            sid="KeepControlTowerVaults",
            stops="the same with a vault that Control Tower made",
            actions=_CHANGING_VAULTS,
            resources=(control_tower,),
            exempt=(keeper, landing_zones.keepers_of_control_towers_vaults(intent)),
        )
    named_alike = has_control_tower and any(name.startswith("aws-controltower-") for name in made_vault_names(intent))
    if theirs.arns or named_alike:
        yield from our_vaults(intent, keeper)


def our_vaults(intent: Intent, keeper: Exempt) -> Iterator[Denial]:
    """Nobody but the keeper changes a vault that is made from here."""
    yield Denial(
        sid="KeepOurVaults",
        stops="deleting a vault of ours, or changing who may use it, by a landing zone's role, too",
        actions=_CHANGING_VAULTS,
        resources=tuple(f"arn:{PLACEHOLDER}:backup:*:*:backup-vault:{name}" for name in made_vault_names(intent)),
        exempt=(keeper,),
    )


def break_glass(arns: tuple[str, ...]) -> Exempt:
    """The roles for the day on which the control plane itself is gone."""
    why = "when the control plane is down, somebody must restore, with MFA, a source identity and a ticket"
    return Exempt(who="break-glass roles", arns=arns, why=why)


def is_control_plane(arn: str, intent: Intent) -> bool:
    """Whether a role is in an account of the control plane, its evidence or its vaults."""
    return Arn.parse(arn).account in intent.guarded_accounts


def recovery_points() -> Iterator[Denial]:
    """Nobody deletes or shortens: what has expired is deleted by a service-linked role, which SCPs do not bind."""
    yield Denial(
        sid="KeepRecoveryPoints",
        stops="deleting recovery points, shortening their life, letting go of them, or ending a legal hold",
        actions=(
            "backup:CancelLegalHold",
            "backup:DeleteRecoveryPoint",
            "backup:DisassociateRecoveryPoint*",
            "backup:UpdateRecoveryPointLifecycle",
        ),
    )
    yield Denial(
        sid="KeepBackupsOn",
        stops="stopping a running backup, or opting resource types or the organisation out",
        actions=("backup:StopBackupJob", "backup:UpdateGlobalSettings", "backup:UpdateRegionSettings"),
    )


def scanner() -> Exempt:
    """The role under which Amazon GuardDuty scans recovery points for malware."""
    return Exempt(
        who="the scanner role",
        arns=in_own_account(SCANNER_ROLE),
        why="GuardDuty reads backups under it to find malware in them; nothing else can assume it",
    )


def _revoker() -> Exempt:
    """The role under which the control plane asks for the end of an access that it has asked for."""
    return Exempt(
        who="the revoking role",
        arns=in_own_account(REVOKE_ROLE),
        why="accesses whose restore is over are ended under it; a team lets each go, and the sweep alone borrows it",
    )


def side_doors(
    maker: Exempt, *, has_air_gaps: bool, askers: tuple[Exempt, ...] = (), has_teams: bool = False
) -> Iterator[Denial]:
    """Nobody opens another way to the backups; where the intent has air-gapped vaults there, their maker makes them.

    Where approval teams open vaults, `askers` ask them to, and where these vaults are, who makes them gives each its
    team. They ask that to end an access, and so does the control plane once its time is over. AWS lets a second team,
    and an end, be only as the first approves.

    A scan for malware reads backups of S3 and those in air-gapped vaults through an access point (AWS Backup Developer
    Guide, "Backup instant access permissions").
    """
    yield Denial(
        sid="ReadByRestoreOnly",
        stops="reading backups without a restore, but for a scan for malware",
        actions=("backup:CreateBackupAccessPoint",),
        exempt=(scanner(),),
    )
    yield Denial(
        sid="OpenNoSideDoor",
        stops="vaults that another account or approval team can open",
        actions=(
            *(() if has_teams else (_TEAMING,)),
            *(() if has_air_gaps else (_MAKING_AIR_GAPS,)),
            *(() if askers else (_ASKING,)),
            "backup:DisassociateBackupVaultMpaApprovalTeam",
            *(() if has_teams else (_REVOKING,)),
        ),
    )
    if askers:
        yield Denial(
            sid="AskTeamsByCeremonyOnly",
            stops="asking an approval team to open an air-gapped vault, past the ceremony",
            actions=(_ASKING,),
            exempt=askers,
        )
    if has_teams:
        yield Denial(
            sid="TeamsByDeployersOnly",
            stops="letting another team open an air-gapped vault",
            actions=(_TEAMING,),
            exempt=(maker,),
        )
        yield Denial(
            sid="RevokeAccessInTurnOnly",
            stops="asking an approval team to end an access in use",
            actions=(_REVOKING,),
            exempt=(maker, _revoker()),
        )
    if has_air_gaps:
        yield Denial(
            sid="MakeOurAirGapsOnly",
            stops="making an air-gapped vault, which can be opened to another account or an approval team",
            actions=(_MAKING_AIR_GAPS,),
            exempt=(maker,),
        )


def shares_by(sharer: Exempt) -> Denial:
    """Nobody but who shares our air-gapped vaults shares anything, or changes with whom.

    In accounts of ours alone: a call that adds an account to a share names nothing of what the share holds.
    """
    return Denial(
        sid="ShareAsWrittenOnly",
        stops="sharing an air-gapped vault with another account, and changing with whom it is shared",
        actions=(
            "ram:AssociateResourceShare*",
            "ram:CreateResourceShare",
            "ram:DeleteResourceShare",
            "ram:DisassociateResourceShare*",
            "ram:UpdateResourceShare",
        ),
        exempt=(sharer,),
    )


def shares_of_own(intent: Intent) -> Denial:
    """Nobody shares an air-gapped vault of a governed account, whose own backups are in it."""
    vaults = f"arn:{intent.partition.name}:backup:*:*:backup-vault:*"
    return Denial(
        sid="ShareNoVault",
        stops="sharing an air-gapped vault with another account, which restores out of it then",
        actions=("ram:AssociateResourceShare", "ram:CreateResourceShare"),
        when={"ArnLike": {"ram:ResourceArn": vaults}},
    )


def organization(editors: tuple[Exempt, ...] = ()) -> Iterator[Denial]:
    """The account stays where the policies reach it; a member may edit policies only if it was delegated to."""
    yield Denial(
        sid="StayInOrganization",
        stops="closing the account, leaving the organisation, switching a Region off",
        actions=("account:CloseAccount", "account:DisableRegion", "organizations:LeaveOrganization"),
    )
    yield Denial(
        sid="KeepPolicies",
        stops="changing the organisation's policies with delegated rights",
        actions=(
            "organizations:AttachPolicy",
            "organizations:CreatePolicy",
            "organizations:DeletePolicy",
            "organizations:DetachPolicy",
            "organizations:DisablePolicyType",
            "organizations:UpdatePolicy",
        ),
        exempt=editors,
    )


def witnesses(intent: Intent) -> Iterator[Denial]:
    """CloudTrail is where all events come from, and AWS Config what the frameworks of Audit Manager look at."""
    zone = landing_zones.guardians_of_trails(intent)
    yield Denial(
        sid="KeepTrails",
        stops="switching off or narrowing the trails that every alert depends on",
        actions=(
            "cloudtrail:DeleteTrail",
            "cloudtrail:PutEventSelectors",
            "cloudtrail:StopLogging",
            "cloudtrail:UpdateTrail",
        ),
        exempt=(zone,),
    )
    if intent.audit.framework:
        yield Denial(
            sid="KeepRecorder",
            stops="stopping AWS Config, without which an audit framework sees nothing",
            actions=(
                "config:DeleteConfigurationRecorder",
                "config:DeleteDeliveryChannel",
                "config:StopConfigurationRecorder",
            ),
            exempt=(zone,),
        )


def proof(keeper: Exempt) -> Denial:
    """What shows an auditor that backups exist and restore."""
    return Denial(
        sid="KeepProof",
        stops="restoring by way of a restore test, and removing or faking what proves that backups restore",
        actions=(
            "backup:CreateRestoreTesting*",
            "backup:DeleteFramework",
            "backup:DeleteReportPlan",
            "backup:DeleteRestoreTesting*",
            "backup:PutRestoreValidationResult",
            "backup:UpdateFramework",
            "backup:UpdateReportPlan",
            "backup:UpdateRestoreTesting*",
        ),
        exempt=(keeper,),
    )


def keys(keepers: tuple[Exempt, ...]) -> Iterator[Denial]:
    """Without its key a backup is noise; with a grant on it a stranger can read it."""
    # Nobody is exempt: the stacks retain their keys, so that no deployment deletes one.
    yield Denial(
        sid="KeepKeyMaterial",
        stops="deleting or disabling our keys, or removing the tag that marks them",
        actions=(
            "kms:DeleteImportedKeyMaterial",
            "kms:DisableKey",
            "kms:ScheduleKeyDeletion",
            "kms:UntagResource",
        ),
        when=OF_STRONGROOM,
    )
    yield Denial(
        sid="KeepKeys",
        stops="changing who may use our keys, ending the grants that backups work under, or stopping rotation",
        actions=(
            "kms:DisableKeyRotation",
            "kms:PutKeyPolicy",
            "kms:RetireGrant",
            "kms:RevokeGrant",
        ),
        when=OF_STRONGROOM,
        exempt=keepers,
    )
    yield Denial(
        sid="GrantKeysToServicesOnly",
        stops="granting our keys to anybody but an AWS service at work",
        actions=("kms:CreateGrant",),
        when={**OF_STRONGROOM, "BoolIfExists": {"kms:GrantIsForAWSResource": "false"}},
    )
