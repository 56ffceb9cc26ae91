"""Notes of settings in the ledger: `SETTINGS#<resource ARN>` / `LATEST`, and `UNTIL#<moment>` of those before it.

What they say is compressed, so that most are less than the kilobyte that DynamoDB charges as one write.
"""

import zlib
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import Final

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.table import Item, Table, read_item, to_moment, to_text
from strongroom.domain.restores.settings.note import KeptNote, read_note

_LATEST: Final = "LATEST"
_UNTIL: Final = "UNTIL#"
# What is settled is remembered for an auditor's year, and so is what was set then.
_KEPT: Final = timedelta(days=400)


class LedgerSettings:
    """The notes of settings, the latest of each resource, and those that it followed."""

    ACTIONS: Final = {
        "find": ("dynamodb:GetItem",),
        "as_of": ("dynamodb:GetItem", "dynamodb:Query"),
        "keep": ("dynamodb:PutItem",),
    }

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def find(self, resource: str) -> KeptNote | None:
        """The latest note, or None where there is none."""
        return read_item(self._table.get(_key(resource, _LATEST)), _to_note)

    def as_of(self, resource: str, *, at: datetime) -> KeptNote | None:
        """The note of what was set at that moment, or the first one after it; None where there is none."""
        latest = self.find(resource)
        if latest is None or latest.since <= at:
            return latest
        # Text order is time order: the first that ended later was in force then, or is the first of all.
        for item in self._table.under(_pk(resource), prefix=_UNTIL):
            if to_moment(item["sk"].removeprefix(_UNTIL)) > at:
                return read_item(item, _to_note)
        return latest

    def keep(self, kept: KeptNote, *, was: KeptNote | None) -> None:
        """Write the latest note, and beside it the one that it follows where that said something else."""
        if was is not None and was.note.digest != kept.note.digest:
            before = _key(kept.note.resource, f"{_UNTIL}{to_text(kept.since)}")
            self._table.put_new(before.item | _to_item(was, forgotten_after=kept.read_at))
        self._table.put(_key(kept.note.resource, _LATEST).item | _to_item(kept, forgotten_after=kept.read_at))


def _to_item(kept: KeptNote, *, forgotten_after: datetime) -> Item:
    return {
        "content": b64encode(zlib.compress(kept.note.content.encode())).decode(),
        "since": to_text(kept.since),
        "read_at": to_text(kept.read_at),
        "expires_at": int((forgotten_after + _KEPT).timestamp()),
    }


def _to_note(item: Item) -> KeptNote:
    return KeptNote(
        note=read_note(zlib.decompress(b64decode(item["content"])).decode()),
        since=to_moment(item["since"]),
        read_at=to_moment(item["read_at"]),
    )


def _key(resource: str, sk: str) -> Key:
    return Key(_pk(resource), sk)


def _pk(resource: str) -> str:
    return f"SETTINGS#{resource}"
