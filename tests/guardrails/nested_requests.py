"""What is tried below a root that is governed, where a nested unit is offered more, and beside landing zones."""

from typing import Any, Final

from tests.builders.organizations import CONTROL_TOWER, NESTED
from tests.builders.places import BACKUP_ACCOUNT, a_vault_arn
from tests.guardrails.member_requests import VAULT_CHANGES
from tests.guardrails.scp_requests import ALLOWED, Account, Case, refused_to_all_but, tags

ROOT: Final = "r-moj1"
WORKLOADS: Final = "ou-ctw1-work0001"
# The root with everything on: a second tier of a key whose values are guarded, copies in the account itself, creations.
ROOTED: Final = (
    NESTED.replace(
        "tiers:\n", "  second: {name: second-vault, account: own, region: eu-central-1, lock: none}\ntiers:\n", 1
    )
    .replace("keep: {local: 30}}", "keep: {local: 30, second: 30}}")
    .replace("production, on-request]", "production, on-request, short]")
    .replace(
        "targets:\n",
        "  short: {tag: {retention: [30d, 60d]}, schedule: daily 05:00, keep: {local: 30}}\ntargets:\n",
    )
    .replace(
        "tag_keys: [retention]",
        "tag_keys: [retention], scp_slots: 10, landing_zone: [control-tower, landing-zone-accelerator], "
        "tag_required_on: [dynamodb:CreateTable]",
    )
)
# A unit that may opt out, and one below it that may not.
OPTING: Final = (
    NESTED.replace(
        "  - {root: true, except: [Closed], tiers: [production, on-request], default_tier: none}\n"
        "  - {unit: OPG/Sirius, tiers: [production, on-request, case-records], default_tier: case-records}\n",
        "  - {unit: OPG, tiers: [daily], opt_out: true}\n  - {unit: OPG/Sirius, tiers: [daily]}\n",
    )
    .replace("tiers:\n", "tiers:\n  daily: {schedule: daily 01:00, keep: {local: 30}}\n", 1)
    .replace(
        "guardrails: {tag_keys: [retention]}",
        "opt_out: {value: none, reason_key: BackupReason}\n"
        "guardrails: {scp_slots: 10, tag_required_on: [dynamodb:CreateTable]}",
    )
)
OPG_UNIT: Final = "ou-moj1-opg00001"
ZONED: Final = CONTROL_TOWER.replace("landing_zone:", "scp_slots: 10, landing_zone:")

_MEMBER: Final = Account("333333333333")
_HUB: Final = Account(BACKUP_ACCOUNT)
_ADMIN: Final = _MEMBER.role("AdministratorAccess")
_STACK_SET: Final = _MEMBER.role("stacksets-exec-0123456789abcdef0123456789abcdef")
_TOWER: Final = _MEMBER.role("AWSControlTowerExecution")
_ACCELERATOR: Final = _MEMBER.role(f"cdk-accel-cfn-exec-role-{_MEMBER.id}-eu-west-2")
_OTHERS: Final = (
    _ADMIN,
    _MEMBER.role("x/AWSControlTowerExecution"),
    _MEMBER.role(f"cdk-accel-cfn-exec-role-{_MEMBER.id}-us-east-1"),
    f"arn:aws:iam::{_MEMBER.id}:user/x:role/AWSControlTowerExecution",
)
_TABLE: Final = _MEMBER.arn("dynamodb", "table/orders", region="eu-west-2")
_POINT: Final = _MEMBER.arn("backup", "recovery-point:1eb3b5e7-9eb0-435a-a80b-108b488b0d45", region="eu-west-2")
_TRAIL: Final = _MEMBER.arn("cloudtrail", "trail/everything")
_RECORDER: Final = _MEMBER.arn("config", "configuration-recorder/default/abcdefgh")


def _vault(name: str, account: str = _MEMBER.id, region: str = "eu-west-2") -> str:
    return a_vault_arn(name, account=account, region=region)


def _in(unit: str) -> dict[str, Any]:
    """Somebody whose account lies there: the ids of the units below the root."""
    below = "".join(f"{each}/" for each in unit.split())
    return {"aws:PrincipalOrgPaths": [f"o-moj1000000/r-moj1/{below}"]}


