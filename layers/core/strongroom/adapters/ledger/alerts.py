"""Alerts in the ledger: `ALERT#<fingerprint>` / `STATE`.

One that people were not told of as it stands is on the sparse index, due when its teller must have died.
"""

from collections.abc import Iterator
from datetime import datetime

from strongroom.adapters.ledger.changes import AllOf, Change, Equals, Key, absent
from strongroom.adapters.ledger.table import Item, Table, to_moment, to_text
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.alerts.lifecycle import AlertState, AlertStatus
from strongroom.domain.identifiers import AccountId, Region

_UNTOLD = "alert-untold"
_PK = "ALERT#"


class LedgerAlerts:
    """The alert book, kept in the ledger."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def find(self, fingerprint: str) -> AlertState | None:
        """The alert as it stands, or None."""
        item = self._table.get(_key(fingerprint))
        return None if item is None else _state(item)

    def keep(self, state: AlertState, *, was: AlertState | None) -> bool:
        """Write the alert over what was read; False when somebody else has written it since."""
        change = Change(set=_written(state), when=absent("pk") if was is None else _as_read(was))
        return self._table.change(_key(state.alert.fingerprint), change) is not None

    def untold(self, now: datetime) -> Iterator[str]:
        """The fingerprints of the alerts that somebody began to tell, long enough ago to have died over it."""
        for item in self._table.due(bucket=_UNTOLD, until=to_text(now)):
            yield item["pk"].removeprefix(_PK)


def _key(fingerprint: str) -> Key:
    return Key(f"{_PK}{fingerprint}", "STATE")


def _as_read(was: AlertState) -> AllOf:
    claimed = was.claimed_until
    return AllOf(
        Equals("version", was.version),
        Equals("count", was.count),
        absent("claimed_until") if claimed is None else Equals("claimed_until", to_text(claimed)),
    )


def _written(state: AlertState) -> Item:
    alert, claimed = state.alert, state.claimed_until
    return {
        "status": state.status,
        "version": state.version,
        "kind": alert.kind,
        "subject": alert.subject,
        "account": alert.account,
        "region": alert.region,
        "reason": alert.reason,
        "opened_at": to_text(state.opened_at),
        "last_seen_at": to_text(state.last_seen_at),
        "count": state.count,
        "resolution": state.resolution or None,
        "told_version": state.told_version,
        "told_status": state.told_status,
        "claimed_until": None if claimed is None else to_text(claimed),
        "due_bucket": None if state.is_told else _UNTOLD,
        "due_at": None if state.is_told else to_text(claimed or state.last_seen_at),
    }


def _state(item: Item) -> AlertState:
    told_status = item.get("told_status")
    return AlertState(
        alert=Alert(
            kind=AlertKind(item["kind"]),
            subject=item["subject"],
            account=AccountId(item["account"]),
            region=Region(item["region"]),
            reason=item["reason"],
        ),
        status=AlertStatus(item["status"]),
        version=item["version"],
        opened_at=to_moment(item["opened_at"]),
        last_seen_at=to_moment(item["last_seen_at"]),
        count=item["count"],
        resolution=item.get("resolution", ""),
        told_version=item["told_version"],
        told_status=None if told_status is None else AlertStatus(told_status),
        claimed_until=to_moment(item["claimed_until"]) if "claimed_until" in item else None,
    )
