"""Calls that change with whom an air-gapped vault is shared: told where such vaults lie, but for what `apply` does."""

from copy import replace
from typing import Any, Final

import pytest

from strongroom.domain.calls import ApiCall
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import Vault
from strongroom.domain.tampering.judging import TamperingState, judge_tampering
from strongroom.domain.tampering.scopes import Surroundings
from tests.builders.air_gaps import CENTRAL_GAP, OWN_GAP, TEAM, with_central_gap, with_own_gap, with_vaults
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS, VAULT_ACCOUNT, a_vault_arn

DEVELOPER: Final = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/Developer"
DEPLOYER: Final = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/Deployer"
SHARE: Final = f"arn:aws:ram:eu-west-1:{BACKUP_ACCOUNT}:resource-share/8f1ab3c4"
THEIRS: Final = SHARE.replace(BACKUP_ACCOUNT, PAYMENTS)
FOREIGN: Final = "arn:aws:ec2:eu-west-1:222222222222:subnet/subnet-1"
MADE: Final = {
    "name": "strongroom-central-gapped",
    "resourceArns": [CENTRAL_GAP],
    "principals": [PAYMENTS],
    "allowExternalPrincipals": False,
}
TOLD: Final = {"resourceShareAssociations": [{"associatedEntity": PAYMENTS, "external": False}]}
ADDED: Final = {"resourceShareArn": SHARE, "principals": [PAYMENTS]}


@pytest.fixture
def shared(intent: Intent) -> Intent:
    """The backup account has a vault that is shared, and a deployer."""
    guardrails = replace(intent.guardrails, deployer_role_arns=(DEPLOYER,))
    return replace(with_central_gap(intent), guardrails=guardrails)


def judge(intent: Intent, name: str, request: Any, **changes: Any) -> TamperingState:
    call = ApiCall(
        event_id="e-1",
        account=BACKUP_ACCOUNT,
        region=HOME,
        source="ram.amazonaws.com",
        name=name,
        caller="arn:aws:sts::999999999999:assumed-role/Developer/eve",
        caller_type="AssumedRole",
        role=DEVELOPER,
        invoked_by=None,
        request=request,
        response=TOLD,
        error_code=None,
        error_message=None,
    )
    call = replace(call, **changes)
    return judge_tampering(call, surroundings=Surroundings(), intent=intent).state


@pytest.mark.parametrize(
    ("name", "request_parameters"),
    [
        ("AssociateResourceShare", {"resourceShareArn": SHARE, "principals": ["666666666666"]}),
        ("AssociateResourceSharePermission", {"resourceShareArn": SHARE, "permissionArn": "arn:p"}),
        ("CreatePermissionVersion", {"permissionArn": "arn:p", "policyTemplate": "{}"}),
        ("ReplacePermissionAssociations", {"fromPermissionArn": "arn:p", "toPermissionArn": "arn:q"}),
        ("SetDefaultPermissionVersion", {"permissionArn": "arn:p", "permissionVersion": 2}),
        ("CreateResourceShare", {"name": "loot", "resourceArns": [CENTRAL_GAP]}),
        ("DeleteResourceShare", {"resourceShareArn": SHARE}),
        ("DisassociateResourceShare", {"resourceShareArn": SHARE, "principals": [PAYMENTS]}),
        ("DisassociateResourceSharePermission", {"resourceShareArn": SHARE, "permissionArn": "arn:p"}),
        ("UpdateResourceShare", {"resourceShareArn": SHARE, "allowExternalPrincipals": True}),
        ("DeleteResourceShare", None),
    ],
)
def test_what_changes_a_share_is_told_where_our_vault_lies(shared: Intent, name: str, request_parameters: Any) -> None:
    assert judge(shared, name, request_parameters) is TamperingState.SUCCEEDED
    assert judge(shared, name, request_parameters, error_code="AccessDeniedException") is TamperingState.ATTEMPTED


