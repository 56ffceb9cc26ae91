"""Which tiers take a resource: by its tags, by where it lies, and by what it is."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.catalogue.rows import patterns_of
from strongroom.domain.intent.governed import tiers_below, topmost
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.intent.tier_names import is_chosen_by, tag_of
from strongroom.domain.intent.tiers import Tier
from strongroom.domain.partitions import partition_of

if TYPE_CHECKING:
    from strongroom.domain.tags.creations import Resource


class Wish(Struct, frozen=True, kw_only=True):
    """The tier that a resource gets where it has none, and why that one: `the default of Production`."""

    tier: str
    why: str


class Tagged(Struct, frozen=True, kw_only=True):
    """A resource with the tags that it carries, what it may choose from, and what it gets where it chooses nothing."""

    resource: "Resource"
    tags: Mapping[str, str]
    target: Target
    intent: Intent
    wish: Wish | None


class Choice(Struct, frozen=True, kw_only=True):
    """The tiers that take a resource: those that its target offers, and those whose plans reach it all the same.

    All policies on one way lie on its topmost target, so what lies below gets the plans of its neighbours, too.
    """

    offered: tuple[str, ...]
    beyond: tuple[str, ...]


def choose_tiers(found: Tagged) -> Choice:
    """The tiers that take a resource, in the order of its target and of the intent."""
    offered, intent = found.target.tiers, found.intent
    neighbours = [name for name in tiers_below(intent, topmost(intent, found.target)) if name not in offered]
    return Choice(
        offered=tuple(name for name in offered if _is_taken_by(name, found)),
        beyond=tuple(name for name in neighbours if _is_taken_by(name, found)),
    )


def wishes_of(
    target: Target, *, resource_type: str, sources: Mapping[str, str], had: str | None = None
) -> tuple[Wish, ...]:
    """The tiers to try in turn, as far as they are on offer.

    The one that it had; of what it was made of; the default, for its type or for all.
    """
    wishes = [] if had not in target.tiers else [Wish(tier=had, why="the tier that it had")]
    wishes += [
        Wish(tier=tier, why=f"the tier of {source}, of which it was made")
        for source, tier in sources.items()
        if tier in target.tiers
    ]
    tier = target.default_of(resource_type)
    if tier is not None:
        of_type = f" for {resource_type}" if resource_type in target.default_tiers else ""
        wishes.append(Wish(tier=tier, why=f"the default of {target.name}{of_type}"))
    return tuple(wishes)


def wished_tags(found: Tagged) -> dict[str, str]:
    """What is lacking for the tier that it gets: the first value of each key that has none of its values."""
    if found.wish is None:
        return {}
    demanded = tag_of(found.intent, found.wish.tier)
    return {key: values[0] for key, values in demanded.items() if found.tags.get(key) not in values}


def opt_out_reason(found: Tagged) -> str | None:
    """Why the resource wants no backups, if its target lets it say so and it gives a reason."""
    way = found.intent.opt_out
    if way is None or not found.target.opt_out or found.tags.get(found.intent.tag_key) != way.value:
        return None
    return found.tags.get(way.reason_key, "").strip() or None


def _is_taken_by(name: str, found: Tagged) -> bool:
    return is_chosen_by(found.tags, name, intent=found.intent) and _reaches(found.intent.tiers[name], found.resource)


def _reaches(tier: Tier, resource: "Resource") -> bool:
    """Whether the tier runs where the resource lies, for what it is."""
    if tier.regions and resource.region not in tier.regions:
        return False
    patterns = patterns_of(tier.resource_types, partition=partition_of(resource.region).name)
    return not tier.resource_types or any(fnmatchcase(resource.arn, pattern) for pattern in patterns)
