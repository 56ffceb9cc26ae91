"""Alerts in the ledger: `ALERT#<fingerprint>` / `STATE`.

One that people were not told of as it stands is on the sparse index, due when its teller must have died or the quiet
hours end. One that is open, and told, is there in a bucket of its own, sorted by gravity and age: `0#<opened at>` is
critical, `1#` a warning, `2#` a notice.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import replace
from datetime import date, datetime
from itertools import batched
from typing import TYPE_CHECKING, ClassVar, Final

from strongroom.adapters.ledger.changes import AllOf, Change, Equals, Key, absent
from strongroom.adapters.ledger.table import (
    ACTIONS_READ,
    ACTIONS_READ_MANY,
    BATCH,
    Item,
    Table,
    to_moment,
    to_text,
)
from strongroom.domain.alerts.complaints import Alert, AlertKind, Severity, Whose
from strongroom.domain.alerts.digest import DigestMark
from strongroom.domain.alerts.lifecycle import AlertState, AlertStatus
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId, Region

if TYPE_CHECKING:
    from strongroom.adapters.ledger.table import WholeTable

_UNTOLD: Final = "alert-untold"
_OPEN: Final = "alert-open"
_LAST: Final = "~"  # sorts behind everything that a bucket holds
_RANKS: Final = {severity: rank for rank, severity in enumerate(Severity)}
_PK = "ALERT#"


class LedgerAlerts:
    """The alert book, kept in the ledger."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "find": ("dynamodb:GetItem",),
        "keep": ("dynamodb:UpdateItem",),
        "untold": ("dynamodb:Query",),
    }

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def find(self, fingerprint: str) -> AlertState | None:
        """The alert as it stands, or None."""
        item = self._table.get(alert_key(fingerprint))
        return None if item is None else _state(item)

    def keep(self, state: AlertState, *, was: AlertState | None) -> bool:
        """Write the alert over what was read; False when somebody else has written it since."""
        change = Change(set=_written(state), when=absent("pk") if was is None else _as_read(was))
        return self._table.change(alert_key(state.alert.fingerprint), change) is not None

    def untold(self, now: datetime) -> Iterator[str]:
        """The fingerprints of the alerts that somebody began to tell, long enough ago to have died over it."""
        for item in self._table.due(bucket=_UNTOLD, until=to_text(now)):
            yield item["pk"].removeprefix(_PK)


class LedgerOpenAlerts:
    """The list of open alerts, of which many are read in one request."""

    ACTIONS: Final = (*ACTIONS_READ, *ACTIONS_READ_MANY)

    def __init__(self, table: "WholeTable") -> None:
        """`table` is the ledger's."""
        self._table = table

    def open(self, *, account: AccountId | None = None) -> Iterator[AlertState]:
        """The alerts that are open, the gravest first and the oldest of those; last those that are being told.

        Of one account the others' are not read, for the index has the account of each.
        """
        for bucket in (_OPEN, _UNTOLD):
            listed = self._table.due(bucket=bucket, until=_LAST)
            keys = (Key(item["pk"], item["sk"]) for item in listed if account in {None, item["account"]})
            for batch in batched(keys, BATCH, strict=False):
                found = self._table.get_many(batch)
                for key in batch:
                    # Whatever a busy table has left out is asked for by itself: nothing that is open is passed over.
                    item = found.get(key) or self._table.get(key)
                    if item is not None and is_open(item):
                        yield _state(item)


class LedgerLinkKey:
    """The key that the links to alerts are signed with: `ALERT#LINKS` / `KEY`, where whoever tells alerts may make it.

    Without the item there is a new one, and no link that was made before is taken any more.
    """

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "find": ("dynamodb:GetItem",),
        "made": ("dynamodb:GetItem", "dynamodb:UpdateItem"),
    }
    _KEY: Final = Key(f"{_PK}LINKS", "KEY")

    def __init__(self, table: Table, *, draw: Callable[[], bytes]) -> None:
        """`table` is the ledger's; `draw` gives random bytes."""
        self._table = table
        self._draw = draw

    def find(self) -> bytes | None:
        """The key, or None where no link was ever made."""
        item = self._table.get(self._KEY)
        return None if item is None else bytes.fromhex(item["key"])

    def made(self) -> bytes:
        """The key, which is drawn where there is none yet; of two who draw at once, the first one's counts."""
        if (known := self.find()) is not None:
            return known
        self._table.change(self._KEY, Change(set={"key": self._draw().hex()}, when=absent("pk")))
        if (known := self.find()) is None:
            raise TemporarilyUnavailableError("the key of the links to alerts was taken away in this moment")
        return known


