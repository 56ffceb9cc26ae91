"""The ledger of a simulated world: the table in memory, behind calls that take time and may be repeated."""

from collections import Counter, defaultdict
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
class SimulatedIndex:
    """The index `due`, which hears of each write a little later, though never of an older one after a newer."""

    functions: Functions
    _listed: defaultdict[str, dict[Key, Item]] = field(default_factory=lambda: defaultdict(dict))
    _place: dict[Key, tuple[int, str | None]] = field(default_factory=dict)
    _writes: Counter[Key] = field(default_factory=Counter)
    _due: dict[Key, int] = field(default_factory=dict)
    # When the first is due, unless that is to be worked out again.
    _soonest: int | None = _NEVER

    def hear(self, key: Key, item: Item) -> None:
        """The item was written."""
        chance = self.functions.chance
        self._writes[key] = number = self._writes[key] + 1
        if chance.has("index-lag") and chance.happens("index-lag", name := f"{key.pk} {key.sk} {number}"):
            lag = chance.between(f"lags {name}", 1_000, INDEX_LAG)
            self.functions.clock.after(lag, lambda: self._list(key, item, number))
        else:
            self._list(key, item, number)

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

    def _list(self, key: Key, item: Item, number: int) -> None:
        last, before = self._place.get(key, (0, None))
        if last > number:
            return
        if before is not None:
            del self._listed[before][key]
        if self._due.pop(key, None) == self._soonest:
            self._soonest = None
        bucket = item.get("due_bucket")
        self._place[key] = (number, bucket)
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
    _writers: dict[Key, int] = field(default_factory=dict)
    _last: dict[Key, Item] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._index = SimulatedIndex(self.functions)

    def get(self, key: Key) -> Item | None:
        return self.functions.effect("GetItem", key.pk, lambda: self.inside.get(key))

    def get_many(self, keys: Iterable[Key]) -> dict[Key, Item]:
        wanted = tuple(dict.fromkeys(keys))
        if not wanted:
            return {}
        return self.functions.effect("BatchGetItem", str(len(wanted)), lambda: self.inside.get_many(wanted))

    def put_new(self, item: Item) -> bool:
        key = Key(item["pk"], item["sk"])
        whole = {name: value for name, value in item.items() if value is not None}
        written = self._once(key, lambda: whole if self.inside.put_new(item) else None)
        return self.functions.effect("PutItem", key.pk, written) is not None

    def put(self, item: Item) -> None:
        def written() -> None:
            self.inside.put(item)
            self._index.hear(Key(item["pk"], item["sk"]), item)

        self.functions.effect("PutItem", item["pk"], written)

    def change(self, key: Key, change: Change) -> Item | None:
        written = self._once(key, lambda: self.inside.change(key, change))
        return self.functions.effect("UpdateItem", key.pk, written)

    def change_all(self, changes: Mapping[Key, Change]) -> bool:
        raise NotImplementedError("nothing here writes in transactions")

    def under(self, pk: str, *, prefix: str = "", is_latest: bool = True) -> Iterator[Item]:
        return iter(self.functions.effect("Query", pk, lambda: [*self.inside.under(pk, prefix=prefix)]))

    def newest(self, pk: str) -> Iterator[Item]:
        return iter(self.functions.effect("Query", pk, lambda: [*self.inside.newest(pk)]))

    def due(self, *, bucket: str, until: str, since: str | None = None) -> Iterator[Item]:
        assert since is None
        return iter(self.functions.effect("Query due", bucket, lambda: self._index.due(bucket, until)))

    def has_due(self, until: int) -> bool:
        """Whether anything is due by then, for a bystander."""
        return self._index.has_due(until)

    def _once(self, key: Key, write: Callable[[], Item | None]) -> Callable[[], Item | None]:
        """The write as a call that may be made twice: the second has the answer of the first."""
        self.writes += 1
        number = self.writes

        def written() -> Item | None:
            item = write()
            if item is None:
                is_own = self._writers.get(key) == number and not self.is_forgetful
                if is_own:
                    self.functions.reached["own write recognised"] += 1
                return self._last[key] if is_own else None
            self._writers[key] = number
            self.watch(self._last.get(key, {}), item)
            self._last[key] = item
            self._index.hear(key, item)
            return item

        return written
