"""Where an account stands is what was read last, and one execution at a time has it."""

from datetime import UTC, datetime, timedelta

from strongroom.adapters.ledger.accounts.onboardings import LedgerOnboardings
from strongroom.adapters.ledger.table import Table
from strongroom.domain.accounts.membership import AccountState, AccountVerdict, Membership
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


WITHIN = timedelta(hours=2)


IN_PRODUCTION = Membership(status="ACTIVE", units=(PRODUCTION,), name="reports")


def test_where_an_account_stands_is_what_was_read_last(ledger_table: Table) -> None:
    book = LedgerOnboardings(ledger_table)
    assert book.find(REPORTS) is None
    book.place(REPORTS, IN_PRODUCTION, at=LATER)
    book.place(REPORTS, None, at=NOW)
    found = book.find(REPORTS)
    assert found is not None
    assert (found.membership, found.placed_at, found.generation) == (IN_PRODUCTION, LATER, 2)
    book.place(REPORTS, None, at=LATER)
    found = book.find(REPORTS)
    assert found is not None
    assert (found.membership, found.generation) == (None, 3)


def test_one_execution_at_a_time_has_an_account(ledger_table: Table) -> None:
    book = LedgerOnboardings(ledger_table)
    book.place(REPORTS, IN_PRODUCTION, at=NOW)
    assert book.claim(REPORTS, "first", until=LATER, now=NOW)
    assert book.claim(REPORTS, "first", until=LATER, now=NOW)
    assert not book.claim(REPORTS, "second", until=LATER, now=NOW)
    assert not book.release(REPORTS, "second")
    assert book.claim(REPORTS, "second", until=LATER, now=LATER)


def test_an_account_is_given_up_only_as_it_was_looked_at(ledger_table: Table) -> None:
    book = LedgerOnboardings(ledger_table)
    book.place(REPORTS, IN_PRODUCTION, at=NOW)
    book.claim(REPORTS, "first", until=LATER, now=NOW)
    book.place(REPORTS, IN_PRODUCTION, at=LATER)
    assert not book.release(REPORTS, "first", generation=1)
    assert book.release(REPORTS, "first", generation=2)
    found = book.find(REPORTS)
    assert found is not None
    assert (found.claim, found.claimed_until, found.ended) == ("", None, "first")
    assert book.claim(REPORTS, "second", until=LATER, now=NOW)
