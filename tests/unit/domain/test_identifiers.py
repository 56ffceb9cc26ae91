"""ARNs are written as AWS writes them."""

from typing import Any

import pytest

from strongroom.domain.errors import MalformedIdentifierError
from strongroom.domain.identifiers import Arn, bus_arn, parse_account_id, parse_region, vault_arn
from tests.builders.places import BACKUP_ACCOUNT, BUS, HOME


def test_a_bus_has_an_arn() -> None:
    assert bus_arn("strongroom", account=BACKUP_ACCOUNT, region=HOME) == BUS


@pytest.mark.parametrize(
    ("region", "partition"),
    [("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn"), ("eusc-de-east-1", "aws-eusc"), (HOME, "aws")],
)
def test_an_arn_lies_in_the_partition_of_its_region(region: str, partition: str) -> None:
    place: Any = {"account": BACKUP_ACCOUNT, "region": region}
    assert Arn.parse(vault_arn("central", **place)).partition == partition
    assert Arn.parse(bus_arn("strongroom", **place)).partition == partition


@pytest.mark.parametrize(
    "region", ["eu-west-1", "ap-southeast-12", "us-gov-east-1", "us-isob-east-1", "eusc-de-east-1"]
)
def test_a_region_is_read_in_every_partition(region: str) -> None:
    assert parse_region(region) == region


@pytest.mark.parametrize(
    "text", ["", "eu-west", "EU-WEST-1", "eu-west-1a", "eu-west-1\n", "eu-west-1:333333333333:backup-vault:x", "*"]
)
def test_what_is_no_region_is_refused_with_what_it_was(text: str) -> None:
    with pytest.raises(MalformedIdentifierError) as refused:
        parse_region(text)
    assert repr(text) in str(refused.value)


@pytest.mark.parametrize("text", ["", "22222222222", "2222222222222", "22222222222x", "222222222222\n", "٢" * 12])
def test_what_is_no_account_is_refused(text: str) -> None:
    with pytest.raises(MalformedIdentifierError):
        parse_account_id(text)
