"""What a restore costs, by a dated table; what the table does not have is no price at all, and never a guess."""

from typing import Final

from strongroom.domain.preview.money.prices import PriceTable, StoragePrice
from strongroom.domain.restores.arriving.landing import WORKING_MARGIN
from strongroom.domain.restores.deciding.case import Storage, Way

_GIGABYTE: Final = 2**30
_MONTH: Final = 30  # days, as AWS's prices for a month are mostly read


def dollars_of(
    way: Way, *, size: int | None, storage: Storage, resource_type: str, source: str, target: str, prices: PriceTable
) -> float | None:
    """What a restore of so many bytes out of a vault in one Region, the `source`, into another or the same costs once.

    Each copy is paid for as long as there is to work with it, and for its way where it crosses Regions. None where any
    part of it has no price, or nobody restores that way here.
    """
    if size is None or way.is_air_gapped:
        return None
    each = _by_storage(prices.restored(target, resource_type), Storage.WARM if way.makes_copy else storage)
    kept = _by_storage(prices.stored(target, resource_type), Storage.WARM) if way.makes_copy else 0.0
    moved = prices.moved(source, target)
    if each is None or kept is None or moved is None:
        return None
    return round(size / _GIGABYTE * (each + moved + kept * way.copies * WORKING_MARGIN.days / _MONTH), 2)


def _by_storage(price: StoragePrice, storage: Storage) -> float | None:
    return price.cold if storage is Storage.COLD else price.warm
