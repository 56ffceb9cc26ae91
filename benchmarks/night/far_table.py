"""The ledger in a process of its own, so that the memory and the time of whoever uses it are theirs alone."""

import copyreg
from collections.abc import Iterable, Iterator, Mapping
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Final, Self

from strongroom.adapters.ledger.changes import AllOf, AnyOf, Change, Key
from strongroom.adapters.ledger.table import Item
from tests.fakes.many.counting_table import CountingTable
from tests.fakes.many.units import stored_bytes

# They are made of their parts, and pickle would make them of one tuple.
copyreg.pickle(AllOf, lambda each: (AllOf, each.conditions))
copyreg.pickle(AnyOf, lambda each: (AnyOf, each.conditions))


class FarTable:
    """What `LedgerTable` is, kept in another process, which counts what it is asked for."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self._line, far = context.Pipe()
        self._process = context.Process(target=_answer, args=(far,), daemon=True)
        self._process.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._line.send(None)
        self._process.join()

    def counts(self) -> dict[str, Any]:
        """What was asked for since the last time that this was: requests, writes by family, and writes of the index."""
        counted: dict[str, Any] = self._ask("counts")
        return counted

    def held(self) -> dict[str, int]:
        """How many bytes are stored of what stays, and of what expires."""
        found: dict[str, int] = self._ask("held")
        return found

    def get(self, key: Key) -> Item | None:
        found: Item | None = self._ask("get", key)
        return found

    def get_many(self, keys: Iterable[Key]) -> dict[Key, Item]:
        found: dict[Key, Item] = self._ask("get_many", [*keys])
        return found

    def put_new(self, item: Item) -> bool:
        return bool(self._ask("put_new", item))

    def put(self, item: Item) -> None:
        self._ask("put", item)

    def change(self, key: Key, change: Change) -> Item | None:
        changed: Item | None = self._ask("change", key, change)
        return changed

    def change_all(self, changes: Mapping[Key, Change]) -> bool:
        raise NotImplementedError("nothing of a night writes in transactions")

    def under(self, pk: str, *, prefix: str = "", is_latest: bool = True) -> Iterator[Item]:
        yield from self._ask("under", pk, prefix=prefix, is_latest=is_latest)

    def newest(self, pk: str) -> Iterator[Item]:
        yield from self._ask("newest", pk)

    def due(self, *, bucket: str, until: str, since: str | None = None) -> Iterator[Item]:
        yield from self._ask("due", bucket=bucket, until=until, since=since)

    def _ask(self, method: str, *given: Any, **named: Any) -> Any:
        self._line.send((method, given, named))
        return self._line.recv()


def _answer(line: Connection) -> None:
    table = CountingTable()
    while (asked := line.recv()) is not None:
        method, given, named = asked
        if method in _ABOUT:
            line.send(_ABOUT[method](table))
            continue
        answer = getattr(table, method)(*given, **named)
        line.send([*answer] if isinstance(answer, Iterator) else answer)


def _counts(table: CountingTable) -> dict[str, Any]:
    counted = {
        "requests": dict(table.requests),
        "items": dict(table.items),
        "written": dict(table.written),
        "index_writes": table.index_writes,
        "write_units": dict(table.write_units),
        "read_units": table.read_units,
    }
    table.forget()
    return counted


def _held(table: CountingTable) -> dict[str, int]:
    return stored_bytes(table.inside.everything())


_ABOUT: Final = {"counts": _counts, "held": _held}
