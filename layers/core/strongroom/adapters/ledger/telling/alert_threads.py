"""What chat shows of alerts: `ALERT#<fingerprint>` / `THREAD`."""

from strongroom.adapters.ledger.changes import AllOf, Change, Equals, Key, absent
from strongroom.adapters.ledger.table import Item, Table, to_moment, to_text
from strongroom.domain.alerts.messages import AlertThread
from strongroom.domain.chat import PostedMessage


class LedgerAlertThreads:
    """The messages that show alerts, one per alert: the latest opening's."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def find(self, fingerprint: str) -> AlertThread | None:
        """What the channel shows of the alert, or None when that is nothing."""
        item = self._table.get(_key(fingerprint))
        return None if item is None else _thread(item)

    def keep(self, fingerprint: str, thread: AlertThread, *, was: AlertThread | None) -> bool:
        """Write what is shown over what was read; False when somebody else has written it since."""
        change = Change(set=_written(thread), when=absent("pk") if was is None else _as_read(was))
        return self._table.change(_key(fingerprint), change) is not None


def _key(fingerprint: str) -> Key:
    return Key(f"ALERT#{fingerprint}", "THREAD")


def _as_read(was: AlertThread) -> AllOf:
    claimed = was.claimed_until
    return AllOf(
        Equals("shown", was.shown),
        absent("claimed_until") if claimed is None else Equals("claimed_until", to_text(claimed)),
    )


def _written(thread: AlertThread) -> Item:
    message, claimed = thread.message, thread.claimed_until
    return {
        "channel": None if message is None else message.channel,
        "ts": None if message is None else message.ts,
        "text": thread.text,
        "shown": thread.shown,
        "is_closed": thread.is_closed,
        "is_acknowledged": thread.is_acknowledged,
        "ticket": thread.ticket or None,
        "claimed_until": None if claimed is None else to_text(claimed),
    }


def _thread(item: Item) -> AlertThread:
    return AlertThread(
        message=PostedMessage(channel=item["channel"], ts=item["ts"]) if "ts" in item else None,
        text=item["text"],
        shown=item["shown"],
        is_closed=item["is_closed"],
        is_acknowledged=item.get("is_acknowledged", False),
        ticket=item.get("ticket", ""),
        claimed_until=to_moment(item["claimed_until"]) if "claimed_until" in item else None,
    )
