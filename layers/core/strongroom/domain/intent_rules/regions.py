"""Whether the Regions of an intent exist, lie where Strongroom works, and are on without anybody's doing.

Source: AWS Backup Developer Guide, "Feature availability" (no copy leaves a partition, in China none its account).
"""

from collections.abc import Iterator, Mapping
from typing import Final

from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.intent.model import Intent
from strongroom.domain.regions import ALWAYS_ON, meant_region

PARTITION: Final = "aws"


def find_unusable_regions(intent: Intent, partitions: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    """An error for each Region that nobody knows or that lies in another partition, a warning for each that may be off.

    `partitions` are the Regions that the SDK knows, by partition.
    """
    place = intent.organization
    named = {"organization.home_region": place.home_region, "organization.replica_region": place.replica_region}
    governed = {f"organization.governed_regions[{n}]": region for n, region in enumerate(place.governed_regions)}
    partition_of = {region: name for name, regions in partitions.items() for region in regions}
    for path, region in (named | governed).items():
        match partition_of.get(region):
            case None:
                yield error("region-unknown", path, _unknown(region, partitions.get(PARTITION, frozenset())))
            case name if name != PARTITION:
                why = (
                    f"{region} lies in the partition {name}: what is written here is for {PARTITION} only, and no "
                    "copy leaves its partition"
                )
                yield error("partition-unsupported", path, why)
            case _ if region not in ALWAYS_ON:
                why = (
                    f"{region} is off in every account until somebody enables it there: do so in the management, the "
                    "backup and each governed account first (aws account enable-region)"
                )
                yield warning("region-opt-in", path, why)


def _unknown(region: str, known: frozenset[str]) -> str:
    meant = meant_region(region, known)
    said = f"did you mean {meant}?" if meant else "name another"
    return f"there is no Region {region!r} as far as this release knows; {said}"
