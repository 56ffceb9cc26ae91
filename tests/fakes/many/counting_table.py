"""A ledger in memory that counts what it is asked for."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil

from strongroom.adapters.ledger.changes import Change, Key
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.table import BATCH, Item, listed
from tests.fakes.many.units import size_of, units_to_read, units_to_write

# What of an item the index `due` is written anew for.
_INDEXED = ("due_bucket", "due_at")


@dataclass
class CountingTable:
    """What `MemoryTable` is, with a count of requests, by DynamoDB's names for them.

    `items` counts what was read by each; `written` counts writes by the family of their items, those in vain among
    them; `index_writes` those that the index `due` had to follow, of which a move within it is two. Units are what
    DynamoDB charges for them, by the sizes of the items: of writes those of the index among them.
    """

    inside: MemoryTable = field(default_factory=MemoryTable)
    requests: Counter[str] = field(default_factory=Counter)
    items: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    index_writes: int = 0
    write_units: Counter[str] = field(default_factory=Counter)
    read_units: float = 0

    def forget(self) -> None:
        """Count anew from here."""
        self.requests, self.items, self.written, self.index_writes = Counter(), Counter(), Counter(), 0
        self.write_units, self.read_units = Counter(), 0

    def get(self, key: Key) -> Item | None:
        item = self.inside.get(key)
        self._read("GetItem", item is not None)
        self.read_units += units_to_read(size_of(item or {}), is_latest=True)
        return item

    def get_many(self, keys: Iterable[Key]) -> dict[Key, Item]:
        asked = [*dict.fromkeys(keys)]
        found = self.inside.get_many(asked)
        self._read("BatchGetItem", len(found), requests=ceil(len(asked) / BATCH))
        self.read_units += sum(units_to_read(size_of(found.get(key, {})), is_latest=False) for key in asked)
        return found

    def put_new(self, item: Item) -> bool:
        before = self._write("PutItem", Key(item["pk"], item["sk"]))
        is_written = self.inside.put_new(item)
        self._written(before, item if is_written else before)
        return is_written

    def put(self, item: Item) -> None:
        before = self._write("PutItem", Key(item["pk"], item["sk"]))
        self.inside.put(item)
        self._written(before, item)

    def change(self, key: Key, change: Change) -> Item | None:
        before = self._write("UpdateItem", key)
        after = self.inside.change(key, change)
        self._written(before, before if after is None else after)
        return after

    def change_all(self, changes: Mapping[Key, Change]) -> bool:
        raise NotImplementedError("nothing that is counted writes in transactions")

    def under(self, pk: str, *, prefix: str = "", is_latest: bool = True) -> Iterator[Item]:
        yield from self._found("Query", [*self.inside.under(pk, prefix=prefix)], is_latest=is_latest)

    def newest(self, pk: str) -> Iterator[Item]:
        yield from self._found("Query", [*self.inside.newest(pk)], is_latest=True)

    def due(self, *, bucket: str, until: str, since: str | None = None) -> Iterator[Item]:
        found = [*self.inside.due(bucket=bucket, until=until, since=since)]
        yield from self._found("Query due", found, is_latest=False)

    def _found(self, request: str, items: list[Item], *, is_latest: bool) -> Iterator[Item]:
        self._read(request, len(items))
        self.read_units += units_to_read(sum(map(size_of, items)), is_latest=is_latest)
        yield from items

    def _read(self, request: str, items: int, *, requests: int = 1) -> None:
        self.requests[request] += requests
        self.items[request] += items

    def _write(self, request: str, key: Key) -> Item:
        self.requests[request] += 1
        self.written[key.pk.partition("#")[0]] += 1
        return self.inside.get(key) or {}

    def _written(self, before: Item, after: Item) -> None:
        family = (before or after).get("pk", "").partition("#")[0]
        self.write_units[family] += units_to_write(before, after)
        places = [tuple(item.get(name) for name in _INDEXED) for item in (before, after)]
        if places[0] == places[1]:
            return
        moved = [item for item, place in zip((before, after), places, strict=True) if None not in place]
        self.index_writes += len(moved)
        self.write_units[family] += sum(units_to_write({}, listed(item)) for item in moved)
