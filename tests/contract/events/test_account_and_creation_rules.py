"""The rules in the template say what the tables in the code say."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from strongroom.domain.accounts.events import ACCOUNT_EVENTS
from strongroom.domain.accounts.patterns import life_pattern, stack_pattern
from strongroom.domain.tags.patterns import creation_pattern

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


def test_the_stack_rule_lets_through_what_makes_and_what_takes_away(resources: dict[str, Any]) -> None:
    assert pattern_of(resources, "MemberStackRule") == stack_pattern()
