"""The views' table in memory."""

from collections.abc import Iterator, Sequence

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.table import Item


class MemoryViewTable(MemoryTable):
    """What `LedgerViewTable` is on DynamoDB, in memory."""

    def page(self, pk: str, *, after: str = "", most: int, backwards: bool = False) -> list[Item]:
        """So many items of a partition in the order of their sort keys, beginning after one of them."""
        every: Iterator[Item] = self.newest(pk) if backwards else self.under(pk)
        return [item for item in every if _is_beyond(item["sk"], after, backwards=backwards)][:most]

    def several(self, keys: Sequence[Key]) -> list[Item]:
        """The items of up to `MOST_KEYS` keys that are there, in the order of the keys."""
        return [item for key in dict.fromkeys(keys) if (item := self.get(key)) is not None]

    def remove(self, key: Key) -> None:
        """Take the item away, if it is there."""
        with self._lock:
            self._partitions.get(key.pk, {}).pop(key.sk, None)


def _is_beyond(sk: str, after: str, *, backwards: bool) -> bool:
    return not after or (sk < after if backwards else sk > after)
