"""The rules in the template say what the tables in the code say."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.seams.host import lets_in
from strongroom.domain.accounts.events import ACCOUNT_EVENTS, AccountEvent, ToldBy
from strongroom.domain.accounts.patterns import life_pattern, stack_pattern
from strongroom.domain.tags.patterns import creation_pattern
from tests.contract.templates import CONTROL_PLANE, MANAGEMENT, MANAGEMENT_HOME, MEMBER, MEMBER_GLOBAL

TEMPLATE = Path(__file__).parents[3] / "template.yaml"


class CloudFormationLoader(yaml.CSafeLoader):
    """Reads a template and leaves its functions (`!Ref`, `!Sub`) as None."""


CloudFormationLoader.add_multi_constructor("!", lambda _loader, _tag, _node: None)


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(TEMPLATE.read_text(encoding="utf-8"), Loader=CloudFormationLoader)  # noqa: S506
    return loaded["Resources"]  # type: ignore[no-any-return]


def pattern_of(resources: dict[str, Any], rule: str) -> dict[str, Any]:
    pattern: dict[str, Any] = resources[rule]["Properties"]["EventPattern"]
    return pattern


def test_the_creation_rule_lists_every_call_of_the_table(resources: dict[str, Any]) -> None:
    assert pattern_of(resources, "ResourceCreationRule") == creation_pattern()


def test_the_rule_of_lives_lists_every_event_of_the_table_and_takes_both_envelopes(resources: dict[str, Any]) -> None:
    pattern = pattern_of(resources, "AccountMovesRule")
    assert pattern == life_pattern()
    named = [name for branch in pattern["$or"] for name in branch["detail"]["eventName"]]
    assert sorted(named) == sorted({row.name for row in ACCOUNT_EVENTS})
    assert "detail-type" not in pattern


# Where each event is emitted: in us-east-1 of the management account, and Control Tower's at its home; in us-east-1 of
# the member, or in the Region of the member's plan.
EMITTED: dict[tuple[ToldBy, str], tuple[dict[str, Any], ...]] = {
    (ToldBy.MANAGEMENT, "organizations"): (MANAGEMENT,),
    (ToldBy.ADMINISTRATOR, "organizations"): (MANAGEMENT,),
    (ToldBy.MANAGEMENT, "controltower"): (MANAGEMENT, MANAGEMENT_HOME),
    (ToldBy.MEMBER, "organizations"): (MEMBER_GLOBAL,),
    (ToldBy.MEMBER, "backup"): (MEMBER,),
}


@pytest.mark.parametrize("row", ACCOUNT_EVENTS, ids=lambda row: row.name)
def test_the_sample_of_each_event_is_forwarded_from_where_it_is_emitted_and_heard(
    row: AccountEvent, sample: Callable[[str], dict[str, Any]]
) -> None:
    event = sample(f"aws.{row.service}/{row.name}")
    for stack in EMITTED[row.told_by, row.service]:
        rules = [each["Properties"] for each in stack.values() if each["Type"] == "AWS::Events::Rule"]
        assert any("EventPattern" in rule and lets_in(rule["EventPattern"], event) for rule in rules)
    assert lets_in(CONTROL_PLANE["AccountMovesRule"]["Properties"]["EventPattern"], event)


def test_the_stack_rule_lets_through_what_makes_and_what_takes_away(resources: dict[str, Any]) -> None:
    assert pattern_of(resources, "MemberStackRule") == stack_pattern()
