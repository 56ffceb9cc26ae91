"""What is wrong with how the guardrails are to be."""

from copy import replace
from datetime import date
from typing import Any

import pytest

from strongroom.domain.findings import Level
from strongroom.domain.intent.model import ForeignPolicies, Intent
from strongroom.domain.intent_rules.guardrails import find_guardrail_contradictions

LAST_DAY = date(2027, 3, 31)
KEPT = ForeignPolicies(keep_until=LAST_DAY)


@pytest.mark.parametrize(
    ("changed", "level", "code", "path"),
    [
        ({"tag_keys": ("aws:backup",)}, Level.ERROR, "tag-key", "guardrails.tag_keys[0]"),
        ({"tag_keys": ("Backup", "Owner")}, Level.ERROR, "unused-key", "guardrails.tag_keys[1]"),
        ({"scp_slots": 1}, Level.ERROR, "scp-slots", "guardrails.scp_slots"),
        ({"scp_slots": 11}, Level.ERROR, "scp-slots", "guardrails.scp_slots"),
        ({"leave_out": {"KeepTrails": " "}}, Level.ERROR, "left-out", "guardrails.leave_out.KeepTrails"),
        (
            {"foreign_policies": KEPT},
            Level.WARNING,
            "foreign-policies-kept",
            "guardrails.foreign_policies.keep_until",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_place(
    intent: Intent, changed: dict[str, Any], level: Level, code: str, path: str
) -> None:
    wrong = replace(intent, guardrails=replace(intent.guardrails, **changed))
    found = find_guardrail_contradictions(wrong, today=LAST_DAY)
    assert [(each.level, each.code, each.path) for each in found] == [(level, code, path)]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"tag_keys": ("Backup",)},
        {"scp_slots": 10},
        {"leave_out": {"KeepTrails": "our own policy has it"}},
        {"attach": "root", "vaults": "ours", "landing_zone": ("control-tower",)},
    ],
    ids=str,
)
def test_what_is_sound_is_not_complained_about(intent: Intent, changed: dict[str, Any]) -> None:
    sound = replace(intent, guardrails=replace(intent.guardrails, **changed))
    assert list(find_guardrail_contradictions(sound, today=LAST_DAY)) == []


def test_plans_of_others_that_have_ended_are_a_note(intent: Intent) -> None:
    kept = replace(intent, guardrails=replace(intent.guardrails, foreign_policies=KEPT))
    [ended] = find_guardrail_contradictions(kept, today=date(2027, 4, 1))
    assert (ended.level, ended.code) == (Level.NOTE, "foreign-policies-ended")
    assert list(find_guardrail_contradictions(kept, today=None)) == []
