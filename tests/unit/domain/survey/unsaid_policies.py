"""Backup policies of the kinds that people publish and that no intent can say, with words of the reason."""

from typing import Any, Final

from tests.unit.domain.backup_policy.good_policies import condition, unlocked
from tests.unit.domain.backup_policy.linting.sound_policies import (
    CENTRAL,
    ROLE,
    copied,
    keeps,
    plan,
    policy,
    rule,
    tagged,
    typed,
)

NIGHTLY: Final = "0 2 ? * * *"


def nightly(**changed: Any) -> dict[str, Any]:
    """A policy with one plan and one rule, and what is changed in that."""
    return policy(nightly=plan({"nightly": rule(NIGHTLY, 35, **changed)}, tagged("Backup", "daily")))


def selected(selections: dict[str, Any]) -> dict[str, Any]:
    """The same with other selections."""
    return policy(nightly=plan({"nightly": rule(NIGHTLY, 35)}, selections))


def conditions(kind: str, *pairs: tuple[str, str]) -> dict[str, Any]:
    """The conditions of a selection by type."""
    return {"conditions": {kind: {f"c{number}": condition(*pair) for number, pair in enumerate(pairs)}}}


def by_type(**selections: dict[str, Any]) -> dict[str, Any]:
    """Several selections of every type."""
    base = {"iam_role_arn": ROLE, "resource_types": ["*"]}
    return {"resources": {name: {**base, **each} for name, each in selections.items()}}


def without_vault() -> dict[str, Any]:
    """A rule that names no vault."""
    whole = rule(NIGHTLY, 35)
    del whole["target_backup_vault_name"]
    return policy(nightly=plan({"nightly": whole}, tagged("Backup", "daily")))


UNSAID: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "cold for less than 90 days": (nightly(lifecycle=keeps(35, 30)), "90 days"),
    "a copy that is cold too short": (nightly(copy_actions=copied(CENTRAL, 100, 90)), "90 days"),
    "no vault": (without_vault(), "target_backup_vault_name"),
    "no selection": (policy(nightly=plan({"nightly": rule(NIGHTLY, 35)}, {})), "selection"),
    "no rule": (policy(nightly=plan({}, tagged("Backup", "daily"))), "rule"),
    "text of a template in a copy": (
        nightly(copy_actions={"${vault}": {"target_backup_vault_arn": "${vault}", "lifecycle": keeps(35)}}),
        "${vault}",
    ),
    "text of a template in a role": (
        selected(tagged("Backup", "daily", role="arn:aws:iam::$$account:role/backup")),
        "$$account",
    ),
    "days as no number": (nightly(lifecycle={"delete_after_days": "a month"}), "a month"),
    "the first Monday by its name": (nightly(schedule_expression="cron(0 2 ? * MON#1 *)"), "write 2#1"),
    "a rate": (nightly(schedule_expression="rate(1 day)"), "rate(...)"),
    "kept for ever": (nightly(lifecycle={}), "keeps something for ever"),
    "scanned for malware": (
        policy(
            nightly=plan(
                {"nightly": rule(NIGHTLY, 35, scan_actions={"GUARDDUTY": {"scan_mode": "FULL_SCAN"}})},
                tagged("Backup", "daily"),
                scan_settings={"GUARDDUTY": {"resource_types": ["EBS"], "scanner_role_arn": ROLE}},
            )
        ),
        "it has scan_settings",
    ),
    "any of two tags": (
        selected({"tags": tagged("Tier", "critical")["tags"] | tagged("Level", "high")["tags"]}),
        "any one of the tags Tier, Level",
    ),
    "tags and types beside each other": (
        selected(tagged("Backup", "daily") | typed("arn:aws:dynamodb:*:*:table/*")),
        "exclude each other",
    ),
    "a pattern in a tag": (
        selected(by_type(all=conditions("string_like", ("Backup", "daily-*")))),
        "string_like",
    ),
    "single resources": (selected(typed("arn:aws:dynamodb:eu-west-1:222233334444:table/orders")), "orders"),
    "half of a type": (selected(typed("arn:aws:fsx:*:*:file-system/*")), "without arn:aws:fsx:*:*:volume/*"),
    "two values of one tag at once": (
        selected(by_type(all=conditions("string_equals", ("Backup", "daily"), ("Backup", "weekly")))),
        "two values of Backup at once",
    ),
    "values in pairs": (
        selected(
            by_type(
                one=conditions("string_equals", ("Backup", "daily"), ("Stage", "test")),
                two=conditions("string_equals", ("Backup", "weekly"), ("Stage", "live")),
            )
        ),
        "every combination",
    ),
    "selections that have nothing in common": (
        selected(
            by_type(
                one=conditions("string_equals", ("Backup", "daily")),
                two=conditions("string_not_equals", ("Stage", "test")),
            )
        ),
        "no values of the same tags",
    ),
    "archived in one vault only": (
        nightly(
            lifecycle=keeps(365, 30) | {"opt_in_to_archive_for_supported_resources": "true"},
            copy_actions=copied(CENTRAL, 365, 30),
            schedule_expression="cron(0 2 1 * ? *)",
        ),
        "archives snapshots in one vault and not in another",
    ),
    "plain values": (unlocked({}) | {"plans": {"nightly": {"regions": ["eu-west-1"]}}}, "@@assign"),
}
