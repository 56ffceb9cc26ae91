"""The sections about who is governed and by what, as the file has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.vaults import Vault, VaultLock
from strongroom.domain.survey import proposal
from strongroom.domain.survey.entries import most_used_key, tier_entry, tier_names, tier_remarks
from strongroom.domain.survey.remarks import Remark
from strongroom.domain.survey.units import TargetRead, read_targets, unit_names
from strongroom.domain.survey.vaults import vault_entries

if TYPE_CHECKING:
    from strongroom.domain.survey.found import Surveyed
    from strongroom.domain.survey.reading.plans import PlanFound
    from strongroom.domain.survey.reading.tiers import TiersRead
    from strongroom.domain.survey.standing import Standing

_USUAL_KEY: Final = "Backup"
_NO_TIER: Final = "none"


class Offer(Struct, frozen=True, kw_only=True):
    """What is offered to whom, with the names of units by their ids."""

    tag_key: str
    vaults: Mapping[str, Any]
    tiers: Mapping[str, Any]
    targets: tuple[TargetRead, ...]
    names: Mapping[str, str]
    remarks: tuple[Remark, ...]


def offer_of(
    surveyed: Surveyed, read: TiersRead, by_place: Mapping[str, tuple[PlanFound, ...]], *, standing: Standing
) -> Offer:
    """The offer that the plans in force make, or a proposal where none of them can be said."""
    names = unit_names(surveyed.organization)
    if not read.tiers:
        return _proposal(surveyed, standing, names)
    tag_key = most_used_key(read.tiers) or _USUAL_KEY
    called = tier_names(read.tiers, tag_key=tag_key)
    entries = vault_entries(surveyed, read.tiers, standing=standing)
    offers = {
        place: tuple(dict.fromkeys(called[id(read.by_plan[plan])] for plan in plans if plan in read.by_plan))
        for place, plans in by_place.items()
        if any(plan in read.by_plan for plan in plans)
    }
    targets = read_targets(offers, organization=surveyed.organization)
    about_vaults = [each.remark for each in entries.values() if each.remark]
    about_tiers = [each for tier in read.tiers for each in tier_remarks(tier, name=called[id(tier)])]
    return Offer(
        tag_key=tag_key,
        vaults={each.key: _vault(each.vault) for each in entries.values()},
        tiers={
            called[id(tier)]: tier_entry(
                tier, name=called[id(tier)], tag_key=tag_key, regions=standing.regions, vaults=entries
            )
            for tier in read.tiers
        },
        targets=targets,
        names=names,
        remarks=(*about_vaults, *about_tiers),
    )


def organization_entry(surveyed: Surveyed, standing: Standing, offer: Offer) -> dict[str, Any]:
    """Who is who; what nobody knows is left out."""
    place, accounts = surveyed.organization, (standing.backup_account, standing.audit_account)
    named = dict(zip(("backup_account", "audit_account"), accounts, strict=True))
    more = {"governed_regions": list(standing.regions)} if len(standing.regions) > 1 else {}
    units = {offer.names[unit]: unit for unit in offer.names if unit in _units_in_use(surveyed, offer)}
    return {
        "id": place.id,
        "root_id": place.root_id,
        "management_account": place.management_account,
        **{name: account for name, account in named.items() if account},
        "home_region": standing.home_region,
        **more,
        **({"units": units} if units else {}),
    }


def targets_entry(surveyed: Surveyed, offer: Offer) -> list[dict[str, Any]]:
    """Who is governed; untagged resources stay as they are."""
    return [
        {
            **_place(surveyed, target.place, offer.names),
            "tiers": list(target.tiers),
            "default_tier": _NO_TIER,
        }
        for target in offer.targets
    ]


def _place(surveyed: Surveyed, place: str, names: Mapping[str, str]) -> dict[str, Any]:
    if place == surveyed.organization.root_id:
        return {"root": True}
    if place in names:
        return {"unit": names[place]}
    parent = surveyed.organization.tree.accounts[AccountId(place)]
    return {**({"unit": names[parent]} if parent in names else {}), "account": place}


def _units_in_use(surveyed: Surveyed, offer: Offer) -> set[str]:
    """The units that a target names, and those that they lie in."""
    return {step for target in offer.targets for step in surveyed.organization.path(target.place)}


def _vault(vault: Vault) -> dict[str, Any]:
    lock = vault.lock if not isinstance(vault.lock, VaultLock) else _lock(vault.lock)
    fields = {
        "name": vault.name,
        "kind": vault.kind if vault.is_air_gapped else None,
        "account": vault.account,
        "region": vault.region,
        "lock": lock,
    }
    told = {name: value for name, value in fields.items() if value is not None}
    return told | ({"existing": True} if vault.existing else {})


def _lock(lock: VaultLock) -> dict[str, Any]:
    range_of_days = {"min_retention_days": lock.min_retention_days, "max_retention_days": lock.max_retention_days}
    if not lock.is_final:
        return {"mode": lock.mode, **range_of_days}
    cooling_off = lock.changeable_for_days
    return {**range_of_days, **({} if cooling_off is None else {"changeable_for_days": cooling_off})}


def _proposal(surveyed: Surveyed, standing: Standing, names: Mapping[str, str]) -> Offer:
    places = proposal.proposed_places(surveyed, standing)
    key = next((each for each in surveyed.tag_keys if "backup" in each.lower()), _USUAL_KEY)
    return Offer(
        tag_key=key,
        vaults=proposal.VAULTS,
        tiers={proposal.NAME: proposal.TIER},
        targets=tuple(TargetRead(place=place, tiers=(proposal.NAME,)) for place in places),
        names=names,
        remarks=tuple(proposal.proposal_remarks()),
    )
