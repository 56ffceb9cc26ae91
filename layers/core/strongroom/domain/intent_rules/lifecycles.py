"""What is wrong with how long a rule keeps things: retentions, cold storage, archive and continuous backup."""

from collections.abc import Iterator
from datetime import timedelta

from msgspec import Struct

from strongroom.domain.backup_policy.dependent_fields import (
    LEAST_ARCHIVE_INTERVAL,
    LEAST_COLD_DAYS,
    MOST_CONTINUOUS_DAYS,
)
from strongroom.domain.catalogue.rows import ROWS, names_of
from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.forms import LONGEST_RETENTION_DAYS, RETENTION_DAYS
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import VaultPlace, vault_places
from strongroom.domain.intent.rules import BackupRule, most_frequent_rule
from strongroom.domain.intent.schedules import shortest_interval
from strongroom.domain.intent.tiers import Kept, Tier


class _Stay(Struct, frozen=True, kw_only=True):
    """One vault in which a rule keeps something, for how long, and where the intent says so."""

    place: VaultPlace
    kept: Kept
    path: str


def find_lifecycle_contradictions(
    intent: Intent, tier: Tier, rule: BackupRule, *, path: str, kept: str
) -> Iterator[Finding]:
    """Every contradiction between a rule's retentions, its options and the locks of the vaults.

    `path` is the rule's place in the file, `kept` that of its `keep`, every vault of which is known.
    """
    places = vault_places(intent)
    stays = [_Stay(place=places[key], kept=each, path=f"{kept}.{key}") for key, each in rule.keep.items()]
    (local,) = (stay for stay in stays if stay.place.is_local)
    for stay in stays:
        yield from _retention(stay)
        yield from _cold_storage(stay)
        if stay is not local:
            yield from _copy(stay, local=local)
    yield from _gaps(tier, rule, kept=kept)
    yield from _archive(tier, rule, path=path)
    yield from _continuous(rule, local=local, path=path)


def _retention(stay: _Stay) -> Iterator[Finding]:
    days, lock = stay.kept.days, stay.place.lock
    if not RETENTION_DAYS.holds(days):
        yield error("retention", stay.path, f"must be 1 to {LONGEST_RETENTION_DAYS} days, not {days}")
    elif lock is not None and not lock.min_retention_days <= days <= lock.max_retention_days:
        allowed = f"{lock.min_retention_days} to {lock.max_retention_days}"
        name = stay.place.vault.name
        why = f"{days} days lie outside the lock of {name} ({allowed} days): every job into it would fail"
        yield error("retention-outside-lock", stay.path, why)


def _cold_storage(stay: _Stay) -> Iterator[Finding]:
    days, cold = stay.kept.days, stay.kept.cold_after
    if cold is None:
        return
    if not RETENTION_DAYS.holds(cold):
        yield error(
            "cold-storage", f"{stay.path}.cold_after", f"must be 1 to {LONGEST_RETENTION_DAYS} days, not {cold}"
        )
    elif days < cold + LEAST_COLD_DAYS:
        why = (
            f"what moves to cold storage stays there for {LEAST_COLD_DAYS} days, so {stay.place.vault.name} must keep"
            f" it for {cold + LEAST_COLD_DAYS} days or more, not {days}"
        )
        yield error("cold-storage", f"{stay.path}.cold_after", why)


def _copy(stay: _Stay, *, local: _Stay) -> Iterator[Finding]:
    if stay.kept.days < local.kept.days:
        yield warning("copy-dies-first", stay.path, "the copy would be deleted before the backup that it was made from")
    if stay.kept.cold_after is not None:
        why = (
            f"after {stay.kept.cold_after} days the copies are cold, and AWS Backup copies nothing cold"
            ": older ones cannot be copied back into their account"
        )
        yield warning("cold-copy-back", f"{stay.path}.cold_after", why)


def _gaps(tier: Tier, rule: BackupRule, *, kept: str) -> Iterator[Finding]:
    frequent, interval = most_frequent_rule(tier)
    longest = max(each.days for each in rule.keep.values())
    if rule != frequent or interval == timedelta.max or interval <= timedelta(days=longest):
        return
    days = -(-interval // timedelta(days=1))
    why = f"kept {longest} days, made every {days}: for up to {days - longest} days there is no backup"
    yield warning("kept-shorter-than-made", kept, why)


def _archive(tier: Tier, rule: BackupRule, *, path: str) -> Iterator[Finding]:
    if not rule.archive:
        return
    if all(kept.cold_after is None for kept in rule.keep.values()):
        why = "the archive tier is cold storage; say with cold_after, in a vault of keep, after how many days"
        yield error("archive", f"{path}.archive", why)
    archived = names_of(row for row in ROWS if row.is_archived)
    if tier.resource_types and not set(archived) & set(tier.resource_types):
        why = f"only snapshots of {' and '.join(archived)} are archived, which is none of resource_types"
        yield error("archive", f"{path}.archive", why)
    interval = shortest_interval(rule.schedule)
    if interval is not None and interval < LEAST_ARCHIVE_INTERVAL:
        why = f"AWS archives what is backed up {LEAST_ARCHIVE_INTERVAL.days} days apart or more, here it is {interval}"
        yield error("archive", f"{path}.schedule", why)


def _continuous(rule: BackupRule, *, local: _Stay, path: str) -> Iterator[Finding]:
    if not rule.continuous_backup:
        return
    if local.kept.days > MOST_CONTINUOUS_DAYS:
        why = f"a continuous backup is kept for {MOST_CONTINUOUS_DAYS} days at most, not {local.kept.days}"
        yield error("continuous-backup", local.path, why)
    if local.kept.cold_after is not None:
        yield error("continuous-backup", f"{local.path}.cold_after", "a continuous backup cannot move to cold storage")
    if len(rule.keep) > 1:
        why = "the copies hold the state of each backup only: a restore to a point in time needs the local backup"
        yield warning("continuous-copy", f"{path}.continuous_backup", why)
