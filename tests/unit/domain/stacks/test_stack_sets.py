"""What governed accounts get, where, in which order, and what stays when one leaves."""

from copy import replace
from typing import Any

import pytest
import yaml

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.governed import left_out_accounts
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.intent.vaults import Vault
from strongroom.domain.stacks.stack_sets import (
    MemberTemplate,
    framework_regions,
    global_regions,
    leaving_out,
    member_regions,
    member_stack,
    render_stack_sets,
    role_regions,
)
from tests.builders.intents import with_vault
from tests.builders.places import AUDIT_ACCOUNT, BACKUP_ACCOUNT, GLOBAL_REGION, HOME, VAULT_ACCOUNT

MEMBER = MemberTemplate(
    name="strongroom-member",
    body='{"Resources":{}}',
    parameters={"HomeRegion": "eu-west-1"},
    regions=(HOME, Region("eu-north-1")),
)
ROLES = replace(MEMBER, name="strongroom-member-roles", regions=(HOME,))
VAULT = replace(MEMBER, name="strongroom-member-vault")


def rendered(intent: Intent, *templates: MemberTemplate) -> Any:
    text = member_stack(render_stack_sets(intent, templates), region=GLOBAL_REGION)
    return yaml.safe_load(text)["Resources"]


def with_account(intent: Intent) -> Intent:
    account = Target(account=AccountId("333333333333"), tiers=("daily-prod",), default_tier="daily-prod")
    return replace(intent, targets=(*intent.targets, account))


def test_governed_units_get_a_stack_set_that_follows_moves_home_region_first(intent: Intent) -> None:
    [body] = rendered(intent, MEMBER).values()
    properties = body["Properties"]
    assert properties["StackSetName"] == "strongroom-member"
    assert properties["AutoDeployment"]["Enabled"] is True
    assert properties["PermissionModel"] == "SERVICE_MANAGED"
    assert properties["OperationPreferences"]["RegionOrder"] == ["eu-west-1", "eu-north-1"]
    assert properties["StackInstancesGroup"] == [
        {
            "DeploymentTargets": {"OrganizationalUnitIds": ["ou-strg-prod0001"]},
            "Regions": ["eu-west-1", "eu-north-1"],
        }
    ]
    assert properties["Parameters"] == [{"ParameterKey": "HomeRegion", "ParameterValue": "eu-west-1"}]
    assert properties["TemplateBody"] == MEMBER.body


def test_single_accounts_get_a_stack_set_of_their_own_that_reaches_no_other(intent: Intent) -> None:
    resources = rendered(with_account(intent), MEMBER)
    assert list(resources) == ["MemberStackSet", "MemberAccountsStackSet"]
    properties = resources["MemberAccountsStackSet"]["Properties"]
    assert properties["AutoDeployment"] == {"Enabled": False}
    assert properties["StackInstancesGroup"][0]["DeploymentTargets"] == {
        "OrganizationalUnitIds": ["r-strg"],
        "Accounts": ["333333333333"],
        "AccountFilterType": "INTERSECTION",
    }


ROOT = Target(root=True, excluded=("Sandbox",), tiers=("daily-prod",))
SANDBOXED = (AccountId("555555555551"), AccountId("555555555552"))


def targets_of(resources: Any) -> Any:
    return {name: each["Properties"]["StackInstancesGroup"][0]["DeploymentTargets"] for name, each in resources.items()}


def test_the_root_is_followed_without_the_accounts_that_strongroom_itself_lies_in(intent: Intent) -> None:
    far = with_vault(intent, "far", Vault(name="far", account=VAULT_ACCOUNT, lock="none"))
    resources = rendered(replace(far, targets=(ROOT, *intent.targets)), MEMBER)
    assert targets_of(resources) == {
        "MemberStackSet": {
            "OrganizationalUnitIds": ["r-strg"],
            "Accounts": [BACKUP_ACCOUNT, AUDIT_ACCOUNT, VAULT_ACCOUNT],
            "AccountFilterType": "DIFFERENCE",
        }
    }
    assert resources["MemberStackSet"]["Properties"]["AutoDeployment"]["Enabled"] is True


def test_what_lies_below_another_target_is_reached_once(intent: Intent) -> None:
    below = Target(unit="Production", account=SANDBOXED[0], tiers=("daily-prod",))
    assert targets_of(rendered(replace(intent, targets=(*intent.targets, below)), MEMBER)) == {
        "MemberStackSet": {"OrganizationalUnitIds": ["ou-strg-prod0001"]}
    }


