"""The ledger of a simulated world: the table in memory, behind calls that take time and may be repeated."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from strongroom.adapters.ledger.changes import Change, Key
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.table import Item, to_moment
from tests.simulation.nights.clock import since
from tests.simulation.nights.faults import INDEX_LAG
from tests.simulation.nights.functions import Functions

_NEVER: Final = 1 << 60
# A bucket that lists what is so, in an order of its own, and not when something is to be done.
_OPEN_ALERTS: Final = "alert-open"
_LISTED: Final = ("pk", "sk", "due_at", "account")


@dataclass(slots=True)
class Entry:
    """An item as the index knows it: how often it was written, the last writing that it heard of, and its bucket."""

    writes: int = 0
    heard: int = 0
    bucket: str | None = None


@dataclass(slots=True)
class SimulatedIndex:
    """The index `due`, which hears of each write a little later, though never of an older one after a newer."""

    functions: Functions
    _listed: defaultdict[str, dict[Key, Item]] = field(default_factory=lambda: defaultdict(dict))
    _entries: dict[Key, Entry] = field(default_factory=dict)
    _due: dict[Key, int] = field(default_factory=dict)
    # When the first is due, unless that is to be worked out again.
    _soonest: int | None = _NEVER

    def hear(self, key: Key, item: Item) -> None:
        """The item was written."""
        entry = self._entries.get(key)
        if entry is None:
            self._entries[key] = entry = Entry()
        entry.writes = number = entry.writes + 1
        chance = self.functions.chance
        if chance.has("index-lag") and chance.happens("index-lag", name := f"{key.pk} {key.sk} {number}"):
            lag = chance.between(f"lags {name}", 1_000, INDEX_LAG)
            self.functions.clock.after(lag, lambda: self._list(key, item, entry, number))
        else:
            self._list(key, item, entry, number)

    def due(self, bucket: str, until: str) -> list[Item]:
        """What it has of the bucket, in order."""
        listed = self._listed.get(bucket)
        if not listed:
            return []
        found = [item for item in listed.values() if item["due_at"] <= until]
        if len(found) > 1:
            found.sort(key=lambda item: (item["due_at"], item["pk"], item["sk"]))
        return found

    def has_due(self, until: int) -> bool:
        """Whether it has anything that is due by then, in any bucket."""
        if self._soonest is None:
            self._soonest = min(self._due.values(), default=_NEVER)
        return self._soonest <= until

    def _list(self, key: Key, item: Item, entry: Entry, number: int) -> None:
        if entry.heard > number:
            return
        before, bucket = entry.bucket, item.get("due_bucket")
        entry.heard, entry.bucket = number, bucket
        if before is not None:
            del self._listed[before][key]
            if self._due.pop(key, None) == self._soonest:
                self._soonest = None
        if bucket is None:
            return
        self._listed[bucket][key] = {name: item[name] for name in _LISTED if name in item}
        if bucket != _OPEN_ALERTS:
            self._due[key] = due = since(to_moment(item["due_at"]))
            self._soonest = None if self._soonest is None else min(self._soonest, due)


@dataclass(slots=True)
class SimulatedTable:
    """What services write to. A write that the SDK repeats knows itself again, as `LedgerTable` does by its writer.

    With `is_forgetful` it does not. `watch` sees each item that is written, and what it was before.
    """

    functions: Functions
    inside: MemoryTable = field(default_factory=MemoryTable)
    is_forgetful: bool = False
    writes: int = 0
    watch: Callable[[Item, Item], None] = lambda _before, _after: None
    _index: SimulatedIndex = field(init=False)
    # Who wrote each item last, and what it was then.
    _written: dict[Key, tuple[int, Item]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._index = SimulatedIndex(self.functions)

    def get(self, key: Key) -> Item | None:
        return self.functions.effect("GetItem", key.pk, self.inside.get, key)

    def get_many(self, keys: Iterable[Key]) -> dict[Key, Item]:
        wanted = tuple(dict.fromkeys(keys))
        if not wanted:
            return {}
        return self.functions.effect("BatchGetItem", str(len(wanted)), self.inside.get_many, wanted)

    def put_new(self, item: Item) -> bool:
        key = Key(item["pk"], item["sk"])
        return self.functions.effect("PutItem", key.pk, self._put_new, key, item, self._writer()) is not None

    def put(self, item: Item) -> None:
        def written() -> None:
            self.inside.put(item)
            self._index.hear(Key(item["pk"], item["sk"]), item)

        self.functions.effect("PutItem", item["pk"], written)

    def change(self, key: Key, change: Change) -> Item | None:
        return self.functions.effect("UpdateItem", key.pk, self._change, key, change, self._writer())

    def change_all(self, changes: Mapping[Key, Change]) -> bool:
        raise NotImplementedError("nothing here writes in transactions")

    def under(self, pk: str, *, prefix: str = "", is_latest: bool = True) -> Iterator[Item]:
        return iter(self.functions.effect("Query", pk, lambda: [*self.inside.under(pk, prefix=prefix)]))

    def newest(self, pk: str) -> Iterator[Item]:
        return iter(self.functions.effect("Query", pk, lambda: [*self.inside.newest(pk)]))

    def due(self, *, bucket: str, until: str, since: str | None = None) -> Iterator[Item]:
        assert since is None
        return iter(self.functions.effect("Query due", bucket, self._index.due, bucket, until))

    def has_due(self, until: int) -> bool:
        """Whether anything is due by then, for a bystander."""
        return self._index.has_due(until)

    def _writer(self) -> int:
        self.writes += 1
        return self.writes

    def _put_new(self, key: Key, item: Item, writer: int) -> Item | None:
        if not self.inside.put_new(item):
            return self._own(key, writer)
        return self._heard(key, {name: value for name, value in item.items() if value is not None}, writer)

    def _change(self, key: Key, change: Change, writer: int) -> Item | None:
        item = self.inside.change(key, change)
        return self._own(key, writer) if item is None else self._heard(key, item, writer)

    def _own(self, key: Key, writer: int) -> Item | None:
        """What this very writer has written, where it was the last one; None where somebody else's stands."""
        last, item = self._written.get(key, (0, None))
        if last != writer or self.is_forgetful:
            return None
        self.functions.reached["own write recognised"] += 1
        return item

    def _heard(self, key: Key, item: Item, writer: int) -> Item:
        _, before = self._written.get(key, (0, {}))
        self._written[key] = writer, item
        self.watch(before, item)
        self._index.hear(key, item)
        return item
