"""What is wrong with the vaults: their names, where they lie, and their locks."""

from collections.abc import Iterator, Mapping

from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.forms import COOLING_OFF_DAYS, LONGEST_RETENTION_DAYS, VAULT_ACCOUNT, VAULT_NAME, VAULT_REGION
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import DEFAULT, TEMPORARY_VAULT, VaultPlace, local_vaults, vault_places
from strongroom.domain.intent.vaults import VaultLock
from strongroom.domain.intent_rules.air_gaps import find_air_gap_contradictions, find_team_contradictions


def find_vault_contradictions(intent: Intent) -> Iterator[Finding]:
    """Every contradiction in the vaults and their locks."""
    for key, vault in intent.vaults.items():
        if vault.account is not None and not VAULT_ACCOUNT.fits(vault.account):
            why = f"{vault.account!r} is none of own, backup, or an account id of twelve digits in quotes"
            yield error("vault-account", f"vaults.{key}.account", why)
        if vault.region is not None and not VAULT_REGION.fits(vault.region):
            why = f"{vault.region!r} is none of same, home, or a Region such as eu-central-1"
            yield error("vault-region", f"vaults.{key}.region", why)
    places = vault_places(intent)
    for place in places.values():
        yield from _vault(place)
    yield from _twice(intent, places)
    if not local_vaults(intent):
        why = "no vault is the account's own in each Region (account: own, region: same), where backups are made"
        yield error("no-local-vault", "vaults", why)


def _vault(place: VaultPlace) -> Iterator[Finding]:
    path, vault = f"vaults.{place.key}", place.vault
    if not VAULT_NAME.fits(vault.name):
        yield error("vault-name", f"{path}.name", f"{vault.name!r} must be 2 to 50 letters, digits, '-' or '_'")
    elif vault.name == DEFAULT and place.account is not None:
        yield error("vault-name", f"{path}.name", "the Default vault takes no copies from other accounts")
    elif vault.name == DEFAULT and not vault.existing:
        why = "the Default vault is made by AWS: write existing: true, and that no copy comes back into it"
        yield error("vault-name", f"{path}.name", why)
    elif vault.name == DEFAULT and place.is_local:
        why = "the Default vault takes no copies from other accounts: what comes back needs another local vault"
        yield warning("default-vault", f"{path}.name", why)
    elif vault.name == TEMPORARY_VAULT:
        why = "has the name of the vaults that copies come back into: call it otherwise"
        yield error("vault-name", f"{path}.name", why)
    yield from find_team_contradictions(place, path=path)
    if vault.is_air_gapped:
        yield from find_air_gap_contradictions(place, path=path)
    elif isinstance(vault.lock, VaultLock):
        yield from _lock(vault.lock, path=f"{path}.lock")
    elif vault.lock is None and place.account is not None and not vault.existing:
        why = "is missing: copies are only safe in a locked vault; write a lock, or lock: none to say that you know"
        yield error("lock-missing", f"{path}.lock", why)


def _lock(lock: VaultLock, *, path: str) -> Iterator[Finding]:
    if not 1 <= lock.min_retention_days <= lock.max_retention_days <= LONGEST_RETENTION_DAYS:
        numbers = f"{lock.min_retention_days} to {lock.max_retention_days}"
        yield error("lock-range", path, f"{numbers} is no range between 1 and {LONGEST_RETENTION_DAYS}")
    cooling = f"{path}.changeable_for_days"
    if lock.mode == "governance":
        if lock.changeable_for_days is not None:
            why = "is for compliance mode: a lock in governance mode can be changed for ever by whoever may"
            yield error("lock-cooling-off", cooling, why)
    elif lock.changeable_for_days is None:
        yield error("lock-cooling-off", cooling, f"is missing: 3 to {LONGEST_RETENTION_DAYS} days, then nobody can")
    elif not COOLING_OFF_DAYS.holds(lock.changeable_for_days):
        why = f"must be 3 to {LONGEST_RETENTION_DAYS} days, not {lock.changeable_for_days}"
        yield error("lock-cooling-off", cooling, why)


def _twice(intent: Intent, places: Mapping[str, VaultPlace]) -> Iterator[Finding]:
    first: dict[tuple[str, str | None, str], str] = {}
    for key, place in places.items():
        regions = (place.region,) if place.region else intent.organization.regions
        others = [first.setdefault((place.vault.name, place.account, region), key) for region in regions]
        if other := next((each for each in others if each != key), None):
            why = f"is the vault {place.vault.name} of {other} once more: two names for one vault"
            yield error("vault-twice", f"vaults.{key}", why)
