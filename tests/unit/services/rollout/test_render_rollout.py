"""Rendering an intent: every stack in its place, every template complete, one value for whoever asks."""

import json
from copy import replace
from typing import Any

import pytest
import yaml

from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.desired import AUDIT_STACK, MANAGEMENT_HOME_STACK, MANAGEMENT_STACK, Desired
from strongroom.domain.stacks.attached_policies import render_attached_policies
from strongroom.domain.stacks.parameters import render_parameters
from strongroom.domain.stacks.rendered import Rendered
from strongroom.domain.stacks.stack_sets import ROLES_STACK_SET, member_stack
from strongroom.domain.stacks.templates import (
    AIR_GAPPED_VAULT,
    AUDIT,
    CARRIED,
    MANAGEMENT_HOME,
    MEMBER,
    MEMBERS,
    TEXTS,
    VAULT_ACCOUNT,
    VAULT_FORWARDER,
    Templates,
)
from strongroom.services.rollout.render_rollout import render
from strongroom_cli.compile import compiled_intent
from strongroom_cli.templates import read_templates
from tests.builders.air_gaps import CENTRAL, OWN, with_central_gap, with_own_gap
from tests.builders.intents import an_intent_without_ceremony
from tests.builders.places import GLOBAL_REGION
from tests.builders.rollout import CENTRAL_STACK, REPLICA_STACK

DECLARED = {
    MEMBER: ("LocalVaultName",),
    AIR_GAPPED_VAULT: ("VaultName", "MinRetentionDays", "MaxRetentionDays"),
}
TEMPLATES = Templates(
    texts={name: f"Description: {name}\nResources:\n" for name in TEXTS},
    carried={
        name: {
            "Parameters": {each: {} for each in ("HomeRegion", *DECLARED.get(name, ()))},
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
    needed = [name for name in TEXTS if name not in (AIR_GAPPED_VAULT, MANAGEMENT_HOME, VAULT_ACCOUNT, VAULT_FORWARDER)]
    assert list(rendered.stacks) == [*needed, MEMBERS]
    completed = [name for name in needed if rendered.stacks[name] != TEMPLATES.texts[name]]
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


def test_without_auditors_there_is_no_stack_for_them(intent: Intent) -> None:
    plain = an_intent_without_ceremony(intent)
    rendered = render(plain, TEMPLATES)
    assert list(rendered.stacks) == [
        *(
            name
            for name in TEXTS
            if name not in (AUDIT, AIR_GAPPED_VAULT, MANAGEMENT_HOME, VAULT_ACCOUNT, VAULT_FORWARDER)
        ),
        MEMBERS,
    ]
    assert AUDIT not in rendered.parameters
    wanted = Desired(intent=plain, rendered=rendered, compiled=compiled_intent(plain))
    assert AUDIT_STACK not in {stack.place.name for stack in wanted.stacks}


@pytest.mark.parametrize(
    ("zones", "named", "region"),
    [
        pytest.param((), None, None, id="no Control Tower"),
        pytest.param(("landing-zone-accelerator",), None, None, id="another landing zone"),
        pytest.param(("control-tower",), None, "eu-west-1", id="at home, as nothing else is said"),
        pytest.param((), "eu-central-1", "eu-central-1", id="where the intent says"),
        pytest.param(("control-tower",), "us-east-1", None, id="where the other forwarder hears it"),
    ],
)
def test_control_tower_is_heard_in_its_home_region(
    zones: tuple[Any, ...], named: str | None, region: str | None, intent: Intent
) -> None:
    place = replace(intent.organization, landing_zone_region=None if named is None else Region(named))
    told = replace(intent, organization=place, guardrails=replace(intent.guardrails, landing_zone=zones))
    wanted = Desired(intent=told, rendered=render(told, TEMPLATES), compiled=compiled_intent(told))
    stack = wanted.stack(MANAGEMENT_HOME_STACK)
    assert (stack and stack.place.region) == region
    assert stack is None or (stack.place.account, dict(stack.parameters)) == (
        place.management_account,
        {"BackupAccount": place.backup_account, "HomeRegion": place.home_region},
    )


def test_a_role_for_restores_is_made_with_a_ceremony_only(intent: Intent) -> None:
    def makes_it(wanted: Intent) -> bool:
        stack_sets = {each.name: each for each in render(wanted, read_templates()).stack_sets}
        return "RestoreRole" in stack_sets[ROLES_STACK_SET].template.body

    assert (makes_it(intent), makes_it(an_intent_without_ceremony(intent))) == (True, False)


def test_an_air_gapped_vault_of_each_account_comes_by_a_stack_set_of_its_own_and_stays(intent: Intent) -> None:
    gapped = render(with_own_gap(intent), TEMPLATES)
    assert AIR_GAPPED_VAULT not in gapped.stacks
    (stack_set,) = (each for each in gapped.stack_sets if each.name == "strongroom-air-gap-gapped")
    assert stack_set.template.parameters == {
        "VaultName": OWN.name,
        "MinRetentionDays": "7",
        "MaxRetentionDays": "400",
    }
    assert set(stack_set.template.regions) == set(intent.organization.regions)
    members = json.loads(json.dumps(yaml.safe_load(gapped.stacks[MEMBERS])))["Resources"][stack_set.id]["Properties"]
    assert members["AutoDeployment"] == {"Enabled": True, "RetainStacksOnAccountRemoval": True}
    existing = render(with_own_gap(intent, existing=True), TEMPLATES)
    assert "strongroom-air-gap-gapped" not in {each.name for each in existing.stack_sets}


def test_one_of_the_backup_account_is_a_stack_of_its_own_template(intent: Intent) -> None:
    gapped = with_central_gap(intent)
    wanted = Desired(intent=gapped, rendered=render(gapped, TEMPLATES), compiled=compiled_intent(gapped))
    stack = wanted.stack("strongroom-safe")
    assert stack is not None
    assert (stack.template, stack.place.account) == (
        TEMPLATES.texts[AIR_GAPPED_VAULT],
        intent.organization.backup_account,
    )
    assert stack.parameters == {
        "OrganizationId": intent.organization.id,
        "VaultName": CENTRAL.name,
        "MinRetentionDays": "7",
        "MaxRetentionDays": "400",
    }
    assert not any("air-gap" in each.name for each in wanted.rendered.stack_sets)
