"""Heartbeats are kept as they were heard, and listed by when they are due."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.accounts.heartbeats import LedgerHeartbeats, beat_key
from strongroom.adapters.ledger.due import LedgerDue
from strongroom.adapters.ledger.table import Table
from strongroom.domain.accounts.membership import AccountState, AccountVerdict, Membership
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
