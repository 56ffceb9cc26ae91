"""What is wrong with how long a tier keeps things: retentions, cold storage, archive and continuous backup."""

from collections.abc import Iterator
from dataclasses import dataclass

from strongroom.domain.backup_policy.dependent_fields import (
    LEAST_ARCHIVE_INTERVAL,
    LEAST_COLD_DAYS,
    MOST_CONTINUOUS_DAYS,
)
from strongroom.domain.catalogue.rows import ROWS, names_of
from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.forms import LONGEST_RETENTION_DAYS, RETENTION_DAYS
from strongroom.domain.intent.destinations import DestinationVault, Lifecycle, destinations_of, local_lifecycle
from strongroom.domain.intent.model import Intent, Tier, Vault
from strongroom.domain.intent.schedules import fault_of_schedule, shortest_interval


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stay:
    """One vault in which a tier keeps something, for how long, and where the intent says so."""

    vault: Vault | DestinationVault
    lifecycle: Lifecycle
    days_path: str
    cold_path: str


def find_lifecycle_contradictions(intent: Intent, tier: Tier, *, path: str) -> Iterator[Finding]:
    """Every contradiction between a tier's retentions, its options and the locks of the vaults."""
    for stay in _stays(intent, tier, path=path):
        yield from _retention(stay)
        yield from _cold_storage(stay)
    yield from _copies(intent, tier, path=path)
    yield from _archive(tier, path=path)
    yield from _continuous(tier, path=path)


def _stays(intent: Intent, tier: Tier, *, path: str) -> Iterator[_Stay]:
    yield _Stay(
        vault=intent.vaults.local,
        lifecycle=local_lifecycle(tier),
        days_path=f"{path}.local_retention_days",
        cold_path=f"{path}.local_cold_storage_after_days",
    )
    for destination in destinations_of(intent, tier):
        yield _Stay(
            vault=destination.vault,
            lifecycle=destination.lifecycle,
            days_path=f"{path}.{destination.retention_field}",
            cold_path=f"{path}.central_cold_storage_after_days",
        )


def _retention(stay: _Stay) -> Iterator[Finding]:
    days, lock = stay.lifecycle.retention_days, stay.vault.lock
    if not RETENTION_DAYS.holds(days):
        yield error("retention", stay.days_path, f"must be 1 to {LONGEST_RETENTION_DAYS} days, not {days}")
    elif lock is not None and not lock.min_retention_days <= days <= lock.max_retention_days:
        allowed = f"{lock.min_retention_days} to {lock.max_retention_days}"
        why = f"{days} days lie outside the lock of {stay.vault.name} ({allowed} days): every job into it would fail"
        yield error("retention-outside-lock", stay.days_path, why)


def _cold_storage(stay: _Stay) -> Iterator[Finding]:
    days, cold = stay.lifecycle.retention_days, stay.lifecycle.cold_storage_after_days
    if cold is None:
        return
    if not RETENTION_DAYS.holds(cold):
        yield error("cold-storage", stay.cold_path, f"must be 1 to {LONGEST_RETENTION_DAYS} days, not {cold}")
    elif days < cold + LEAST_COLD_DAYS:
        why = (
            f"what moves to cold storage stays there for {LEAST_COLD_DAYS} days, so {stay.vault.name} must keep"
            f" it for {cold + LEAST_COLD_DAYS} days or more, not {days}"
        )
        yield error("cold-storage", stay.cold_path, why)


def _copies(intent: Intent, tier: Tier, *, path: str) -> Iterator[Finding]:
    if tier.replica_retention_days is not None and not tier.critical:
        why = "there is no replica of a tier that is not critical; set critical or take this out"
        yield error("replica-retention", f"{path}.replica_retention_days", why)
    kept = {each.retention_field: each.lifecycle.retention_days for each in destinations_of(intent, tier)}
    for name, days in kept.items():
        if days < tier.local_retention_days:
            why = "the copy would be deleted before the backup that it was made from"
            yield warning("copy-dies-first", f"{path}.{name}", why)
    if tier.central_cold_storage_after_days is not None:
        why = (
            f"after {tier.central_cold_storage_after_days} days the copies are cold, and AWS Backup copies nothing cold"
            ": older ones cannot be copied back into their account"
        )
        yield warning("cold-copy-back", f"{path}.central_cold_storage_after_days", why)


def _archive(tier: Tier, *, path: str) -> Iterator[Finding]:
    if not tier.archive:
        return
    if tier.local_cold_storage_after_days is None and tier.central_cold_storage_after_days is None:
        why = "the archive tier is cold storage; say after how many days, locally or centrally"
        yield error("archive", f"{path}.archive", why)
    archived = names_of(row for row in ROWS if row.is_archived)
    if tier.resource_types and not set(archived) & set(tier.resource_types):
        why = f"only snapshots of {' and '.join(archived)} are archived, which is none of resource_types"
        yield error("archive", f"{path}.archive", why)
    interval = None if fault_of_schedule(tier.schedule) else shortest_interval(tier.schedule)
    if interval is not None and interval < LEAST_ARCHIVE_INTERVAL:
        why = f"AWS archives what is backed up {LEAST_ARCHIVE_INTERVAL.days} days apart or more, here it is {interval}"
        yield error("archive", f"{path}.schedule", why)


def _continuous(tier: Tier, *, path: str) -> Iterator[Finding]:
    if not tier.continuous_backup:
        return
    if tier.local_retention_days > MOST_CONTINUOUS_DAYS:
        why = f"a continuous backup is kept for {MOST_CONTINUOUS_DAYS} days at most, not {tier.local_retention_days}"
        yield error("continuous-backup", f"{path}.local_retention_days", why)
    if tier.local_cold_storage_after_days is not None:
        why = "a continuous backup cannot move to cold storage"
        yield error("continuous-backup", f"{path}.local_cold_storage_after_days", why)
    why = "the copies hold the state of each backup only: a restore to a point in time needs the local backup"
    yield warning("continuous-copy", f"{path}.continuous_backup", why)
