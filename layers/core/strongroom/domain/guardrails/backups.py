"""Statements about backups themselves, the same wherever a backup lies: in a governed account or the backup account.

Sources: Service Authorization Reference; AWS Backup Developer Guide, "Deleting backups" and "Creating backup copies
across AWS accounts". A vault's access policy and its lock do not reach the calls of EC2, RDS, FSx and others.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.catalogue.rows import ROWS, joined
from strongroom.domain.guardrails.denials import OWN_ACCOUNT, Condition, Denial, Exempt
from strongroom.domain.identifiers import Arn
from strongroom.domain.intent.destinations import destination_vaults
from strongroom.domain.intent.governed import governed_paths
from strongroom.domain.intent.model import Intent

# AWS Backup sets this tag on what it makes in other services; nobody else can set or remove a tag that begins so.
OF_AWS_BACKUP: Final[Condition] = {"Null": {"aws:ResourceTag/aws:backup:source-resource": "false"}}
_NATIVE: Final = tuple(row.native for row in ROWS)
_NAMED: Final = tuple(each for each in _NATIVE if each.is_named)
_TAGGED: Final = tuple(each for each in _NATIVE if not each.is_named)
SNAPSHOTS_OF_AWS_BACKUP: Final = joined(each.arns for each in _NAMED)
# Every key of ours carries this tag, whatever its value.
OF_STRONGROOM: Final[Condition] = {"Null": {"aws:ResourceTag/strongroom": "false"}}


def landing_zone(intent: Intent) -> Exempt:
    """The roles by which a landing zone works in every account, each in the account of whoever calls."""
    return Exempt(
        who="the landing zone's roles",
        arns=intent.guardrails.landing_zone_role_arns,
        why="they keep the landing zone's own trails, recorder and vaults; only they and our stacks make such roles",
    )


def vaults(intent: Intent, keeper: Exempt) -> Iterator[Denial]:
    """Nobody but the keeper changes a vault; a landing zone's roles those that are not ours."""
    changing = ("backup:DeleteBackupVault*", "backup:PutBackupVault*")
    zone = landing_zone(intent)
    yield Denial(
        sid="KeepVaults",
        stops="deleting a vault, and changing or removing its access policy, sharing, lock or notifications",
        actions=changing,
        exempt=(keeper, zone),
    )
    if zone.arns:
        names = (intent.vaults.local.name, *(vault.name for vault in destination_vaults(intent)))
        yield Denial(
            sid="KeepOurVaults",
            stops="deleting a vault of ours, or changing who may use it, by a landing zone's role, too",
            actions=changing,
            resources=tuple(f"arn:aws:backup:*:*:backup-vault:{name}" for name in names),
            exempt=(keeper,),
        )


def landing_zone_roles(intent: Intent, keeper: Exempt, changes: tuple[str, ...]) -> Iterator[Denial]:
    """Who is exempt by name must not be had by whoever can make a role of that name."""
    zone = landing_zone(intent)
    if zone.arns:
        yield Denial(
            sid="KeepLandingZoneRoles",
            stops="making, changing or re-trusting a role of the landing zone",
            actions=changes,
            resources=tuple(arn.replace(OWN_ACCOUNT, "*") for arn in zone.arns),
            exempt=(keeper, zone),
        )


def break_glass(arns: tuple[str, ...]) -> Exempt:
    """The roles for the day on which the control plane itself is gone."""
    why = "when the control plane is down, somebody must restore, with MFA, a source identity and a ticket"
    return Exempt(who="break-glass roles", arns=arns, why=why)


def is_control_plane(arn: str, intent: Intent) -> bool:
    """Whether a role is in the backup account or the audit account."""
    place = intent.organization
    return Arn.parse(arn).account in (place.backup_account, place.audit_account)


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
    yield Denial(
        sid="OpenNoSideDoor",
        stops="reading backups without a restore, and vaults that another account or approval team can open",
        actions=(
            "backup:AssociateBackupVaultMpaApprovalTeam",
            "backup:CreateBackupAccessPoint",
            "backup:CreateLogicallyAirGappedBackupVault",
            "backup:CreateRestoreAccessBackupVault",
            "backup:DisassociateBackupVaultMpaApprovalTeam",
            "backup:RevokeRestoreAccessBackupVault",
        ),
    )


def native_copies(copier: Exempt, rescuer: Exempt) -> Iterator[Denial]:
    """The same backups by the calls of the services that hold them."""
    yield Denial(
        sid="KeepNativeCopies",
        stops="deleting, archiving, shortening or sharing what AWS Backup marks as its own in other services",
        actions=joined(each.changes for each in _TAGGED),
        when=OF_AWS_BACKUP,
        exempt=(copier,),
    )
    yield Denial(
        sid="KeepNativeSnapshots",
        stops="deleting, shortening or sharing AWS Backup's snapshots of databases",
        actions=joined(each.changes for each in _NAMED),
        resources=SNAPSHOTS_OF_AWS_BACKUP,
        exempt=(copier,),
    )
    yield Denial(
        sid="KeepUnmarkedBackups",
        stops="deleting DynamoDB backups and automated database backups: AWS Backup's look like a team's own",
        actions=joined(each.unmarked for each in _NATIVE),
        exempt=(copier, rescuer),
    )


