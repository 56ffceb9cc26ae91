"""How far the copies of the last thirty days were held against their vaults: `RECONCILIATION#vaults` / `ROUND`."""

from typing import Final

from strongroom.adapters.ledger.changes import Change, Equals, Key, absent
from strongroom.adapters.ledger.table import Table, to_moment, to_text
from strongroom.domain.copies.comparing.rounds import Round

_KEY: Final = Key("RECONCILIATION#vaults", "ROUND")


class LedgerRounds:
    """The round, kept in the ledger."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def find(self) -> Round | None:
        """The last round, or None before the first."""
        item = self._table.get(_KEY)
        if item is None:
            return None
        return Round(
            week=to_moment(item["week"]),
            until=to_moment(item["until"]),
            reached=to_moment(item["reached"]),
            left=tuple((to_moment(begins), to_moment(ends)) for begins, ends in item.get("left", ())),
            revision=item["revision"],
        )

    def keep(self, current: Round, *, was: Round | None) -> bool:
        """Write how far it came over what was read; False when somebody else has gone on with it since."""
        read = absent("pk") if was is None else Equals("revision", was.revision)
        moments = {"week": current.week, "until": current.until, "reached": current.reached}
        written = {
            **{name: to_text(at) for name, at in moments.items()},
            "left": [[to_text(begins), to_text(ends)] for begins, ends in current.left] or None,
            "revision": current.revision,
        }
        return self._table.change(_KEY, Change(set=written, when=read)) is not None
