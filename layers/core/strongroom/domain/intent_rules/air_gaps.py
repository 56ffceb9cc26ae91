"""What is wrong with air-gapped vaults, and with what a rule keeps in them.

Sources: AWS Backup Developer Guide, "Logically air-gapped vault" and "Primary backups to logically air-gapped vaults";
API reference, CreateLogicallyAirGappedBackupVault.
"""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.catalogue.rows import ROWS, names_of
from strongroom.domain.findings import Finding, error, note, warning
from strongroom.domain.forms import APPROVAL_TEAM, LONGEST_RETENTION_DAYS
from strongroom.domain.intent.destinations import destination_vaults, local_vault
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import VaultPlace, vault_places
from strongroom.domain.intent.rules import BackupRule, rules_of
from strongroom.domain.intent.tiers import Tier
from strongroom.domain.intent.vaults import VaultLock

SHORTEST_DAYS: Final = 7
# "Regions" of the comparison with a standard vault, edition of 2026; whoever wants one there tries it first.
_NOT_YET: Final = (
    "ap-east-2",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "mx-central-1",
)


def find_air_gap_contradictions(place: VaultPlace, *, path: str) -> Iterator[Finding]:
    """Every contradiction in an air-gapped vault itself: its lock is complete, and final from the start."""
    lock = place.vault.lock
    if not isinstance(lock, VaultLock):
        why = "an air-gapped vault is made with its lock: write min_retention_days and max_retention_days"
        yield error("lock-missing", f"{path}.lock", why)
        return
    if lock.mode != "compliance":
        yield error("air-gap-lock", f"{path}.lock.mode", "the lock of an air-gapped vault is in compliance mode always")
    if lock.changeable_for_days is not None:
        why = "the lock of an air-gapped vault has no cooling-off: nobody can change it from its first moment on"
        yield error("air-gap-lock", f"{path}.lock.changeable_for_days", why)
    if not SHORTEST_DAYS <= lock.min_retention_days <= lock.max_retention_days <= LONGEST_RETENTION_DAYS:
        numbers = f"{lock.min_retention_days} to {lock.max_retention_days}"
        why = f"{numbers} is no range between {SHORTEST_DAYS} and {LONGEST_RETENTION_DAYS}"
        yield error("lock-range", f"{path}.lock", why)


def find_team_contradictions(place: VaultPlace, *, path: str) -> Iterator[Finding]:
    """Every contradiction in who opens a vault: a team opens an air-gapped one of a certain account, and no other."""
    team, at = place.vault.approval_team, f"{path}.approval_team"
    if team is None:
        return
    if not APPROVAL_TEAM.fits(team):
        yield error("approval-team", at, f"{team!r:.200} is not the ARN of an approval team")
    if not place.vault.is_air_gapped or place.account is None:
        why = "opens air-gapped vaults of one certain account: write kind: air-gapped and an account, or leave it out"
        yield error("approval-team", at, why)


def find_regions_without_air_gaps(intent: Intent) -> Iterator[Finding]:
    """An error for a partition that has no air-gapped vaults, a warning for a Region that had none."""
    for place in vault_places(intent).values():
        if not place.vault.is_air_gapped:
            continue
        path = f"vaults.{place.key}.kind"
        regions = (place.region,) if place.region else intent.organization.regions
        if not intent.partition.has_air_gapped_vaults:
            why = f"{intent.partition.name} has no air-gapped vaults: copy into a locked standard vault"
            yield error("partition-unsupported", path, why)
        elif late := [region for region in regions if region in _NOT_YET]:
            why = f"as AWS documents it {' and '.join(late)} has no air-gapped vaults yet: make one by hand first"
            yield warning("air-gap-region", path, why)


