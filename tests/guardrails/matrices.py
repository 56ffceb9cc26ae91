"""The tables of requests, each with the guardrails that an account of its kind meets."""

from copy import replace
from dataclasses import dataclass
from typing import Any

from strongroom.domain.guardrails.denials import Denial, fill_documents
from strongroom.domain.guardrails.rendering import (
    PROTECT_BACKUPS,
    PROTECT_CONTROL_PLANE,
    REQUIRE_BACKUP_TAG,
    list_denials,
)
from strongroom.domain.intent.model import Intent
from tests.builders.air_gaps import with_central_gap, with_own_gap, with_team
from tests.builders.intents import with_outage_users, with_restores
from tests.builders.organizations import an_organization
from tests.builders.places import BACKUP_ACCOUNT
from tests.builders.restores import PROFILE
from tests.guardrails import control_plane_requests, member_requests, nested_requests
from tests.guardrails.scp_requests import (
    BREAK_GLASS,
    CENTRAL_BREAK_GLASS,
    DEPLOYER,
    EDITOR,
    LANDING_ZONE,
    Case,
)

TAG_REQUIRED_ON = (
    "dynamodb:CreateTable",
    "ec2:CreateVolume",
    "ec2:RunInstances",
    "elasticfilesystem:CreateFileSystem",
    "rds:CreateDBCluster",
    "rds:CreateDBInstance",
)
PRODUCTION = "ou-strg-prod0001"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """An account of one kind: where its guardrails are attached, the deployers of the intent, the requests to try.

    Without an `organization` it is the example's, with air-gapped vaults where it `has_air_gaps`.
    """

    name: str
    target: str
    deployers: tuple[str, ...]
    cases: tuple[Case, ...]
    organization: str = ""
    has_air_gaps: bool = False


MATRICES = (
    Matrix(name="governed-account", target=PRODUCTION, deployers=(DEPLOYER,), cases=member_requests.CASES),
    Matrix(name="backup-account", target=BACKUP_ACCOUNT, deployers=(DEPLOYER,), cases=control_plane_requests.CASES),
    Matrix(
        name="backup-account-without-deployers",
        target=BACKUP_ACCOUNT,
        deployers=(),
        cases=control_plane_requests.CASES_WITHOUT_DEPLOYERS,
    ),
)

# Tables of what is different where targets lie below others, not of everything.
NESTED = (
    Matrix(
        name="governed-root",
        target=nested_requests.ROOT,
        deployers=(),
        cases=nested_requests.ROOTED_CASES,
        organization=nested_requests.ROOTED,
    ),
    Matrix(
        name="control-tower",
        target=nested_requests.WORKLOADS,
        deployers=(),
        cases=nested_requests.ZONED_CASES,
        organization=nested_requests.ZONED,
    ),
    Matrix(
        name="opting-out",
        target=nested_requests.OPG_UNIT,
        deployers=(),
        cases=nested_requests.OPTING_CASES,
        organization=nested_requests.OPTING,
    ),
    Matrix(
        name="governed-account-with-air-gaps",
        target=PRODUCTION,
        deployers=(DEPLOYER,),
        cases=member_requests.AIR_GAPPED_CASES,
        has_air_gaps=True,
    ),
    Matrix(
        name="backup-account-with-air-gaps",
        target=BACKUP_ACCOUNT,
        deployers=(DEPLOYER,),
        cases=control_plane_requests.AIR_GAPPED_CASES,
        has_air_gaps=True,
    ),
)


def statements_of(matrix: Matrix, intent: Intent) -> list[dict[str, Any]]:
    """Every statement that is attached to the matrix's target."""
    return [statement for document in documents_of(matrix, intent) for statement in document["Statement"]]


def denials_of(matrix: Matrix, intent: Intent) -> list[Denial]:
    """What the statements that are attached to the matrix's target are made from."""
    here = (PROTECT_CONTROL_PLANE,) if matrix.target == BACKUP_ACCOUNT else (PROTECT_BACKUPS, REQUIRE_BACKUP_TAG)
    denials = list_denials(everything_named(matrix, intent))
    return [denial for guardrail in here for denial in denials.get(guardrail, ())]


def documents_of(matrix: Matrix, intent: Intent) -> list[dict[str, Any]]:
    """What is attached to the matrix's target, each statement by itself; a test holds merged ones against them."""
    return list(fill_documents({matrix.name: denials_of(matrix, intent)}).values())


def everything_named(matrix: Matrix, intent: Intent) -> Intent:
    """The intent with every guardrail on, and everybody named who can be exempt; another organisation as it is."""
    if matrix.organization:
        return an_organization(matrix.organization)
    guardrails = replace(
        intent.guardrails,
        tag_required_on=TAG_REQUIRED_ON,
        exempt_role_arns=(BREAK_GLASS, CENTRAL_BREAK_GLASS),
        deployer_role_arns=matrix.deployers,
        policy_editor_role_arns=(EDITOR,),
        landing_zone_role_arns=(LANDING_ZONE,),
        refuse_unnamed_copies=True,
    )
    profiled = with_restores(intent, profiles=(replace(PROFILE, native=("ec2:CreateVolume",)),))
    named = replace(with_outage_users(profiled), guardrails=guardrails)
    return with_team(with_central_gap(with_own_gap(named))) if matrix.has_air_gaps else named
