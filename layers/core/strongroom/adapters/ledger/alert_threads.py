"""Where alerts were told in chat: `ALERT#<fingerprint>` / `THREAD`."""

from datetime import datetime, timedelta

from strongroom.adapters.ledger.table import LedgerTable, to_moment, to_text
from strongroom.domain.errors import ResourceNotReadyError
from strongroom.domain.messages import AlertThread, PostedMessage

_SK = "THREAD"
_CLAIM_LASTS = timedelta(seconds=30)


class LedgerAlertThreads:
    """The messages that told alerts, one per alert: the latest opening's."""

    def __init__(self, table: LedgerTable) -> None:
        """`table` is the ledger's."""
        self._table = table

    def claim(self, fingerprint: str, *, event: str, at: datetime, now: datetime) -> bool:
        """Take on telling an opening; False when this event, or a later one, was told already.

        A claim without a message is good for half a minute: ResourceNotReadyError while another holds it.
        """
        claimed = self._table.change(
            _pk(fingerprint),
            _SK,
            update="SET told_event = :event, opened_at = :at, claimed_at = :now REMOVE ts, channel, #text, closed_by",
            values={":event": event, ":at": to_text(at), ":now": to_text(now), ":stale": to_text(now - _CLAIM_LASTS)},
            condition="attribute_not_exists(pk) OR (told_event <> :event AND opened_at <= :at) "
            "OR (told_event = :event AND attribute_not_exists(ts) AND claimed_at < :stale)",
            names={"#text": "text"},
        )
        if claimed is not None:
            return True
        known = self._table.get(_pk(fingerprint), _SK) or {}
        if known.get("told_event") == event and "ts" not in known:
            raise ResourceNotReadyError(f"the message about alert {fingerprint} is being written")
        return False

    def told(self, fingerprint: str, *, message: PostedMessage, text: str) -> None:
        """Remember the message that told it."""
        self._table.change(
            _pk(fingerprint),
            _SK,
            update="SET channel = :channel, ts = :ts, #text = :text",
            values={":channel": message.channel, ":ts": message.ts, ":text": text},
            condition="attribute_exists(pk)",
            names={"#text": "text"},
        )

    def find(self, fingerprint: str) -> AlertThread | None:
        """The message that told the alert last, or None when none did."""
        item = self._table.get(_pk(fingerprint), _SK)
        if item is None or "ts" not in item:
            return None
        return AlertThread(
            message=PostedMessage(channel=item["channel"], ts=item["ts"]),
            text=item["text"],
            opened_at=to_moment(item["opened_at"]),
            is_closed="closed_by" in item,
        )

    def close(self, fingerprint: str, *, event: str) -> bool:
        """Remember that the thread was told of the resolution; False when that was known."""
        closed = self._table.change(
            _pk(fingerprint),
            _SK,
            update="SET closed_by = :event",
            values={":event": event},
            condition="attribute_exists(ts) AND attribute_not_exists(closed_by)",
            names={},
        )
        return closed is not None


def _pk(fingerprint: str) -> str:
    return f"ALERT#{fingerprint}"
