"""Whose tag we wrote, for whoever tells the owners: a bucket of the index `due`, by when it was written."""

from __future__ import annotations

from datetime import timedelta
from itertools import batched
from typing import TYPE_CHECKING, Final

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.table import ACTIONS_READ_MANY, BATCH, to_moment, to_text
from strongroom.domain.alerts.owner_news import TagWritten
from strongroom.domain.identifiers import AccountId, Region

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from strongroom.adapters.ledger.table import Item, WholeTable

WRITTEN: Final = "tag-written"
_RESOURCE: Final = "RESOURCE#"


class LedgerWrittenTags:
    """The list of written tags, read from the index, and what became of each from its item."""

    ACTIONS: Final = ACTIONS_READ_MANY

    def __init__(self, table: WholeTable) -> None:
        """`table` is the ledger's."""
        self._table = table

    def written(self, since: datetime, until: datetime) -> Iterator[TagWritten]:
        """Those of that time, `until` excluded, as they stand now: what was judged anew meanwhile is not among them."""
        listed = self._table.due(bucket=WRITTEN, since=to_text(since), until=to_text(until - timedelta.resolution))
        for some in batched(listed, BATCH, strict=False):
            keys = [Key(item["pk"], item["sk"]) for item in some]
            items = self._table.get_many(keys)
            yield from (_written(items[key]) for key in keys if items.get(key, {}).get("due_bucket") == WRITTEN)


def _written(item: Item) -> TagWritten:
    return TagWritten(
        resource=item["pk"].removeprefix(_RESOURCE),
        account=AccountId(item["account"]),
        region=Region(item["region"]),
        label=item.get("label", ""),
        tier=item["tier"],
        reason=item["tag_reason"],
        at=to_moment(item["due_at"]),
    )
