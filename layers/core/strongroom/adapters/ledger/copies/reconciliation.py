"""How far AWS's lists of jobs were read: `RECONCILIATION#<Region>` / `<list>`; and what is known of a page of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from strongroom.adapters.ledger.changes import Change, Equals, Key, absent
from strongroom.adapters.ledger.copies.promises import key_of_promise, to_promise
from strongroom.adapters.ledger.copies.protection import key_of_backup, to_expected
from strongroom.adapters.ledger.table import (
    ACTIONS_READ_MANY,
    Item,
    Table,
    TableOfMany,
    to_moment,
    to_text,
)
from strongroom.domain.copies.expected.backups import BackupKey, ExpectedBackup
from strongroom.domain.copies.promises import Promise, PromiseKey
from strongroom.domain.copies.reconciling import JobKind, Mark
from strongroom.domain.errors import MalformedIdentifierError
from strongroom.domain.identifiers import AccountId, Region


class LedgerReconciliation:
    """The marks, kept in the ledger."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def find(self, kind: JobKind, region: Region) -> Mark | None:
        """The mark, or None where the list was never read."""
        item = self._table.get(_key(kind, region))
        return None if item is None else _mark(item)

    def keep(self, mark: Mark, *, was: Mark | None) -> bool:
        """Write the mark over the one that was read; False when somebody else has moved it since."""
        read = absent("pk") if was is None else Equals("revision", was.revision)
        return self._table.change(_key(mark.kind, mark.region), Change(set=_written(mark), when=read)) is not None


class LedgerStandings:
    """Promises and expected backups, many in one request."""

    ACTIONS: Final = ACTIONS_READ_MANY

    def __init__(self, table: TableOfMany) -> None:
        """`table` is the ledger's."""
        self._table = table

    def promises(self, keys: Iterable[PromiseKey]) -> dict[PromiseKey, Promise]:
        """The promises as they stood a moment ago; what is missing is not there, or was not told."""
        return {key: to_promise(item) for key, item in self._items(keys, place=key_of_promise)}

    def backups(self, keys: Iterable[BackupKey]) -> dict[BackupKey, ExpectedBackup]:
        """The same of expected backups."""
        return {key: to_expected(item) for key, item in self._items(keys, place=key_of_backup)}

    def _items[K](self, keys: Iterable[K], *, place: Callable[[K], Key]) -> Iterator[tuple[K, Item]]:
        places = {key: at for key in keys if _is_kept(at := place(key))}
        items = self._table.get_many(places.values())
        return ((key, items[at]) for key, at in places.items() if at in items)


def _is_kept(key: Key) -> bool:
    """Whether an item can have this key: of one that is too long nothing was ever written."""
    try:
        key.require_kept()
    except MalformedIdentifierError:
        return False
    return True


def _key(kind: JobKind, region: Region) -> Key:
    return Key(f"RECONCILIATION#{region}", kind)


def _written(mark: Mark) -> Item:
    moments = {"until": mark.until, "read_at": mark.read_at}
    accounts = {"skipped": mark.skipped, "behind": mark.behind}
    return {
        "kind": mark.kind,
        "region": mark.region,
        "reached": to_text(mark.reached),
        "token": mark.token,
        "revision": mark.revision,
        **{name: None if at is None else to_text(at) for name, at in moments.items()},
        **{name: {each: to_text(at) for each, at in ended.items()} or None for name, ended in accounts.items()},
    }


def _mark(item: Item) -> Mark:
    until, read_at = item.get("until"), item.get("read_at")
    return Mark(
        kind=JobKind(item["kind"]),
        region=Region(item["region"]),
        reached=to_moment(item["reached"]),
        token=item.get("token"),
        revision=item["revision"],
        until=None if until is None else to_moment(until),
        read_at=None if read_at is None else to_moment(read_at),
        skipped=_moments(item.get("skipped")),
        behind=_moments(item.get("behind")),
    )


def _moments(texts: Mapping[str, str] | None) -> dict[AccountId, datetime]:
    return {AccountId(account): to_moment(at) for account, at in texts.items()} if texts else {}
