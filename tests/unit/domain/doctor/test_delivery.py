"""The bus, its queues, and the forwarders."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from strongroom.domain.doctor.delivery import (
    AUDIT_RULES,
    GLOBAL_RULES,
    MANAGEMENT_RULES,
    MEMBER_RULES,
    VAULT_RULES,
    judge_bus,
    judge_forwarders,
)
from tests.builders.doctor import DEAD_LETTERS, OPEN_QUEUE, ORGANIZATION, a_bus, a_rule, a_statement
from tests.builders.places import BUS

STACKS = Path(__file__).parents[4] / "stacks"
NAME = "strongroom-forwarder"


@pytest.mark.parametrize(
    ("changed", "evidence"),
    [
        ({}, ""),
        ({"statements": ()}, f"does not let {ORGANIZATION} put events"),
        ({"statements": (a_statement("events:PutEvents", Condition={}),)}, "lets others put events"),
        ({"rules": (a_rule("copies", is_enabled=False),)}, "the rule copies is disabled"),
        ({"queues": {OPEN_QUEUE: ()}}, f"EventBridge may not fill {OPEN_QUEUE}"),
    ],
    ids=["well", "closed", "open to the world", "a rule", "a queue"],
)
def test_a_bus_is_open_to_the_organization_and_fills_its_queues(changed: dict[str, Any], evidence: str) -> None:
    found = judge_bus(a_bus(**changed), organization=ORGANIZATION, where="x")
    assert found.is_alarming is bool(evidence)
    assert evidence in found.evidence


def test_a_bus_that_is_not_there_is_told() -> None:
    assert judge_bus(None, organization=ORGANIZATION, where="x").evidence == "there is no bus"


@pytest.mark.parametrize(
    ("rules", "evidence"),
    [
        ([a_rule()], ""),
        ([], f"there is no rule {NAME}"),
        ([a_rule(is_enabled=False)], f"{NAME} is disabled"),
        ([a_rule(targets=("arn:aws:sqs:eu-west-1:1:elsewhere",))], f"{NAME} does not send to {BUS}"),
        ([a_rule(dead_letters={})], "no queue for what it cannot deliver"),
        ([a_rule(dead_letters={DEAD_LETTERS: 3})], f"3 events were not delivered and lie in {DEAD_LETTERS}"),
    ],
    ids=["well", "gone", "disabled", "elsewhere", "no dead letters", "undelivered"],
)
def test_a_forwarder_works_and_left_nothing_behind(rules: list[Any], evidence: str) -> None:
    found = judge_forwarders(rules, bus=BUS, wanted=(NAME,), where="x")
    assert found.is_alarming is bool(evidence)
    assert evidence in found.evidence


def test_a_queue_that_several_rules_share_is_told_once() -> None:
    rules = [a_rule(name, dead_letters={DEAD_LETTERS: 3}) for name in MEMBER_RULES]
    assert judge_forwarders(rules, bus=BUS, wanted=MEMBER_RULES, where="x").evidence.count(DEAD_LETTERS) == 1


class _Template(yaml.SafeLoader):
    """Reads CloudFormation's short forms as nothing."""


_Template.add_multi_constructor("!", lambda *_: None)


@pytest.mark.parametrize(
    ("stack", "rules"),
    [
        ("member", (*MEMBER_RULES, *AUDIT_RULES)),
        ("member-global", GLOBAL_RULES),
        ("management", MANAGEMENT_RULES),
        ("vault-forwarder", (*VAULT_RULES, *AUDIT_RULES)),
    ],
)
def test_the_rules_that_are_looked_for_are_those_of_the_stacks(stack: str, rules: tuple[str, ...]) -> None:
    template = yaml.load((STACKS / f"{stack}.yaml").read_text("utf-8"), Loader=_Template)  # noqa: S506 a SafeLoader
    made = [
        each["Properties"]["Name"] for each in template["Resources"].values() if each["Type"] == "AWS::Events::Rule"
    ]
    assert sorted(made) == sorted(rules)
