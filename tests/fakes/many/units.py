"""What DynamoDB charges for a request, by the size of what is written or read.

Source: Developer Guide, "DynamoDB on-demand capacity mode" and "DynamoDB item sizes and formats".
"""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

_KB_WRITTEN = 1_024
_BESIDE_AN_ITEM = 100
_KB_READ = 4_096
# What `LedgerTable` signs an item with: a process's name, and the number of the write.
_SIGNED = len("writer") + 16 + len("/100")


def size_of(item: Mapping[str, Any]) -> int:
    """How many bytes the item has; that it is none is no byte."""
    return _SIGNED + sum(_text(name) + _size(value) for name, value in item.items() if value is not None) if item else 0


def stored_bytes(items: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many bytes are stored of items that stay, and of items that expire: each takes a hundred beside its own."""
    found = {"staying_bytes": 0, "expiring_bytes": 0}
    for item in items:
        found["expiring_bytes" if item.get("expires_at") else "staying_bytes"] += size_of(item) + _BESIDE_AN_ITEM
    return found


def units_to_write(before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    """Write units of a request: the larger of what was there and what is, and one of a write in vain."""
    return max(1, ceil(max(size_of(before), size_of(after)) / _KB_WRITTEN))


def units_to_read(size: int, *, is_latest: bool) -> float:
    """Read units of so many bytes of one request: half of that where it need not be the latest."""
    units = max(1, ceil(size / _KB_READ))
    return units if is_latest else units / 2


def _size(value: Any) -> int:
    match value:
        case None | bool():
            return 1
        case int():
            return 1 + ceil(len(str(abs(value))) / 2) + (value < 0)
        case str():
            return _text(value)
        case list() | tuple():
            return 3 + sum(1 + _size(each) for each in value)
        case dict():
            return 3 + sum(1 + _text(name) + _size(each) for name, each in value.items())
        case _:
            raise TypeError(f"the ledger holds no {type(value).__name__}")


def _text(value: str) -> int:
    return len(value.encode())