@pytest.mark.parametrize(
    ("account", "request_parameters", "state"),
    [
        pytest.param(PAYMENTS, {"resourceArns": [FOREIGN]}, TamperingState.IRRELEVANT, id="a subnet of a team's own"),
        pytest.param(
            PAYMENTS,
            {"resourceArns": [a_vault_arn("unknown", account=PAYMENTS)]},
            TamperingState.IRRELEVANT,
            id="a vault that no intent names",
        ),
        pytest.param(PAYMENTS, {"resourceArns": [FOREIGN, CENTRAL_GAP]}, TamperingState.SUCCEEDED, id="our vault"),
        pytest.param(PAYMENTS, None, TamperingState.IRRELEVANT, id="nothing is told"),
        pytest.param(
            VAULT_ACCOUNT,
            ADDED | {"resourceShareArn": SHARE.replace(BACKUP_ACCOUNT, VAULT_ACCOUNT)},
            TamperingState.IRRELEVANT,
            id="a share of an account without our vaults",
        ),
    ],
)
def test_elsewhere_a_share_counts_only_where_it_names_our_vault(
    shared: Intent, account: str, request_parameters: Any, state: TamperingState
) -> None:
    assert judge(shared, "CreateResourceShare", request_parameters, account=account) is state


@pytest.mark.parametrize(
    ("name", "request_parameters", "state"),
    [
        pytest.param("CreateResourceShare", {"resourceArns": [OWN_GAP]}, TamperingState.SUCCEEDED, id="made"),
        pytest.param(
            "AssociateResourceShare",
            {"resourceShareArn": THEIRS, "resourceArns": [FOREIGN, OWN_GAP]},
            TamperingState.SUCCEEDED,
            id="added to one",
        ),
        pytest.param(
            "CreateResourceShare",
            {"resourceArns": [a_vault_arn("strongroom-local", account=PAYMENTS)]},
            TamperingState.IRRELEVANT,
            id="a vault that is not air-gapped",
        ),
        pytest.param("DeleteResourceShare", {"resourceShareArn": THEIRS}, TamperingState.IRRELEVANT, id="names none"),
    ],
)
def test_in_its_account_a_share_counts_where_it_names_the_air_gapped_vault_of_that(
    intent: Intent, name: str, request_parameters: Any, state: TamperingState
) -> None:
    assert judge(with_own_gap(intent), name, request_parameters, account=PAYMENTS) is state


def test_where_nothing_is_air_gapped_nobody_is_told(intent: Intent) -> None:
    assert judge(intent, "DeleteResourceShare", {"resourceShareArn": SHARE}) is TamperingState.IRRELEVANT


def test_an_account_of_vaults_is_heard_alike(intent: Intent) -> None:
    far = with_vaults(intent, far=Vault(name="far", account=VAULT_ACCOUNT, kind="air-gapped", approval_team=TEAM))
    assert judge(far, "CreateResourceShare", MADE, account=VAULT_ACCOUNT) is TamperingState.SUCCEEDED


