"""Accounts in the ledger: the latest judgement of each."""

from datetime import UTC, datetime, timedelta

from strongroom.adapters.ledger.accounts import LedgerAccounts
from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.table import Table
from strongroom.domain.accounts.membership import AccountState, AccountVerdict, KnownAccount
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
    book.record(verdict(AccountState.NOT_READY), not_ready_since=NOW, now=LATER)
    assert book.find(REPORTS) == KnownAccount(
        account=REPORTS, state=AccountState.NOT_READY, units=(PRODUCTION,), assessed_at=LATER, not_ready_since=NOW
    )
    item = ledger_table.get(Key(f"ACCOUNT#{REPORTS}", "STATE"))
    assert item is not None
    assert (item["missing"], item["reason"], item["target_unit"]) == (["a vault"], "because", "Production")


def test_only_accounts_that_are_not_ready_are_listed_the_oldest_first(ledger_table: Table) -> None:
    book = LedgerAccounts(ledger_table)
    book.record(verdict(AccountState.NOT_READY, REPORTS), not_ready_since=NOW, now=LATER)
    book.record(verdict(AccountState.NOT_READY, OTHER), not_ready_since=NOW, now=NOW)
    assert [known.account for known in book.not_ready(until=LATER)] == [OTHER, REPORTS]
    assert [known.account for known in book.not_ready(until=NOW)] == [OTHER]
    book.record(verdict(AccountState.READY, OTHER), not_ready_since=None, now=LATER)
    assert [known.account for known in book.not_ready(until=LATER)] == [REPORTS]


def test_an_older_judgement_never_replaces_a_later_one(ledger_table: Table) -> None:
    book = LedgerAccounts(ledger_table)
    book.record(verdict(AccountState.READY), not_ready_since=None, now=LATER)
    book.record(verdict(AccountState.NOT_READY), not_ready_since=NOW, now=NOW)
    known = book.find(REPORTS)
    assert known is not None
    assert known.state is AccountState.READY
