"""What a restore costs, by a dated table; what the table does not have is no price at all, and never a guess."""

from typing import Final

from strongroom.domain.preview.money.prices import PriceTable, StoragePrice
from strongroom.domain.restores.deciding.case import Storage, Way
from strongroom.domain.restores.landing import WORKING_MARGIN

_GIGABYTE: Final = 2**30
_MONTH: Final = 30  # days, as AWS's prices for a month are mostly read


def dollars_of(
    way: Way, *, size: int | None, storage: Storage, resource_type: str, region: str, prices: PriceTable
) -> float | None:
    """What a restore of so many bytes out of a vault in that Region costs once.

    A copy back is paid for as long as there is to work with it. None where any part of it has no price, or the way
    leads through another Region.
    """
    if size is None or way not in (Way.LOCAL, Way.COPY_BACK):
        return None
    out_of = Storage.WARM if way is Way.COPY_BACK else storage
    each = _by_storage(prices.restored(region, resource_type), out_of)
    kept = _by_storage(prices.stored(region, resource_type), Storage.WARM) if way is Way.COPY_BACK else 0.0
    if each is None or kept is None:
        return None
    return round(size / _GIGABYTE * (each + kept * WORKING_MARGIN.days / _MONTH), 2)


def _by_storage(price: StoragePrice, storage: Storage) -> float | None:
    return price.cold if storage is Storage.COLD else price.warm
