"""What is wrong with tiers that meet on a resource: the same tags, in the same accounts, Regions and types.

Both plans run then, for a plan asks for no other's leave (AWS Backup Developer Guide, "Assigning resources to a backup
plan").
"""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from strongroom.domain.catalogue.rows import patterns_of
from strongroom.domain.findings import Finding, error, note
from strongroom.domain.intent.governed import places_of_tier, targets_above
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.rules import BackupRule, rules_of
from strongroom.domain.intent.tier_names import excluding_tags_of, guarded_keys, plans_of, tag_of
from strongroom.domain.intent.tiers import Tier


def find_meeting_tiers(intent: Intent) -> Iterator[Finding]:
    """Every pair of tiers that both take a resource, and what else the tiers of one way do to each other."""
    offered = intent.offered_tiers()
    for one, other in combinations(offered, 2):
        yield from _pair(intent, one, other)
    for name, tier in offered.items():
        yield from _continuous_rules(name, tier)
        yield from _unguarded(intent, name)
    yield from _everything_below(intent)
    yield from _names(intent)


def _pair(intent: Intent, one: str, other: str) -> Iterator[Finding]:
    shared, places = _shared(intent, one, other), _places(intent, one, other)
    first, second = intent.tiers[one], intent.tiers[other]
    if (
        shared is None
        or not places
        or not _regions_meet(intent, first, second)
        or not _types_meet(intent, first, second)
    ):
        return
    both = f"{shared} of {one}, too, and both reach {places[0]}: both plans would run"
    if _is_continuous(first) != _is_continuous(second):
        yield note("tiers-meet", f"tiers.{other}.tag", f"{both}, one for continuous backups and one for snapshots")
    else:
        yield error("tiers-meet", f"tiers.{other}.tag", f"{both}; give one another value, Region or resource type")


def _places(intent: Intent, one: str, other: str) -> list[str]:
    """The topmost targets on which the policies of both hang."""
    theirs = places_of_tier(intent, other)
    return [each.name for each in places_of_tier(intent, one) if any(each is place for place in theirs)]


def _shared(intent: Intent, one: str, other: str) -> str | None:
    """The beginning of the sentence about what both are chosen by; None where no resource can have the tags of both."""
    first, second = intent.tiers[one], intent.tiers[other]
    if first.everything and second.everything:
        return "everything is"
    if first.everything or second.everything:
        return None
    tags, others = tag_of(intent, one), tag_of(intent, other)
    common = {key: [value for value in others[key] if value in values] for key, values in tags.items() if key in others}
    if not common or not all(common.values()):
        return None
    if _keeps_out(excluding_tags_of(intent, one), others) or _keeps_out(excluding_tags_of(intent, other), tags):
        return None
    key, values = next(iter(common.items()))
    return f"{key}={values[0]} is the tag"


def _keeps_out(unless: dict[str, tuple[str, ...]], tags: dict[str, tuple[str, ...]]) -> bool:
    return any(key in tags and set(tags[key]) <= set(values) for key, values in unless.items())


def _regions_meet(intent: Intent, one: Tier, other: Tier) -> bool:
    everywhere = intent.organization.regions
    return not set(one.regions or everywhere).isdisjoint(other.regions or everywhere)


def _types_meet(intent: Intent, one: Tier, other: Tier) -> bool:
    if not one.resource_types or not other.resource_types:
        return True
    theirs = patterns_of(other.resource_types, partition=intent.partition.name)
    return not set(patterns_of(one.resource_types, partition=intent.partition.name)).isdisjoint(theirs)


def _is_continuous(tier: Tier) -> bool:
    return any(rule.continuous_backup for rule in rules_of(tier))


def _continuous_rules(name: str, tier: Tier) -> Iterator[Finding]:
    """A resource has one continuous backup, in one vault (AWS Backup Developer Guide, "Point-in-time recovery")."""
    first: BackupRule | None = None
    for rule in rules_of(tier):
        if rule.continuous_backup:
            first = first or rule
            if not rule.keep.keys() & first.keep.keys():
                why = f"{rule.name} and {first.name} are both continuous and keep in different vaults"
                yield error("continuous-twice", f"tiers.{name}.{rule.path}", f"{why}: a resource has one of them")


def _unguarded(intent: Intent, name: str) -> Iterator[Finding]:
    if not intent.tiers[name].everything and not set(tag_of(intent, name)) & set(guarded_keys(intent)):
        theirs = ", ".join(tag_of(intent, name))
        why = f"{theirs} is guarded by no policy, so whoever may tag can leave the tier: see guardrails.tag_keys"
        yield note("unguarded-tag", f"tiers.{name}.tag", why)


def _everything_below(intent: Intent) -> Iterator[Finding]:
    for number, target in enumerate(intent.targets):
        above = targets_above(intent, target)[:1]
        for tier in target.tiers:
            if intent.tiers[tier].everything and above and tier not in above[0].tiers:
                why = f"{tier} takes everything, and its policy hangs on {above[0].name}, above {target.name}"
                remedy = f"offer it there, too, or give it a tag; all of {above[0].name} would be backed up by it"
                yield error("everything-below", f"targets[{number}].tiers", f"{why}: {remedy}")


def _names(intent: Intent) -> Iterator[Finding]:
    """A plan tells its tier by its name."""
    plans = [plan.name for tier in intent.offered_tiers() for plan in plans_of(intent, tier)]
    for name, count in Counter(plans).items():
        if count > 1:
            why = f"{count} tiers make a plan called {name}: call one of them otherwise"
            yield error("plan-twice", "tiers", why)