def native_readings(copier: Exempt) -> Iterator[Denial]:
    """A copy that is out of AWS Backup's hands has no lock; a team's own snapshots stay the team's.

    ec2:CopySnapshot is asked for the snapshot that it copies, too, with that one's tags (AWS Storage Blog, "Enhancing
    resource-level permissions for copying Amazon EBS snapshots"); where ec2:CopyImage is not, its row refuses nothing.
    """
    yield Denial(
        sid="NoReadingOfCopies",
        stops="reading the blocks of AWS Backup's copies, and copying or exporting them out of its hands",
        actions=joined(each.readings for each in _TAGGED),
        when=OF_AWS_BACKUP,
        exempt=(copier,),
    )
    yield Denial(
        sid="NoCopiesOfSnapshots",
        stops="copying AWS Backup's snapshots of databases, exporting them, and taking single tables out of them",
        actions=joined(each.readings for each in _NAMED),
        resources=SNAPSHOTS_OF_AWS_BACKUP,
        exempt=(copier,),
    )


def native_restores(restorers: tuple[Exempt, ...]) -> Iterator[Denial]:
    """A snapshot of AWS Backup is as good as a restore to whoever may make a volume or a database of it."""
    yield Denial(
        sid="NoRestoreFromCopies",
        stops="making volumes, instances, file systems or namespaces from AWS Backup's copies outside the ceremony",
        actions=joined(each.restores for each in _TAGGED),
        resources=joined(each.arns for each in _TAGGED),
        when=OF_AWS_BACKUP,
        exempt=restorers,
    )
    yield Denial(
        sid="NoRestoreFromSnapshots",
        stops="making databases from AWS Backup's snapshots outside the ceremony",
        actions=joined(each.restores for each in _NAMED),
        resources=SNAPSHOTS_OF_AWS_BACKUP,
        exempt=restorers,
    )
    yield Denial(
        sid="NoRestoreFromUnmarked",
        stops="making tables from DynamoDB backups outside the ceremony: AWS Backup's look like a team's own",
        actions=joined(each.unmarked_restores for each in _NATIVE),
        resources=joined(each.unmarked_arns for each in _NATIVE),
        exempt=restorers,
    )


def copies_back(intent: Intent) -> Iterator[Denial]:
    """Out of the backup account copies go to our vaults there, and back to the local vaults of governed accounts.

    Which account a copy goes to its place in the organisation tells (backup:CopyTargetOrgPaths); a governed account
    that is named by itself is told by the ARN of its vault.
    """
    local, regions = intent.vaults.local.name, intent.organization.governed_regions
    named = (
        *(vault.arn for vault in destination_vaults(intent)),
        *(
            intent.local_vault_arn(target.account, region)
            for target in intent.targets
            if target.account
            for region in regions
        ),
    )
    paths = governed_paths(intent)
    anywhere = (f"arn:aws:backup:*:*:backup-vault:{local}",) if paths else ()
    yield from copies_out(intent, *named, *anywhere)
    if paths:
        yield Denial(
            sid="CopyBackToGovernedOnly",
            stops="copying a backup into a vault that is called as ours are, in an account that is not governed",
            actions=("backup:CopyFromBackupVault",),
            when={
                "ForAnyValue:ArnNotLike": {"backup:CopyTargets": list(named)},
                "ForAnyValue:StringNotLike": {"backup:CopyTargetOrgPaths": list(paths)},
            },
        )


def copies_out(intent: Intent, *vault_arns: str) -> Iterator[Denial]:
    """Copies go to our vaults; a set operator is silent about an absent key, hence the second statement.

    Whether AWS names the destination whenever it asks for a scheduled copy is documented nowhere: where it does not,
    the second statement stops every copy, so the intent asks for it.
    """
    copying = ("backup:CopyFromBackupVault",)
    yield Denial(
        sid="CopyToOurVaultsOnly",
        stops="copying a backup into a vault that is not ours",
        actions=copying,
        when={"ForAnyValue:ArnNotLike": {"backup:CopyTargets": list(vault_arns)}},
    )
    if intent.guardrails.refuse_unnamed_copies:
        yield Denial(
            sid="CopyNowhereUnnamed",
            stops="a copy whose destination the request does not name",
            actions=copying,
            when={"Null": {"backup:CopyTargets": "true"}},
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
    zone = landing_zone(intent)
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
