"""What is wrong with the tiers: their names and tags, and with the rules that each of them has."""

from collections import Counter
from collections.abc import Iterator

from strongroom.domain.findings import Finding, Level, error
from strongroom.domain.forms import TIER_NAME
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import local_vaults
from strongroom.domain.intent.tiers import NO_TIER
from strongroom.domain.intent_rules.air_gaps import find_types_outside_air_gaps
from strongroom.domain.intent_rules.calendar_years import find_calendar_years
from strongroom.domain.intent_rules.overlaps import find_rule_overlaps
from strongroom.domain.intent_rules.rules import find_rule_contradictions
from strongroom.domain.intent_rules.selections import find_selection_contradictions
from strongroom.domain.intent_rules.tier_tags import find_tag_contradictions


def find_tier_contradictions(intent: Intent) -> Iterator[Finding]:
    """Every contradiction in the tiers and their rules."""
    offered = intent.offered_tiers()
    spelled = Counter(name.lower() for name in intent.tiers)
    if not intent.tiers:
        yield error("no-tier", "tiers", "there is no tier, so nothing would be backed up")
    for name, tier in intent.tiers.items():
        path = f"tiers.{name}"
        if not TIER_NAME.fits(name):
            yield error("tier-name", path, "a tier's name is 1 to 39 letters, digits, '.', '-' or '_'")
        if name == NO_TIER:
            yield error("tier-name", path, "none is the word for no tier; call it otherwise")
        if spelled[name.lower()] > 1:
            yield error("tier-twice", path, "another tier differs in letter case only, which AWS does not regard")
        if name not in offered:
            yield error("tier-unreachable", path, "no target offers this tier, so nobody can select it")
        rules = list(find_rule_contradictions(intent, tier, path=path))
        yield from rules
        if local_vaults(intent) and not any(each.level is Level.ERROR for each in rules):
            yield from find_rule_overlaps(tier, intent=intent, path=path)
        yield from find_selection_contradictions(intent, tier, path=path)
        yield from find_tag_contradictions(intent, name, path=path)
        yield from find_types_outside_air_gaps(intent, tier, path=path)
    yield from find_calendar_years(intent)
