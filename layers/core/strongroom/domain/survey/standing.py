"""Who is who in a surveyed organisation: the accounts of the control plane and the Regions, as far as they show."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.survey.remarks import Remark, todo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.survey.found import Surveyed
    from strongroom.domain.survey.reading.tiers import TierRead

_SECTION: Final = "organization"


class Standing(Struct, frozen=True, kw_only=True):
    """The backup account, None where nothing shows it, the auditors', and where plans run, the home Region first."""

    backup_account: AccountId | None
    audit_account: AccountId | None
    home_region: Region
    regions: tuple[Region, ...]
    remarks: tuple[Remark, ...]


def standing_of(surveyed: Surveyed, tiers: Iterable[TierRead]) -> Standing:
    """What the plans, the delegation, the landing zone and the names of accounts say."""
    read = list(tiers)
    audit, about_audit = _audit_account(surveyed)
    backup, about_backup = _backup_account(surveyed, read, but=audit)
    home, regions = _regions(surveyed, read)
    remarks = [about_backup, about_audit]
    if home != surveyed.region:
        why = f"where most plans run, while your credentials say {surveyed.region}"
        remarks.append(todo(_SECTION, f"home_region: is it {home}? It is {why}"))
    return Standing(
        backup_account=backup, audit_account=audit, home_region=home, regions=regions, remarks=tuple(remarks)
    )


def _audit_account(surveyed: Surveyed) -> tuple[AccountId | None, Remark]:
    zone, named = surveyed.landing_zone, _named(surveyed, "audit")
    if zone and zone.audit_account:
        return zone.audit_account, Remark(_SECTION, "audit_account: AWS Control Tower's")
    if named in surveyed.administrators:
        return named, Remark(_SECTION, "audit_account: a delegated administrator of AWS Backup, called so")
    if named:
        return named, todo(_SECTION, f"audit_account: is it {named}, as its name says? Without one, take it out")
    return None, Remark(_SECTION, "audit_account: none was found, so there are no reports and no restore ceremony")


def _backup_account(
    surveyed: Surveyed, tiers: list[TierRead], *, but: AccountId | None
) -> tuple[AccountId | None, Remark]:
    """The delegate other than the auditors' account, and of several that into which most is copied; else a guess."""
    delegated = [account for account in surveyed.administrators if account != but]
    most_copied = _most_copied_into(tiers)
    if len(delegated) == 1 or most_copied in delegated:
        account = delegated[0] if len(delegated) == 1 else most_copied
        return account, Remark(_SECTION, "backup_account: the delegated administrator of AWS Backup")
    zone = surveyed.landing_zone
    guesses = {
        "AWS Control Tower calls it the backup administrator": zone.backup_administrator if zone else None,
        "most copies go there": most_copied,
        "its name says so": _named(surveyed, "backup"),
        "it is a delegated administrator of AWS Backup": next(iter(delegated), None),
    }
    for why, account in guesses.items():
        if account and account != but:
            return account, todo(_SECTION, f"backup_account: is it {account}? {why}, and nothing says it for certain")
    return None, todo(_SECTION, "backup_account: which account holds the copies? Make one that has nothing else in it")


def _regions(surveyed: Surveyed, tiers: list[TierRead]) -> tuple[Region, tuple[Region, ...]]:
    used = Counter(region for tier in tiers for region in tier.regions)
    if not used:
        return surveyed.region, (surveyed.region,)
    home = surveyed.region if surveyed.region in used else max(used, key=lambda region: used[region])
    return home, (home, *sorted(set(used) - {home}))


def _most_copied_into(tiers: list[TierRead]) -> AccountId | None:
    used = Counter(_accounts(tiers))
    return max(used, key=lambda account: used[account], default=None)


def _accounts(tiers: list[TierRead]) -> Iterator[AccountId]:
    return (vault.account for tier in tiers for rule in tier.rules for vault in rule.keep if vault.account)


def _named(surveyed: Surveyed, word: str) -> AccountId | None:
    """The only account that has the word in its name."""
    place = surveyed.organization
    names = {account: place.tree.names.get(account, "") for account in place.members}
    found = [account for account, name in names.items() if re.search(rf"\b{word}", name, re.IGNORECASE)]
    others = [account for account in found if account != place.management_account]
    return others[0] if len(others) == 1 else None
