"""Backups that must be made, in a real table: every write is made on what was read, and the index lists what is due."""

from copy import replace
from datetime import timedelta

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.copies.protection import LedgerExpectedBackups
from strongroom.adapters.ledger.table import Table
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.expected.backups import ExpectedState
from strongroom.wiring.copies.sweeping import due_list
from tests.builders.copies import RESOURCE, a_promise
from tests.builders.expected import BACKUP_DUE, FIRING, an_expected

NEW = replace(an_expected(), version=0, revision=0)
LONG = timedelta(days=3)


def test_a_backup_is_expected_once_and_read_back_whole(ledger_table: Table) -> None:
    book = LedgerExpectedBackups(ledger_table)
    assert book.find(NEW.key) is None
    assert book.keep(an_expected(), was=NEW)
    assert not book.keep(an_expected(last_job="other"), was=NEW)
    assert book.find(NEW.key) == an_expected()


def test_everything_that_changes_is_read_back_and_what_is_absent_goes(ledger_table: Table) -> None:
    book = LedgerExpectedBackups(ledger_table)
    book.keep(an_expected(), was=NEW)
    missing = an_expected(
        state=ExpectedState.MISSING,
        alert=AlertKind.BACKUP_MISSING,
        untold=True,
        missed=FIRING,
        unseen=2,
        version=2,
        revision=2,
    )
    assert book.keep(missing, was=an_expected())
    assert book.find(NEW.key) == missing
    ended = replace(missing, state=ExpectedState.ENDED, firing=None, due_at=None, ended_at=FIRING)
    over = replace(ended, untold=False, revision=3)
    assert book.keep(over, was=missing)
    assert book.find(NEW.key) == over
    item = ledger_table.get(Key(f"RESOURCE#{RESOURCE}", "BACKUP#daily-prod#backup-and-copy")) or {}
    assert item["expires_at"] == int((FIRING + timedelta(days=400)).timestamp())


def test_what_somebody_else_has_written_since_is_left_alone(ledger_table: Table) -> None:
    book = LedgerExpectedBackups(ledger_table)
    book.keep(an_expected(), was=NEW)
    book.keep(an_expected(unseen=1, revision=2), was=an_expected())
    assert not book.keep(an_expected(unseen=5, revision=2), was=an_expected())
    assert book.find(NEW.key) == an_expected(unseen=1, revision=2)


def test_promises_and_backups_are_listed_by_when_they_are_due(ledger_table: Table) -> None:
    promises, book = LedgerPromises(ledger_table), LedgerExpectedBackups(ledger_table)
    promise = a_promise(due_at=BACKUP_DUE + timedelta(hours=1))
    promises.open(promise)
    later = an_expected(rule="weekly", due_at=BACKUP_DUE + timedelta(hours=2))
    book.keep(later, was=replace(later, revision=0))
    book.keep(an_expected(), was=NEW)
    due = due_list(ledger_table)
    assert [*due.due(BACKUP_DUE + LONG)] == [NEW.key, promise.key, later.key]
    assert [*due.due(BACKUP_DUE)] == [NEW.key]
    assert [*due.due(BACKUP_DUE - timedelta(seconds=1))] == []
