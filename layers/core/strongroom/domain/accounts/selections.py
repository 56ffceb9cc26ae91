"""Whether a plan of an effective backup policy takes what is in a tier."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from strongroom.domain.catalogue.rows import patterns_of
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.tier_names import excluding_tags_of, tag_of

type Tags = frozenset[tuple[str, str]]

_CONDITION_KEY = "aws:ResourceTag/"
_ALL_TYPES = ("*",)


def selects(plan: Mapping[str, Any], tier: str, *, intent: Intent) -> bool:
    """Whether the plan takes exactly what has the tags of the tier, be it by one selection or by one for each value."""
    tags = {} if intent.tiers[tier].everything else tag_of(intent, tier)
    unless = frozenset((key, value) for key, values in excluding_tags_of(intent, tier).items() for value in values)
    types = patterns_of(intent.tiers[tier].resource_types, partition=intent.partition.name) or _ALL_TYPES
    selected = set(_selected(plan.get("selections", {}), types=types))
    return all((frozenset(zip(tags, values, strict=True)), unless) in selected for values in product(*tags.values()))


def leaves(value: Any) -> tuple[str, ...]:
    """A leaf of an effective policy, which is a text or a list of texts."""
    return (value,) if isinstance(value, str) else tuple(value or ())


def _selected(selections: Mapping[str, Any], *, types: tuple[str, ...]) -> Iterator[tuple[Tags, Tags]]:
    """The tags that each selection of these types demands, and those that it leaves out."""
    for each in selections.get("tags", {}).values():
        for value in leaves(each.get("tag_value")):
            yield frozenset({(each.get("tag_key"), value)}), frozenset()
    for each in selections.get("resources", {}).values():
        conditions = dict(each.get("conditions", {}))
        demanded, left_out = (_tags(conditions.pop(name, {})) for name in ("string_equals", "string_not_equals"))
        if not conditions and set(types) <= set(leaves(each.get("resource_types"))):
            yield demanded, left_out


def _tags(conditions: Mapping[str, Mapping[str, Any]]) -> Tags:
    return frozenset(
        (str(each.get("condition_key")).removeprefix(_CONDITION_KEY), str(each.get("condition_value")))
        for each in conditions.values()
    )
