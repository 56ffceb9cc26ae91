"""Accounts are found as they were judged last, and listed by when they are to be judged again."""

from datetime import UTC, datetime, timedelta

from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.table import Table
from strongroom.domain.accounts.membership import AccountState, AccountVerdict, KnownAccount, Membership
from strongroom.domain.identifiers import AccountId
from tests.builders.places import PRODUCTION, REPORTS

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)


LATER = NOW + timedelta(minutes=10)


OTHER = AccountId("444444444444")


ORDERS = "arn:aws:rds:eu-west-1:222222222222:db:orders"


def verdict(state: AccountState, account: AccountId = REPORTS) -> AccountVerdict:
    return AccountVerdict(
        account=account, state=state, reason="because", missing=("a vault",), unit="Production", units=(PRODUCTION,)
    )


def test_an_account_is_found_as_it_was_judged(ledger_table: Table) -> None:
    book = LedgerAccounts(ledger_table)
    assert book.find(REPORTS) is None
    book.record(verdict(AccountState.NOT_READY), not_ready_since=NOW, now=LATER, again_at=LATER)
    assert book.find(REPORTS) == KnownAccount(
        account=REPORTS,
        state=AccountState.NOT_READY,
        units=(PRODUCTION,),
        assessed_at=LATER,
        not_ready_since=NOW,
        reason="because",
        missing=("a vault",),
    )
    item = ledger_table.get(Key(f"ACCOUNT#{REPORTS}", "STATE"))
    assert item is not None
    assert (item["missing"], item["reason"], item["target_unit"]) == (["a vault"], "because", "Production")


def test_only_accounts_that_are_not_ready_are_listed_the_oldest_first(ledger_table: Table) -> None:
    book = LedgerAccounts(ledger_table)
    book.record(verdict(AccountState.NOT_READY, REPORTS), not_ready_since=NOW, now=LATER, again_at=LATER)
    book.record(verdict(AccountState.NOT_READY, OTHER), not_ready_since=NOW, now=NOW, again_at=NOW)
    assert [known.account for known in book.to_judge(until=LATER)] == [OTHER, REPORTS]
    assert [known.account for known in book.to_judge(until=NOW)] == [OTHER]
    book.record(verdict(AccountState.READY, OTHER), not_ready_since=None, now=LATER)
    assert [known.account for known in book.to_judge(until=LATER)] == [REPORTS]


def test_an_older_judgement_never_replaces_a_later_one(ledger_table: Table) -> None:
    book = LedgerAccounts(ledger_table)
    book.record(verdict(AccountState.READY), not_ready_since=None, now=LATER)
    book.record(verdict(AccountState.NOT_READY), not_ready_since=NOW, now=NOW, again_at=NOW)
    known = book.find(REPORTS)
    assert known is not None
    assert known.state is AccountState.READY


def test_a_doubted_account_is_judged_once_more_whatever_it_was_judged_to_be(ledger_table: Table) -> None:
    book = LedgerAccounts(ledger_table)
    book.record(verdict(AccountState.READY), not_ready_since=None, now=NOW)
    book.doubt(REPORTS, now=NOW)
    book.doubt(OTHER, now=NOW)  # nobody has ever judged it
    assert [known.account for known in book.to_judge(until=LATER)] == [REPORTS]
    assert book.find(OTHER) is None
    book.record(verdict(AccountState.READY), not_ready_since=None, now=LATER)
    assert [*book.to_judge(until=LATER)] == []


WITHIN = timedelta(hours=2)


IN_PRODUCTION = Membership(status="ACTIVE", units=(PRODUCTION,), name="reports")


def test_governed_accounts_are_listed_whenever_they_are_judged_next(ledger_table: Table) -> None:
    book = LedgerAccounts(ledger_table)
    book.record(verdict(AccountState.READY), not_ready_since=None, now=NOW, again_at=LATER)
    book.record(verdict(AccountState.NOT_GOVERNED, OTHER), not_ready_since=None, now=NOW)
    assert list(book.governed()) == [REPORTS]


def test_when_all_accounts_were_compared_is_remembered(ledger_table: Table) -> None:
    book = LedgerAccounts(ledger_table)
    assert book.compared_at() is None
    for at in (NOW, LATER):
        book.note_comparison(at=at)
    assert book.compared_at() == LATER
