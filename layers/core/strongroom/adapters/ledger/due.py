"""What is due to be looked at: eight buckets of the sparse index `due`, so that none takes a whole night's writes.

A bucket holds what is due at any time, as the index is sorted by that: whatever was left over is found, however late.
Promises, expected backups and heartbeats share them, so that a sweep asks eight times, whatever it looks for.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from heapq import merge
from typing import Final

from strongroom.adapters.ledger.table import Item, Table, to_text
from strongroom.domain.copies.turns import DueKey

_SHARDS: Final = 8

DUE_BUCKETS: Final = tuple(f"promise#{shard}" for shard in range(_SHARDS))

type KeyReader = Callable[[Item], DueKey]


def due_bucket(key: str) -> str:
    """The bucket of what is known by this key."""
    return DUE_BUCKETS[int(hashlib.sha256(key.encode()).hexdigest(), 16) % _SHARDS]


class LedgerDue:
    """The list of what is due, read from the ledger's index."""

    def __init__(self, table: Table, *, families: Mapping[str, KeyReader]) -> None:
        """`table` is the ledger's; `families` says how keys are read, by how the partition keys of each begin."""
        self._table = table
        self._families = families

    def due(self, now: datetime) -> Iterator[DueKey]:
        """Everything whose `due_at` has passed, the longest due first, as the index knows it."""
        until = to_text(now)
        buckets = (self._table.due(bucket=bucket, until=until) for bucket in DUE_BUCKETS)
        for item in merge(*buckets, key=lambda item: item["due_at"]):
            family, _, _ = item["pk"].partition("#")
            yield self._families[family](item)
