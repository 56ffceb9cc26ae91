"""Whether what an intent names exists, lies in its one partition, is on without anybody's doing, and can be had there.

Source: AWS Backup Developer Guide, "Feature availability" (no copy leaves a partition, in China none its account).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.destinations import destination_vaults
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import HOME, SAME
from strongroom.domain.intent_rules.air_gaps import find_regions_without_air_gaps, find_unheard_air_gaps
from strongroom.domain.partitions import partition_of
from strongroom.domain.regions import may_be_off, meant_region
from strongroom.domain.values import field_names, is_value

_ARN: Final = re.compile(r"arn:aws[a-z-]*:")


def find_unusable_regions(intent: Intent, partitions: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    """Errors about Regions and ARNs that cannot be used where the organisation lies, warnings about what may be off.

    `partitions` are the Regions that the SDK knows, by partition.
    """
    known = sorted(region for regions in partitions.values() for region in regions)
    for path, region in _regions(intent).items():
        if region not in known:
            yield error("region-unknown", path, _unknown(region, known))
        elif partition_of(region) != intent.partition:
            where = f"{region} is in {partition_of(region).name}, the organisation in {intent.partition.name}"
            yield error("partition-differs", path, f"{where}: no backup is copied from one partition to another")
        elif may_be_off(region):
            why = (
                f"{region} is off in every account until somebody enables it there: do so in the management, the "
                "backup and each governed account first (aws account enable-region)"
            )
            yield warning("region-opt-in", path, why)
    yield from _copies_that_aws_does_not_make(intent)
    yield from find_regions_without_air_gaps(intent)
    yield from find_unheard_air_gaps(intent)
    yield from _foreign_arns(intent)


def _copies_that_aws_does_not_make(intent: Intent) -> Iterator[Finding]:
    vaults = destination_vaults(intent)
    if intent.partition.has_copies_between_accounts or not vaults:
        return
    names = " and ".join(vault.name for vault in vaults)
    why = (
        "no backup is copied to another account in China (AWS Backup Developer Guide, Feature availability), so that "
        f"nothing would ever arrive in {names}: name vaults of the account itself, in either Region"
    )
    yield error("partition-unsupported", vaults[0].path, why)


def _foreign_arns(intent: Intent) -> Iterator[Finding]:
    own = intent.partition.name
    for path, arn in _arns(intent):
        _, partition, rest = arn.split(":", 2)
        if partition != own:
            why = f"the ARN is of {partition}, the organisation in {own}, where it names nothing"
            yield error("partition-differs", path, f"{why}: write arn:{own}:{rest}")


def _arns(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every ARN that the intent names, with its path."""
    match value:
        case str() if _ARN.match(value):
            yield path, value
        case tuple():
            for number, each in enumerate(value):
                yield from _arns(each, f"{path}[{number}]")
        case dict():
            for key, each in value.items():
                yield from _arns(each, f"{path}.{key}")
        case _ if is_value(value):
            for name in field_names(value):
                yield from _arns(getattr(value, name), f"{path}.{name}".removeprefix("."))


def _regions(intent: Intent) -> dict[str, Region]:
    place = intent.organization
    named = {"organization.home_region": place.home_region}
    governed = {f"organization.governed_regions[{n}]": region for n, region in enumerate(place.governed_regions)}
    of_vaults = {f"vaults.{key}.region": each.region for key, each in intent.vaults.items()}
    of_tiers = {
        f"tiers.{name}.regions[{n}]": each for name, tier in intent.tiers.items() for n, each in enumerate(tier.regions)
    }
    said = {path: Region(region) for path, region in of_vaults.items() if region not in (None, SAME, HOME)}
    return named | governed | said | of_tiers


def _unknown(region: str, known: list[str]) -> str:
    meant = meant_region(region, known)
    said = f"did you mean {meant}?" if meant else "name another"
    return f"{region!r} is no Region that AWS Backup has; {said}"
