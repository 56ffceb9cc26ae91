"""Where the copies of a tier go, said once: into which vaults, for how long, cold from when on, behind which lock."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent, Tier, VaultLock


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """How long a recovery point is kept, when it turns cold, and whether snapshots of EBS are archived then."""

    retention_days: int
    cold_storage_after_days: int | None = None
    archive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationVault:
    """A vault of the backup account into which copies go; `path` is where the intent speaks of it."""

    path: str
    name: str
    arn: str
    region: Region
    lock: VaultLock | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A vault that every backup of a tier is copied into, and the lifecycle that is promised there.

    `retention_field` is the field of the tier that states how long the copy is kept.
    """

    vault: DestinationVault
    lifecycle: Lifecycle
    retention_field: str


def destinations_of(intent: Intent, tier: Tier) -> tuple[Destination, ...]:
    """Where each backup of the tier is copied: the central vault, and when it is critical the replica as well."""
    central_vault, replica_vault = destination_vaults(intent)
    central = Destination(
        vault=central_vault,
        lifecycle=_lifecycle(tier, tier.central_retention_days, cold=tier.central_cold_storage_after_days),
        retention_field="central_retention_days",
    )
    if not tier.critical:
        return (central,)
    replica = replace(central, vault=replica_vault)
    if tier.replica_retention_days is not None:
        lifecycle = replace(central.lifecycle, retention_days=tier.replica_retention_days)
        replica = replace(replica, lifecycle=lifecycle, retention_field="replica_retention_days")
    return central, replica


def destination_vaults(intent: Intent) -> tuple[DestinationVault, DestinationVault]:
    """Every vault that copies may go to: the central one and the replica."""
    place, central, replica = intent.organization, intent.vaults.central, intent.vaults.replica
    return (
        DestinationVault(
            path="vaults.central",
            name=central.name,
            arn=intent.central_vault_arn(),
            region=place.home_region,
            lock=central.lock,
        ),
        DestinationVault(
            path="vaults.replica",
            name=replica.name,
            arn=intent.replica_vault_arn(),
            region=place.replica_region,
            lock=replica.lock,
        ),
    )


def local_lifecycle(tier: Tier) -> Lifecycle:
    """The lifecycle of the backup itself, in the local vault of its account."""
    return _lifecycle(tier, tier.local_retention_days, cold=tier.local_cold_storage_after_days)


def retentions_in(vault: DestinationVault, *, intent: Intent) -> tuple[int, ...]:
    """The days for which the offered tiers keep their copies in the vault."""
    return tuple(each.lifecycle.retention_days for each in _offered(intent) if each.vault == vault)


def longest_retention(intent: Intent) -> int:
    """Days for which the longest copy is kept: what a lock in compliance mode makes final."""
    return max((each.lifecycle.retention_days for each in _offered(intent)), default=0)


def shortest_local_retention(intent: Intent) -> int:
    """Days for which a backup of the offered tier that keeps least stays in its own account."""
    return min(local_lifecycle(tier).retention_days for tier in intent.offered_tiers().values())


def _offered(intent: Intent) -> Iterator[Destination]:
    for tier in intent.offered_tiers().values():
        yield from destinations_of(intent, tier)


def _lifecycle(tier: Tier, days: int, *, cold: int | None) -> Lifecycle:
    return Lifecycle(retention_days=days, cold_storage_after_days=cold, archive=tier.archive and cold is not None)
