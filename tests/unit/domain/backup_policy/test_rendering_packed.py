"""Policies of more than one document: what is large is split by rules, and each part is complete."""

import json
from copy import replace
from datetime import date
from typing import Any

import pytest

from strongroom.domain.backup_policy.documents import parse_policy
from strongroom.domain.backup_policy.effective import validate
from strongroom.domain.backup_policy.lint import lint
from strongroom.domain.backup_policy.merge import Reading, merge_levels
from strongroom.domain.backup_policy.quotas import POLICY_CHARACTERS
from strongroom.domain.backup_policy.rendering import TierDocument, render_backup_policy, tier_documents
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import ForeignPolicies, Intent
from strongroom.domain.intent.tiers import RuleSettings, Tier
from tests.builders.organizations import CONTROL_TOWER, an_organization


def a_rule(schedule: str, local: int, *copies: tuple[str, int]) -> RuleSettings:
    return RuleSettings(schedule=schedule, keep={"local": local, **dict(copies)})


# Grandfather, father, son, as many ask for it: hourly backups beside, and a replica of all others.
LARGE = Tier(
    windows_vss=True,
    regions=(Region("eu-west-1"), Region("eu-west-2")),
    rules={
        "hourly": a_rule("hourly :30", 2),
        "daily": a_rule("daily 02:00", 14, ("central", 35), ("replica", 35)),
        "weekly": a_rule("weekly sun 03:00", 21, ("central", 90), ("replica", 90)),
        "monthly": a_rule("monthly 1 04:00", 35, ("central", 365), ("replica", 365)),
        "yearly": a_rule("yearly jan 1 05:00", 35, ("central", 2555), ("replica", 2555)),
    },
)


@pytest.fixture
def large(intent: Intent) -> Intent:
    """The example with a tier that no single document holds."""
    target = replace(intent.targets[0], tiers=("gfs",), default_tier="gfs")
    vaults = {**intent.vaults, "replica": replace(intent.vaults["replica"], region="eu-central-1")}
    return replace(intent, tiers={"gfs": LARGE}, targets=(target,), vaults=vaults)


def size(document: Any) -> int:
    return len(json.dumps(document, separators=(",", ":")))


def parts(intent: Intent) -> tuple[TierDocument, ...]:
    return tier_documents(intent, "gfs")


def test_a_plan_that_is_larger_than_a_document_is_split_by_its_rules(large: Intent) -> None:
    assert size(render_backup_policy(large, "gfs")) == 10_516
    assert [(each.name, size(each.document)) for each in parts(large)] == [("gfs", 8_447), ("gfs-2", 3_390)]
    rules = [
        [name for name in each.document["plans"]["strongroom-gfs"]["rules"] if not name.startswith("@@")]
        for each in parts(large)
    ]
    assert rules == [["hourly", "daily", "weekly", "monthly"], ["yearly"]]


def test_each_part_is_complete_and_has_nothing_against_it(large: Intent) -> None:
    for each in parts(large):
        assert [finding for finding in lint(parse_policy(json.dumps(each.document))) if finding.level == "error"] == []
        assert validate(merge_levels([[each.document]]).effective) == ()


@pytest.mark.parametrize("reading", Reading)
@pytest.mark.parametrize("step", [1, -1], ids=["in order", "the other way round"])
def test_the_parts_together_are_the_whole(large: Intent, reading: Reading, step: int) -> None:
    documents = [each.document for each in parts(large)][::step]
    merged = merge_levels([[], documents, []], reading=reading)
    whole = merge_levels([[], [render_backup_policy(large, "gfs")], []], reading=reading)
    assert (dict(merged.settings), dict(merged.allowed)) == (dict(whole.settings), dict(whole.allowed))
    assert merged.contested == ()
    assert merged.ignored == ()


def test_plans_of_a_tier_are_packed_into_as_few_documents_as_hold_them() -> None:
    regions = ["eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "eu-south-1", "us-east-1"]
    organization = {
        "id": "o-ctw1000000",
        "root_id": "r-ctw1",
        "home_region": "eu-central-1",
        "governed_regions": regions,
        "units": {"Workloads": "ou-ctw1-work0001", "Sandbox": "ou-ctw1-sand0001"},
    }
    tower = an_organization(CONTROL_TOWER, organization=organization)
    documents = tier_documents(tower, "daily")
    assert [each.name for each in documents] == ["daily", "daily-2", "daily-3"]
    assert all(size(each.document) <= POLICY_CHARACTERS for each in documents)
    plans = [name for each in documents for name in each.document["plans"] if not name.startswith("@@")]
    assert plans == [f"strongroom-daily-{region}" for region in regions]


def test_a_rule_that_fits_no_document_by_itself_is_left_as_it_is(large: Intent) -> None:
    tags = {f"{number}" * 100: "x" * 250 for number in range(10)}
    huge = replace(
        LARGE, recovery_point_tags=tags, rules={"daily": LARGE.rules["daily"], "hourly": LARGE.rules["hourly"]}
    )
    names = [each.name for each in parts(replace(large, tiers={"gfs": huge}))]
    assert names == ["gfs", "gfs-2"]


def test_plans_of_others_are_let_in_only_where_the_intent_says_so(intent: Intent) -> None:
    kept = replace(intent.guardrails, foreign_policies=ForeignPolicies(keep_until=date(2027, 3, 31)))
    document = render_backup_policy(replace(intent, guardrails=kept), "daily-prod")
    closed = render_backup_policy(intent, "daily-prod")
    control = "@@operators_allowed_for_child_policies"
    assert (document["plans"][control], closed["plans"][control]) == (["@@append"], ["@@none"])
    theirs = {"plans": {"theirs": {"regions": {"@@assign": ["eu-west-1"]}}}}
    assert "theirs" in merge_levels([[document], [theirs]]).effective["plans"]
    assert "theirs" not in merge_levels([[closed], [theirs]]).effective["plans"]
    assert document["plans"]["strongroom-daily-prod"] == closed["plans"]["strongroom-daily-prod"]