_OPG: Final = _in("ou-moj1-opg00001")
_SIRIUS: Final = _in("ou-moj1-opg00001 ou-moj1-sirius01")
_DEEPER: Final = _in("ou-moj1-opg00001 ou-moj1-sirius01 ou-moj1-team0001")
_HMPPS: Final = _in("ou-moj1-hmpps001")
_CLOSED: Final = _in("ou-moj1-closed01")
_NOWHERE: Final = _in("")
_SEVEN: Final = tags(retention="7y")
_NINE: Final = tags(retention="9y")
_THIRTY: Final = tags(retention="30d")
_TAGGING: Final = "dynamodb:TagResource"
_CREATING: Final = "dynamodb:CreateTable"


def _said(refused_by: str, action: str, resource: str, *said: dict[str, Any], by: str = _ADMIN) -> Case:
    context: dict[str, Any] = {}
    for each in said:
        context |= each
    return Case(refused_by, by, action, resource, context)


ROOTED_CASES: Final = (
    # A value that one unit below is offered, alone or over another.
    *(
        _said(ALLOWED, action, _TABLE, where, _SEVEN)
        for where in (_SIRIUS, _DEEPER)
        for action in (_TAGGING, _CREATING)
    ),
    *(
        _said("KeepTierWithin", action, _TABLE, where, _SEVEN)
        for where in (_OPG, _HMPPS, _NOWHERE)
        for action in (_TAGGING, _CREATING)
    ),
    _said("KeepTierWithin", _TAGGING, _TABLE, _OPG, _SEVEN, {"aws:ResourceTag/retention": "30d"}),
    # One that the root is offered, and that unit is not.
    *(_said(ALLOWED, _TAGGING, _TABLE, where, _THIRTY) for where in (_OPG, _HMPPS, _NOWHERE)),
    *(_said("KeepTierWithin2", _TAGGING, _TABLE, where, _THIRTY) for where in (_SIRIUS, _DEEPER)),
    # One that nobody is offered.
    *(_said("KeepTier", _TAGGING, _TABLE, where, _NINE) for where in (_SIRIUS, _OPG, _HMPPS)),
    _said("RequireKnownTier", _CREATING, _TABLE, _SIRIUS, _NINE),
    _said("RequireTag", _CREATING, _TABLE, _SIRIUS),
    # Other keys are nobody's, and accounts that are left out or that Strongroom lies in are not bound.
    _said(ALLOWED, _TAGGING, _TABLE, _SIRIUS, tags(**{"is-production": "sometimes"})),
    *(_said(ALLOWED, _TAGGING, _TABLE, _CLOSED, value) for value in (_SEVEN, _NINE)),
    _said(ALLOWED, _TAGGING, _HUB.arn("dynamodb", "table/x"), _NOWHERE, _NINE, by=_HUB.role("AdministratorAccess")),
    _said("KeepRecoveryPoints", "backup:DeleteRecoveryPoint", _POINT, _HMPPS),
    _said(ALLOWED, "backup:DeleteRecoveryPoint", _POINT, _CLOSED),
    _said(ALLOWED, "backup:DeleteRecoveryPoint", _POINT, by=_HUB.role("AdministratorAccess")),
    # Copies: the central vault, and the account's own second one.
    *(
        _said(refused, "backup:CopyFromBackupVault", _POINT, _HMPPS, {"backup:CopyTargets": targets})
        for refused, targets in (
            (ALLOWED, [_vault("moj-central", BACKUP_ACCOUNT)]),
            (ALLOWED, [_vault("second-vault", region="eu-central-1")]),
            ("CopyToOurVaultsOnly", [_vault("second-vault", "444444444444", "eu-central-1")]),
            ("CopyToOurVaultsOnly", [_vault("second-vault")]),
            ("CopyToOurVaultsOnly", [_vault("moj-central", BACKUP_ACCOUNT), _vault("elsewhere")]),
        )
    ),
    # Two landing zones: Control Tower keeps its own vaults, the accelerator all that are not ours.
    *refused_to_all_but(
        "KeepControlTowerVaults",
        (_STACK_SET, _TOWER, _ACCELERATOR),
        VAULT_CHANGES,
        _vault("aws-controltower-local-backupvault-x"),
        _HMPPS,
        to=_OTHERS,
    ),
    *refused_to_all_but(
        "KeepVaults", (_STACK_SET, _ACCELERATOR), VAULT_CHANGES, _vault("theirs"), _HMPPS, to=(*_OTHERS, _TOWER)
    ),
    *refused_to_all_but(
        "KeepOurVaults",
        (_STACK_SET,),
        VAULT_CHANGES,
        _vault("everything"),
        _HMPPS,
        to=(*_OTHERS, _TOWER, _ACCELERATOR),
    ),
    *refused_to_all_but("KeepTrails", (_TOWER,), "cloudtrail:UpdateTrail", _TRAIL, _HMPPS, to=(*_OTHERS, _ACCELERATOR)),
    *refused_to_all_but(
        "KeepLandingZoneRoles",
        (_STACK_SET, _TOWER, _ACCELERATOR),
        "iam:CreateRole PutRolePolicy UpdateAssumeRolePolicy",
        _ACCELERATOR,
        _HMPPS,
        to=_OTHERS,
    ),
)

