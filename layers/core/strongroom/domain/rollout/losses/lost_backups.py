"""What a backup plan would no longer make, or no longer keep, compared with the plan that is in force.

Source: AWS Organizations User Guide, "Backup policy syntax and examples".
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from strongroom.domain.backup_policy.documents import ASSIGN, OPERATORS
from strongroom.domain.intent.schedules import shortest_interval

_EVERY_TYPE: Final = "*"
_TAG_CONDITION: Final = "aws:ResourceTag/"

type Plan = Mapping[str, Any]


def lost_backups(before: Plan, after: Plan) -> Iterator[str]:
    """A sentence for each way in which the plan `after` protects less than the plan `before`."""
    yield from _gone(_values(before, "regions"), _values(after, "regions"), "no longer run in {}")
    yield from _lost_selections(before, after)
    rules = _children(after, "rules")
    for name, rule in _children(before, "rules").items():
        if name in rules:
            yield from _lost_by_rule(rule, rules[name])
        else:
            yield f"lose its rule {name}"


def _lost_by_rule(before: Plan, after: Plan) -> Iterator[str]:
    yield from _kept_for_less(before, after, "backups")
    old, new = _text(before, "schedule_expression"), _text(after, "schedule_expression")
    earlier, later = shortest_interval(old), shortest_interval(new)
    if earlier is not None and (later is None or later > earlier):
        yield f"run less often: {new} in place of {old}"
    if _text(before, "enable_continuous_backup") == "true" != _text(after, "enable_continuous_backup"):
        yield "make no continuous backup, and so allow no restore to a point in time"
    copies = _children(after, "copy_actions")
    for vault, copy in _children(before, "copy_actions").items():
        if vault in copies:
            yield from _kept_for_less(copy, copies[vault], f"copies in {vault}")
        else:
            yield f"no longer copy to {vault}"


def _kept_for_less(before: Plan, after: Plan, what: str) -> Iterator[str]:
    old, new = (_text(_node(rule, "lifecycle"), "delete_after_days") for rule in (before, after))
    if new.isdecimal() and (not old.isdecimal() or int(new) < int(old)):
        yield f"keep {what} for {new} days in place of {old or 'unlimited'}"


def _lost_selections(before: Plan, after: Plan) -> Iterator[str]:
    (old_types, old_tags), (new_types, new_tags) = _selected(before), _selected(after)
    if _EVERY_TYPE in old_types and _EVERY_TYPE not in new_types:
        yield f"take {', '.join(sorted(new_types)) or 'nothing'} only in place of every resource type"
    elif _EVERY_TYPE not in new_types:
        yield from _gone(old_types, new_types, "no longer take {}")
    yield from _gone(old_tags, new_tags, "no longer take what is tagged {}")


def _selected(plan: Plan) -> tuple[tuple[str, ...], tuple[str, ...]]:
    types: list[str] = []
    tags: list[str] = []
    selections = _node(plan, "selections")
    for selection in _children(selections, "tags").values():
        types.append(_EVERY_TYPE)
        tags += [f"{_text(selection, 'tag_key')}={value}" for value in _values(selection, "tag_value")]
    for selection in _children(selections, "resources").values():
        types += _values(selection, "resource_types")
        for condition in _children(_node(selection, "conditions"), "string_equals").values():
            key = _text(condition, "condition_key").removeprefix(_TAG_CONDITION)
            tags.append(f"{key}={_text(condition, 'condition_value')}")
    return tuple(types), tuple(tags)


def _gone(before: tuple[str, ...], after: tuple[str, ...], sentence: str) -> Iterator[str]:
    if gone := [value for value in before if value not in after]:
        yield sentence.format(", ".join(gone))


def _node(node: Plan, name: str) -> Plan:
    found = node.get(name)
    return found if isinstance(found, Mapping) else {}


def _children(node: Plan, name: str) -> dict[str, Plan]:
    found = _node(node, name)
    return {key: child for key, child in found.items() if key not in OPERATORS and isinstance(child, Mapping)}


def _values(node: Plan, name: str) -> tuple[str, ...]:
    value = _node(node, name).get(ASSIGN)
    return tuple(str(each) for each in value) if isinstance(value, list) else ()


def _text(node: Plan, name: str) -> str:
    return str(_node(node, name).get(ASSIGN, ""))
