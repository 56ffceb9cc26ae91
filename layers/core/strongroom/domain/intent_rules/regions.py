"""Whether the Regions of an intent exist, lie where Strongroom works, and are on without anybody's doing.

Sources: AWS General Reference, "AWS Regions" (what opened after 20 March 2019 is off until it is enabled); AWS Backup
Developer Guide, "Feature availability" (no copy leaves a partition, and in China none leaves its account).
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import HOME, SAME

PARTITION: Final = "aws"

_ALWAYS_ON: Final = frozenset(
    {
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
        *("eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1"),
        *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2"),
    }
)


def find_unusable_regions(intent: Intent, partitions: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    """An error for each Region that nobody knows or that lies in another partition, a warning for each that may be off.

    `partitions` are the Regions that the SDK knows, by partition.
    """
    place = intent.organization
    named = {"organization.home_region": place.home_region}
    governed = {f"organization.governed_regions[{n}]": region for n, region in enumerate(place.governed_regions)}
    vaults = {f"vaults.{key}.region": Region(said) for key, said in _regions_of_vaults(intent)}
    partition_of = {region: name for name, regions in partitions.items() for region in regions}
    for path, region in (named | governed | vaults).items():
        match partition_of.get(region):
            case None:
                yield error("region-unknown", path, _unknown(region, partitions.get(PARTITION, frozenset())))
            case name if name != PARTITION:
                why = (
                    f"{region} lies in the partition {name}: what is written here is for {PARTITION} only, and no "
                    "copy leaves its partition"
                )
                yield error("partition-unsupported", path, why)
            case _ if region not in _ALWAYS_ON:
                why = (
                    f"{region} is off in every account until somebody enables it there: do so in the management, the "
                    "backup and each governed account first (aws account enable-region)"
                )
                yield warning("region-opt-in", path, why)


def _regions_of_vaults(intent: Intent) -> Iterator[tuple[str, str]]:
    for key, vault in intent.vaults.items():
        if vault.region is not None and vault.region not in (SAME, HOME):
            yield key, vault.region


def _unknown(region: str, known: frozenset[str]) -> str:
    nearest = get_close_matches(region, sorted(known), n=1)
    said = f"did you mean {nearest[0]}?" if nearest else "name another"
    return f"there is no Region {region!r} as far as this release knows; {said}"
