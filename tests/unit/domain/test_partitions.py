"""Each Region lies in one partition, as the SDK has it."""

import json
import pkgutil

import pytest

from strongroom.domain.partitions import COMMERCIAL, PARTITIONS, in_partition, partition_of
from strongroom_cli.intent.regions import known_partitions

SDK = json.loads(pkgutil.get_data("botocore", "data/partitions.json") or b"{}")["partitions"]


@pytest.mark.parametrize(
    ("region", "partition"),
    [(region, name) for name, regions in known_partitions().items() for region in sorted(regions)],
)
def test_a_region_lies_where_the_sdk_has_it(region: str, partition: str) -> None:
    assert partition_of(region).name == partition


def test_the_partitions_are_those_of_the_sdk() -> None:
    ours = {(each.name, each.dns_suffix, each.global_region) for each in PARTITIONS}
    told = {each["id"]: each["outputs"] for each in SDK}
    assert ours == {(name, each["dnsSuffix"], each["implicitGlobalRegion"]) for name, each in told.items()}


def test_a_code_that_nobody_knows_is_commercial() -> None:
    assert partition_of("eu-wset-1") == COMMERCIAL


@pytest.mark.parametrize(
    ("arn", "placed"),
    [
        ("arn:{partition}:s3:::strongroom-*", "arn:aws-cn:s3:::strongroom-*"),
        ("arn:aws-us-gov:iam::111122223333:role/x", "arn:aws-us-gov:iam::111122223333:role/x"),
        ("*", "*"),
    ],
)
def test_what_a_table_leaves_open_is_filled_in_and_nothing_else(arn: str, placed: str) -> None:
    assert in_partition(arn, "aws-cn") == placed
