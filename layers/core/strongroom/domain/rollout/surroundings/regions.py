"""The Regions that are off in single accounts: nothing can be made there, and nobody else can enable them.

Sources: Account Management API reference, EnableRegion; CloudFormation User Guide, "Performing stack set operations
involving Regions that are disabled by default", by which the management account needs them, too.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from strongroom.domain.findings import Finding, warning
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.destinations import destination_vaults
from strongroom.domain.intent.model import Intent
from strongroom.domain.regions import enabling, is_off, may_be_off
from strongroom.domain.rollout.members import Place

_PATH: Final = "organization.governed_regions"
_TOLD: Final = 5


def own_places_that_may_be_shut(intent: Intent, members: tuple[Place, ...]) -> tuple[Place, ...]:
    """Where our own accounts need a Region that has to be enabled, beside the `members`."""
    place = intent.organization
    wanted = (
        *((place.management_account, region) for _, region in members),
        (place.backup_account, place.home_region),
        *((vault.account, vault.region) for vault in destination_vaults(intent)),
    )
    return tuple(dict.fromkeys(each for each in wanted if may_be_off(each[1])))


def judge_regions(statuses: Mapping[Place, str | None], *, management: AccountId) -> Iterator[Finding]:
    """A warning for each place whose Region is off, which stops nothing elsewhere, and one for what nobody saw."""
    for place, status in statuses.items():
        if status is not None and is_off(status):
            account, region = place
            why = f"{region} is {status} in account {account}, so that nothing is protected there"
            how = enabling(region, account, opt_status=status, management=management)
            yield warning("region-off", _PATH, f"{why}: {how}")
    if unseen := [place for place, status in statuses.items() if status is None]:
        told = ", ".join(f"{account} {region}" for account, region in unseen[:_TOLD])
        more = f" and {len(unseen) - _TOLD} more places" if len(unseen) > _TOLD else ""
        why = f"whether these Regions are on is unknown: the role of --through cannot look there: {told}{more}"
        yield warning("region-unread", _PATH, why)
