"""A ledger in memory that keeps DynamoDB's rules, for tests and for simulations of many nights."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import repeat
from threading import Lock
from typing import Any, Final

from strongroom.adapters.ledger.changes import (
    AllOf,
    AnyOf,
    AtMost,
    Below,
    Change,
    Condition,
    Contains,
    Equals,
    Exists,
    Key,
    Not,
)
from strongroom.adapters.ledger.table import Item, listed

# Most values are of those that cannot change, and are stored as they are: simulations read and write millions.
_PLAIN: Final = frozenset({str, int, bool})
_CONTAINERS: Final = frozenset({list, dict})


type _Kept = tuple[Item, frozenset[str]]
"""An item as it is stored, and the attributes that had values which somebody could change."""

type _Rule = Callable[[Any, Mapping[str, Any]], bool]
"""Whether a condition of one kind holds for an item."""

_NOTHING: Final[_Kept] = {}, frozenset()


class MemoryTable:
    """What `LedgerTable` is, in memory: each call is atomic, and items go in and come out as copies.

    The index is never behind, and nothing expires: DynamoDB promises neither the one nor the other in time.
    """

    def __init__(self) -> None:
        """The table is empty."""
        self._partitions: defaultdict[str, dict[str, _Kept]] = defaultdict(dict)
        self._due: defaultdict[str, set[Key]] = defaultdict(set)
        self._lock = Lock()

    def get(self, key: Key) -> Item | None:
        """The item under the key, or None."""
        item = self._find(key)
        return None if item is None else _given(item)

    def get_many(self, keys: Iterable[Key]) -> dict[Key, Item]:
        """The items under the keys; what is missing is not there."""
        found = ((key, self._find(key)) for key in dict.fromkeys(keys))
        return {key: _given(item) for key, item in found if item is not None}

    def put_new(self, item: Item) -> bool:
        """Write the item unless its key is taken; True when it was written."""
        with self._lock:
            key = _key(item)
            if self._find(key) is not None:
                return False
            self._write(key, _with({}, frozenset(), item), before=_NOTHING)
            return True

    def put(self, item: Item) -> None:
        """Write the item, replacing what was there."""
        with self._lock:
            key = _key(item)
            self._write(key, _with({}, frozenset(), item), before=self._find(key) or _NOTHING)

    def change(self, key: Key, change: Change) -> Item | None:
        """Update the item when the condition holds and return it whole; None when the condition does not hold."""
        with self._lock:
            item = self._find(key) or _NOTHING
            if not holds(change.when, item[0]):
                return None
            changed = _changed(key, item, change)
            return _given(self._write(key, changed, before=item))

    def change_all(self, changes: Mapping[Key, Change]) -> bool:
        """Update all of the items or none, each on its condition; True when all were updated."""
        with self._lock:
            found = {key: self._find(key) or _NOTHING for key in changes}
            if not all(holds(change.when, found[key][0]) for key, change in changes.items()):
                return False
            changed = {key: _changed(key, found[key], change) for key, change in changes.items()}
            for key, item in changed.items():
                self._write(key, item, before=found[key])
            return True

    def under(self, pk: str, *, prefix: str = "", is_latest: bool = True) -> Iterator[Item]:  # noqa: ARG002 - it always is
        """Every item of a partition whose sort key begins with the prefix, in order."""
        Key(pk, prefix).require_kept()
        with self._lock:
            partition = self._partitions.get(pk)
            found = [_given(partition[sk]) for sk in sorted(partition) if sk.startswith(prefix)] if partition else []
        yield from found

    def newest(self, pk: str) -> Iterator[Item]:
        """The items of a partition, the last in order first."""
        yield from reversed(list(self.under(pk)))

    def due(self, *, bucket: str, until: str, since: str | None = None) -> Iterator[Item]:
        """What the index has of one bucket's items that were due from `since` to `until`, the earliest first."""
        with self._lock:
            every = [self._partitions[key.pk][key.sk][0] for key in self._due.get(bucket, ())]
            found = [listed(item) for item in every if (since or "") <= item["due_at"] <= until]
        yield from sorted(found, key=lambda item: (item["due_at"], item["pk"], item["sk"]))

    def everything(self) -> list[Item]:
        """Every item, in the order of the keys."""
        with self._lock:
            pages = sorted(self._partitions.items())
            return [_given(partition[sk]) for _, partition in pages for sk in sorted(partition)]

    def _find(self, key: Key) -> _Kept | None:
        partition = self._partitions.get(key.pk)
        found = None if partition is None else partition.get(key.sk)
        if found is None:  # of what is there the key was short enough
            key.require_kept()
        return found

    def _write(self, key: Key, item: _Kept, *, before: _Kept) -> _Kept:
        was, bucket = _bucket(before[0]), _bucket(item[0])
        if was != bucket:
            if was is not None:
                self._due[was].discard(key)
            if bucket is not None:
                self._due[bucket].add(key)
        self._partitions[key.pk][key.sk] = item
        return item


