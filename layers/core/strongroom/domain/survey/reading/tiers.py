"""The plans that were found, read as tiers: what can be said, and in words what cannot."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.identifiers import Region
from strongroom.domain.intent.tier_names import PLAN_PREFIX
from strongroom.domain.partitions import partition_of
from strongroom.domain.survey.reading.plans import PlanFound, faults_of, policies_above
from strongroom.domain.survey.reading.rules import RuleRead, VaultNamed, read_rule
from strongroom.domain.survey.reading.selections import Choice, read_choice, with_types_by_name
from strongroom.domain.survey.remarks import Remark, UnsayableError, todo
from strongroom.domain.survey.units import place_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.domain.survey.found import Surveyed

_ON: Final = "enabled"
_OFF: Final = "disabled"
_KNOWN: Final = frozenset({"advanced_backup_settings", "backup_plan_tags", "regions", "rules", "selections"})
SAME: Final = Region("same")  # in place of a copy's Region: that of the backup


class TierRead(Struct, frozen=True, kw_only=True):
    """A plan that a tier can say. `is_ours` where Strongroom made it."""

    name: str
    is_ours: bool
    regions: tuple[Region, ...]
    rules: tuple[RuleRead, ...]
    choice: Choice
    windows_vss: bool = False
    s3_acls: bool = True
    s3_object_tags: bool = True


class TiersRead(Struct, frozen=True, kw_only=True):
    """Each plan as the tier that it became, what several plans became together counted once, and what stayed out."""

    by_plan: Mapping[PlanFound, TierRead]
    remarks: tuple[Remark, ...]

    @property
    def tiers(self) -> tuple[TierRead, ...]:
        """Every tier once."""
        return tuple({id(tier): tier for tier in self.by_plan.values()}.values())


def read_tiers(surveyed: Surveyed, by_place: Mapping[str, tuple[PlanFound, ...]]) -> TiersRead:
    """What the plans in force say, each once."""
    read: dict[PlanFound, TierRead] = {}
    known: dict[str, TierRead] = {}  # one plan in many accounts is one tier
    remarks: list[Remark] = []
    for plan in dict.fromkeys(plan for plans in by_place.values() for plan in plans):
        where = [place for place, plans in by_place.items() if plan in plans]
        whose = f" on {place_name(where[0], surveyed.organization)}"
        try:
            tier = _tier(plan, faults=faults_of(plan, policies=policies_above(surveyed, where[0])))
            read[plan] = known.setdefault(repr(tier), tier)
        except UnsayableError as reason:
            remarks.append(todo("tiers", f"the plan {plan.name}{whose} is not in this file: {reason}"))
        remarks += _left_out(plan, whose)
    return TiersRead(by_plan=_joined(read), remarks=tuple(remarks))


def _tier(plan: PlanFound, *, faults: tuple[str, ...]) -> TierRead:
    if faults:
        raise UnsayableError("; ".join(faults))
    content = plan.plan
    if more := sorted(set(content) - _KNOWN):
        raise UnsayableError(f"it has {', '.join(more)}, for which the file has no word yet")
    regions = tuple(Region(each) for each in content["regions"])
    partition, is_ours = partition_of(regions[0]).name, plan.name.startswith(PLAN_PREFIX) and plan.account is None
    choice = read_choice(content["selections"], partition=partition)
    settings = content.get("advanced_backup_settings", {})
    acls, tags = (settings.get("s3", {}).get(name) for name in ("backup_acls", "backup_object_tags"))
    return TierRead(
        name=plan.name.removeprefix(PLAN_PREFIX),
        is_ours=is_ours,
        regions=regions,
        rules=tuple(read_rule(name, rule, account=plan.account) for name, rule in content["rules"].items()),
        choice=choice if is_ours else with_types_by_name(choice, partition=partition),
        windows_vss=settings.get("ec2", {}).get("windows_vss") == _ON,
        s3_acls=acls != _OFF,
        s3_object_tags=tags != _OFF,
    )


def _left_out(plan: PlanFound, whose: str) -> list[Remark]:
    tags = [each["tag_key"] for each in plan.plan.get("backup_plan_tags", {}).values() if "tag_key" in each]
    told = f"the plan {plan.name}{whose} has tags of its own, which a tier has not: {', '.join(tags)}"
    return [Remark("tiers", told)] if tags else []


def _joined(read: Mapping[PlanFound, TierRead]) -> dict[PlanFound, TierRead]:
    """Plans that differ in their Region only, each copying into its own, are one tier: a policy knows no `$region`."""
    staying = {plan: tier for plan, each in read.items() if _stays(tier := _staying(each))}
    whole: dict[str, TierRead] = {}
    for tier in staying.values():
        known = whole.get(_but_regions(tier), replace(tier, regions=()))
        whole[_but_regions(tier)] = replace(known, regions=tuple(dict.fromkeys((*known.regions, *tier.regions))))
    return {plan: whole[_but_regions(staying[plan])] if plan in staying else tier for plan, tier in read.items()}


def _but_regions(tier: TierRead) -> str:
    return repr(replace(tier, regions=()))


def _staying(tier: TierRead) -> TierRead:
    """The tier of a plan for one Region, without that in its name, and with copies into that Region said as such."""
    *more, region = tier.regions
    if more or not tier.name.endswith(f"-{region}"):
        return tier
    keep = [{_said(vault, region): kept for vault, kept in rule.keep.items()} for rule in tier.rules]
    rules = tuple(replace(rule, keep=each) for rule, each in zip(tier.rules, keep, strict=True))
    return replace(tier, name=tier.name.removesuffix(f"-{region}"), rules=rules)


def _said(vault: VaultNamed, region: Region) -> VaultNamed:
    return replace(vault, region=SAME) if vault.region == region else vault


def _stays(tier: TierRead) -> bool:
    return any(vault.region == SAME for rule in tier.rules for vault in rule.keep)
