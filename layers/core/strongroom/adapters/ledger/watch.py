"""What the watch over restores remembers: `WATCH` / `BEGAN`, `JOB#<id>` / `EXPLAINED` or `REQUEST`, `SETTLED` / id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.table import to_moment, to_text

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.adapters.ledger.table import Table

_BEGAN = Key("WATCH", "BEGAN")
_SETTLED = "SETTLED"


class LedgerWatch:
    """The watch's book, kept in the audit account's own table."""

    def __init__(self, table: Table) -> None:
        """`table` is that table."""
        self._table = table

    def began(self, now: datetime) -> datetime:
        """When the watch began: now, if it begins."""
        known = self._table.get(_BEGAN)
        if known is None:
            self._table.put_new(_BEGAN.item | {"at": to_text(now)})
            known = self._table.get(_BEGAN)
        return now if known is None else to_moment(known["at"])

    def is_explained(self, job: str) -> bool:
        """Whether the job has ended, and was explained."""
        return self._table.get(_explained(job)) is not None

    def explain(self, job: str) -> None:
        """Remember that."""
        self._table.put_new(_explained(job).item)

    def settled(self) -> frozenset[str]:
        """The requests whose evidence has ended, and was found whole."""
        return frozenset(str(item["sk"]) for item in self._table.under(_SETTLED))

    def settle(self, request_id: str, *, jobs: tuple[str, ...]) -> None:
        """Remember that, and which jobs the evidence names: these first, so that none is lost."""
        for job in jobs:
            self._table.put_new(_request(job).item | {"request": request_id})
        self._table.put_new(Key(_SETTLED, request_id).item)

    def request_of(self, job: str) -> str | None:
        """The settled request that names the job."""
        item = self._table.get(_request(job))
        return None if item is None else str(item["request"])


def _explained(job: str) -> Key:
    return Key(f"JOB#{job}", "EXPLAINED")


def _request(job: str) -> Key:
    return Key(f"JOB#{job}", "REQUEST")
