"""What backups cost a month in the long run, and what locked vaults would still cost if backups stopped.

Long run means that every rule has been running for longer than it keeps anything; a resource's size and daily change
stay what they are.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.preview.money.points import Stock, leftovers, stocks
from strongroom.domain.preview.money.prices import PriceTable
from strongroom.domain.preview.money.storage_forms import ASSUMED_DAILY_CHANGE
from strongroom.domain.preview.money.vaults import Holding, VaultPlace, holdings
from strongroom.domain.preview.plans import Plan
from strongroom.domain.preview.resources.inventory import Resource


class Money(Struct, frozen=True, kw_only=True):
    """Dollars a month: of the local vaults, of each vault that is copied into, and of what moves between Regions.

    `cold` is the part of it that lies in cold storage. `committed` are the dollars that a locked vault would still
    cost in all, from the day on which backups stopped. `unpriced` names what the table has no price for, with the
    gigabytes; of `unsized` resources nobody knows the size, of `assumed` ones the daily change. Vaults are `endless`
    out of which something is never deleted: that is not counted.
    """

    local: float = 0.0
    copies: Mapping[str, float] = field(default_factory=dict)
    transfer: float = 0.0
    cold: float = 0.0
    committed: Mapping[str, float] = field(default_factory=dict)
    unpriced: Mapping[str, float] = field(default_factory=dict)
    unsized: int = 0
    assumed: int = 0
    endless: tuple[str, ...] = ()

    @property
    def total(self) -> float:
        """All of it, a month."""
        return self.local + sum(self.copies.values()) + self.transfer


class _Kind(Struct, frozen=True):
    """Resources of which a gigabyte costs the same; `daily_change` is None where each point is stored whole."""

    plans: tuple[Plan, ...]
    row: ResourceType
    region: str
    daily_change: float | None
    changes: float


@dataclasses.dataclass(slots=True)
class Purse:
    """Adds up what is backed up, then says what it costs; `locked` are the ARNs of the vaults that are locked."""

    prices: PriceTable
    locked: frozenset[str]
    _kinds: dict[tuple[object, ...], _Kind] = dataclasses.field(default_factory=dict, init=False)
    _gigabytes: defaultdict[tuple[object, ...], float] = dataclasses.field(
        default_factory=lambda: defaultdict(float), init=False
    )
    _unsized: int = dataclasses.field(default=0, init=False)
    _assumed: int = dataclasses.field(default=0, init=False)

    def add(self, resource: Resource, row: ResourceType, plans: tuple[Plan, ...], *, known_as: object) -> None:
        """Count a resource of that type that these plans back up; `known_as` is the same for the same plans only."""
        if resource.gigabytes is None:
            self._unsized += 1
            return
        change = ASSUMED_DAILY_CHANGE if resource.daily_change is None else resource.daily_change
        self._assumed += resource.daily_change is None and row.is_incremental
        looks = (known_as, id(row), resource.region, change)
        if looks not in self._kinds:
            self._kinds[looks] = _Kind(plans, row, resource.region, change if row.is_incremental else None, change)
        self._gigabytes[looks] += resource.gigabytes

    def money(self) -> Money:
        """What all of it costs."""
        bill = _Bill(self.prices, self.locked)
        for looks, kind in self._kinds.items():
            for place, holding in holdings(kind.plans, kind.row, kind.region).items():
                bill.charge(kind, place, holding, gigabytes=self._gigabytes[looks])
        return bill.money(unsized=self._unsized, assumed=self._assumed)


class _Bill(Struct):
    prices: PriceTable
    locked: frozenset[str]
    local: float = 0.0
    transfer: float = 0.0
    cold: float = 0.0
    copies: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    committed: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    unpriced: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    endless: set[str] = field(default_factory=set)

    def charge(self, kind: _Kind, place: VaultPlace, holding: Holding, *, gigabytes: float) -> None:
        if holding.is_endless:
            self.endless.add(place.vault)
        keepings = tuple(sorted(holding.keepings))
        kept = stocks(keepings) if keepings else ()
        grown = sum(1 + min(1.0, days * kind.changes) for days in holding.continuous)
        warm, cold = _sizes(kept, kind, gigabytes)
        dollars = self._stored(kind, place, warm + grown * gigabytes, cold, tells=True)
        if not place.is_copy:
            self.local += dollars
            return
        self.copies[place.vault] += dollars
        self._move(kind, place, sum(stock.monthly_arrival(kind.daily_change) for stock in kept) * gigabytes)
        if place.vault in self.locked and keepings:
            months, left = leftovers(keepings)
            self.committed[place.vault] += months * self._stored(kind, place, *_sizes(left, kind, gigabytes))

    def money(self, *, unsized: int, assumed: int) -> Money:
        return Money(
            local=self.local,
            copies=dict(sorted(self.copies.items())),
            transfer=self.transfer,
            cold=self.cold,
            committed=dict(sorted(self.committed.items())),
            unpriced=dict(sorted(self.unpriced.items())),
            unsized=unsized,
            assumed=assumed,
            endless=tuple(sorted(self.endless)),
        )

    def _stored(self, kind: _Kind, place: VaultPlace, warm: float, cold: float, *, tells: bool = False) -> float:
        price = self.prices.stored(place.region, kind.row.name)
        in_cold = 0.0 if price.cold is None else price.cold * cold
        if tells:
            self.cold += in_cold
            for name, amount, each in (("warm", warm, price.warm), ("cold", cold, price.cold)):
                if amount and each is None:
                    self.unpriced[f"{kind.row.name} in {place.region}, {name}"] += amount
        return in_cold + (0.0 if price.warm is None else price.warm * warm)

    def _move(self, kind: _Kind, place: VaultPlace, gigabytes: float) -> None:
        price = self.prices.moved(kind.region, place.region)
        if price is None:
            self.unpriced[f"transfer from {kind.region} to {place.region}"] += gigabytes
        else:
            self.transfer += price * gigabytes


def _sizes(kept: Iterable[Stock], kind: _Kind, gigabytes: float) -> tuple[float, float]:
    """Gigabytes in warm and in cold storage."""
    listed = tuple(kept)
    warm = sum(stock.warm_size(kind.daily_change) for stock in listed)
    return warm * gigabytes, sum(stock.cold for stock in listed) * gigabytes
