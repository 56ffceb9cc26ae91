"""What the ledger remembers of a resource's backups: in `RESOURCE#<arn>`, among the attributes of `STATE`.

A backup that answers a rule is remembered with what the rule owes instead.
How long its latest copies took, where deadlines are learnt, stands under `COPIED#<destination vault ARN>`.
Which must be made stands beside it, under `BACKUP#<tier>#<rule>`; `due_bucket` and `due_at` put it on the index `due`.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from strongroom.adapters.ledger.changes import AnyOf, Below, Change, Equals, Key, absent
from strongroom.adapters.ledger.due_buckets import due_bucket
from strongroom.adapters.ledger.table import Item, Table, read_item, to_moment, to_text
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.expected.backups import BackupKey, ExpectedBackup, ExpectedState
from strongroom.domain.copies.times.learning import REMEMBERED
from strongroom.domain.identifiers import AccountId, Region

_RESOURCE: Final = "RESOURCE#"
_BACKUP: Final = "BACKUP#"
_COPIED: Final = "COPIED#"
# How often what was written in between is read anew.
_TRIES: Final = 4
# What ended is remembered for an auditor's year.
_KEPT: Final = timedelta(days=400)


class LedgerProtection:
    """The protection book: it adds its own attributes to the resource's item and leaves the others alone."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def tier(self, resource: str) -> str | None:
        """The tier that the resource is known to have."""
        value = (self._table.get(_key(resource)) or {}).get("tier")
        return None if value is None else str(value)

    def last_backup(self, resource: str) -> datetime | None:
        """When the resource was last backed up, by a rule or otherwise."""
        return latest_backup(items_of_resource(self._table, resource))[0]

    def record_backup(self, resource: str, *, recovery_point: str, at: datetime) -> None:
        """Remember a backup that answers no rule, unless a later one is known; one that does its rule remembers."""
        change = Change(
            set={"last_backup": to_text(at), "last_backup_arn": recovery_point},
            when=AnyOf(absent("last_backup"), Below("last_backup", to_text(at))),
        )
        self._table.change(_key(resource), change)

    def copies_took(self, resource: str, *, destination: str) -> tuple[timedelta, ...]:
        """How long its latest copies to the vault with this ARN took, the last one last."""
        item = self._table.get(_key_of_copies(resource, destination)) or {}
        return tuple(timedelta(seconds=each) for each in item.get("took", ()))

    def record_copy(self, resource: str, *, destination: str, copy: str, took: timedelta, now: datetime) -> None:
        """Remember how long the copy took; once, however often it is told.

        One copy of a resource is made at a time, but what piled up while nobody worked is told at once.
        """
        key = _key_of_copies(resource, destination)
        for _ in range(_TRIES):
            known = self._table.get(key) or {}
            counted = known.get("copies", ())
            if copy in counted:
                return
            seconds = [*known.get("took", ()), round(took.total_seconds())][-REMEMBERED:]
            was = Equals("last_copy", known["last_copy"]) if known else absent("last_copy")
            copies = [*counted, copy][-REMEMBERED:]
            expires_at = int((now + _KEPT).timestamp())
            written = {"last_copy": copy, "copies": copies, "took": seconds, "expires_at": expires_at}
            if self._table.change(key, Change(set=written, when=was)) is not None:
                return


def items_of_resource(table: Table, resource: str) -> Iterator[Item]:
    """All that is remembered of the resource."""
    return table.under(f"{_RESOURCE}{resource}")


def latest_backup(items: Iterable[Item]) -> tuple[datetime | None, str | None]:
    """When the latest backup was there, and which it is, out of the resource's items: those of rules, and its own."""
    every = ((to_moment(item["last_backup"]), item.get("last_backup_arn")) for item in items if "last_backup" in item)
    return max(every, key=lambda each: each[0], default=(None, None))


def expected_among(items: Iterable[Item]) -> tuple[ExpectedBackup, ...]:
    """The backups that are expected of the resource, or were, out of its items."""
    return tuple(to_expected(item) for item in items if item["sk"].startswith(_BACKUP))


