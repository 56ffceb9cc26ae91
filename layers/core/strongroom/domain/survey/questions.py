"""What a survey asks, with the calls that answer it and the section of the file that a missing answer is told in."""

from typing import Final

from msgspec import Struct

from strongroom.domain.doctor.diagnosis import Check, statement


class Question(Struct, frozen=True, kw_only=True):
    """A question to the live organisation; `check` says what it is and what it takes to ask it."""

    section: str
    check: Check


def _question(section: str, text: str, *calls: str) -> Question:
    return Question(section=section, check=Check(id=section, assumption=text, calls=calls, remedy="ask again"))


ORGANIZATION: Final = _question(
    "organization",
    "what is the organisation, and who is in it?",
    "organizations:DescribeOrganization",
    "organizations:ListAccountsForParent",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListRoots",
    "sts:AssumeRole",
    "sts:GetCallerIdentity",
)
ADMINISTRATORS: Final = _question(
    "organization",
    "which account is the delegated administrator of AWS Backup?",
    "organizations:ListDelegatedAdministrators",
)
LANDING_ZONE: Final = _question(
    "organization",
    "does AWS Control Tower work here?",
    "controltower:GetLandingZone",
    "controltower:ListLandingZones",
)
POLICIES: Final = _question(
    "tiers",
    "which backup policies are there, and where are they attached?",
    "organizations:DescribePolicy",
    "organizations:ListPolicies",
    "organizations:ListTargetsForPolicy",
)
EFFECTIVE: Final = _question(
    "tiers", "what does AWS merge the backup policies of an account to?", "organizations:DescribeEffectivePolicy"
)
TAG_POLICIES: Final = _question(
    "tag_key", "which tag keys does the organisation have rules for?", "organizations:ListPolicies"
)
ATTACHED: Final = _question(
    "targets", "which service control policies are attached there?", "organizations:ListPoliciesForTarget"
)
ACCOUNT: Final = _question(
    "vaults",
    "which vaults and backup plans are in that account?",
    "backup:GetBackupPlan",
    "backup:GetBackupSelection",
    "backup:ListBackupPlans",
    "backup:ListBackupSelections",
    "backup:ListBackupVaults",
)
_EVERY: Final = (ORGANIZATION, ADMINISTRATORS, LANDING_ZONE, POLICIES, EFFECTIVE, TAG_POLICIES, ATTACHED, ACCOUNT)
_QUOTA: Final = ("servicequotas:ListAWSDefaultServiceQuotas", "servicequotas:ListServiceQuotas")


def least_policy() -> dict[str, object]:
    """The statement that allows every question and nothing else."""
    return statement((*(call for each in _EVERY for call in each.check.calls), *_QUOTA))
