"""The shape of the service control policies; what they do is tried in tests/simulation/test_scp_matrix.py."""

import json
from dataclasses import replace

import pytest

from strongroom.domain.guardrails import POLICY_CHARACTERS, PROTECT_BACKUPS, REQUIRE_BACKUP_TAG, render_guardrails
from strongroom.domain.intent import Guardrails, Intent
from strongroom.domain.taggable_creation import TAGGABLE_CREATION

BREAK_GLASS = "arn:aws:iam::222222222222:role/break-glass"


def with_guardrails(intent: Intent, guardrails: Guardrails) -> Intent:
    return replace(intent, guardrails=guardrails)


@pytest.mark.parametrize("name", [PROTECT_BACKUPS, REQUIRE_BACKUP_TAG])
def test_a_document_fits_into_the_smaller_of_the_two_limits_that_aws_documents(intent: Intent, name: str) -> None:
    document = render_guardrails(intent)[name]
    assert len(json.dumps(document, separators=(",", ":"))) <= POLICY_CHARACTERS


def test_every_create_action_that_takes_tags_can_be_required_at_once(intent: Intent) -> None:
    all_actions = with_guardrails(intent, Guardrails(tag_required_on=tuple(TAGGABLE_CREATION)))
    document = render_guardrails(all_actions)[REQUIRE_BACKUP_TAG]
    sids = [statement["Sid"] for statement in document["Statement"]]
    assert len(sids) == len(set(sids))
    assert len(json.dumps(document, separators=(",", ":"))) <= POLICY_CHARACTERS


def test_running_instances_is_judged_on_what_it_makes_and_not_on_what_it_uses(intent: Intent) -> None:
    required = with_guardrails(intent, Guardrails(tag_required_on=("ec2:RunInstances",)))
    resources = [statement["Resource"] for statement in render_guardrails(required)[REQUIRE_BACKUP_TAG]["Statement"]]
    assert resources == [["arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:*:*:volume/*"]] * 3


def test_without_a_create_action_there_is_no_tag_policy(intent: Intent) -> None:
    assert list(render_guardrails(with_guardrails(intent, Guardrails()))) == [PROTECT_BACKUPS]


def test_every_statement_is_a_deny_with_a_name_of_its_own(intent: Intent) -> None:
    statements = [each for document in render_guardrails(intent).values() for each in document["Statement"]]
    assert {statement["Effect"] for statement in statements} == {"Deny"}
    assert len({statement["Sid"] for statement in statements}) == len(statements)


def test_an_exempt_role_is_exempt_by_its_exact_name_and_is_itself_protected(intent: Intent) -> None:
    broken = with_guardrails(intent, Guardrails(exempt_role_arns=(BREAK_GLASS,)))
    statements = {each["Sid"]: each for each in render_guardrails(broken)[PROTECT_BACKUPS]["Statement"]}
    assert all(BREAK_GLASS in each["Condition"]["ArnNotLike"]["aws:PrincipalArn"] for each in statements.values())
    assert BREAK_GLASS in statements["KeepRoles"]["Resource"]
