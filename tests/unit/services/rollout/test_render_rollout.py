"""Rendering an intent: every stack in its place, every template complete, one value for whoever asks."""

import json

import pytest

from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.desired import MANAGEMENT_STACK, Desired
from strongroom.domain.stacks.attached_policies import render_attached_policies
from strongroom.domain.stacks.parameters import render_parameters
from strongroom.domain.stacks.rendered import Rendered
from strongroom.domain.stacks.stack_sets import member_stack
from strongroom.domain.stacks.templates import (
    AIR_GAPPED_VAULT,
    CARRIED,
    MEMBER,
    MEMBERS,
    TEXTS,
    VAULT_ACCOUNT,
    Templates,
)
from strongroom.services.rollout.render_rollout import render
from strongroom_cli.compile import compiled_intent
from tests.builders.places import GLOBAL_REGION
from tests.builders.rollout import CENTRAL_STACK, REPLICA_STACK

TEMPLATES = Templates(
    texts={name: f"Description: {name}\nResources:\n" for name in TEXTS},
    carried={
        name: {
            "Parameters": {"HomeRegion": {}, **({"LocalVaultName": {}} if name == MEMBER else {})},
            "Resources": {
                "Own": {"Type": name, "In": {"Ref": "HomeRegion"}},
                **(
                    {
                        "LocalVaultKey": {"Type": name, "Properties": {"KeyPolicy": {"Statement": []}}},
                        "LocalVault": {
                            "Type": name,
                            "Properties": {
                                "BackupVaultName": {"Ref": "LocalVaultName"},
                                "AccessPolicy": {"Statement": []},
                            },
                        },
                        "Role": {"Type": "AWS::IAM::Role"},
                    }
                    if name == MEMBER
                    else {}
                ),
            },
        }
        for name in CARRIED
    },
)


@pytest.fixture
def rendered(intent: Intent) -> Rendered:
    """The example, rendered into the barest templates."""
    return render(intent, TEMPLATES)


def test_policies_and_parameters_are_those_of_the_intent(intent: Intent, rendered: Rendered) -> None:
    assert rendered.policies == render_attached_policies(intent)
    assert rendered.parameters == render_parameters(intent)


def test_the_management_stack_is_completed_and_the_members_stack_is_rendered_whole(rendered: Rendered) -> None:
    there = [name for name in TEXTS if name not in (AIR_GAPPED_VAULT, VAULT_ACCOUNT)]
    assert list(rendered.stacks) == [*there, MEMBERS]
    completed = [name for name in there if rendered.stacks[name] != TEMPLATES.texts[name]]
    assert completed == ["management"]
    assert rendered.stacks["management"] == rendered.management.text()
    assert rendered.stacks[MEMBERS] == member_stack(rendered.stack_sets, region=GLOBAL_REGION)


def test_each_stack_set_carries_its_template_and_the_parameters_that_it_declares(
    intent: Intent, rendered: Rendered
) -> None:
    carried = {each.name: set(json.loads(each.template.body)["Resources"]) for each in rendered.stack_sets}
    frameworks = carried.pop("strongroom-framework")
    assert carried == {
        "strongroom-member-vault": {"LocalVaultKey", "LocalVault"},
        "strongroom-member-roles": {"Role"},
        "strongroom-member": {"Own"},
        "strongroom-member-global": {"Own"},
    }
    assert "TierDailyProd" in frameworks
    told = {each.name: dict(each.template.parameters) for each in rendered.stack_sets}
    place = {"HomeRegion": intent.organization.home_region}
    assert told["strongroom-member"] == told["strongroom-member-global"] == place
    assert told["strongroom-member-vault"] == {"LocalVaultName": intent.vaults["local"].name}


def test_the_frameworks_of_the_tiers_come_into_their_template(rendered: Rendered) -> None:
    [body] = [json.loads(each.template.body) for each in rendered.stack_sets if each.name == "strongroom-framework"]
    kinds = {resource["Type"] for name, resource in body["Resources"].items() if name != "Own"}
    assert kinds == {"AWS::Backup::Framework"}


def test_what_is_rendered_is_what_the_rollout_wants(intent: Intent, rendered: Rendered) -> None:
    wanted = Desired(intent=intent, rendered=rendered, compiled=compiled_intent(intent))
    assert [stack.place.name for stack in wanted.stacks] == [
        "strongroom-central",
        "strongroom-replica",
        "strongroom-audit",
        "strongroom-global",
        "strongroom-members",
        "strongroom-management",
    ]
    management = wanted.stack(MANAGEMENT_STACK)
    assert management is not None
    assert management.template == rendered.stacks["management"]
    assert wanted.control_plane_parameters == rendered.parameters["control-plane"]


def test_both_vaults_are_made_from_one_template(intent: Intent, rendered: Rendered) -> None:
    wanted, place = Desired(intent=intent, rendered=rendered, compiled=compiled_intent(intent)), intent.organization
    central, replica = wanted.stack(CENTRAL_STACK), wanted.stack(REPLICA_STACK)
    assert central is not None
    assert replica is not None
    assert central.template == replica.template
    assert (central.place.region, replica.place.region) == (place.home_region, intent.vaults["replica"].region)
    assert {central.place.account, replica.place.account} == {place.backup_account}
    assert central.parameters["VaultName"] == intent.vaults["central"].name
    assert replica.parameters["VaultName"] == intent.vaults["replica"].name
