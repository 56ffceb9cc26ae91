"""Backup policies: what each tier says, and that no node of it is open to a child."""

import json
from collections.abc import Iterator
from copy import replace
from typing import Any

import pytest

from sandbox.organization.admission import admit_backup_policy
from strongroom.domain.backup_policy.documents import nodes as grammar_nodes
from strongroom.domain.backup_policy.documents import parse_policy
from strongroom.domain.backup_policy.effective import validate
from strongroom.domain.backup_policy.grammar import RESOURCE_TYPES, node_at
from strongroom.domain.backup_policy.lint import lint
from strongroom.domain.backup_policy.merge import merge_levels
from strongroom.domain.backup_policy.quotas import POLICY_CHARACTERS
from strongroom.domain.backup_policy.rendering import render_backup_policies, render_backup_policy
from strongroom.domain.catalogue.rows import ROWS, names_of
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.intent.tiers import Kept, Tier
from strongroom.domain.intent_rules.contradictions import find_contradictions
from strongroom.domain.values import field_names
from tests.builders.places import CENTRAL_VAULT, REPLICA_VAULT

CONTROL = "@@operators_allowed_for_child_policies"
TIERS = ("daily-prod", "monthly-prod", "compliance-7y")


def nodes(document: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for name, child in document.items():
        if not name.startswith("@@"):
            yield f"{path}/{name}", child
            yield from nodes(child, f"{path}/{name}")


def assigned(node: dict[str, Any]) -> Any:
    if "@@assign" in node:
        return node["@@assign"]
    return {name: assigned(child) for name, child in node.items() if name != CONTROL}


def rule_of(intent: Intent, tier: str) -> dict[str, Any]:
    [plan] = assigned(render_backup_policy(intent, tier))["plans"].values()
    [rule] = plan["rules"].values()
    return dict(rule)


@pytest.mark.parametrize("tier", TIERS)
def test_every_container_and_every_leaf_is_locked_against_children(intent: Intent, tier: str) -> None:
    document = render_backup_policy(intent, tier)
    open_nodes = [path for path, node in nodes(document) if node.get(CONTROL) != ["@@none"]]
    assert document[CONTROL] == ["@@none"]
    assert open_nodes == []
    assert len(list(nodes(document))) > 20


@pytest.mark.parametrize("tier", TIERS)
def test_leaves_hold_an_assigned_text_or_list_and_containers_hold_no_value(intent: Intent, tier: str) -> None:
    for path, node in nodes(render_backup_policy(intent, tier)):
        children = node.keys() - {CONTROL}
        if "@@assign" in children:
            assert children == {"@@assign"}, path
            assert isinstance(node["@@assign"], (str, list)), path


def test_daily_prod_says_what_the_organisation_wants(intent: Intent) -> None:
    [(name, plan)] = assigned(render_backup_policy(intent, "daily-prod"))["plans"].items()
    assert name == "strongroom-daily-prod"
    assert plan["regions"] == ["eu-west-1"]
    assert rule_of(intent, "daily-prod") == {
        "schedule_expression": "cron(0 2 ? * * *)",
        "start_backup_window_minutes": "60",
        "complete_backup_window_minutes": "240",
        "enable_continuous_backup": "false",
        "target_backup_vault_name": "local-prod-vault",
        "lifecycle": {"delete_after_days": "35", "opt_in_to_archive_for_supported_resources": "false"},
        "copy_actions": {
            CENTRAL_VAULT: {
                "target_backup_vault_arn": CENTRAL_VAULT,
                "lifecycle": {"delete_after_days": "2555", "opt_in_to_archive_for_supported_resources": "false"},
            }
        },
    }
    assert plan["selections"] == {
        "tags": {
            "by-tag": {
                "iam_role_arn": "arn:aws:iam::$account:role/strongroom/strongroom-backup",
                "tag_key": "Backup",
                "tag_value": ["daily-prod"],
            }
        }
    }


@pytest.mark.parametrize(
    ("tier", "destinations"),
    [
        ("daily-prod", [CENTRAL_VAULT]),
        ("monthly-prod", [CENTRAL_VAULT]),
        ("compliance-7y", [CENTRAL_VAULT, REPLICA_VAULT]),
    ],
)
def test_only_a_critical_tier_is_copied_to_the_replica_region(
    intent: Intent, tier: str, destinations: list[str]
) -> None:
    copies = rule_of(intent, tier)["copy_actions"]
    assert list(copies) == destinations
    assert [copy["target_backup_vault_arn"] for copy in copies.values()] == destinations


def test_there_is_one_policy_for_each_tier_that_a_target_offers(intent: Intent) -> None:
    fewer = replace(intent, targets=(Target(unit="Production", tiers=("daily-prod",), default_tier="daily-prod"),))
    assert list(render_backup_policies(intent)) == list(TIERS)
    assert list(render_backup_policies(fewer)) == ["daily-prod"]


@pytest.mark.parametrize("tier", TIERS)
def test_a_policy_fits_into_what_organizations_takes(intent: Intent, tier: str) -> None:
    assert len(json.dumps(render_backup_policy(intent, tier), separators=(",", ":"))) <= POLICY_CHARACTERS


WHOLE = {
    "keep": {
        "local": Kept(days=200, cold_after=30),
        "central": Kept(days=2555, cold_after=60),
        "replica": Kept(days=400, cold_after=60),
    },
    "archive": True,
    "continuous_backup": True,
    "resource_types": ("RDS", "EBS", "Aurora", "Neptune", "S3"),
    "recovery_point_tags": {f"cost-centre-{n}": "c" * 64 for n in range(10)},
    "index": ("EBS", "S3"),
    "windows_vss": True,
    "s3_acls": False,
    "s3_object_tags": False,
}


COLD = {"local": Kept(days=200, cold_after=30), "central": 2555}


def with_tier(intent: Intent, **changes: Any) -> Intent:
    """The example with a daily-prod that has these settings."""
    return replace(intent, tiers=intent.tiers | {"daily-prod": replace(intent.tiers["daily-prod"], **changes)})


def plan_of(intent: Intent) -> dict[str, Any]:
    [plan] = assigned(render_backup_policy(intent, "daily-prod"))["plans"].values()
    return dict(plan)


@pytest.mark.parametrize(
    ("changes", "path", "value"),
    [
        pytest.param({"continuous_backup": True}, "enable_continuous_backup", "true", id="continuous backup"),
        pytest.param({"keep": COLD}, "lifecycle/move_to_cold_storage_after_days", "30", id="cold"),
        pytest.param(
            {"keep": {"local": 35, "central": Kept(days=2555, cold_after=60)}},
            f"copy_actions/{CENTRAL_VAULT}/lifecycle/move_to_cold_storage_after_days",
            "60",
            id="cold copy",
        ),
        pytest.param(
            {"archive": True, "keep": COLD},
            "lifecycle/opt_in_to_archive_for_supported_resources",
            "true",
            id="archive",
        ),
        pytest.param(
            {"archive": True, "keep": COLD},
            f"copy_actions/{CENTRAL_VAULT}/lifecycle/opt_in_to_archive_for_supported_resources",
            "false",
            id="no archive for a copy that stays warm",
        ),
        pytest.param(
            {"keep": {"local": 35, "central": 2555, "replica": 400}},
            f"copy_actions/{REPLICA_VAULT}/lifecycle/delete_after_days",
            "400",
            id="replica",
        ),
        pytest.param(
            {"keep": {"local": 35, "central": 2555, "replica": 400}},
            f"copy_actions/{CENTRAL_VAULT}/lifecycle/delete_after_days",
            "2555",
            id="the central copy beside a replica",
        ),
        pytest.param(
            {"recovery_point_tags": {"team": "a b"}},
            "recovery_point_tags",
            {"team": {"tag_key": "team", "tag_value": "a b"}},
            id="tags",
        ),
        pytest.param({"index": ("S3",)}, "index_actions/resource_types", ["S3"], id="index"),
    ],
)
def test_an_option_of_a_tier_stands_in_its_rule(intent: Intent, changes: Any, path: str, value: Any) -> None:
    node: Any = rule_of(with_tier(intent, **changes), "daily-prod")
    for step in path.split("/"):
        node = node[step]
    assert node == value


def test_chosen_resource_types_are_selected_by_pattern_and_the_tag_becomes_a_condition(intent: Intent) -> None:
    selections = plan_of(with_tier(intent, resource_types=("S3", "RDS", "DocumentDB")))["selections"]
    selection = selections["resources"]["by-tag"]
    others = selection.pop("not_resource_types")
    assert list(selections) == ["resources"]
    assert selection == {
        "iam_role_arn": "arn:aws:iam::$account:role/strongroom/strongroom-backup",
        "resource_types": ["arn:aws:rds:*:*:cluster:*", "arn:aws:rds:*:*:db:*", "arn:aws:s3:::*"],
        "conditions": {
            "string_equals": {"tier": {"condition_key": "aws:ResourceTag/Backup", "condition_value": "daily-prod"}}
        },
    }
    assert sorted([*others, *selection["resource_types"]]) == sorted(RESOURCE_TYPES)


def test_every_resource_type_can_be_selected(intent: Intent) -> None:
    selection = plan_of(with_tier(intent, resource_types=names_of(ROWS)))["selections"]["resources"]["by-tag"]
    assert sorted(selection["resource_types"]) == sorted(RESOURCE_TYPES)
    assert "not_resource_types" not in selection


def test_advanced_settings_are_stated_even_when_nobody_asked_for_them(intent: Intent) -> None:
    assert plan_of(intent)["advanced_backup_settings"] == {
        "ec2": {"windows_vss": "disabled"},
        "s3": {"backup_acls": "enabled", "backup_object_tags": "enabled"},
    }
    changed = with_tier(intent, windows_vss=True, s3_acls=False, s3_object_tags=False)
    assert plan_of(changed)["advanced_backup_settings"] == {
        "ec2": {"windows_vss": "enabled"},
        "s3": {"backup_acls": "disabled", "backup_object_tags": "disabled"},
    }


def test_a_tier_with_every_option_is_locked_known_to_the_grammar_admitted_and_not_too_large(intent: Intent) -> None:
    document = render_backup_policy(with_tier(intent, **WHOLE), "daily-prod")
    open_nodes = [path for path, node in nodes(document) if node.get(CONTROL) != ["@@none"]]
    unknown = [path for path, _ in grammar_nodes(document) if node_at(path) is None]
    assert (open_nodes, unknown) == ([], [])
    text = json.dumps(document, separators=(",", ":"))
    assert len(text) <= POLICY_CHARACTERS
    admit_backup_policy(text)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"keep": COLD | {"central": Kept(days=2555, cold_after=60)}},
        {"schedule": "monthly 1 03:00", "archive": True, "keep": COLD},
        {"resource_types": ("RDS", "S3", "EBS", "Aurora"), "index": ("S3",)},
        {"recovery_point_tags": {"team": "a b", "empty": ""}},
        {"keep": {"local": 35, "central": 2555, "replica": 400}},
        {"windows_vss": True, "s3_acls": False, "s3_object_tags": False},
    ],
    ids=["as it is", "cold storage", "archive", "types and index", "tags", "replica", "advanced settings"],
)
def test_the_linter_and_the_merge_have_nothing_against_a_tier_with_options(intent: Intent, changes: Any) -> None:
    document = render_backup_policy(with_tier(intent, **changes), "daily-prod")
    assert lint(parse_policy(json.dumps(document))) == ()
    assert validate(merge_levels([[document]]).effective) == ()


@pytest.mark.parametrize("name", names_of(ROWS))
def test_the_intent_and_the_linter_agree_on_what_is_copied(name: str, intent: Intent) -> None:
    changed = with_tier(intent, resource_types=(name,))
    told = {finding.code for finding in find_contradictions(changed)}
    linted = {finding.code for finding in lint(parse_policy(json.dumps(render_backup_policy(changed, "daily-prod"))))}
    assert ("not-copied" in told) == ("copy-unsupported" in linted)
    assert ("copy-doubtful" in told) == ("copy-doubtful" in linted)


def test_the_options_cover_every_setting_of_a_tier() -> None:
    stated = {"schedule", "start_window", "complete_window"}
    stated |= {"rules", "tag", "unless", "everything", "regions"}  # which change what is around a rule
    assert WHOLE.keys() | stated == set(field_names(Tier))
