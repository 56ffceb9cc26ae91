"""A tier as an entry of the file: what its rules have in common once, and nothing that is understood anyhow."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.forms import TIER_NAME
from strongroom.domain.intent.rules import COMPLETE_WINDOW, ONLY_RULE, START_WINDOW
from strongroom.domain.survey.names import LONGEST, free_name, plain_name
from strongroom.domain.survey.remarks import Remark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from strongroom.domain.identifiers import Region
    from strongroom.domain.intent.tiers import Kept
    from strongroom.domain.survey.reading.rules import RuleRead, VaultNamed
    from strongroom.domain.survey.reading.selections import Choice
    from strongroom.domain.survey.reading.tiers import TierRead
    from strongroom.domain.survey.vaults import VaultEntry

_TAKEN_WORD: Final = "none"
# Values of tags that say nothing as the name of a tier.
_ANSWERS: Final = frozenset({"true", "false", "yes", "no", "on", "off", "enabled", "1", "0"})
_SHARED: Final = ("start_window", "complete_window", "archive", "continuous_backup", "recovery_point_tags", "index")


def most_used_key(tiers: Iterable[TierRead]) -> str | None:
    """The key of the tag by which most tiers are chosen."""
    used = Counter(key for tier in tiers for key in tier.choice.tag)
    return max(used, key=lambda key: used[key], default=None)


def tier_names(tiers: Iterable[TierRead], *, tag_key: str) -> dict[int, str]:
    """The name of each tier by its identity: the value of its tag where that alone chooses it, else its plan's."""
    names: dict[int, str] = {}
    for tier in sorted(tiers, key=lambda each: not each.is_ours):
        taken = {*names.values(), _TAKEN_WORD}
        value = None if tier.is_ours else _value(tier, tag_key=tag_key)
        name = tier.name if tier.is_ours else plain_name(tier.name)[:LONGEST]
        names[id(tier)] = value if value and value not in taken else free_name(name, taken)
    return names


def tier_entry(
    tier: TierRead,
    *,
    name: str,
    tag_key: str,
    regions: tuple[Region, ...],
    vaults: Mapping[VaultNamed, VaultEntry],
) -> dict[str, Any]:
    """The fields of a tier, in the order of the reference."""
    whole = [_rule(rule, vaults) for rule in tier.rules]
    chosen = _chosen(tier, name=name, tag_key=tag_key)
    settings = {
        **({} if set(tier.regions) == set(regions) else {"regions": list(tier.regions)}),
        **({"windows_vss": True} if tier.windows_vss else {}),
        **({} if tier.s3_acls else {"s3_acls": False}),
        **({} if tier.s3_object_tags else {"s3_object_tags": False}),
    }
    if len(whole) == 1 and (not tier.is_ours or tier.rules[0].name == ONLY_RULE):
        return {**chosen, **whole[0], **settings}
    shared = {
        key: whole[0][key] for key in _SHARED if all(key in each and each[key] == whole[0][key] for each in whole)
    }
    rules: dict[str, Any] = {}
    for rule, each in zip(tier.rules, whole, strict=True):
        own = {key: value for key, value in each.items() if key not in shared}
        rules[free_name(plain_name(rule.name), rules)] = own
    return {**chosen, **shared, **settings, "rules": rules}


def tier_remarks(tier: TierRead, *, name: str) -> Iterator[Remark]:
    """What differs between the plan that was found and the one that the tier becomes."""
    if tier.choice.leaves_out and tier.choice.types:
        yield Remark("tiers", f"{name}: types that AWS Backup learns later are not taken, where the plan takes them")
    if not tier.choice.tag and not tier.choice.types:
        yield Remark("tiers", f"{name}: the plan that was read takes every resource that AWS Backup can")


def _value(tier: TierRead, *, tag_key: str) -> str | None:
    choice = tier.choice
    if set(choice.tag) != {tag_key} or choice.unless or choice.types or len(choice.tag[tag_key]) > 1:
        return None
    [value] = choice.tag[tag_key]
    return value if TIER_NAME.fits(value) and value.lower() not in _ANSWERS else None


def _chosen(tier: TierRead, *, name: str, tag_key: str) -> dict[str, Any]:
    choice: Choice = tier.choice
    by_name = dict(choice.tag) == {tag_key: (name,)}
    types = choice.types
    return {
        **({} if by_name or not choice.tag else {"tag": _tags(choice.tag)}),
        **({"unless": _tags(choice.unless)} if choice.unless else {}),
        **({} if choice.tag else {"everything": True}),
        **({"resource_types": list(types)} if types else {}),
    }


def _tags(tags: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    return {key: values[0] if len(values) == 1 else list(values) for key, values in tags.items()}


def _rule(rule: RuleRead, vaults: Mapping[VaultNamed, VaultEntry]) -> dict[str, Any]:
    windows = {
        "start_window": (rule.start_window, START_WINDOW),
        "complete_window": (rule.complete_window, COMPLETE_WINDOW),
    }
    return {
        "schedule": rule.schedule,
        **{key: duration(found) for key, (found, usual) in windows.items() if found != usual},
        **({"archive": True} if rule.archive else {}),
        **({"continuous_backup": True} if rule.continuous_backup else {}),
        **({"recovery_point_tags": dict(rule.recovery_point_tags)} if rule.recovery_point_tags else {}),
        **({"index": list(rule.index)} if rule.index else {}),
        "keep": {vaults[vault].key: _kept(kept) for vault, kept in rule.keep.items()},
    }


def _kept(kept: Kept) -> int | dict[str, int]:
    return kept.days if kept.cold_after is None else {"days": kept.days, "cold_after": kept.cold_after}


def duration(time: timedelta) -> str:
    """A time of whole minutes as ISO 8601 writes it: `PT8H`, `P7D`."""
    days, rest = divmod(time // timedelta(minutes=1), 24 * 60)
    hours, minutes = divmod(rest, 60)
    clock = f"{f'{hours}H' if hours else ''}{f'{minutes}M' if minutes else ''}"
    return f"P{f'{days}D' if days else ''}{f'T{clock}' if clock else ''}"
