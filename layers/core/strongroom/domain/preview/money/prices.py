"""One dated table of prices: what a gigabyte costs a month in backup storage, and once restored or moved elsewhere.

What the table does not hold has no price: it is told and never guessed.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from msgspec import Struct, field

from strongroom.domain.errors import StrongroomError

_ANY_REGION: Final = "*"


class PriceTableError(StrongroomError):
    """A price table is not of the form that `docs/preview.md` shows."""


class StoragePrice(Struct, frozen=True, kw_only=True):
    """Dollars a gigabyte in warm and in cold storage, or out of it; None where the table does not say."""

    warm: float | None = None
    cold: float | None = None


class PriceTable(Struct, frozen=True, kw_only=True):
    """Prices of a day: storage and restores by Region and AWS Backup's name of the type, transfer by both Regions."""

    day: date
    storage: Mapping[tuple[str, str], StoragePrice]
    transfer: Mapping[tuple[str, str], float]
    restores: Mapping[tuple[str, str], StoragePrice] = field(default_factory=dict)

    def stored(self, region: str, type_name: str) -> StoragePrice:
        """What the type's backups cost there."""
        return self.storage.get((region, type_name), _UNKNOWN)

    def restored(self, region: str, type_name: str) -> StoragePrice:
        """What it costs once to restore a gigabyte of the type there."""
        return self.restores.get((region, type_name), _UNKNOWN)

    def moved(self, source: str, target: str) -> float | None:
        """Dollars a gigabyte from one Region into another; None where the table does not say, nothing within one."""
        if source == target:
            return 0.0
        return self.transfer.get((source, target), self.transfer.get((source, _ANY_REGION)))


_UNKNOWN: Final = StoragePrice()


def read_prices(document: Any) -> PriceTable:
    """The table that a parsed JSON document holds; PriceTableError says what is wrong with it."""
    table = _mapping(document, "the document")
    day = table.get("date")
    try:
        told = date.fromisoformat(day) if isinstance(day, str) else None
    except ValueError:
        told = None
    if told is None:
        raise PriceTableError(f"date: {day!r} is no day as 2026-05-01")
    transfer = _mapping(table.get("transfer", {}), "transfer")
    return PriceTable(
        day=told,
        storage=_by_type(table, "storage"),
        restores=_by_type(table, "restores"),
        transfer={
            (source, target): _amount(price, f"transfer.{source}.{target}")
            for source, targets in transfer.items()
            for target, price in _mapping(targets, f"transfer.{source}").items()
        },
    )


def _by_type(table: Mapping[str, Any], part: str) -> dict[tuple[str, str], StoragePrice]:
    return {
        (region, name): _storage_price(price, f"{part}.{region}.{name}")
        for region, types in _mapping(table.get(part, {}), part).items()
        for name, price in _mapping(types, f"{part}.{region}").items()
    }


def _storage_price(price: Any, path: str) -> StoragePrice:
    amounts = _mapping(price, path)
    if unknown := set(amounts) - {"warm", "cold"}:
        raise PriceTableError(f"{path}.{min(unknown)}: storage is warm or cold")
    return StoragePrice(**{name: _amount(amount, f"{path}.{name}") for name, amount in amounts.items()})


def _amount(value: Any, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise PriceTableError(f"{path}: {value!r} is no price in dollars, as 0.05")
    return float(value)


def _mapping(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise PriceTableError(f"{path}: {value!r} is no object")
    return value
