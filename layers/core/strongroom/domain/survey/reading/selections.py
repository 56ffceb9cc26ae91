"""Which resources a plan of others takes, said as a tier says it.

Sources: AWS Backup API Reference, "BackupSelection"; AWS Organizations User Guide, "Backup policy syntax and examples".
"""

from __future__ import annotations

from copy import replace
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from strongroom.domain.catalogue.rows import ROWS, names_of, patterns_of
from strongroom.domain.survey.remarks import UnsayableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TAG: Final = "aws:ResourceTag/"
_EVERY_TYPE: Final = "*"
_ONLY_TAGS: Final = frozenset({"iam_role_arn", "tag_key", "tag_value"})
_ONLY_TYPES: Final = frozenset({"iam_role_arn", "resource_types", "not_resource_types", "conditions"})
_SAYABLE: Final = frozenset({"string_equals", "string_not_equals"})

type Tags = Mapping[str, tuple[str, ...]]


class Choice(Struct, frozen=True, kw_only=True):
    """The tags of which all keys must match, those of which none may, and the types; everything where no tag is named.

    `leaves_out` are the patterns of types that a selection of every type takes out again.
    """

    tag: Tags = field(default_factory=dict)
    unless: Tags = field(default_factory=dict)
    types: tuple[str, ...] = ()
    leaves_out: tuple[str, ...] = ()

    def leaves_out_none_of(self, patterns: tuple[str, ...]) -> bool:
        """Whether all of these are taken where every type is."""
        return set(patterns).isdisjoint(self.leaves_out)


def read_choice(selections: Mapping[str, Any], *, partition: str) -> Choice:
    """What the selections of a plan take together, or UnsayableError."""
    by_tag, by_type = _named(selections, "tags"), _named(selections, "resources")
    if by_tag and by_type:
        raise UnsayableError("it selects by tags and by resource types besides, and a tier does one of both")
    if by_tag:
        return _of_tags(by_tag)
    if by_type:
        return _joined([_of_types(name, each, partition=partition) for name, each in by_type.items()])
    raise UnsayableError("it has no selection, so it takes nothing")


def with_types_by_name(choice: Choice, *, partition: str) -> Choice:
    """The same choice where every type but some is said as the names of the others."""
    if not choice.leaves_out or choice.types:
        return choice
    names = [name for name in names_of(ROWS) if choice.leaves_out_none_of(patterns_of((name,), partition=partition))]
    return replace(choice, types=tuple(names))


def _named(selections: Mapping[str, Any], form: str) -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = selections.get(form, {})
    return found


def _of_tags(selections: Mapping[str, Mapping[str, Any]]) -> Choice:
    values: dict[str, list[str]] = {}
    for name, each in selections.items():
        if more := sorted(set(each) - _ONLY_TAGS):
            raise UnsayableError(f"its selection {name} has {', '.join(more)} besides a tag")
        values.setdefault(each["tag_key"], []).extend(each["tag_value"])
    if len(values) > 1:
        keys = ", ".join(values)
        raise UnsayableError(
            f"it takes what has any one of the tags {keys}, and of several keys of a tier all must match"
        )
    return Choice(tag=_once(values))


def _of_types(name: str, selection: Mapping[str, Any], *, partition: str) -> Choice:
    if more := sorted(set(selection) - _ONLY_TYPES):
        raise UnsayableError(f"its selection {name} has {', '.join(more)}")
    conditions: Mapping[str, Mapping[str, Mapping[str, str]]] = selection.get("conditions", {})
    if more := sorted(set(conditions) - _SAYABLE):
        raise UnsayableError(
            f"its selection {name} compares tags by {', '.join(more)}, and a tier by whole values only"
        )
    tag = _pairs(name, conditions.get("string_equals", {}))
    if twice := [key for key, values in tag.items() if len(set(values)) > 1]:
        raise UnsayableError(
            f"its selection {name} wants two values of {', '.join(twice)} at once, so it takes nothing"
        )
    types, left_out = tuple(selection["resource_types"]), tuple(selection.get("not_resource_types", ()))
    return Choice(
        tag=_once(tag),
        unless=_once(_pairs(name, conditions.get("string_not_equals", {}))),
        types=_types(name, types, left_out, partition=partition),
        leaves_out=left_out if _EVERY_TYPE in types else (),
    )


def _pairs(name: str, conditions: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for each in conditions.values():
        key = each["condition_key"]
        if not key.startswith(_TAG):
            raise UnsayableError(f"its selection {name} has a condition on {key}, which is no tag of the resource")
        values.setdefault(key.removeprefix(_TAG), []).append(each["condition_value"])
    return values


def _types(name: str, types: tuple[str, ...], left_out: tuple[str, ...], *, partition: str) -> tuple[str, ...]:
    """The names of the types that are chosen; none where it is every type, whatever a copy takes out again."""
    if _EVERY_TYPE in types:
        return ()
    wanted = [pattern for pattern in types if pattern not in left_out]
    names = {
        pattern: each for each in reversed(names_of(ROWS)) for pattern in patterns_of((each,), partition=partition)
    }
    if strange := [pattern for pattern in wanted if pattern not in names]:
        raise UnsayableError(
            f"its selection {name} names {', '.join(strange[:3])}, which is no resource type as a whole"
        )
    chosen = tuple(sorted({names[pattern] for pattern in wanted}))
    if more := [pattern for pattern in patterns_of(chosen, partition=partition) if pattern not in wanted]:
        raise UnsayableError(
            f"its selection {name} takes a part of {', '.join(chosen)} only, without {', '.join(more)}"
        )
    return chosen


def _joined(choices: list[Choice]) -> Choice:
    """Several selections as one: they differ in the values of their tags, and every combination is there."""
    first = choices[0]
    if len(choices) == 1:
        return first
    alike = all(
        (each.unless, each.types, each.leaves_out) == (first.unless, first.types, first.leaves_out) for each in choices
    )
    keys = set(first.tag)
    if not alike or not keys or any(set(each.tag) != keys for each in choices):
        raise UnsayableError(
            "it has several selections that are no values of the same tags: each would be a tier of its own"
        )
    tag = _once({key: [each.tag[key][0] for each in choices] for key in first.tag})
    found = {tuple(each.tag[key][0] for key in tag) for each in choices}
    if found != set(product(*tag.values())):
        raise UnsayableError("its selections pair values of several tags, and a tier takes every combination of them")
    return Choice(tag=tag, unless=first.unless, types=first.types, leaves_out=first.leaves_out)


def _once(values: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(dict.fromkeys(each)) for key, each in values.items()}
