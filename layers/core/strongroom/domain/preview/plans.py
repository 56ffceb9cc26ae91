"""An effective backup policy as its plans: which selections choose, when rules run, and what they keep where.

Source: AWS Organizations User Guide, "Backup policy syntax and examples".
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.backup_policy.documents import Document
from strongroom.domain.intent.overlaps import DEFAULT_START_WINDOW

TAG_CONDITION: Final = "aws:ResourceTag/"
EVERY_TYPE: Final = "*"


class Comparison(StrEnum):
    """How a condition compares the value of a tag."""

    EQUALS = "string_equals"
    NOT_EQUALS = "string_not_equals"
    LIKE = "string_like"
    NOT_LIKE = "string_not_like"


class Condition(Struct, frozen=True):
    """What the value of the tag `key` must, or must not, be."""

    comparison: Comparison
    key: str
    value: str


class Selection(Struct, frozen=True, kw_only=True):
    """What a plan chooses: by `tag_key` and one of `tag_values`, or, without a key, by `types`; always AND conditions.

    Types are ARN patterns; `*` is every type.
    """

    tag_key: str | None = None
    tag_values: frozenset[str] = frozenset()
    types: tuple[str, ...] = (EVERY_TYPE,)
    not_types: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()


class Keep(Struct, frozen=True, kw_only=True):
    """A vault and how long it keeps what a rule makes; `vault` is the ARN of a copy's vault, or the local one's name.

    `days` is None for what is never deleted, `cold_after` for what never moves to cold storage.
    """

    vault: str
    is_copy: bool
    days: int | None
    cold_after: int | None = None
    is_archived: bool = False


class Rule(Struct, frozen=True, kw_only=True):
    """When backups start, UTC, and what of each is kept: the local one first, then its copies."""

    name: str
    schedule: str
    start_window: timedelta = DEFAULT_START_WINDOW
    is_continuous: bool = False
    keeps: tuple[Keep, ...]


class Plan(Struct, frozen=True, kw_only=True):
    """One plan of an effective policy; `name` is spelled as its first writer spelled it."""

    name: str
    regions: frozenset[str]
    rules: tuple[Rule, ...]
    selections: tuple[Selection, ...]


def read_plans(effective: Document) -> tuple[Plan, ...]:
    """The plans of an effective policy; what AWS could not run, such as a rule without a schedule, is left out."""
    return tuple(
        Plan(
            name=name,
            regions=frozenset(_texts(_at(plan, "regions"))),
            rules=tuple(_rules(_at(plan, "rules"))),
            selections=tuple(_selections(_at(plan, "selections"))),
        )
        for name, plan in _named(_at(effective, "plans"))
    )


def _rules(rules: Any) -> Iterator[Rule]:
    for name, rule in _named(rules):
        schedule, vault = _text(_at(rule, "schedule_expression")), _primary_vault(rule)
        if schedule and vault:
            window = _days(_at(rule, "start_backup_window_minutes"))
            yield Rule(
                name=name,
                schedule=schedule,
                start_window=DEFAULT_START_WINDOW if window is None else timedelta(minutes=window),
                is_continuous=_text(_at(rule, "enable_continuous_backup")) == "true",
                keeps=(_keep(vault, rule, is_copy=False), *_copies(_at(rule, "copy_actions"))),
            )


def _primary_vault(rule: Any) -> str:
    air_gapped = _text(_at(rule, "target_logically_air_gapped_backup_vault_arn"))
    return air_gapped.rpartition(":")[2] or _text(_at(rule, "target_backup_vault_name"))


def _copies(actions: Any) -> Iterator[Keep]:
    for arn, action in _named(actions):
        yield _keep(arn, action, is_copy=True)


def _keep(vault: str, holder: Any, *, is_copy: bool) -> Keep:
    lifecycle = _at(holder, "lifecycle")
    return Keep(
        vault=vault,
        is_copy=is_copy,
        days=_days(_at(lifecycle, "delete_after_days")),
        cold_after=_days(_at(lifecycle, "move_to_cold_storage_after_days")),
        is_archived=_text(_at(lifecycle, "opt_in_to_archive_for_supported_resources")) == "true",
    )


def _selections(selections: Any) -> Iterator[Selection]:
    for _, chosen in _named(_at(selections, "tags")):
        yield Selection(
            tag_key=_text(_at(chosen, "tag_key")),
            tag_values=frozenset(_texts(_at(chosen, "tag_value"))),
            conditions=tuple(_conditions(_at(chosen, "conditions"))),
        )
    for _, chosen in _named(_at(selections, "resources")):
        yield Selection(
            types=_texts(_at(chosen, "resource_types")),
            not_types=_texts(_at(chosen, "not_resource_types")),
            conditions=tuple(_conditions(_at(chosen, "conditions"))),
        )


def _conditions(conditions: Any) -> Iterator[Condition]:
    for comparison in Comparison:
        for _, condition in _named(_at(conditions, comparison)):
            key = _text(_at(condition, "condition_key"))
            yield Condition(comparison, key.removeprefix(TAG_CONDITION), _text(_at(condition, "condition_value")))


def _at(node: Any, name: str) -> Any:
    """What lies under that name, in any letter case: the effective policy spells AWS's own words as we did."""
    if not isinstance(node, Mapping):
        return None
    if name in node:
        return node[name]
    return next((child for spelled, child in node.items() if spelled.lower() == name), None)


def _named(node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, Mapping):
        yield from node.items()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(_text(each) for each in value) if isinstance(value, Sequence) else ()


def _days(value: Any) -> int | None:
    text = _text(value)
    return int(text) if text.isascii() and text.isdecimal() else None
