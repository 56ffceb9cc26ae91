"""What the management stack holds: every policy in its turn, every governed account its stacks."""

from dataclasses import replace
from typing import Any

import pytest
import yaml

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.stacks.attached_policies import (
    BACKUP_POLICY,
    SERVICE_CONTROL_POLICY,
    AttachedPolicy,
    render_attached_policies,
)
from strongroom.domain.stacks.delegation import DELEGATION, render_delegation
from strongroom.domain.stacks.management import (
    ManagementTemplate,
    MemberTemplate,
    global_regions,
    member_regions,
    render_stack_sets,
)
from tests.builders.places import BACKUP_ACCOUNT, HOME

FRAME = "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n"
MEMBER = MemberTemplate(
    name="strongroom-member",
    body='{"Resources":{}}',
    parameters={"HomeRegion": "eu-west-1"},
    regions=(HOME, Region("eu-north-1")),
)


def policy(name: str, kind: str = BACKUP_POLICY) -> AttachedPolicy:
    return AttachedPolicy(name=name, description=name, type=kind, document={"plans": {}}, targets=("ou-1",))


def rendered(intent: Intent, *policies: AttachedPolicy, templates: tuple[MemberTemplate, ...] = (MEMBER,)) -> Any:
    return management(intent, *policies, templates=templates).resources()


def management(
    intent: Intent, *policies: AttachedPolicy, templates: tuple[MemberTemplate, ...] = (MEMBER,)
) -> ManagementTemplate:
    return ManagementTemplate(
        frame=FRAME, delegation={}, stack_sets=render_stack_sets(intent, templates), policies=policies
    )


def test_each_policy_waits_for_the_one_before_and_the_first_for_the_members(intent: Intent) -> None:
    resources = rendered(intent, policy("strongroom-a"), policy("strongroom-b"))
    waits = {name: body.get("DependsOn") for name, body in resources.items()}
    assert waits == {"MemberStackSet": None, "APolicy": ["MemberStackSet"], "BPolicy": ["APolicy"]}


def test_guardrails_come_after_every_backup_policy(intent: Intent) -> None:
    resources = rendered(intent, policy("strongroom-deny", SERVICE_CONTROL_POLICY), policy("strongroom-a"))
    assert list(resources) == ["MemberStackSet", "APolicy", "DenyPolicy"]
    assert resources["DenyPolicy"]["DependsOn"] == ["APolicy"]


def test_a_policy_keeps_name_type_document_and_targets(intent: Intent) -> None:
    [body] = rendered(intent, policy("strongroom-daily-prod"), templates=()).values()
    assert body == {
        "Type": "AWS::Organizations::Policy",
        "Properties": {
            "Name": "strongroom-daily-prod",
            "Description": "strongroom-daily-prod",
            "Type": "BACKUP_POLICY",
            "TargetIds": ["ou-1"],
            "Content": {"plans": {}},
        },
    }


def test_the_template_is_the_frame_and_what_is_rendered_into_it(intent: Intent) -> None:
    template = management(intent, policy("strongroom-a"))
    assert template.text().startswith(FRAME)
    assert yaml.safe_load(template.text())["Resources"] == {
        "Queue": {"Type": "AWS::SQS::Queue"},
        **template.resources(),
    }


def test_a_policy_can_be_left_out_and_the_next_waits_for_the_one_before_it(intent: Intent) -> None:
    template = management(intent, policy("strongroom-a"), policy("strongroom-b"), policy("strongroom-c"))
    resources = yaml.safe_load(template.text(without=frozenset({"strongroom-b"})))["Resources"]
    assert list(resources) == ["Queue", "MemberStackSet", "APolicy", "CPolicy"]
    assert resources["CPolicy"]["DependsOn"] == ["APolicy"]


def test_names_that_differ_in_punctuation_only_stay_apart(intent: Intent) -> None:
    resources = rendered(
        intent, policy("strongroom-a.b"), policy("strongroom-a-b"), policy("strongroom-a_b"), templates=()
    )
    assert list(resources) == ["ABPolicy", "AB2Policy", "AB3Policy"]


def test_governed_units_get_a_stack_set_that_follows_moves_home_region_first(intent: Intent) -> None:
    [body] = rendered(intent).values()
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
    account = Target(account=AccountId("333333333333"), tiers=("daily-prod",), default_tier="daily-prod")
    resources = rendered(replace(intent, targets=(*intent.targets, account)))
    assert list(resources) == ["MemberStackSet", "MemberAccountsStackSet"]
    properties = resources["MemberAccountsStackSet"]["Properties"]
    assert properties["AutoDeployment"] == {"Enabled": False}
    assert properties["StackInstancesGroup"][0]["DeploymentTargets"] == {
        "OrganizationalUnitIds": ["r-strg"],
        "Accounts": ["333333333333"],
        "AccountFilterType": "INTERSECTION",
    }


def test_a_template_without_a_region_makes_no_stack_set(intent: Intent) -> None:
    assert rendered(intent, templates=(replace(MEMBER, regions=()),)) == {}


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


def test_every_tier_that_is_offered_and_every_guardrail_is_attached(intent: Intent) -> None:
    attached = render_attached_policies(intent)
    kinds = {each.name: each.type for each in attached}
    assert kinds["strongroom-daily-prod"] == BACKUP_POLICY
    assert kinds["strongroom-protect-backups"] == SERVICE_CONTROL_POLICY
    assert all(each.targets and each.description for each in attached)


def test_the_backup_account_reads_and_its_editors_edit_unless_the_resource_policy_is_somebody_elses(
    intent: Intent,
) -> None:
    editor = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/editor"
    edited = replace(
        intent,
        guardrails=replace(
            intent.guardrails, policy_editor_role_arns=(editor, "arn:aws:iam::222222222222:role/editor")
        ),
    )
    [reading] = render_delegation(intent)[DELEGATION]["Properties"]["Content"]["Statement"]
    [_, editing] = render_delegation(edited)[DELEGATION]["Properties"]["Content"]["Statement"]
    assert reading["Principal"] == {"AWS": f"arn:aws:iam::{BACKUP_ACCOUNT}:root"}
    assert {action.partition(":")[2][:4] for action in reading["Action"]} == {"Desc", "List"}
    assert editing["Condition"]["ArnEquals"] == {"aws:PrincipalArn": [editor]}
    theirs = replace(edited, organization=replace(intent.organization, owns_resource_policy=False))
    assert render_delegation(theirs) == {}


def test_the_delegation_comes_first_and_can_be_forgotten(intent: Intent) -> None:
    template = replace(management(intent, policy("strongroom-a"), templates=()), delegation=render_delegation(intent))
    assert list(template.resources()) == [DELEGATION, "APolicy"]
    assert list(template.resources(without=frozenset({DELEGATION}))) == ["APolicy"]
