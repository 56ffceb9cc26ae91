"""Accounts in the ledger: the latest judgement of each."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from strongroom.adapters.ledger.accounts import LedgerAccounts, LedgerHeartbeats, LedgerOnboardings, beat_key
from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.due import LedgerDue
from strongroom.adapters.ledger.table import Table
from strongroom.domain.accounts.membership import AccountState, AccountVerdict, KnownAccount, Membership
from strongroom.domain.health.heartbeats import BeatKey, Heartbeat, begun, ended, heard, silent, told
from strongroom.domain.identifiers import AccountId
from tests.builders.places import HOME, PRODUCTION, REPLICA_REGION, REPORTS

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
        account=REPORTS, state=AccountState.NOT_READY, units=(PRODUCTION,), assessed_at=LATER, not_ready_since=NOW
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


def test_a_heartbeat_is_found_as_it_was_kept(ledger_table: Table) -> None:
    book, key = LedgerHeartbeats(ledger_table), BeatKey(REPORTS, HOME)
    first = begun(None, key, within=WITHIN, now=NOW)
    assert first is not None
    assert book.keep(first, was=None)
    steps: tuple[Callable[[Heartbeat], Heartbeat | None], ...] = (
        lambda beat: heard(beat, sent_at=LATER, within=WITHIN, now=LATER),
        lambda beat: silent(beat, now=LATER),
        lambda beat: told(beat, within=WITHIN),
        lambda beat: ended(beat, reason="it left", now=LATER),
        lambda beat: begun(beat, key, within=WITHIN, now=LATER),
    )
    for step in steps:
        known = book.find(key)
        assert known is not None
        assert (moved := step(known)) is not None
        assert book.keep(moved, was=known)
        assert not book.keep(moved, was=known), "it was read before somebody else wrote it"
        assert book.find(key) == moved


def test_a_heartbeat_that_is_there_is_not_begun_over(ledger_table: Table) -> None:
    book = LedgerHeartbeats(ledger_table)
    first = begun(None, BeatKey(REPORTS, HOME), within=WITHIN, now=NOW)
    assert first is not None
    assert [book.keep(first, was=None) for _ in range(2)] == [True, False]


def test_heartbeats_are_listed_by_account_and_by_when_they_are_due(ledger_table: Table) -> None:
    book, accounts = LedgerHeartbeats(ledger_table), LedgerAccounts(ledger_table)
    accounts.record(verdict(AccountState.NOT_READY), not_ready_since=NOW, now=NOW, again_at=NOW)
    keys = [BeatKey(REPORTS, HOME), BeatKey(REPORTS, REPLICA_REGION), BeatKey(OTHER, HOME)]
    for hours, key in enumerate(keys):
        beat = begun(None, key, within=timedelta(hours=hours), now=NOW)
        assert beat is not None
        book.keep(beat, was=None)
    assert {beat.key for beat in book.of_account(REPORTS)} == set(keys[:2])
    due = LedgerDue(ledger_table, families={"ACCOUNT": beat_key})
    assert [*due.due(NOW + timedelta(hours=1))] == keys[:2]


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
