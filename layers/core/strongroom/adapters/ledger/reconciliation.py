"""How far AWS's lists of jobs were read: `RECONCILIATION#<Region>` / `<list>`."""

from strongroom.adapters.ledger.changes import Change, Equals, Key, absent
from strongroom.adapters.ledger.table import Item, Table, to_moment, to_text
from strongroom.domain.copies.reconciling import JobKind, Mark
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


def _key(kind: JobKind, region: Region) -> Key:
    return Key(f"RECONCILIATION#{region}", kind)


def _written(mark: Mark) -> Item:
    moments = {"until": mark.until, "begun_at": mark.begun_at}
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
    until, begun_at = (to_moment(item[name]) if name in item else None for name in ("until", "begun_at"))
    skipped, behind = (
        {AccountId(account): to_moment(at) for account, at in item.get(name, {}).items()}
        for name in ("skipped", "behind")
    )
    return Mark(
        kind=JobKind(item["kind"]),
        region=Region(item["region"]),
        reached=to_moment(item["reached"]),
        token=item.get("token"),
        revision=item["revision"],
        until=until,
        begun_at=begun_at,
        skipped=skipped,
        behind=behind,
    )
