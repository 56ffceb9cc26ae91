"""The vaults that plans name, as entries of the file: what they are called there, where they lie, their locks."""

from __future__ import annotations

from collections import Counter
from copy import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.forms import LONGEST_RETENTION_DAYS
from strongroom.domain.identifiers import vault_arn
from strongroom.domain.intent.places import BACKUP, DEFAULT, HOME, LOCAL, OWN
from strongroom.domain.intent.vaults import Vault, VaultLock
from strongroom.domain.survey.names import LONGEST, free_name, plain_name
from strongroom.domain.survey.reading.rules import VaultNamed
from strongroom.domain.survey.reading.tiers import SAME
from strongroom.domain.survey.remarks import Remark, todo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from strongroom.domain.survey.found import Surveyed, VaultFound
    from strongroom.domain.survey.reading.tiers import TierRead
    from strongroom.domain.survey.standing import Standing

_SECTION: Final = "vaults"
_LEAST_COOLING_OFF: Final = 3


class VaultEntry(Struct, frozen=True, kw_only=True):
    """A vault under its name in the file, and what there is to say about it."""

    key: str
    vault: Vault
    remark: Remark | None = None


def vault_entries(surveyed: Surveyed, tiers: Iterable[TierRead], *, standing: Standing) -> dict[VaultNamed, VaultEntry]:
    """Every vault that the tiers name, the most used first among those of a kind."""
    read = list(tiers)
    ours = {vault for tier in read if tier.is_ours for rule in tier.rules for vault in rule.keep}
    entries: dict[VaultNamed, VaultEntry] = {}
    for vault in _used(read):
        key = free_name(_key(vault, standing), {each.key for each in entries.values()})
        entries[vault] = _entry(key, vault, surveyed=surveyed, standing=standing, is_ours=vault in ours)
    return entries


def _used(tiers: list[TierRead]) -> list[VaultNamed]:
    """Local vaults first, then by how many rules keep something there."""
    counts = Counter(vault for tier in tiers for rule in tier.rules for vault in rule.keep)
    return sorted(counts, key=lambda vault: (not vault.is_local, -counts[vault]))


def _key(vault: VaultNamed, standing: Standing) -> str:
    if vault.is_local:
        return LOCAL
    if vault.is_primary_air_gap:
        return "air-gap"
    if vault.account is None:
        return "second"
    if vault.account == standing.backup_account:
        return "central" if vault.region in (SAME, standing.home_region) else "replica"
    return plain_name(vault.name)[:LONGEST]


def _entry(key: str, vault: VaultNamed, *, surveyed: Surveyed, standing: Standing, is_ours: bool) -> VaultEntry:
    account = OWN if vault.account is None else BACKUP if vault.account == standing.backup_account else vault.account
    region = (vault.region or SAME) if vault.region != standing.home_region else HOME
    usual = (OWN, SAME) if key == LOCAL else (BACKUP, HOME)
    entry = Vault(
        name=vault.name,
        account=None if account == usual[0] else account,
        region=None if region == usual[1] else region,
        kind="air-gapped" if vault.is_primary_air_gap else "standard",
        existing=not is_ours,
    )
    found = _found(vault, surveyed=surveyed, standing=standing)
    if vault.name == DEFAULT and vault.is_local:
        return VaultEntry(key=key, vault=replace(entry, existing=True))
    if not found:
        why = "nobody could look: is it there, and how is it locked?"
        return VaultEntry(key=key, vault=entry, remark=todo(_SECTION, f"{key}: {vault.name}: {why}"))
    there = [each for each in found if each is not None]
    if not there:
        why = "it is named in a plan and is not there, so what goes into it fails; it is written as one to be made"
        return VaultEntry(
            key=key, vault=replace(entry, existing=False), remark=todo(_SECTION, f"{key}: {vault.name}: {why}")
        )
    return _locked(key, entry, there, is_copy=not vault.is_local)


def _locked(key: str, entry: Vault, found: list[VaultFound], *, is_copy: bool) -> VaultEntry:
    if len({(each.is_locked, each.min_retention_days, each.max_retention_days) for each in found}) > 1:
        why = f"{entry.name} is locked otherwise in one account or Region than in another: which lock shall it have?"
        return VaultEntry(key=key, vault=entry, remark=todo(_SECTION, f"{key}: {why}"))
    [first, *_] = found
    entry = replace(entry, kind="air-gapped" if first.is_air_gapped else "standard")
    if first.is_locked:
        return VaultEntry(key=key, vault=replace(entry, lock=_lock(first)))
    if not is_copy:
        return VaultEntry(key=key, vault=entry)
    why = f"{entry.name} has no lock: whoever may delete there can delete every copy"
    return VaultEntry(key=key, vault=replace(entry, lock="none"), remark=Remark(_SECTION, f"{key}: {why}"))


def _lock(found: VaultFound) -> VaultLock:
    least, most = found.min_retention_days or 1, found.max_retention_days or LONGEST_RETENTION_DAYS
    if found.is_air_gapped:
        return VaultLock(min_retention_days=least, max_retention_days=most)
    if found.lock_date is None:
        return VaultLock(min_retention_days=least, max_retention_days=most, mode="governance")
    made = found.created_at or found.lock_date
    cooling_off = round((found.lock_date - made) / timedelta(days=1))
    return VaultLock(
        min_retention_days=least, max_retention_days=most, changeable_for_days=max(cooling_off, _LEAST_COOLING_OFF)
    )


def _found(vault: VaultNamed, *, surveyed: Surveyed, standing: Standing) -> list[VaultFound | None]:
    """What was seen of the vault wherever it would be, None for a place that was looked at and has none."""
    members = surveyed.organization.members
    places = [
        (account, region)
        for account in ([vault.account] if vault.account else members)
        for region in (standing.regions if vault.region in (None, SAME) else [vault.region])
    ]
    looked_at = [place for place in places if place in surveyed.looked_at]
    return [surveyed.vaults.get(vault_arn(vault.name, account=each, region=region)) for each, region in looked_at]