def find_unheard_air_gaps(intent: Intent) -> Iterator[Finding]:
    """A warning for an air-gapped vault of the backup account where no rule hears with whom it is shared.

    AWS RAM tells of that in the vault's Region, and the backup account forwards from none but home.
    """
    place = intent.organization
    for vault in destination_vaults(intent):
        if vault.is_air_gapped and vault.account == place.backup_account and vault.region != place.home_region:
            why = (
                f"nobody is told at once who changes with whom {vault.arn} is shared: the backup account is heard in "
                f"{place.home_region} alone, and strongroom plan and doctor show it; an account of vaults is heard in "
                "each Region of its vaults"
            )
            yield warning("air-gap-unheard", f"{vault.path}.region", why)


def find_kept_in_air_gaps(intent: Intent, rule: BackupRule, *, path: str, kept: str) -> Iterator[Finding]:
    """Every contradiction between a rule and the air-gapped vaults of its `keep`, whose place in the file is `kept`."""
    places = vault_places(intent)
    gaps = [places[key] for key in rule.keep if places[key].vault.is_air_gapped]
    primary = [place for place in gaps if place.is_primary_air_gap]
    if len(primary) > 1:
        names = ", ".join(place.key for place in primary)
        yield error("air-gap-twice", kept, f"AWS Backup takes one air-gapped vault of the account itself, not {names}")
    elif primary:
        yield from _beside_local(intent, rule, primary[0], kept=kept)
        yield from _chained(primary[0], [place for place in gaps if place not in primary], kept=kept)
        if rule.index:
            why = "AWS Backup indexes nothing that lies in an air-gapped vault"
            yield warning("air-gap-index", f"{path}.index", why)


def find_types_outside_air_gaps(intent: Intent, tier: Tier, *, path: str) -> Iterator[Finding]:
    """Which types of a tier its air-gapped vaults do not take: an error for what is named, else a note."""
    places = vault_places(intent)
    kept = dict.fromkeys(key for rule in rules_of(tier) for key in rule.keep if key in places)
    gaps = [places[key] for key in kept if places[key].vault.is_air_gapped]
    copied = [place.key for place in gaps if place.is_copied_into]
    refused = _refused_types() if gaps else ()
    for number, name in enumerate(tier.resource_types):
        if name not in refused:
            continue
        here = f"{path}.resource_types[{number}]"
        if copied:
            why = f"no air-gapped vault takes {name}: every copy into {' and '.join(copied)} would fail"
            yield error("air-gap-type", here, why)
        else:
            why = f"no air-gapped vault takes {name}: its backups stay in the standard vault"
            yield warning("air-gap-type", here, why)
    if gaps and not tier.resource_types:
        ends = f"copies into {' and '.join(copied)} fail" if copied else "backups stay in the standard vault"
        why = f"no air-gapped vault takes {', '.join(refused)}, nor some kinds of FSx: their {ends}"
        yield note("air-gap-type", f"{path}.keep", why)


def _refused_types() -> tuple[str, ...]:
    taken = names_of(row for row in ROWS if row.enters_air_gap)
    return tuple(name for name in names_of(ROWS) if name not in taken)


def _beside_local(intent: Intent, rule: BackupRule, gap: VaultPlace, *, kept: str) -> Iterator[Finding]:
    local = local_vault(intent, rule)
    if rule.keep[gap.key] != rule.keep[local.key]:
        why = (
            f"must keep what {local.key} keeps ({rule.keep[local.key].days} days): a rule has one lifecycle for both,"
            f" and what does not get into {gap.key} stays in {local.key} that long"
        )
        yield error("air-gap-days", f"{kept}.{gap.key}", why)


def _chained(primary: VaultPlace, others: list[VaultPlace], *, kept: str) -> Iterator[Finding]:
    for other in others:
        why = (
            f"AWS Backup schedules no copy from one air-gapped vault into another: what it makes in {primary.key} at"
            f" once would never reach {other.key}; leave one out, or make {other.key} a standard vault"
        )
        yield error("air-gap-chain", f"{kept}.{other.key}", why)