def holds(condition: Condition, item: Mapping[str, Any]) -> bool:
    """Whether the condition holds for the item, by the rules of the guide's page "Condition expressions"."""
    rule: _Rule = _RULES[type(condition)]
    return rule(condition, item)


# A table, as simulations ask millions of times: a `match` tries one class after the other.
_RULES: Final[Mapping[type, _Rule]] = {
    AllOf: lambda each, item: all(map(holds, each.conditions, repeat(item))),
    AnyOf: lambda each, item: any(map(holds, each.conditions, repeat(item))),
    Not: lambda each, item: not holds(each.condition, item),
    Exists: lambda each, item: each.name in item,
    Equals: lambda each, item: _is_same(item.get(each.name), each.value),
    Below: lambda each, item: _is_comparable(item.get(each.name), each.bound) and item[each.name] < each.bound,
    AtMost: lambda each, item: _is_comparable(item.get(each.name), each.bound) and item[each.name] <= each.bound,
    Contains: lambda each, item: _contains(item.get(each.name), each.value),
}


def _changed(key: Key, kept: _Kept, change: Change) -> _Kept:
    item, changeable = kept
    changed: Item = {**item} if item else {"pk": str(key.pk), "sk": str(key.sk)}
    lists = {name: [*_list(item.get(name, [])), element] for name, element in change.append.items()}
    for name, amount in change.add.items():
        changed[name] = _number(item.get(name, 0)) + amount
    for name in change.remove:
        changed.pop(name, None)
    return _with(changed, changeable, {**change.set, **lists} if lists else change.set)


def _with(item: Item, changeable: frozenset[str], values: Mapping[str, Any]) -> _Kept:
    """The item with these values instead of what it had; None is absence."""
    for name, value in values.items():
        if type(value) in _PLAIN:
            item[name] = value
        elif value is None:
            item.pop(name, None)
        else:
            item[name] = stored = _stored(value)
            if type(stored) in _CONTAINERS:
                changeable |= {name}
    return item, changeable


def _number(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(f"DynamoDB adds to numbers, not to {value!r}")
    return value


def _list(value: Any) -> list[Any]:
    if type(value) is not list:
        raise TypeError(f"DynamoDB appends to lists, not to {value!r}")
    return value


def _is_same(found: Any, value: str | int) -> bool:
    return _is_comparable(found, value) and bool(found == value)


def _is_comparable(found: Any, value: str | int) -> bool:
    # Numbers and text do not compare, and True is no number.
    return type(found) is type(value if type(value) in _PLAIN else _stored(value))


def _contains(found: Any, value: str | int) -> bool:
    match found:
        case str():
            return isinstance(value, str) and value in found
        case list():
            return any(_is_same(element, value) for element in found)
        case _:
            return False


def _key(item: Item) -> Key:
    return Key(item["pk"], item["sk"])


def _bucket(item: Item) -> str | None:
    """Where the index has it, if at all."""
    return item.get("due_bucket") if "due_at" in item else None


def _given(kept: _Kept) -> Item:
    """An item that is stored, for somebody who may change it."""
    item, changeable = kept
    given = item.copy()
    for name in changeable:
        if name in given:
            given[name] = _stored(given[name])
    return given


def _stored(value: Any) -> Any:
    """The value as DynamoDB gives it back; TypeError for one that the ledger does not hold."""
    match value:
        case str():
            return str(value)
        case None | bool():
            return value
        case int():
            return int(value)
        case list() | tuple():
            return [_stored(each) for each in value]
        case dict():
            return {name: _stored(each) for name, each in value.items()}
        case _:
            raise TypeError(f"the ledger holds no {type(value).__name__}")
