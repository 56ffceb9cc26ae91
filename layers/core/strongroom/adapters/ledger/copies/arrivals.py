"""How far what arrives in a vault was read: `RECONCILIATION#<vault ARN>` / `ARRIVALS`."""

from strongroom.adapters.ledger.changes import Change, Equals, Key, absent
from strongroom.adapters.ledger.table import Item, Table, to_moment, to_text
from strongroom.domain.copies.comparing.arrivals import Arrivals


class LedgerArrivals:
    """How far each vault was read, kept in the ledger."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def find(self, vault: str) -> Arrivals | None:
        """How far the vault was read, or None where it never was."""
        item = self._table.get(_key(vault))
        return None if item is None else _arrivals(vault, item)

    def keep(self, arrivals: Arrivals, *, was: Arrivals | None) -> bool:
        """Write it over what was read; False when somebody else has gone on with it since."""
        read = absent("pk") if was is None else Equals("revision", was.revision)
        moments = {"until": arrivals.until, "read_at": arrivals.read_at, "skipped": arrivals.skipped}
        written: Item = {
            "reached": to_text(arrivals.reached),
            "token": arrivals.token,
            "revision": arrivals.revision,
            **{name: None if at is None else to_text(at) for name, at in moments.items()},
        }
        return self._table.change(_key(arrivals.vault), Change(set=written, when=read)) is not None


def _key(vault: str) -> Key:
    return Key(f"RECONCILIATION#{vault}", "ARRIVALS")


def _arrivals(vault: str, item: Item) -> Arrivals:
    moments = {name: item.get(name) for name in ("until", "read_at", "skipped")}
    return Arrivals(
        vault=vault,
        reached=to_moment(item["reached"]),
        token=item.get("token"),
        revision=item["revision"],
        **{name: None if at is None else to_moment(at) for name, at in moments.items()},
    )
