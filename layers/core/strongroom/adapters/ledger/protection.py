"""What the ledger remembers of a resource's backups, among the attributes of `RESOURCE#<arn>` / `STATE`."""

from datetime import datetime

from strongroom.adapters.ledger.table import LedgerTable, to_moment, to_text


class LedgerProtection:
    """The protection book: it adds its own attributes to the resource's item and leaves the others alone."""

    def __init__(self, table: LedgerTable) -> None:
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
        item = self._table.get(_pk(resource), "STATE") or {}
        value = item.get(name)
        return None if value is None else str(value)

    def _record(self, resource: str, name: str, *, at: datetime, what: str) -> None:
        self._table.change(
            _pk(resource),
            "STATE",
            update="SET #at = :at, #what = :what",
            values={":at": to_text(at), ":what": what},
            condition="attribute_not_exists(#at) OR #at < :at",
            names={"#at": name, "#what": f"{name}_arn"},
        )


def _pk(resource: str) -> str:
    return f"RESOURCE#{resource}"
