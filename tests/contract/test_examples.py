"""Each example compiles without an error, and gives an account in each of its units exactly the plans that it should.

The organisations are those that the examples were written for; what an account gets is read from its effective policy.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from strongroom.domain.backup_policy.attacking.attack import attack
from strongroom.domain.backup_policy.documents import Document, parse_policy
from strongroom.domain.backup_policy.effective import validate
from strongroom.domain.backup_policy.lint import lint
from strongroom.domain.backup_policy.merge import Reading, merge_levels
from strongroom.domain.findings import Level
from strongroom.domain.intent.model import Intent
from strongroom.domain.stacks.attached_policies import BACKUP_POLICY, render_attached_policies
from strongroom_cli.intent.file import load_intent_file
from strongroom_cli.intent.regions import known_partitions

EXAMPLES: Final = Path(__file__).parents[2] / "examples"

# What an account gets: unit, or * for each of them, to plan to a line for each rule.
EXPECTED: Final[dict[str, dict[str, dict[str, list[str]]]]] = json.loads(
    (Path(__file__).parent / "example_plans.json").read_text("utf-8")
)

type Plans = dict[str, list[str]]


@cache
def load(name: str) -> Intent:
    """The intent of an example."""
    return load_intent_file(EXAMPLES / f"{name}.yaml")[0]


def levels_of(intent: Intent, unit: str) -> list[list[Document]]:
    """What is attached on the way from the root to an account in the unit, a level for each."""
    steps = unit.split("/")
    place = intent.organization
    ids = [place.root_id, *(place.units["/".join(steps[:end])] for end in range(1, len(steps) + 1))]
    policies = [each for each in render_attached_policies(intent) if each.type == BACKUP_POLICY]
    return [[dict(each.document) for each in policies if id_ in each.targets] for id_ in ids]


def told(effective: dict[str, Any]) -> Plans:
    """The plans of an effective policy in a line for each rule."""
    return {
        name: [
            f"{rule['schedule_expression']} in {', '.join(plan['regions'])}: {', '.join(_stays(rule))}"
            for rule in plan["rules"].values()
        ]
        for name, plan in effective.get("plans", {}).items()
    }


def _stays(rule: dict[str, Any]) -> Iterator[str]:
    yield f"{rule['target_backup_vault_name']} {rule['lifecycle']['delete_after_days']}"
    for arn, copy in rule.get("copy_actions", {}).items():
        _, _, _, region, account, _, vault = arn.split(":")
        yield f"{vault} of {account} in {region} {copy['lifecycle']['delete_after_days']}"


def units_of(name: str) -> list[str]:
    return list(load(name).organization.units)


ACCOUNTS: Final = [(name, unit) for name in EXPECTED for unit in units_of(name)]


def test_every_example_is_tested() -> None:
    assert sorted(EXPECTED) == sorted(file.stem for file in EXAMPLES.glob("*.yaml"))


@pytest.mark.parametrize("reading", Reading)
@pytest.mark.parametrize(("name", "unit"), ACCOUNTS)
def test_an_account_gets_exactly_its_plans_whatever_the_lock_of_a_container_means(
    name: str, unit: str, reading: Reading
) -> None:
    effective = merge_levels(levels_of(load(name), unit), reading=reading).effective
    assert told(effective) == EXPECTED[name].get(unit, EXPECTED[name].get("*"))
    assert validate(effective) == ()


@pytest.mark.parametrize("name", EXPECTED)
def test_the_linter_has_nothing_against_what_an_example_renders(name: str) -> None:
    policies = [each for each in render_attached_policies(load(name)) if each.type == BACKUP_POLICY]
    found = [each for policy in policies for each in lint(parse_policy(policy.content), partitions=known_partitions())]
    assert [each for each in found if each.level is Level.ERROR] == []


@pytest.mark.parametrize(("name", "unit"), [(name, units_of(name)[-1]) for name in EXPECTED])
def test_nothing_that_an_account_of_an_example_adds_sticks(name: str, unit: str) -> None:
    report = attack([*levels_of(load(name), unit), []])
    assert report.tried > 1000
    assert report.stuck == ()
