"""ARNs are written as AWS writes them."""

from typing import Any

import pytest

from strongroom.domain.errors import MalformedIdentifierError
from strongroom.domain.identifiers import bus_arn, parse_account_id, parse_region
from tests.builders.places import BUS


@pytest.mark.parametrize(
    ("place", "arn"),
    [
        ({"account": "999999999999", "region": "eu-west-1"}, BUS),
        ({"account": "*", "region": "*"}, "arn:aws:events:*:*:event-bus/strongroom"),
    ],
    ids=["one bus", "a bus wherever it is"],
)
def test_a_bus_has_an_arn(place: dict[str, Any], arn: str) -> None:
    assert bus_arn("strongroom", **place) == arn


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
