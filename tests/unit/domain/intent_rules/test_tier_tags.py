"""The tags that choose a tier, keep out of it, or opt out: as AWS takes them, in any language."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.intent.model import Intent, OptOut
from strongroom.domain.intent_rules.tier_tags import (
    find_opt_out_contradictions,
    find_tag_contradictions,
    find_unheard_tags,
    is_tag_key,
    is_tag_value,
)


def with_tier(intent: Intent, **changed: Any) -> Intent:
    tier = replace(intent.tiers["daily-prod"], **changed)
    return replace(intent, tiers={**intent.tiers, "daily-prod": tier})


def paths(intent: Intent) -> list[str]:
    return [each.path for each in find_tag_contradictions(intent, "daily-prod", path="tiers.daily-prod")]


@pytest.mark.parametrize(
    ("text", "is_key", "is_value"),
    [
        ("Backup", True, True),
        ("PII/RED", True, True),
        ("daily at 02:00 + replica = 2", True, True),
        ("Größe_1@a.b-c", True, True),
        ("バックアップ", True, True),
        ("", False, True),
        ("aws:backup", False, True),
        ("AWS:backup", False, True),
        ("a,b", False, False),
        ("a*", False, False),
        ("a\tb", False, False),
        ("50 €", False, False),
        ("x" * 129, False, True),
        ("x" * 257, False, False),
    ],
)
def test_letters_digits_and_blanks_of_any_language_are_taken(text: str, *, is_key: bool, is_value: bool) -> None:
    assert (is_tag_key(text), is_tag_value(text)) == (is_key, is_value)


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"tag": {"PII": ("RED", "Sensitive")}}, None),
        ({"tag": {"Schutzstufe Ä": "höchste Stufe"}}, None),
        ({"everything": True}, None),
        ({"tag": {"PII": ()}}, "tiers.daily-prod.tag.PII"),
        ({"tag": {"PII": "RED,BLUE"}}, "tiers.daily-prod.tag.PII"),
        ({"tag": {"PII": ("RED", "RED")}}, "tiers.daily-prod.tag.PII"),
        ({"tag": {"aws:PII": "RED"}}, "tiers.daily-prod.tag.aws:PII"),
        ({"unless": {"PII": "?"}}, "tiers.daily-prod.unless.PII"),
        ({"tag": {"PII": "RED"}, "everything": True}, "tiers.daily-prod.tag"),
    ],
    ids=str,
)
def test_a_tag_that_aws_would_not_take_is_told_at_its_place(
    intent: Intent, changed: dict[str, Any], path: str | None
) -> None:
    assert paths(with_tier(intent, **changed)) == ([] if path is None else [path])


def test_the_value_that_opts_out_is_no_tiers(intent: Intent) -> None:
    opting = replace(intent, opt_out=OptOut(value="daily-prod", reason_key="BackupReason"))
    assert paths(opting) == ["tiers.daily-prod.tag"]


@pytest.mark.parametrize(
    ("value", "key", "is_offered", "found"),
    [
        ("none", "BackupReason", True, []),
        ("none", "BackupReason", False, ["opt_out"]),
        ("none", "aws:reason", True, ["opt_out.reason_key"]),
        ("no*", "BackupReason", True, ["opt_out.value.Backup"]),
    ],
)
def test_a_way_to_opt_out_is_offered_and_written_as_tags_are(
    intent: Intent, value: str, key: str, found: list[str], *, is_offered: bool
) -> None:
    target = replace(intent.targets[0], opt_out=is_offered)
    opting = replace(intent, opt_out=OptOut(value=value, reason_key=key), targets=(target,))
    assert [each.path for each in find_opt_out_contradictions(opting)] == found


@pytest.mark.parametrize(("count", "codes"), [(1, []), (8, []), (11, ["too-many-tag-keys"])])
def test_more_keys_than_a_rule_can_name_are_refused(intent: Intent, count: int, codes: list[str]) -> None:
    tag = {f"company:backup-tier-{number:02}": "yes" for number in range(count)}
    found = [*find_unheard_tags(with_tier(intent, tag=tag))]
    assert [each.code for each in found] == codes
    assert all("and AWS takes 2048: use fewer keys" in each.message for each in found)