@pytest.mark.parametrize(
    ("name", "request_parameters", "role", "state"),
    [
        pytest.param("CreateResourceShare", MADE, DEPLOYER, "OURS", id="made as apply makes it"),
        pytest.param("AssociateResourceShare", ADDED, DEPLOYER, "OURS", id="accounts added"),
        pytest.param("CreateResourceShare", MADE, f"{DEPLOYER}s", "SUCCEEDED", id="made by somebody else"),
        pytest.param("AssociateResourceShare", ADDED, None, "SUCCEEDED", id="added by no role"),
        pytest.param("CreateResourceShare", MADE | {"name": "x"}, DEPLOYER, "SUCCEEDED", id="of another name"),
        pytest.param(
            "CreateResourceShare", MADE | {"allowExternalPrincipals": True}, DEPLOYER, "SUCCEEDED", id="for strangers"
        ),
        pytest.param(
            "CreateResourceShare",
            {key: value for key, value in MADE.items() if key != "allowExternalPrincipals"},
            DEPLOYER,
            "SUCCEEDED",
            id="for strangers, by default",
        ),
        pytest.param(
            "CreateResourceShare",
            MADE | {"resourceArns": [CENTRAL_GAP, a_vault_arn("another")]},
            DEPLOYER,
            "SUCCEEDED",
            id="with another vault",
        ),
        pytest.param(
            "AssociateResourceShare",
            ADDED | {"principals": ["arn:aws:organizations::111111111111:organization/o-1"]},
            DEPLOYER,
            "SUCCEEDED",
            id="the organisation",
        ),
        pytest.param(
            "AssociateResourceShare", ADDED | {"principals": []}, DEPLOYER, "SUCCEEDED", id="nobody in particular"
        ),
        pytest.param(
            "AssociateResourceShare",
            ADDED | {"resourceArns": [CENTRAL_GAP]},
            DEPLOYER,
            "SUCCEEDED",
            id="another vault added",
        ),
        pytest.param("CreateResourceShare", MADE | {"clientToken": "1"}, DEPLOYER, "OURS", id="made with a token"),
        pytest.param("AssociateResourceShare", ADDED | {"clientToken": "1"}, DEPLOYER, "OURS", id="with a token"),
        pytest.param(
            "CreateResourceShare", MADE | {"permissionArns": ["arn:p"]}, DEPLOYER, "SUCCEEDED", id="to do more with it"
        ),
        pytest.param(
            "CreateResourceShare",
            MADE | {"resourceShareConfiguration": {"retainSharingOnAccountLeaveOrganization": True}},
            DEPLOYER,
            "SUCCEEDED",
            id="that outlives the membership",
        ),
        pytest.param("CreateResourceShare", MADE | {"sources": ["1"]}, DEPLOYER, "SUCCEEDED", id="for sources"),
        pytest.param("AssociateResourceShare", ADDED | {"sources": ["1"]}, DEPLOYER, "SUCCEEDED", id="sources added"),
        pytest.param(
            "AssociateResourceShare",
            ADDED | {"resourceShareArn": SHARE.replace(BACKUP_ACCOUNT, VAULT_ACCOUNT)},
            DEPLOYER,
            "SUCCEEDED",
            id="to another account's share",
        ),
        pytest.param("DisassociateResourceShare", ADDED, DEPLOYER, "SUCCEEDED", id="accounts taken out"),
        pytest.param("DeleteResourceShare", ADDED, DEPLOYER, "SUCCEEDED", id="taken away"),
    ],
)
def test_what_apply_does_is_nobodys_finding_and_nothing_else_of_its_role(
    shared: Intent, name: str, request_parameters: Any, role: str | None, state: str
) -> None:
    assert judge(shared, name, request_parameters, role=role) == state


def _told(**said: Any) -> dict[str, Any]:
    return {"associatedEntity": PAYMENTS, "external": False, **said}


@pytest.mark.parametrize(
    ("associations", "state"),
    [
        pytest.param([_told()], "OURS", id="of the organisation"),
        pytest.param([_told(resourceShareName=MADE["name"])], "OURS", id="to our share"),
        pytest.param([_told(resourceShareName="loot")], "SUCCEEDED", id="to another share"),
        pytest.param([_told(external=True)], "SUCCEEDED", id="a stranger"),
        pytest.param([_told(), _told(external=True)], "SUCCEEDED", id="and a stranger"),
        pytest.param([_told(), {"associatedEntity": PAYMENTS}], "SUCCEEDED", id="and who knows who"),
        pytest.param([_told(external="false")], "SUCCEEDED", id="no answer"),
        pytest.param([], "SUCCEEDED", id="nobody is told"),
        pytest.param(None, "SUCCEEDED", id="nothing is told"),
    ],
)
def test_who_is_added_is_of_the_organisation_as_aws_answers(shared: Intent, associations: Any, state: str) -> None:
    response = None if associations is None else {"resourceShareAssociations": associations}
    assert judge(shared, "AssociateResourceShare", ADDED, role=DEPLOYER, response=response) == state


def test_what_apply_tried_in_vain_is_its_own_still(shared: Intent) -> None:
    failed = {"response": None, "error_code": "ThrottlingException", "role": DEPLOYER}
    assert judge(shared, "AssociateResourceShare", ADDED, **failed) is TamperingState.OURS


def test_an_account_that_leaves_our_share_is_heard(shared: Intent) -> None:
    left = {"resourceShareArn": SHARE, "principals": [PAYMENTS]}
    assert judge(shared, "DisassociateResourceShare", left, account=PAYMENTS) is TamperingState.SUCCEEDED
    left |= {"resourceShareArn": "not-an-arn"}
    assert judge(shared, "DisassociateResourceShare", left, account=PAYMENTS) is TamperingState.IRRELEVANT


def test_a_vault_that_a_team_opens_is_shared_by_nobody(shared: Intent) -> None:
    guarded = replace(shared, vaults={**shared.vaults, "safe": replace(shared.vaults["safe"], approval_team=TEAM)})
    assert judge(guarded, "AssociateResourceShare", ADDED, role=DEPLOYER) is TamperingState.SUCCEEDED
