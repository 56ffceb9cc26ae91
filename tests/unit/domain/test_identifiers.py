"""ARNs are written as AWS writes them."""

from typing import Any

import pytest

from strongroom.domain.identifiers import bus_arn
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
