"""How far copies were held against their vaults: `RECONCILIATION#vaults` / `ROUND`, of older ones `OLDER`."""

from typing import Final

from strongroom.adapters.ledger.changes import Change, Equals, Key, absent
from strongroom.adapters.ledger.table import Table, to_moment, to_text
from strongroom.domain.copies.comparing.rounds import Left, Round

_PK: Final = "RECONCILIATION#vaults"


class LedgerRounds:
    """The round, kept in the ledger."""

    def __init__(self, table: Table, *, are_older: bool = False) -> None:
        """`table` is the ledger's; the copies are those of thirty days, or such as are older."""
        self._table = table
        self._key = Key(_PK, "OLDER" if are_older else "ROUND")

    def find(self) -> Round | None:
        """The last round, or None before the first."""
        item = self._table.get(self._key)
        if item is None:
            return None
        return Round(
            week=to_moment(item["week"]),
            until=to_moment(item["until"]),
            reached=to_moment(item["reached"]),
            left=tuple(Left(to_moment(begins), to_moment(ends), *of) for begins, ends, *of in item.get("left", ())),
            revision=item["revision"],
        )

    def keep(self, current: Round, *, was: Round | None) -> bool:
        """Write how far it came over what was read; False when somebody else has gone on with it since."""
        read = absent("pk") if was is None else Equals("revision", was.revision)
        moments = {"week": current.week, "until": current.until, "reached": current.reached}
        written = {
            **{name: to_text(at) for name, at in moments.items()},
            "left": [_written(each) for each in current.left] or None,
            "revision": current.revision,
        }
        return self._table.change(self._key, Change(set=written, when=read)) is not None


def _written(left: Left) -> list[str]:
    span = [to_text(left.begins), to_text(left.ends)]
    return span if left.vault is None else [*span, left.vault]
