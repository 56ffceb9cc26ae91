"""Rendering an intent: every stack in its place, every template complete, one value for whoever asks."""

import json

import pytest

from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.desired import CENTRAL_STACK, MANAGEMENT_STACK, REPLICA_STACK, Desired
from strongroom.domain.stacks.attached_policies import render_attached_policies
from strongroom.domain.stacks.parameters import render_parameters
from strongroom.domain.stacks.rendered import Rendered
from strongroom.domain.stacks.templates import CARRIED, TEXTS, Templates
from strongroom.services.rollout.render_rollout import render
from strongroom_cli.compile import compiled_intent

TEMPLATES = Templates(
    texts={name: f"Description: {name}\nResources:\n" for name in TEXTS},
    carried={name: {"Description": name, "Resources": {"Own": {"Type": name}}} for name in CARRIED},
)


@pytest.fixture
def rendered(intent: Intent) -> Rendered:
    """The example, rendered into the barest templates."""
    return render(intent, TEMPLATES)


def test_policies_and_parameters_are_those_of_the_intent(intent: Intent, rendered: Rendered) -> None:
    assert rendered.policies == render_attached_policies(intent)
    assert rendered.parameters == render_parameters(intent)


def test_only_the_management_stack_is_completed(rendered: Rendered) -> None:
    assert list(rendered.stacks) == list(TEXTS)
    completed = [name for name, text in rendered.stacks.items() if text != TEMPLATES.texts[name]]
    assert completed == ["management"]
    assert rendered.stacks["management"] == rendered.management.text()


@pytest.mark.parametrize(
    ("stack_set", "carried"),
    [("MemberStackSet", "member"), ("MemberGlobalStackSet", "member-global"), ("FrameworkStackSet", "framework")],
)
def test_each_stack_set_carries_its_template_and_parameters(stack_set: str, carried: str, rendered: Rendered) -> None:
    properties = rendered.management.resources()[stack_set]["Properties"]
    body = json.loads(properties["TemplateBody"])
    assert (body["Description"], body["Resources"]["Own"]) == (carried, {"Type": carried})
    told = {each["ParameterKey"]: each["ParameterValue"] for each in properties["Parameters"]}
    assert told == rendered.parameters[carried]


def test_the_frameworks_of_the_tiers_come_into_their_template(rendered: Rendered) -> None:
    body = json.loads(rendered.management.resources()["FrameworkStackSet"]["Properties"]["TemplateBody"])
    kinds = {name: resource["Type"] for name, resource in body["Resources"].items() if name != "Own"}
    assert set(kinds.values()) == {"AWS::Backup::Framework"}
    assert "TierDailyProd" in kinds


def test_what_is_rendered_is_what_the_rollout_wants(intent: Intent, rendered: Rendered) -> None:
    wanted = Desired(intent=intent, rendered=rendered, compiled=compiled_intent(intent))
    assert [stack.place.name for stack in wanted.stacks] == [
        "strongroom-central",
        "strongroom-replica",
        "strongroom-audit",
        "strongroom-global",
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
    assert (central.place.region, replica.place.region) == (place.home_region, place.replica_region)
    assert {central.place.account, replica.place.account} == {place.backup_account}
    assert central.parameters["VaultName"] == intent.vaults.central.name
    assert replica.parameters["VaultName"] == intent.vaults.replica.name
