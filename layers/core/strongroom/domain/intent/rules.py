"""The rules of a tier as AWS Backup is told: what one leaves out is taken from its tier, or has a default."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from msgspec import Struct

from strongroom.domain.intent.schedule_words import cron_of
from strongroom.domain.intent.schedules import longest_interval
from strongroom.domain.intent.tiers import Kept, RuleSettings, Tier

ONLY_RULE: Final = "backup-and-copy"
START_WINDOW: Final = timedelta(hours=1)
COMPLETE_WINDOW: Final = timedelta(hours=4)


class BackupRule(Struct, frozen=True, kw_only=True):
    """One rule of a tier: when backups start, as cron, and in which vaults they are kept for how long.

    `path` is its place below the tier, empty where the tier itself is the rule.
    """

    name: str
    path: str
    schedule: str
    start_window: timedelta
    complete_window: timedelta
    keep: Mapping[str, Kept]
    archive: bool
    continuous_backup: bool
    recovery_point_tags: Mapping[str, str]
    index: tuple[str, ...]


def rules_of(tier: Tier) -> tuple[BackupRule, ...]:
    """The rules of a tier, in the order of the file: those that it names, or the one that it is itself."""
    if not tier.rules:
        return (_rule(ONLY_RULE, "", tier, tier),)
    return tuple(_rule(name, f"rules.{name}", settings, tier) for name, settings in tier.rules.items())


def most_frequent_rule(tier: Tier) -> tuple[BackupRule, timedelta]:
    """The rule that lets the least time pass between two backups, and the most that it lets pass."""
    intervals = [(rule, longest_interval(rule.schedule) or timedelta.max) for rule in rules_of(tier)]
    return min(intervals, key=lambda each: each[1])


def _rule(name: str, path: str, own: RuleSettings, tier: Tier) -> BackupRule:
    keep = own.keep or tier.keep
    archive = tier.archive if own.archive is None else own.archive
    continuous = tier.continuous_backup if own.continuous_backup is None else own.continuous_backup
    return BackupRule(
        name=name,
        path=path,
        schedule=cron_of(own.schedule or tier.schedule or "") or "",
        start_window=own.start_window or tier.start_window or START_WINDOW,
        complete_window=own.complete_window or tier.complete_window or COMPLETE_WINDOW,
        keep={vault: kept if isinstance(kept, Kept) else Kept(days=kept) for vault, kept in keep.items()},
        archive=bool(archive),
        continuous_backup=bool(continuous),
        recovery_point_tags=own.recovery_point_tags or tier.recovery_point_tags,
        index=own.index or tier.index,
    )
