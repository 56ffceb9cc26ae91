"""What is wrong with what a tier selects and marks: resource types, index and recovery point tags."""

from collections import Counter
from collections.abc import Iterator

from strongroom.domain.catalogue.model import Reach
from strongroom.domain.catalogue.rows import ROWS, indexed_types, names_of
from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.forms import RECOVERY_POINT_TAGS, TAG_KEY, TAG_VALUE
from strongroom.domain.intent.destinations import leaves_its_account
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.rules import rules_of
from strongroom.domain.intent.tiers import Tier
from strongroom.domain.intent_rules.targets import unknown


def find_selection_contradictions(intent: Intent, tier: Tier, *, path: str) -> Iterator[Finding]:
    """Every contradiction in the types that a tier selects or indexes, and in the tags that it gives."""
    yield from _types(intent, tier, path=f"{path}.resource_types")
    yield from _index(tier, path=f"{path}.index")
    yield from _tags(tier, path=f"{path}.recovery_point_tags")


def _types(intent: Intent, tier: Tier, *, path: str) -> Iterator[Finding]:
    leaves = leaves_its_account(intent, tier)
    for place, name in enumerate(tier.resource_types):
        rows = [row for row in ROWS if row.name == name]
        reaches = {row.reach for row in rows}
        if not rows:
            yield error("resource-type", f"{path}[{place}]", unknown("resource type", name, names_of(ROWS)))
        elif leaves and Reach.UNSETTLED in reaches:
            why = f"AWS's pages disagree on whether {name} for ONTAP is copied to another account: try it first"
            yield warning("copy-doubtful", f"{path}[{place}]", why)
        elif leaves and Reach.REGIONS_AT_LEAST in reaches:
            why = f"AWS's pages disagree on whether {name} is copied to another account: try it first"
            yield warning("copy-doubtful", f"{path}[{place}]", why)
        elif leaves and Reach.EVERYWHERE not in reaches:
            why = f"AWS Backup does not copy {name} to another account, so it would never reach its vault there"
            yield error("not-copied", f"{path}[{place}]", why)
        elif _is_cold(tier) and not any(row.has_cold_storage for row in rows):
            why = f"AWS Backup has no cold storage for {name}: it stays warm until it is deleted"
            yield warning("no-cold-storage", f"{path}[{place}]", why)
    if len(tier.resource_types) != len(set(tier.resource_types)):
        yield error("resource-type-twice", path, "a type stands twice")


def _is_cold(tier: Tier) -> bool:
    return any(kept.cold_after is not None for rule in rules_of(tier) for kept in rule.keep.values())


def _index(tier: Tier, *, path: str) -> Iterator[Finding]:
    indexed = indexed_types()
    for place, name in enumerate(tier.index):
        if name not in indexed:
            yield error("index-type", f"{path}[{place}]", unknown("type that is indexed", name, indexed))
        elif tier.resource_types and name not in tier.resource_types:
            yield error(
                "index-type", f"{path}[{place}]", f"{name} is none of resource_types, so nothing of it is indexed"
            )
    if len(tier.index) != len(set(tier.index)):
        yield error("index-type", path, "a type stands twice")


def _tags(tier: Tier, *, path: str) -> Iterator[Finding]:
    spelled = Counter(key.lower() for key in tier.recovery_point_tags)
    if not RECOVERY_POINT_TAGS.holds(len(tier.recovery_point_tags)):
        yield error(
            "too-many-tags", path, f"AWS Backup adds {RECOVERY_POINT_TAGS.most} tags to a recovery point at most"
        )
    for key, value in tier.recovery_point_tags.items():
        # A name that begins with @@ would be an operator of the policy.
        if not TAG_KEY.fits(key) or key.startswith("@@"):
            why = "is no tag key of 1 to 128 plain characters that begins with neither aws: nor @@"
            yield error("recovery-point-tag", f"{path}.{key}", why)
        if not TAG_VALUE.fits(value):
            yield error("recovery-point-tag", f"{path}.{key}", "its value is not of 256 plain characters at most")
        if spelled[key.lower()] > 1:
            yield error(
                "tag-twice", f"{path}.{key}", "another key differs in letter case only, which AWS does not regard"
            )
