"""What the management stack holds: delegation, and every policy in its turn."""

from copy import replace
from typing import Any

import yaml

from strongroom.domain.intent.model import Intent
from strongroom.domain.stacks.attached_policies import (
    BACKUP_POLICY,
    SERVICE_CONTROL_POLICY,
    AttachedPolicy,
    render_attached_policies,
)
from strongroom.domain.stacks.delegation import DELEGATION, render_delegation
from strongroom.domain.stacks.management import (
    ManagementTemplate,
)
from tests.builders.places import BACKUP_ACCOUNT

FRAME = "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n"


def policy(name: str, kind: str = BACKUP_POLICY) -> AttachedPolicy:
    return AttachedPolicy(name=name, description=name, type=kind, document={"plans": {}}, targets=("ou-1",))


def rendered(*policies: AttachedPolicy) -> Any:
    return management(*policies).resources()


def management(*policies: AttachedPolicy) -> ManagementTemplate:
    return ManagementTemplate(frame=FRAME, delegation={}, policies=policies)


def test_each_policy_waits_for_the_one_before() -> None:
    resources = rendered(policy("strongroom-a"), policy("strongroom-b"))
    assert {name: body.get("DependsOn") for name, body in resources.items()} == {
        "APolicy": None,
        "BPolicy": ["APolicy"],
    }


def test_guardrails_come_after_every_backup_policy() -> None:
    resources = rendered(policy("strongroom-deny", SERVICE_CONTROL_POLICY), policy("strongroom-a"))
    assert list(resources) == ["APolicy", "DenyPolicy"]
    assert resources["DenyPolicy"]["DependsOn"] == ["APolicy"]


def test_a_policy_keeps_name_type_document_and_targets() -> None:
    [body] = rendered(policy("strongroom-daily-prod")).values()
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


def test_the_template_is_the_frame_and_what_is_rendered_into_it() -> None:
    template = management(policy("strongroom-a"))
    assert template.text().startswith(FRAME)
    assert yaml.safe_load(template.text())["Resources"] == {
        "Queue": {"Type": "AWS::SQS::Queue"},
        **template.resources(),
    }


def test_a_policy_can_be_left_out_and_the_next_waits_for_the_one_before_it() -> None:
    template = management(policy("strongroom-a"), policy("strongroom-b"), policy("strongroom-c"))
    resources = yaml.safe_load(template.text(without=frozenset({"strongroom-b"})))["Resources"]
    assert list(resources) == ["Queue", "APolicy", "CPolicy"]
    assert resources["CPolicy"]["DependsOn"] == ["APolicy"]


def test_names_that_differ_in_punctuation_only_stay_apart() -> None:
    resources = rendered(policy("strongroom-a.b"), policy("strongroom-a-b"), policy("strongroom-a_b"))
    assert list(resources) == ["ABPolicy", "AB2Policy", "AB3Policy"]


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
    template = replace(management(policy("strongroom-a")), delegation=render_delegation(intent))
    assert list(template.resources()) == [DELEGATION, "APolicy"]
    assert list(template.resources(without=frozenset({DELEGATION}))) == ["APolicy"]
