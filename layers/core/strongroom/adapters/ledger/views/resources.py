"""The views of resources: `RESOURCE#<arn>` / `NOW` and the lines of its history, and a line in its account."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from strongroom.adapters.ledger.changes import Change, Equals, Key, absent
from strongroom.adapters.ledger.table import to_text
from strongroom.adapters.ledger.views.lines import line_in, line_item
from strongroom.adapters.ledger.views.places import DIRTY, NOW, history_of, now_of, place_in_account
from strongroom.adapters.ledger.views.table import ViewTable
from strongroom.adapters.ledger.views.written import dumped, loaded, viewed
from strongroom.domain.identifiers import AccountId
from strongroom.domain.status.nights import BackupLine
from strongroom.domain.status.resources import ResourceStatus
from strongroom.domain.status.totals import ResourceLine


def find_resource(
    table: ViewTable, resource: str, *, most: int
) -> tuple[ResourceStatus | None, tuple[BackupLine, ...]]:
    """The resource's status, and so many of its latest backups, the last one first: one query."""
    # Backwards, its status comes before its nights.
    items = table.page(history_of(resource), most=most + 1, backwards=True)
    status = next((loaded(item, ResourceStatus) for item in items if item["sk"] == NOW), None)
    lines = tuple(viewed(line_in(item), BackupLine) for item in items if item["sk"] != NOW)
    return status, lines[:most]


def keep_resource(
    table: ViewTable, status: ResourceStatus, *, was: ResourceStatus | None, lines: Iterable[BackupLine]
) -> bool:
    """Write the status over the one that was read, then its line in the list, and its account's mark."""
    read = absent("pk") if was is None else Equals("seen_at", to_text(was.seen_at))
    written: dict[str, Any] = {**dumped(status), "seen_at": to_text(status.seen_at)}
    if table.change(now_of(status.resource), Change(set=written, when=read)) is None:
        return False
    for line in lines:
        table.put(line_item(status.resource, line))
    place = place_in_account(status)
    table.put(place.item | dumped(_listed(status)))
    if was is not None and place_in_account(was) != place:
        table.remove(place_in_account(was))
    _mark(table, status.account, at=status.seen_at)
    return True


def forget_resource(table: ViewTable, status: ResourceStatus) -> None:
    """Take the resource out of its account's list; its nights stay until they expire."""
    table.remove(place_in_account(status))
    table.remove(now_of(status.resource))
    _mark(table, status.account, at=status.seen_at)


def _mark(table: ViewTable, account: AccountId, *, at: datetime) -> None:
    """Note that the account's list has changed."""
    table.put(Key(DIRTY, account).item | {"mark": to_text(at)})


def _listed(status: ResourceStatus) -> ResourceLine:
    return ResourceLine(
        resource=status.resource,
        state=status.state,
        look_at=status.look_at,
        restorable_to=status.restorable_to,
        sums=status.sums,
    )
