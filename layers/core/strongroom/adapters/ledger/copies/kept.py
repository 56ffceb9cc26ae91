"""What a vault must go on keeping, by when it was backed up: `RECONCILIATION#<vault ARN>#<day>` / `KEPT#<digest>`."""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from itertools import batched
from typing import Final

import msgspec

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.table import Table
from strongroom.domain.copies.comparing.kept import REMEMBERED_FOR, KeptCopy

# As text, so many are less than the 400 KB of an item however long their ARNs are; compressed, a fifth of it.
_TOGETHER: Final = 500


class LedgerKeptCopies:
    """What was verified long ago, kept in the ledger, many copies in one item."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def note(self, vault: str, day: datetime, copies: Iterable[KeptCopy]) -> None:
        """Remember these copies of what was backed up on that day; the same ones once."""
        for together in batched(sorted(copies, key=str), _TOGETHER, strict=False):
            text = msgspec.json.encode(together)
            ends = min(max(each.until for each in together), day + REMEMBERED_FOR)
            key = Key(_pk(vault, day), f"KEPT#{sha256(text).hexdigest()}")
            written = {
                "copies": b64encode(zlib.compress(text)).decode(),
                "expires_at": int(ends.timestamp()),
            }
            self._table.put_new(key.item | written)

    def of_day(self, vault: str, day: datetime) -> Iterator[KeptCopy]:
        """Every copy of what was backed up on that day that the vault must keep; some of them twice."""
        for item in self._table.under(_pk(vault, day), prefix="KEPT#", is_latest=False):
            yield from msgspec.json.decode(zlib.decompress(b64decode(item["copies"])), type=tuple[KeptCopy, ...])


def _pk(vault: str, day: datetime) -> str:
    return f"RECONCILIATION#{vault}#{day.date().isoformat()}"