class LedgerDigests:
    """The mark of the latest digest: `DIGEST` / `STATE`."""

    _KEY: Final = Key("DIGEST", "STATE")

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def find(self) -> DigestMark | None:
        """The latest digest's mark, or None when there was none yet."""
        item = self._table.get(self._KEY)
        if item is None:
            return None
        first = DigestMark.first(date.fromisoformat(item["day"]))
        after = date.fromisoformat(item["after"]) if "after" in item else first.after
        return replace(first, after=after, owner=item.get("owner"), told=tuple(item["told"]), number=item["number"])

    def keep(self, mark: DigestMark, *, was: DigestMark | None) -> bool:
        """Write the mark over what was read; False when somebody else has written it since."""
        days = {"day": mark.day.isoformat(), "after": mark.after.isoformat()}
        written = days | {"owner": mark.owner, "told": list(mark.told), "number": mark.number}
        change = Change(set=written, when=absent("pk") if was is None else Equals("number", was.number))
        return self._table.change(self._KEY, change) is not None


def alert_key(fingerprint: str) -> Key:
    """Where the alert is."""
    return Key(f"{_PK}{fingerprint}", "STATE")


def _as_read(was: AlertState) -> AllOf:
    claimed, acknowledged, asked = was.claimed_until, was.acknowledged_at, was.ticket_asked_at
    return AllOf(
        Equals("version", was.version),
        Equals("count", was.count),
        absent("acknowledged_at") if acknowledged is None else Equals("acknowledged_at", to_text(acknowledged)),
        absent("claimed_until") if claimed is None else Equals("claimed_until", to_text(claimed)),
        Equals("ticket", was.ticket) if was.ticket else absent("ticket"),
        absent("ticket_asked_at") if asked is None else Equals("ticket_asked_at", to_text(asked)),
    )


def is_open(item: Item) -> bool:
    """Whether the item is that of an alert which is not over."""
    return bool(item["status"] == AlertStatus.OPEN)


def _written(state: AlertState) -> Item:
    alert, claimed, held = state.alert, state.claimed_until, state.held_until
    acknowledged, whose = state.acknowledged_at, state.alert.whose or Whose()
    asked = state.ticket_asked_at
    return {
        "status": state.status,
        "version": state.version,
        "kind": alert.kind,
        "subject": alert.subject,
        "account": alert.account,
        "region": alert.region,
        "reason": alert.reason,
        "resource": alert.resource or None,
        "resources": list(alert.resources) or None,
        "account_name": whose.account_name or None,
        "owner": whose.owner or None,
        "unit": whose.unit or None,
        "opened_at": to_text(state.opened_at),
        "last_seen_at": to_text(state.last_seen_at),
        "count": state.count,
        "resolution": state.resolution or None,
        "told_version": state.told_version,
        "told_status": state.told_status,
        "claimed_until": None if claimed is None else to_text(claimed),
        "held_until": None if held is None else to_text(held),
        "acknowledged_by": state.acknowledged_by or None,
        "acknowledged_at": None if acknowledged is None else to_text(acknowledged),
        "wants_ticket": alert.wants_ticket or None,
        "ticket": state.ticket or None,
        "ticket_asked_at": None if asked is None else to_text(asked),
    } | _listed(state)


def _listed(state: AlertState) -> Item:
    """Where the index has it, if at all."""
    if not state.is_told:
        return {"due_bucket": _UNTOLD, "due_at": to_text(state.claimed_until or state.held_until or state.last_seen_at)}
    if state.status is AlertStatus.OPEN:
        return {"due_bucket": _OPEN, "due_at": f"{_RANKS[state.alert.severity]}#{to_text(state.opened_at)}"}
    return {"due_bucket": None, "due_at": None}


def _whose(item: Item) -> Whose | None:
    said = {name: item[name] for name in ("account_name", "owner", "unit") if name in item}
    return Whose(**said) if said else None


def _state(item: Item) -> AlertState:
    told_status = item.get("told_status")
    return AlertState(
        alert=Alert(
            kind=AlertKind(item["kind"]),
            subject=item["subject"],
            account=AccountId(item["account"]),
            region=Region(item["region"]),
            reason=item["reason"],
            resource=item.get("resource", ""),
            resources=tuple(item.get("resources", ())),
            whose=_whose(item),
            wants_ticket=item.get("wants_ticket", False),
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
        held_until=to_moment(item["held_until"]) if "held_until" in item else None,
        acknowledged_by=item.get("acknowledged_by", ""),
        acknowledged_at=to_moment(item["acknowledged_at"]) if "acknowledged_at" in item else None,
        ticket=item.get("ticket", ""),
        ticket_asked_at=to_moment(item["ticket_asked_at"]) if "ticket_asked_at" in item else None,
    )