def test_accounts_of_excluded_units_are_left_out_unless_they_are_targets_themselves(intent: Intent) -> None:
    named = Target(account=SANDBOXED[1], tiers=("daily-prod",))
    rooted = replace(intent, targets=(ROOT, named))
    ours = (BACKUP_ACCOUNT, AUDIT_ACCOUNT)
    assert left_out_accounts(rooted, SANDBOXED) == (*ours, SANDBOXED[0])
    [followed] = leaving_out(render_stack_sets(rooted, (MEMBER,)), left_out_accounts(rooted, SANDBOXED))
    assert followed.left_out == (*ours, SANDBOXED[0])


def test_single_accounts_are_left_as_they_are(intent: Intent) -> None:
    stack_sets = render_stack_sets(with_account(intent), (MEMBER,))
    followed, single = leaving_out(stack_sets, SANDBOXED)
    assert (followed.left_out, single) == (SANDBOXED, stack_sets[1])


def test_a_template_without_a_region_makes_no_stack_set(intent: Intent) -> None:
    assert rendered(intent, replace(MEMBER, regions=())) is None


def governing(intent: Intent, *regions: str) -> Intent:
    return replace(intent, organization=replace(intent.organization, governed_regions=tuple(map(Region, regions))))


def test_the_home_region_comes_first(intent: Intent) -> None:
    assert member_regions(governing(intent, "eu-north-1", "eu-west-1")) == ("eu-west-1", "eu-north-1")


@pytest.mark.parametrize(
    ("regions", "expected"),
    [(("eu-west-1",), ("us-east-1",)), (("eu-west-1", "us-east-1"), ())],
    ids=["not governed", "governed anyway"],
)
def test_the_region_of_global_events_gets_a_forwarder_unless_it_is_governed(
    intent: Intent, regions: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert global_regions(governing(intent, *regions)) == expected


def test_a_home_region_that_is_governed_alone_gets_no_second_forwarder(intent: Intent) -> None:
    at_home = replace(intent.organization, home_region=Region("us-east-1"), governed_regions=())
    assert global_regions(replace(intent, organization=at_home)) == ()


def test_roles_are_made_once_and_come_before_what_names_them(intent: Intent) -> None:
    resources = rendered(with_account(intent), ROLES, MEMBER)
    assert {name: body.get("DependsOn") for name, body in resources.items()} == {
        "MemberRolesStackSet": None,
        "MemberRolesAccountsStackSet": None,
        "MemberStackSet": None,  # automatic deployment waits, and so refers to it
        "MemberAccountsStackSet": ["MemberRolesAccountsStackSet"],
    }
    assert "${MemberRolesStackSet}" in str(resources["MemberStackSet"]["Properties"]["AutoDeployment"])
    assert role_regions(intent) == (HOME,)


def test_an_account_that_moves_in_gets_its_roles_first_and_waits_for_nothing_else(intent: Intent) -> None:
    """A vault that cannot be made, because an earlier one is there, must not keep the rest waiting."""
    resources = rendered(intent, VAULT, ROLES, MEMBER)
    waits = {name: body["Properties"]["AutoDeployment"].get("DependsOn") for name, body in resources.items()}
    arn = "arn:${AWS::Partition}:cloudformation:${AWS::Region}:${AWS::AccountId}:stackset/${MemberRolesStackSet}"
    assert waits == {"MemberVaultStackSet": None, "MemberRolesStackSet": None, "MemberStackSet": [{"Fn::Sub": arn}]}


def test_an_account_that_leaves_keeps_its_vault_and_what_expires_its_backups(intent: Intent) -> None:
    resources = rendered(intent, VAULT, ROLES, MEMBER)
    kept = {
        name: body["Properties"]["AutoDeployment"]["RetainStacksOnAccountRemoval"] for name, body in resources.items()
    }
    assert kept == {"MemberVaultStackSet": True, "MemberRolesStackSet": False, "MemberStackSet": False}


def test_no_account_that_fails_stops_the_others(intent: Intent) -> None:
    """API reference, StackSetOperationPreferences: percentages are rounded down, ten per cent of nine is none."""
    [body] = rendered(intent, MEMBER).values()
    assert body["Properties"]["OperationPreferences"]["FailureTolerancePercentage"] == 100


def test_frameworks_lie_where_the_resources_are_or_nowhere(intent: Intent) -> None:
    assert framework_regions(intent) == member_regions(intent)
    assert framework_regions(replace(intent, audit=replace(intent.audit, framework=False))) == ()
