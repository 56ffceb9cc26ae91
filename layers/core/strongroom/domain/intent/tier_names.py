"""Where the name of a tier is found: in the name of a plan that AWS Backup makes of it, and in the tags it goes by."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import vault_places
from strongroom.domain.intent.rules import rules_of
from strongroom.domain.remembered import once_of

PLAN_PREFIX: Final = "strongroom-"


class TierPlan(Struct, frozen=True, kw_only=True):
    """A backup plan of a tier, by its name, and the Regions in which it runs."""

    name: str
    regions: tuple[Region, ...]


def plans_of(intent: Intent, tier: str) -> tuple[TierPlan, ...]:
    """The plans of a tier: one, or one for each Region where a copy stays in its Region.

    A policy puts the account into the ARN of a copy's vault, but no Region (AWS Organizations User Guide, "Backup
    policy syntax and examples").
    """
    regions = intent.tiers[tier].regions or intent.organization.regions
    if not _copies_stay_in_their_region(intent, tier):
        return (TierPlan(name=plan_name(tier), regions=regions),)
    return tuple(TierPlan(name=f"{plan_name(tier)}-{region}", regions=(region,)) for region in regions)


def plan_name(tier: str) -> str:
    """The name of a tier's policy, and of the backup plan that AWS Backup makes of it where there is one."""
    return f"{PLAN_PREFIX}{tier}"


def tier_of_plan(name: str | None, *, intent: Intent) -> str | None:
    """The tier that has a plan of this name; None where no name is known, or it is that of another plan."""
    return None if name is None else _tiers_by_plan(intent).get(name)


def tag_of(intent: Intent, tier: str) -> dict[str, tuple[str, ...]]:
    """The tags by which a tier is chosen: each key with the values that count, where all keys must match."""
    tags = intent.tiers[tier].tag or {intent.tag_key: tier}
    return {key: (values,) if isinstance(values, str) else values for key, values in tags.items()}


def excluding_tags_of(intent: Intent, tier: str) -> dict[str, tuple[str, ...]]:
    """The tags of which any one keeps a resource out of a tier."""
    tags = intent.tiers[tier].unless
    return {key: (values,) if isinstance(values, str) else values for key, values in tags.items()}


def tier_of_tags(tags: Mapping[str, str], *, intent: Intent) -> str | None:
    """The first tier of the intent that these tags choose; None where they choose none."""
    return next((tier for tier in intent.tiers if is_chosen_by(tags, tier, intent=intent)), None)


def is_chosen_by(tags: Mapping[str, str], tier: str, *, intent: Intent) -> bool:
    """Whether a resource with these tags is in the tier, as far as its tags go."""
    if any(tags.get(key) in values for key, values in excluding_tags_of(intent, tier).items()):
        return False
    if intent.tiers[tier].everything:
        return True
    return all(tags.get(key) in values for key, values in tag_of(intent, tier).items())


def words_of_tags(intent: Intent, tier: str) -> str:
    """What a tier is chosen by, as people say it: `Backup=daily`, or `a=1 and b=2 or 3, without c=4`."""
    chosen_by = {} if intent.tiers[tier].everything else tag_of(intent, tier)
    said = " and ".join(f"{key}={' or '.join(values)}" for key, values in chosen_by.items())
    without = " and ".join(f"{key}={' or '.join(values)}" for key, values in excluding_tags_of(intent, tier).items())
    return (said or "everything") + (f", without {without}" if without else "")


def choosing_keys(intent: Intent) -> frozenset[str]:
    """The keys of the tags by which tiers on offer are chosen; what takes everything is chosen by none."""
    offered = intent.offered_tiers().items()
    return frozenset(key for name, tier in offered if not tier.everything for key in tag_of(intent, name))


def written_keys(intent: Intent) -> tuple[str, ...]:
    """The keys of the tags that put a resource into a tier, sorted, with `tag_key` and the reason to opt out."""
    way = (intent.opt_out.reason_key,) if intent.opt_out is not None else ()
    return tuple(sorted({intent.tag_key, *way, *(key for name in intent.tiers for key in tag_of(intent, name))}))


def guarded_keys(intent: Intent) -> tuple[str, ...]:
    """The keys whose values are guarded; those of other tags are somebody else's."""
    return intent.guardrails.tag_keys or (intent.tag_key,)


def tier_so_called(name: str | None, *, intent: Intent) -> str | None:
    """The name, if a tier of today's intent has it."""
    return name if name in intent.tiers else None


@once_of
def _tiers_by_plan(intent: Intent) -> Mapping[str, str]:
    """The tiers by the names of their plans, the first of the intent where two have the same."""
    return {plan.name: tier for tier in reversed(intent.tiers) for plan in plans_of(intent, tier)}


def _copies_stay_in_their_region(intent: Intent, tier: str) -> bool:
    places = vault_places(intent)
    return any(
        key in places and places[key].region is None and places[key].is_copied_into
        for rule in rules_of(intent.tiers[tier])
        for key in rule.keep
    )
