"""Where the copies of a rule go, said once: into which vaults, for how long, cold from when on, behind which lock."""

from collections.abc import Callable, Collection, Iterator

from msgspec import Struct

from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import VaultPlace, source_vault_arns, vault_places
from strongroom.domain.intent.rules import BackupRule, rules_of
from strongroom.domain.intent.tiers import Kept, Tier
from strongroom.domain.intent.vaults import VaultLock
from strongroom.domain.remembered import once_of


class Lifecycle(Struct, frozen=True, kw_only=True):
    """How long a recovery point is kept, when it turns cold, and whether snapshots of EBS are archived then."""

    retention_days: int
    cold_storage_after_days: int | None = None
    archive: bool = False


class DestinationVault(Struct, frozen=True, kw_only=True):
    """A vault into which copies go.

    `key` is its name in the intent, `label` the same, with its Region where the vault is one of several. Where it has
    an `approval_team`, it is opened to another account by the vote of that.
    """

    key: str
    label: str
    name: str
    arn: str
    account: AccountId
    region: Region
    lock: VaultLock | None
    is_existing: bool = False
    is_air_gapped: bool = False
    approval_team: str = ""

    @property
    def path(self) -> str:
        """Its place in the file."""
        return f"vaults.{self.key}"

    @property
    def share_name(self) -> str:
        """What the share by AWS RAM is called that shows it to governed accounts."""
        return f"strongroom-{self.name}"


class Destination(Struct, frozen=True, kw_only=True):
    """A vault that every backup of a rule is copied into, and the lifecycle that is promised there.

    `retention_field` is the field of the tier that states how long the copy is kept.
    """

    vault: DestinationVault
    lifecycle: Lifecycle
    retention_field: str


def destinations_of(intent: Intent, rule: BackupRule, *, account: AccountId, region: Region) -> tuple[Destination, ...]:
    """Where each backup that the rule makes in an account and a Region is copied, in the order of `keep`.

    An air-gapped vault beside the resource is one of them: most types are copied there, by AWS Backup itself.
    """
    return _destinations(intent, rule, into=lambda place: not place.is_local, account=account, region=region)


def copy_actions_of(intent: Intent, rule: BackupRule, *, account: AccountId, region: Region) -> tuple[Destination, ...]:
    """Those of them that the rule itself must copy into."""
    return _destinations(intent, rule, into=lambda place: place.is_copied_into, account=account, region=region)


def primary_air_gap(intent: Intent, rule: BackupRule) -> VaultPlace | None:
    """The air-gapped vault in which the rule's backups end without a copy action, if there is one."""
    places = vault_places(intent)
    return next((places[key] for key in rule.keep if key in places and places[key].is_primary_air_gap), None)


def _destinations(
    intent: Intent, rule: BackupRule, *, into: Callable[[VaultPlace], bool], account: AccountId, region: Region
) -> tuple[Destination, ...]:
    places = vault_places(intent)
    kept = [(places[key], kept) for key, kept in rule.keep.items() if key in places and into(places[key])]
    return tuple(
        Destination(
            vault=_vault(place, account=account, region=region),
            lifecycle=_lifecycle(rule, each),
            retention_field=_field(rule, place),
        )
        for place, each in kept
    )


@once_of
def destination_vaults(intent: Intent) -> tuple[DestinationVault, ...]:
    """Every vault of a certain account that copies may go to, in each of its Regions."""
    return tuple(
        _vault(place, account=place.account, region=region)
        for place in vault_places(intent).values()
        if place.account is not None
        for region in ((place.region,) if place.region else intent.organization.regions)
    )


def made_vaults(intent: Intent) -> tuple[DestinationVault, ...]:
    """Those of them that are made from here."""
    return tuple(vault for vault in destination_vaults(intent) if not vault.is_existing)


def shared_vaults(intent: Intent) -> tuple[DestinationVault, ...]:
    """The air-gapped vaults that are shared with governed accounts, which restore out of them.

    They are those made from here which no approval team opens. Without a ceremony nothing is restored, and nothing
    shared.
    """
    if intent.restores is None:
        return ()
    return tuple(vault for vault in made_vaults(intent) if vault.is_air_gapped and not vault.approval_team)


def guarded_vaults(intent: Intent) -> tuple[DestinationVault, ...]:
    """The air-gapped vaults that an approval team opens to the account that is restored into, each time."""
    if intent.restores is None:
        return ()
    return tuple(vault for vault in destination_vaults(intent) if vault.is_air_gapped and vault.approval_team)


def opened_vaults(intent: Intent) -> tuple[DestinationVault, ...]:
    """The air-gapped vaults out of which another account restores: by a share that stands, or by a team's vote."""
    return (*shared_vaults(intent), *guarded_vaults(intent))


def approval_team_of(intent: Intent, vault: str) -> str:
    """The ARN of the team that opens the vault of this ARN; empty for every other one."""
    return next((each.approval_team for each in guarded_vaults(intent) if each.arn == vault), "")


def copying_accounts(intent: Intent) -> tuple[AccountId, ...]:
    """The accounts into whose vaults copies go."""
    return tuple(dict.fromkeys(vault.account for vault in destination_vaults(intent)))


def vault_accounts(intent: Intent) -> tuple[AccountId, ...]:
    """Those of them besides the backup account."""
    return tuple(each for each in copying_accounts(intent) if each != intent.organization.backup_account)


