"""What is due to be looked at, read from all buckets at once."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from heapq import merge

from strongroom.adapters.ledger.due_buckets import DUE_BUCKETS
from strongroom.adapters.ledger.table import Item, Table, to_text
from strongroom.domain.copies.turns import DueKey

type KeyReader = Callable[[Item], DueKey]


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
