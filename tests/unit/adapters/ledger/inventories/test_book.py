"""Inventories in the ledger: what outlives a run, for each account."""

from datetime import UTC, datetime, timedelta

from strongroom.adapters.ledger.inventories.book import LedgerInventories
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.tags.inventory.runs import Mark, Place, Run
from tests.builders.places import HOME, PAYMENTS, REPORTS

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)


def test_what_is_refused_is_found_as_it_was_kept(ledger_table: LedgerTable) -> None:
    book = LedgerInventories(ledger_table)
    assert book.refused(PAYMENTS) == {}
    since = {"dsql:ListClusters in eu-west-1": NOW, "eks:ListClusters in eu-west-1": NOW - timedelta(days=1)}
    book.keep_refused(PAYMENTS, since)
    assert (book.refused(PAYMENTS), book.refused(REPORTS)) == (since, {})
    book.keep_refused(PAYMENTS, {})
    assert book.refused(PAYMENTS) == {}


def test_who_is_to_be_gone_through_is_listed_until_an_inventory_does(ledger_table: LedgerTable) -> None:
    book = LedgerInventories(ledger_table)
    for account in (REPORTS, PAYMENTS, PAYMENTS):
        book.owe(account, now=NOW)
    assert book.owed() == (PAYMENTS, REPORTS)
    book.begin_owed([PAYMENTS])
    assert book.owed() == (REPORTS,)
    book.owe(PAYMENTS, now=NOW)
    assert book.owed() == (PAYMENTS, REPORTS)


def test_a_mark_keeps_which_lists_are_refused(ledger_table: LedgerTable) -> None:
    book, place = LedgerInventories(ledger_table), Place("run", PAYMENTS, HOME)
    mark = Mark(place=place, left=(), seen_at=NOW, unread={"a:B": "no", "c:D": "busy"}, refused=("a:B",))
    assert book.keep(mark, was=None)
    assert book.find(place) == mark


def test_the_last_run_of_all_accounts_is_among_those_that_are_listed(ledger_table: LedgerTable) -> None:
    book = LedgerInventories(ledger_table)
    whole = Run(id="2026-09-01T10:00:00Z", begun_at=NOW)
    book.keep_run(whole)
    for number in range(25):
        book.keep_run(Run(id=f"2026-09-02T10:{number:02}:00Z", begun_at=NOW, accounts=(PAYMENTS,)))
    assert (len(book.runs()), book.runs()[-1]) == (26, whole)
    assert book.latest() == whole