def vault_regions(intent: Intent, *, account: AccountId) -> tuple[Region, ...]:
    """The Regions in which an account has vaults that copies go to."""
    return tuple(dict.fromkeys(vault.region for vault in destination_vaults(intent) if vault.account == account))


def vault_forwarders(intent: Intent) -> tuple[tuple[AccountId, Region], ...]:
    """Where forwarders of accounts of vaults stand: where the vaults lie, and where global services tell of calls."""
    return tuple(
        (account, region)
        for account in vault_accounts(intent)
        for region in dict.fromkeys((*vault_regions(intent, account=account), intent.global_region))
    )


def makes_air_gaps(intent: Intent, *, accounts: Collection[AccountId | None]) -> bool:
    """Whether an air-gapped vault is made from here in one of these accounts, or in each governed one (None)."""
    made = (each for each in vault_places(intent).values() if each.vault.is_air_gapped and not each.vault.existing)
    return any(place.account in accounts for place in made)


def own_vaults(intent: Intent, *, account: AccountId) -> tuple[DestinationVault, ...]:
    """The vaults of an account itself that copies of its backups go to: in another Region, or air-gapped."""
    return tuple(
        _vault(place, account=account, region=region)
        for place in vault_places(intent).values()
        if place.account is None and not place.is_local
        for region in ((place.region,) if place.region else intent.organization.regions)
    )


def copy_back_vaults(intent: Intent) -> tuple[str, ...]:
    """The ARNs of the vaults out of which the control plane copies back: those of its own account, in any Region.

    Not those that an approval team opens: a copy back would pass it by.
    """
    own, guarded = intent.organization.backup_account, guarded_vaults(intent)
    return tuple(vault.arn for vault in destination_vaults(intent) if vault.account == own and vault not in guarded)


def vaults_to_restore_from(intent: Intent, *, account: AccountId, region: Region) -> tuple[str, ...]:
    """The ARNs of the vaults in a Region out of which an account's backups are restored.

    They are its own, which it has only where plans run, those out of which is copied back, and those that are shared
    with it, or opened to it.
    """
    made = source_vault_arns(intent, account=account, region=region)
    copied = (vault.arn for vault in own_vaults(intent, account=account) if vault.region == region)
    back = (arn for arn in copy_back_vaults(intent) if Arn.parse(arn).region == region)
    shared = (vault.arn for vault in opened_vaults(intent) if vault.region == region)
    own = (*made, *copied) if region in intent.organization.regions else ()
    return tuple(dict.fromkeys((*own, *back, *shared)))


def leaves_its_account(intent: Intent, tier: Tier) -> bool:
    """Whether a copy of the tier lies in another account."""
    kept = {key for rule in rules_of(tier) for key in rule.keep}
    return any(place.account is not None for key, place in vault_places(intent).items() if key in kept)


def local_vault(intent: Intent, rule: BackupRule) -> VaultPlace:
    """The vault in which the rule's backups are made: the only one that `keep` names of the account itself."""
    places = vault_places(intent)
    (place,) = (places[key] for key in rule.keep if places[key].is_local)
    return place


def local_lifecycle(intent: Intent, rule: BackupRule) -> Lifecycle:
    """The lifecycle of the backup itself, in the local vault of its account."""
    return _lifecycle(rule, rule.keep[local_vault(intent, rule).key])


def retentions_in(vault: DestinationVault, *, intent: Intent) -> tuple[int, ...]:
    """The days for which the offered tiers keep their copies in the vault."""
    return tuple(rule.keep[vault.key].days for rule in _offered(intent) if vault.key in rule.keep)


def longest_retention(intent: Intent) -> int:
    """Days for which the longest backup in a vault that is locked for ever is kept: what such a lock makes final."""
    final = [key for key, place in vault_places(intent).items() if _is_final(place)]
    return max((kept.days for rule in _offered(intent) for key, kept in rule.keep.items() if key in final), default=0)


def shortest_local_retention(intent: Intent) -> int:
    """Days for which a backup of the offered tier that keeps least stays in its own account."""
    return min(local_lifecycle(intent, rule).retention_days for rule in _offered(intent))


def _is_final(place: VaultPlace) -> bool:
    return place.lock is not None and place.lock.is_final


def _offered(intent: Intent) -> Iterator[BackupRule]:
    for tier in intent.offered_tiers().values():
        yield from rules_of(tier)


def _vault(place: VaultPlace, *, account: AccountId, region: Region) -> DestinationVault:
    arn = place.arn(account=account, region=region)
    return DestinationVault(
        key=place.key,
        label=place.key if place.region else f"{place.key}-{region}",
        name=place.vault.name,
        arn=arn,
        account=place.account or account,
        region=place.region or region,
        lock=place.lock,
        is_existing=place.vault.existing,
        is_air_gapped=place.vault.is_air_gapped,
        approval_team=place.vault.approval_team or "",
    )


def _lifecycle(rule: BackupRule, kept: Kept) -> Lifecycle:
    cold = kept.cold_after
    return Lifecycle(retention_days=kept.days, cold_storage_after_days=cold, archive=rule.archive and cold is not None)


def _field(rule: BackupRule, place: VaultPlace) -> str:
    return f"{rule.path}.keep.{place.key}".lstrip(".")
