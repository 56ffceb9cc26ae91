"""What the ledger remembers of a resource's backups, among the attributes of `RESOURCE#<arn>` / `STATE`."""

from datetime import datetime

from strongroom.adapters.ledger.changes import AnyOf, Below, Change, Key, absent
from strongroom.adapters.ledger.table import Table, to_moment, to_text


class LedgerProtection:
    """The protection book: it adds its own attributes to the resource's item and leaves the others alone."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def tier(self, resource: str) -> str | None:
        """The tier that the resource is known to have."""
        return self._read(resource, "tier")

    def last_backup(self, resource: str) -> datetime | None:
        """When the resource was last backed up."""
        text = self._read(resource, "last_backup")
        return None if text is None else to_moment(text)

    def record_backup(self, resource: str, *, recovery_point: str, at: datetime) -> None:
        """Remember a backup, unless a later one is known."""
        self._record(resource, "last_backup", at=at, what=recovery_point)

    def record_verified_copy(self, resource: str, *, copy: str, at: datetime) -> None:
        """Remember a verified copy, unless a later one is known."""
        self._record(resource, "last_verified_copy", at=at, what=copy)

    def _read(self, resource: str, name: str) -> str | None:
        item = self._table.get(_key(resource)) or {}
        value = item.get(name)
        return None if value is None else str(value)

    def _record(self, resource: str, name: str, *, at: datetime, what: str) -> None:
        change = Change(
            set={name: to_text(at), f"{name}_arn": what},
            when=AnyOf(absent(name), Below(name, to_text(at))),
        )
        self._table.change(_key(resource), change)


def _key(resource: str) -> Key:
    return Key(f"RESOURCE#{resource}", "STATE")
