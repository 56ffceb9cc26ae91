"""Alerts in the ledger: `ALERT#<fingerprint>` / `STATE`."""

from datetime import datetime, timedelta

from strongroom.adapters.ledger.changes import AllOf, Below, Change, Equals, Exists, Key
from strongroom.adapters.ledger.table import Table, to_text
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.identifiers import AccountId, Region

_IS_OPEN = Equals("status", "open")
# Longer than telling takes, shorter than any queue waits before it tries again.
_CLAIM_LASTS = timedelta(seconds=30)


class LedgerAlerts:
    """The alert book, kept in the ledger."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def open(self, alert: Alert, *, now: datetime) -> bool:
        """Open the alert, or count a repetition; True when it is to be told, which nobody else is doing meanwhile.

        `untold_since` stands on the item from the opening until it was told: whoever set it last tells it. A claim that
        came to nothing, because its function died, is taken over after half a minute.
        """
        item = _key(alert.fingerprint).item | {
            "status": "open",
            "kind": alert.kind,
            "subject": alert.subject,
            "account": alert.account,
            "region": alert.region,
            "reason": alert.reason,
            "opened_at": to_text(now),
            "last_seen_at": to_text(now),
            "count": 1,
            "untold_since": to_text(now),
        }
        if self._table.put_new(item):
            return True
        return self._reopen(alert, now=now) or self._take_over(alert, now=now) or self._count(alert, now=now)

    def mark_told(self, fingerprint: str, *, told: bool) -> None:
        """Remember that the opening was told; if it was not, the next complaint is to tell it."""
        change = Change(set={"untold_since": None if told else ""}, when=Exists("untold_since"))
        self._table.change(_key(fingerprint), change)

    def resolve(self, fingerprint: str, *, reason: str, now: datetime) -> Alert | None:
        """Close an open alert and return it; None when it was not open."""
        item = self._table.change(
            _key(fingerprint),
            Change(set={"status": "resolved", "resolution": reason, "resolved_at": to_text(now)}, when=_IS_OPEN),
        )
        if item is None:
            return None
        return Alert(
            kind=AlertKind(item["kind"]),
            subject=item["subject"],
            account=AccountId(item["account"]),
            region=Region(item["region"]),
            reason=item["reason"],
        )

    def _reopen(self, alert: Alert, *, now: datetime) -> bool:
        opened = {
            "status": "open",
            "reason": alert.reason,
            "opened_at": to_text(now),
            "last_seen_at": to_text(now),
            "untold_since": to_text(now),
            "count": 1,
        }
        return self._change(alert, Change(set=opened, when=Equals("status", "resolved")))

    def _take_over(self, alert: Alert, *, now: datetime) -> bool:
        seen = {"last_seen_at": to_text(now), "untold_since": to_text(now)}
        is_abandoned = Below("untold_since", to_text(now - _CLAIM_LASTS))
        return self._change(alert, Change(set=seen, add={"count": 1}, when=AllOf(_IS_OPEN, is_abandoned)))

    def _count(self, alert: Alert, *, now: datetime) -> bool:
        self._change(alert, Change(set={"last_seen_at": to_text(now)}, add={"count": 1}, when=_IS_OPEN))
        return False

    def _change(self, alert: Alert, change: Change) -> bool:
        return self._table.change(_key(alert.fingerprint), change) is not None


def _key(fingerprint: str) -> Key:
    return Key(f"ALERT#{fingerprint}", "STATE")
