"""The views' table in memory that counts what it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.table import BATCH, Item
from strongroom.adapters.ledger.views.memory import MemoryViewTable
from tests.fakes.many.counting_table import CountingTable
from tests.fakes.many.units import size_of, units_to_read


@dataclass
class CountingViewTable(CountingTable):
    """What `MemoryViewTable` is, counted as `CountingTable` counts."""

    inside: MemoryViewTable = field(default_factory=MemoryViewTable)

    def page(self, pk: str, *, after: str = "", most: int, backwards: bool = False) -> list[Item]:
        return [
            *self._found("Query", self.inside.page(pk, after=after, most=most, backwards=backwards), is_latest=True)
        ]

    def several(self, keys: Sequence[Key]) -> list[Item]:
        found = self.inside.several(keys)
        self._read("BatchGetItem", len(found), requests=ceil(len(keys) / BATCH))
        self.read_units += sum(units_to_read(size_of(item), is_latest=False) for item in found)
        return found

    def remove(self, key: Key) -> None:
        before = self._write("DeleteItem", key)
        self.inside.remove(key)
        self._written(before, {})
