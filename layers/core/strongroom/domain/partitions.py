"""AWS's partitions: in which one a Region lies, and what differs from one to the next.

No account, no ARN and no copy reaches from one partition into another. Sources: IAM User Guide, "Identify AWS resources
with Amazon Resource Names (ARNs)"; the SDKs' `partitions.json`, which a test holds this against; AWS Backup Developer
Guide, "Feature availability by AWS Region" (no copy to another account in China) and "Logically air-gapped vault".
"""

from functools import lru_cache
from typing import Final

from msgspec import Struct

# What stands for the partition's name in a table of ARNs, which is written for every partition.
PLACEHOLDER: Final = "{partition}"
# Of so many Regions is remembered in which partition they lie.
_REGIONS: Final = 100


class Partition(Struct, frozen=True, kw_only=True):
    """A part of AWS: `global_region` is where Organizations is asked and tells, and with it what is called anywhere."""

    name: str
    dns_suffix: str
    global_region: str
    has_copies_between_accounts: bool = True
    has_air_gapped_vaults: bool = True


COMMERCIAL: Final = Partition(name="aws", dns_suffix="amazonaws.com", global_region="us-east-1")

# By what the codes of their Regions begin with; every other code is of the commercial partition.
_BY_PREFIX: Final = {
    "us-gov-": Partition(
        name="aws-us-gov", dns_suffix="amazonaws.com", global_region="us-gov-west-1", has_air_gapped_vaults=False
    ),
    "cn-": Partition(
        name="aws-cn",
        dns_suffix="amazonaws.com.cn",
        global_region="cn-northwest-1",
        has_copies_between_accounts=False,
        has_air_gapped_vaults=False,
    ),
    "eusc-": Partition(name="aws-eusc", dns_suffix="amazonaws.eu", global_region="eusc-de-east-1"),
    "us-iso-": Partition(name="aws-iso", dns_suffix="c2s.ic.gov", global_region="us-iso-east-1"),
    "us-isob-": Partition(name="aws-iso-b", dns_suffix="sc2s.sgov.gov", global_region="us-isob-east-1"),
    "eu-isoe-": Partition(name="aws-iso-e", dns_suffix="cloud.adc-e.uk", global_region="eu-isoe-west-1"),
    "us-isof-": Partition(name="aws-iso-f", dns_suffix="csp.hci.ic.gov", global_region="us-isof-south-1"),
}
PARTITIONS: Final = (COMMERCIAL, *_BY_PREFIX.values())


@lru_cache(maxsize=_REGIONS)
def partition_of(region: str) -> Partition:
    """The partition that a Region lies in, told by its code."""
    return next((each for prefix, each in _BY_PREFIX.items() if region.startswith(prefix)), COMMERCIAL)


def in_partition(arn: str, partition: str) -> str:
    """An ARN of a table as it reads in that partition; one that names its partition stays as it is."""
    return arn.replace(PLACEHOLDER, partition, 1)
