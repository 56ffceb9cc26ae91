"""Many promises and expected backups are read at once, as they are one by one."""

from copy import replace

from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.copies.protection import LedgerExpectedBackups
from strongroom.adapters.ledger.copies.reconciliation import LedgerStandings
from strongroom.adapters.ledger.memory import MemoryTable
from tests.builders.copies import CONTINUOUS, a_promise
from tests.builders.expected import an_expected


def test_what_is_there_is_told_by_its_key_and_nothing_else() -> None:
    table = MemoryTable()
    promises, expected = LedgerPromises(table), LedgerExpectedBackups(table)
    one, night, backup = a_promise(), a_promise(recovery_point=CONTINUOUS, night="backup-1"), an_expected()
    for promise in (one, night):
        promises.open(promise)
    expected.keep(backup, was=replace(backup, revision=0))
    absent, other = a_promise(recovery_point="arn:other").key, an_expected(rule="monthly").key
    standings = LedgerStandings(table)
    assert standings.promises([one.key, absent, night.key]) == {one.key: one, night.key: night}
    assert standings.backups([backup.key, other]) == {backup.key: backup}


def test_what_is_too_long_to_be_a_key_is_not_there() -> None:
    standings = LedgerStandings(MemoryTable())
    assert standings.promises([a_promise(recovery_point="p" * 3_000).key]) == {}
    assert standings.backups([an_expected(resource="r" * 3_000).key]) == {}
