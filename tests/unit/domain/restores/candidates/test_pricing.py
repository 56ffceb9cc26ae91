"""What a restore costs by a dated table."""

import pytest

from strongroom.domain.preview.money.prices import read_prices
from strongroom.domain.restores.candidates.pricing import dollars_of
from strongroom.domain.restores.deciding.case import Storage, Way
from tests.builders.deciding.candidates import GIB
from tests.builders.places import HOME

PRICES = read_prices(
    {
        "date": "2026-11-01",
        "storage": {"eu-west-1": {"EFS": {"warm": 0.06}, "RDS": {"warm": 0.1}}, "eu-north-1": {"EBS": {"warm": 0.05}}},
        "transfer": {"eu-north-1": {"eu-west-1": 0.01}},
        "restores": {
            "eu-west-1": {"EFS": {"warm": 0.02, "cold": 0.03}, "S3": {"warm": 0.02}},
            "eu-north-1": {"EBS": {"cold": 0.03}},
        },
    }
)


@pytest.mark.parametrize(
    ("way", "resource_type", "source", "storage", "dollars"),
    [
        pytest.param(Way.LOCAL, "EFS", "eu-west-1", Storage.WARM, 2.0, id="restored"),
        pytest.param(Way.LOCAL, "EFS", "eu-west-1", Storage.COLD, 3.0, id="out of cold storage"),
        # 100 GB at 0.02, and 14 of 30 days at 0.06.
        pytest.param(Way.COPY_BACK, "EFS", "eu-west-1", Storage.WARM, 4.8, id="with the copy for two weeks"),
        pytest.param(Way.COPY_BACK, "EFS", "eu-west-1", Storage.COLD, 4.8, id="out of its copy, which is warm"),
        pytest.param(Way.LOCAL, "EBS", "eu-north-1", Storage.COLD, 3.0, id="one price is enough"),
        pytest.param(Way.LOCAL, "EBS", "eu-north-1", Storage.WARM, None, id="no price"),
        pytest.param(Way.LOCAL, "RDS", "eu-west-1", Storage.WARM, None, id="no price of a restore"),
        pytest.param(Way.COPY_BACK, "S3", "eu-west-1", Storage.WARM, None, id="no price of its storage"),
        pytest.param(Way.LOCAL, "EFS", "eu-north-1", Storage.WARM, None, id="no price in the Region"),
        pytest.param(Way.REPLICA, "EFS", "eu-west-1", Storage.WARM, 4.8, id="out of a replica"),
        # 1 dollar more for the way of 100 GB.
        pytest.param(Way.OTHER_REGION, "EFS", "eu-north-1", Storage.WARM, 5.8, id="from another Region"),
        pytest.param(Way.OTHER_REGION, "EFS", "eu-west-2", Storage.WARM, None, id="no price of the way"),
        # The copy between for two weeks as well.
        pytest.param(Way.OTHER_REGION_IN_TWO, "EFS", "eu-north-1", Storage.WARM, 8.6, id="by two copies"),
        pytest.param(Way.AIR_GAPPED, "EFS", "eu-west-1", Storage.WARM, None, id="nobody goes that way"),
    ],
)
def test_a_missing_price_is_none_and_never_a_guess(
    way: Way, resource_type: str, source: str, storage: Storage, dollars: float | None
) -> None:
    target = "eu-west-1" if way.crosses_regions else source
    place = {"resource_type": resource_type, "source": source, "target": target}
    assert dollars_of(way, size=100 * GIB, storage=storage, prices=PRICES, **place) == dollars


def test_dollars_are_told_to_the_cent() -> None:
    told = dollars_of(
        Way.LOCAL, size=GIB // 3, storage=Storage.WARM, resource_type="EFS", source=HOME, target=HOME, prices=PRICES
    )
    assert told == 0.01


def test_of_what_nobody_knows_the_size_nobody_knows_the_price() -> None:
    told = dollars_of(
        Way.LOCAL, size=None, storage=Storage.WARM, resource_type="EFS", source=HOME, target=HOME, prices=PRICES
    )
    assert told is None