class LedgerExpectedBackups:
    """The book of backups that must be made; every change is made on what was read, and on nothing newer."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def find(self, key: BackupKey) -> ExpectedBackup | None:
        """The backup as it is expected, or None where none was yet."""
        return read_item(self._table.get(key_of_backup(key)), to_expected)

    def keep(self, expected: ExpectedBackup, *, was: ExpectedBackup) -> bool:
        """Write what became of it over what was read; False when somebody else has written it since."""
        key, standing = key_of_backup(expected.key), _standing(expected)
        if not was.revision:
            return self._table.put_new(key.item | _lasting(expected) | standing)
        return self._table.change(key, Change(set=standing, when=Equals("revision", was.revision))) is not None


def new_expected(expected: ExpectedBackup) -> tuple[Key, Change]:
    """What writes a backup that nobody expects yet, and where."""
    return key_of_backup(expected.key), Change(set=_lasting(expected) | _standing(expected), when=absent("pk"))


def backup_key(item: Item) -> BackupKey:
    """Which expected backup an item of the index `due` is."""
    tier, _, rule = item["sk"].removeprefix(_BACKUP).partition("#")
    return BackupKey(item["pk"].removeprefix(_RESOURCE), tier, rule, AccountId(item["account"]))


def _key(resource: str) -> Key:
    return Key(f"{_RESOURCE}{resource}", "STATE")


def _key_of_copies(resource: str, destination: str) -> Key:
    return Key(f"{_RESOURCE}{resource}", f"{_COPIED}{destination}")


def key_of_backup(key: BackupKey) -> Key:
    """Where the expected backup is."""
    return Key(f"{_RESOURCE}{key.resource}", f"{_BACKUP}{key.tier}#{key.rule}")


def _lasting(expected: ExpectedBackup) -> Item:
    return {
        "resource": expected.resource,
        "account": expected.account,
        "region": expected.region,
        "tier": expected.tier,
        "rule": expected.rule,
    }


def _standing(expected: ExpectedBackup) -> Item:
    """What of it changes; None is absence."""
    due_at, ended_at = expected.due_at, expected.ended_at
    return {
        "state": expected.state,
        "reason": expected.reason or None,
        "firing": _text(expected.firing),
        "due_bucket": None if due_at is None else due_bucket(expected.subject),
        "due_at": _text(due_at),
        "last_created": _text(expected.last_created),
        "last_job": expected.last_job,
        "last_backup": _text(expected.last_completed),
        "last_backup_arn": expected.last_point,
        "missed": _text(expected.missed),
        "unseen": expected.unseen or None,
        "version": expected.version,
        "revision": expected.revision,
        "alert": expected.alert,
        "untold": expected.untold or None,
        "ended_at": _text(ended_at),
        "expires_at": None if ended_at is None else int((ended_at + _KEPT).timestamp()),
    }


def to_expected(item: Item) -> ExpectedBackup:
    """The expected backup that the item holds."""
    alert = item.get("alert")
    return ExpectedBackup(
        resource=item["resource"],
        account=AccountId(item["account"]),
        region=Region(item["region"]),
        tier=item["tier"],
        rule=item["rule"],
        firing=_moment(item, "firing"),
        due_at=_moment(item, "due_at"),
        state=ExpectedState(item["state"]),
        reason=item.get("reason", ""),
        last_created=_moment(item, "last_created"),
        last_job=item.get("last_job"),
        last_point=item.get("last_backup_arn"),
        last_completed=_moment(item, "last_backup"),
        missed=_moment(item, "missed"),
        unseen=item.get("unseen", 0),
        version=item["version"],
        revision=item["revision"],
        alert=None if alert is None else AlertKind(alert),
        untold=item.get("untold", False),
        ended_at=_moment(item, "ended_at"),
    )


def _text(at: datetime | None) -> str | None:
    return None if at is None else to_text(at)


def _moment(item: Item, name: str) -> datetime | None:
    return to_moment(item[name]) if name in item else None