ZONED_CASES: Final = (
    *refused_to_all_but(
        "KeepControlTowerVaults",
        (_STACK_SET, _TOWER),
        VAULT_CHANGES,
        _vault("aws-controltower-local-backupvault-x"),
        to=_OTHERS,
    ),
    *refused_to_all_but("KeepVaults", (_STACK_SET,), VAULT_CHANGES, _vault("strongroom-local"), to=(*_OTHERS, _TOWER)),
    *refused_to_all_but(
        "KeepTrails", (_TOWER,), "cloudtrail:DeleteTrail PutEventSelectors StopLogging UpdateTrail", _TRAIL, to=_OTHERS
    ),
    *refused_to_all_but(
        "KeepRecorder",
        (_TOWER,),
        "config:DeleteConfigurationRecorder StopConfigurationRecorder",
        _RECORDER,
        to=_OTHERS,
    ),
    *refused_to_all_but(
        "KeepLandingZoneRoles",
        (_STACK_SET, _TOWER),
        "iam:CreateRole DeleteRole UpdateAssumeRolePolicy",
        _TOWER,
        to=_OTHERS,
    ),
    *(
        Case(refused, _ADMIN, "backup:CopyFromBackupVault", _POINT, {"backup:CopyTargets": [target]})
        for refused, target in (
            (ALLOWED, _vault("strongroom-central", "444444444444", "eu-west-1")),
            (ALLOWED, _vault("strongroom-central", "444444444444", "eu-central-1")),
            ("CopyToOurVaultsOnly", _vault("strongroom-central", "444444444444", "us-east-1")),
        )
    ),
)

_NONE: Final = tags(Backup="none")
_REASON: Final = tags(Backup="none", BackupReason="scratch data")

OPTING_CASES: Final = (
    # What is created opts out with a reason, or not at all.
    _said("RequireTag", _CREATING, _TABLE, _OPG),
    _said("OptOutWithReason", _CREATING, _TABLE, _OPG, _NONE),
    _said(ALLOWED, _CREATING, _TABLE, _OPG, _REASON),
    _said(ALLOWED, _CREATING, _TABLE, _OPG, tags(Backup="daily")),
    _said("RequireKnownTier", _CREATING, _TABLE, _OPG, tags(Backup="nothing")),
    # What is there already may have its reason.
    _said("OptOutWithReason", _TAGGING, _TABLE, _OPG, _NONE),
    _said(ALLOWED, _TAGGING, _TABLE, _OPG, _REASON),
    _said(ALLOWED, _TAGGING, _TABLE, _OPG, _NONE, {"aws:ResourceTag/BackupReason": "scratch data"}),
    # Below, nothing opts out.
    *(_said("KeepTierWithin", action, _TABLE, _SIRIUS, _REASON) for action in (_CREATING, _TAGGING)),
    _said(ALLOWED, _CREATING, _TABLE, _SIRIUS, tags(Backup="daily")),
    # No tier here copies, and AWS copies within the organisation only.
    _said(ALLOWED, "backup:CopyFromBackupVault", _POINT, _OPG, {"backup:CopyTargets": [_vault("theirs")]}),
)
