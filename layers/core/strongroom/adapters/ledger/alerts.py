"""Alerts in the ledger: `ALERT#<fingerprint>` / `STATE`."""

from datetime import datetime, timedelta

from strongroom.adapters.ledger.table import LedgerTable, to_text
from strongroom.domain.alerts import Alert, AlertKind
from strongroom.domain.identifiers import AccountId, Region

_NAMES = {"#status": "status", "#count": "count"}
# Longer than telling takes, shorter than any queue waits before it tries again.
_CLAIM_LASTS = timedelta(seconds=30)


class LedgerAlerts:
    """The alert book, kept in the ledger."""

    def __init__(self, table: LedgerTable) -> None:
        """`table` is the ledger's."""
        self._table = table

    def open(self, alert: Alert, *, now: datetime) -> bool:
        """Open the alert, or count a repetition; True when it is to be told, which nobody else is doing meanwhile.

        `untold_since` stands on the item from the opening until it was told: whoever set it last tells it. A claim that
        came to nothing, because its function died, is taken over after half a minute.
        """
        item = {
            "pk": _pk(alert.fingerprint),
            "sk": "STATE",
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
        self._table.change(
            _pk(fingerprint),
            "STATE",
            update="REMOVE untold_since" if told else "SET untold_since = :long_ago",
            values={":long_ago": ""},
            condition="untold_since >= :long_ago",
            names={},
        )

    def resolve(self, fingerprint: str, *, reason: str, now: datetime) -> Alert | None:
        """Close an open alert and return it; None when it was not open."""
        item = self._table.change(
            _pk(fingerprint),
            "STATE",
            update="SET #status = :resolved, resolution = :reason, resolved_at = :now",
            values={":resolved": "resolved", ":reason": reason, ":now": to_text(now), ":open": "open"},
            condition="#status = :open",
            names={"#status": "status"},
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
        changed = self._table.change(
            _pk(alert.fingerprint),
            "STATE",
            update="SET #status = :open, reason = :reason, opened_at = :now, last_seen_at = :now, "
            "untold_since = :now, #count = :one",
            values={":open": "open", ":reason": alert.reason, ":now": to_text(now), ":one": 1, ":resolved": "resolved"},
            condition="#status = :resolved",
            names=_NAMES,
        )
        return changed is not None

    def _take_over(self, alert: Alert, *, now: datetime) -> bool:
        changed = self._table.change(
            _pk(alert.fingerprint),
            "STATE",
            update="SET #count = #count + :one, last_seen_at = :now, untold_since = :now",
            values={":one": 1, ":now": to_text(now), ":stale": to_text(now - _CLAIM_LASTS), ":open": "open"},
            condition="#status = :open AND untold_since < :stale",
            names=_NAMES,
        )
        return changed is not None

    def _count(self, alert: Alert, *, now: datetime) -> bool:
        self._table.change(
            _pk(alert.fingerprint),
            "STATE",
            update="SET #count = #count + :one, last_seen_at = :now",
            values={":one": 1, ":now": to_text(now), ":open": "open"},
            condition="#status = :open",
            names=_NAMES,
        )
        return False


def _pk(fingerprint: str) -> str:
    return f"ALERT#{fingerprint}"
