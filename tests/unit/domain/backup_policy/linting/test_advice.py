"""What somebody who wrote a wrong word is told to write instead, and where."""

import json

import pytest

from strongroom.domain.backup_policy.documents import parse_policy
from strongroom.domain.backup_policy.lint import lint
from tests.unit.domain.backup_policy.linting.sound_policies import plan, policy, rule, tagged


@pytest.mark.parametrize(
    ("place", "key", "advice"),
    [
        ("plan", "start_backup_window_minutes", "write start_backup_window_minutes below rules.<rule>"),
        ("plan", "start_window_minutes", "write start_backup_window_minutes below rules.<rule>"),
        ("plan", "ScheduleExpression", "write schedule_expression below rules.<rule>"),
        ("plan", "lifecycle", "write lifecycle below rules.<rule>"),
        ("plan", "delete_after_days", "write delete_after_days below rules.<rule>.lifecycle"),
        ("plan", "iam_role_arn", "write iam_role_arn below selections.tags.<selection>"),
        ("plan", "tag_key", "write it below selections.tags.<name>"),
        ("rule", "delete_after_days", "write delete_after_days below lifecycle"),
        ("rule", "DeleteAfterDays", "write delete_after_days below lifecycle"),
        ("rule", "regions", "write regions below plans.<plan>"),
        ("rule", "StartWindowMinutes", "write start_backup_window_minutes"),
        ("rule", "target_vault", "write target_backup_vault_name"),
    ],
)
def test_a_key_on_the_wrong_level_is_told_where_it_belongs(place: str, key: str, advice: str) -> None:
    document = policy(example=plan({"daily": rule("0 3 ? * * *", 35)}, tagged("Protect", "daily")))
    at = document["plans"]["example"]
    (at if place == "plan" else at["rules"]["daily"])[key] = {"@@assign": "1"}
    [finding] = [each for each in lint(parse_policy(json.dumps(document))) if each.code != "unlocked"]
    assert finding.code == "unknown-key"
    assert finding.message.rpartition("; ")[2].startswith(advice)
