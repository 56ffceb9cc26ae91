"""Backup policies: what each tier says, and that no node of it is open to a child."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from strongroom.domain.intent import Intent, Target
from strongroom.domain.policies import POLICY_CHARACTERS, render_backup_policies, render_backup_policy

CONTROL = "@@operators_allowed_for_child_policies"
CENTRAL = "arn:aws:backup:eu-west-1:999999999999:backup-vault:central-backup-vault"
REPLICA = "arn:aws:backup:eu-central-1:999999999999:backup-vault:replica-backup-vault"
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
            CENTRAL: {
                "target_backup_vault_arn": CENTRAL,
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
    [("daily-prod", [CENTRAL]), ("monthly-prod", [CENTRAL]), ("compliance-7y", [CENTRAL, REPLICA])],
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
