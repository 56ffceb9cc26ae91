"""Where alerts were told in chat: `ALERT#<fingerprint>` / `THREAD`."""

from datetime import datetime, timedelta

from strongroom.adapters.ledger.changes import (
    AllOf,
    AnyOf,
    AtMost,
    Below,
    Change,
    Equals,
    Exists,
    Key,
    Not,
    absent,
)
from strongroom.adapters.ledger.table import Table, to_moment, to_text
from strongroom.domain.alerts.messages import AlertThread
from strongroom.domain.chat import PostedMessage
from strongroom.domain.errors import ResourceNotReadyError

_CLAIM_LASTS = timedelta(seconds=30)


class LedgerAlertThreads:
    """The messages that told alerts, one per alert: the latest opening's."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def claim(self, fingerprint: str, *, event: str, at: datetime, now: datetime) -> bool:
        """Take on telling an opening; False when this event, or a later one, was told already.

        A claim without a message is good for half a minute: ResourceNotReadyError while another holds it.
        """
        is_new = AllOf(Not(Equals("told_event", event)), AtMost("opened_at", to_text(at)))
        is_abandoned = AllOf(
            Equals("told_event", event), absent("ts"), Below("claimed_at", to_text(now - _CLAIM_LASTS))
        )
        claimed = self._table.change(
            _key(fingerprint),
            Change(
                set={"told_event": event, "opened_at": to_text(at), "claimed_at": to_text(now)},
                remove=("ts", "channel", "text", "closed_by"),
                when=AnyOf(absent("pk"), is_new, is_abandoned),
            ),
        )
        if claimed is not None:
            return True
        known = self._table.get(_key(fingerprint)) or {}
        if known.get("told_event") == event and "ts" not in known:
            raise ResourceNotReadyError(f"the message about alert {fingerprint} is being written")
        return False

    def told(self, fingerprint: str, *, message: PostedMessage, text: str) -> None:
        """Remember the message that told it."""
        self._table.change(
            _key(fingerprint),
            Change(set={"channel": message.channel, "ts": message.ts, "text": text}, when=Exists("pk")),
        )

    def find(self, fingerprint: str) -> AlertThread | None:
        """The message that told the alert last, or None when none did."""
        item = self._table.get(_key(fingerprint))
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
            _key(fingerprint),
            Change(set={"closed_by": event}, when=AllOf(Exists("ts"), absent("closed_by"))),
        )
        return closed is not None


def _key(fingerprint: str) -> Key:
    return Key(f"ALERT#{fingerprint}", "THREAD")
