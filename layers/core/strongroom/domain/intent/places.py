"""Where a vault of the intent lies: the words of its entry, and what it leaves out, said as accounts and Regions."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from strongroom.domain.identifiers import AccountId, Region, vault_arn
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import Vault, VaultLock
from strongroom.domain.remembered import once_of

LOCAL: Final = "local"
OWN: Final = "own"
BACKUP: Final = "backup"
SAME: Final = "same"
HOME: Final = "home"
DEFAULT: Final = "Default"  # the vault that AWS Backup makes by itself
TEMPORARY_VAULT: Final = "strongroom-restores"


class VaultPlace(Struct, frozen=True, kw_only=True):
    """A vault by its name in the intent, with its account and Region.

    `account` is None for a vault that each governed account has of its own, `region` for one in each Region where plans
    run.
    """

    key: str
    vault: Vault
    account: AccountId | None
    region: Region | None

    @property
    def is_local(self) -> bool:
        """Whether backups are made in it: the account's own, in the Region of the resource, and a standard vault."""
        return self._is_beside_the_resource and not self.vault.is_air_gapped

    @property
    def is_primary_air_gap(self) -> bool:
        """Whether backups end in it without a copy action: the account's own, in the Region of the resource."""
        return self._is_beside_the_resource and self.vault.is_air_gapped

    @property
    def is_copied_into(self) -> bool:
        """Whether a rule copies into it by an action of its own."""
        return not self._is_beside_the_resource

    @property
    def _is_beside_the_resource(self) -> bool:
        return self.account is None and self.region is None

    @property
    def lock(self) -> VaultLock | None:
        """Its lock, None where the intent wants none."""
        return None if self.vault.lock == "none" else self.vault.lock

    def arn(self, *, account: AccountId, region: Region) -> str:
        """Its ARN, as seen from an account and a Region in which a backup is made."""
        return vault_arn(self.vault.name, account=self.account or account, region=self.region or region)


@once_of
def vault_places(intent: Intent) -> Mapping[str, VaultPlace]:
    """Every vault of the intent, by its name there."""
    return {key: _place(intent, key, vault) for key, vault in intent.vaults.items()}


def local_vaults(intent: Intent) -> tuple[VaultPlace, ...]:
    """The vaults in which backups are made."""
    return tuple(place for place in vault_places(intent).values() if place.is_local)


def local_vault_names(intent: Intent) -> tuple[str, ...]:
    """The names of the vaults in which backups are made."""
    return tuple(dict.fromkeys(place.vault.name for place in local_vaults(intent)))


def own_places(intent: Intent) -> tuple[VaultPlace, ...]:
    """The vaults that each governed account has of its own: beside the resource, and in a second Region."""
    return tuple(place for place in vault_places(intent).values() if place.account is None)


def own_regions(intent: Intent, place: VaultPlace) -> tuple[Region, ...]:
    """The Regions in which an account has that vault."""
    return intent.organization.regions if place.region is None else (place.region,)


def local_vault_arns(intent: Intent, *, account: AccountId, region: Region) -> tuple[str, ...]:
    """The ARNs of an account's own vaults in a Region, where backups are made."""
    return tuple(place.arn(account=account, region=region) for place in local_vaults(intent))


def made_vault_names(intent: Intent) -> tuple[str, ...]:
    """The names of the vaults that are made from here: where backups are made, where copies go, and come back."""
    made = [place for place in vault_places(intent).values() if not place.vault.existing]
    names = [place.vault.name for place in sorted(made, key=lambda each: not each.is_local)]
    return tuple(dict.fromkeys((*names, *temporary_vault_names(intent))))


def source_vault_arns(intent: Intent, *, account: AccountId, region: Region) -> tuple[str, ...]:
    """The ARNs of an account's vaults in a Region from which copies go: where backups are made, air-gapped ones too."""
    return tuple(place.arn(account=account, region=region) for place in _sources(intent))


@once_of
def _sources(intent: Intent) -> tuple[VaultPlace, ...]:
    return tuple(place for place in vault_places(intent).values() if place.is_local or place.is_primary_air_gap)


def member_air_gaps(intent: Intent) -> tuple[VaultPlace, ...]:
    """The air-gapped vaults that are made from here in each governed account."""
    return tuple(place for place in own_places(intent) if place.vault.is_air_gapped and not place.vault.existing)


@once_of
def temporary_vaults(intent: Intent) -> Mapping[str, tuple[str, ...]]:
    """The ARNs of the vaults that copies come back into, where a restore profile names keys, each with those.

    It is made under the first of them, and may lie under none but these. Nothing stays there: what is copied back is
    restored, and expires two weeks later.
    """
    profiles = () if intent.restores is None else intent.restores.profiles
    keyed = [each for each in profiles if each.keys]
    return {vault_arn(TEMPORARY_VAULT, account=each.account, region=each.region): each.keys for each in keyed}


def temporary_vault_arn(intent: Intent, *, account: AccountId, region: Region) -> str:
    """The ARN of the one of that account and Region; empty where it has none."""
    arn = vault_arn(TEMPORARY_VAULT, account=account, region=region)
    return arn if arn in temporary_vaults(intent) else ""


def temporary_vault_names(intent: Intent) -> tuple[str, ...]:
    """The name that all of them have, where there are any."""
    return (TEMPORARY_VAULT,) if temporary_vaults(intent) else ()


def landing_vault_arn(intent: Intent, *, account: AccountId, region: Region) -> str:
    """The ARN of an account's local vault into which copies come back where there is no temporary one.

    It is the first that may take copies of other accounts.
    """
    found = [place for place in local_vaults(intent) if place.vault.name != DEFAULT] or local_vaults(intent)
    return found[0].arn(account=account, region=region)


def _place(intent: Intent, key: str, vault: Vault) -> VaultPlace:
    organization = intent.organization
    whose = vault.account or (OWN if key == LOCAL else BACKUP)
    where = vault.region or (SAME if key == LOCAL else HOME)
    named = None if whose == OWN else AccountId(whose)
    there = None if where == SAME else Region(where)
    return VaultPlace(
        key=key,
        vault=vault,
        account=organization.backup_account if whose == BACKUP else named,
        region=organization.home_region if where == HOME else there,
    )
