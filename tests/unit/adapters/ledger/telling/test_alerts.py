"""Alerts in the ledger: what comes out is what went in, and open ones are listed, the gravest first."""

from collections.abc import Iterable
from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.accounts.owners import LedgerOwners
from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.table import Item, LedgerTable
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts, LedgerLinkKey, LedgerOpenAlerts
from strongroom.domain.accounts.membership import AccountState, AccountVerdict
from strongroom.domain.alerts.complaints import Alert, AlertKind, Whose
from strongroom.domain.alerts.lifecycle import AlertState, AlertStatus, told
from strongroom.domain.intent.model import Intent
from tests.builders.places import HOME, PAYMENTS, PRODUCTION, REPORTS
from tests.fakes.many.counting_table import CountingTable

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


def state(kind: AlertKind, subject: str, *, hours: int = 0) -> AlertState:
    alert = Alert(kind=kind, subject=subject, account=PAYMENTS, region=HOME, reason="it broke")
    at = NOW - timedelta(hours=hours)
    return AlertState(alert=alert, status=AlertStatus.OPEN, version=1, opened_at=at, last_seen_at=at)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"claimed_until": NOW},
        {"held_until": NOW},
        {"acknowledged_by": "maria", "acknowledged_at": NOW},
        {"ticket": "OPS-1", "ticket_asked_at": NOW},
        {"status": AlertStatus.RESOLVED, "resolution": "mended", "told_version": 1, "told_status": AlertStatus.OPEN},
    ],
    ids=lambda changes: ",".join(changes) or "plain",
)
def test_an_alert_comes_back_as_it_was_kept(ledger_table: LedgerTable, changes: dict[str, Any]) -> None:
    book, kept = LedgerAlerts(ledger_table), replace(state(AlertKind.COPY_FAILED, "arn:db"), **changes)
    kept = replace(
        kept,
        alert=replace(
            kept.alert,
            resource="arn:r",
            resources=("arn:r", "arn:s"),
            whose=Whose(owner="#payments", unit="Production"),
            wants_ticket=True,
        ),
    )
    assert book.keep(kept, was=None)
    assert book.find(kept.alert.fingerprint) == kept
    assert book.keep(replace(kept, count=2), was=kept)
    assert not book.keep(replace(kept, count=3), was=kept)


def test_a_mark_that_came_between_is_not_written_over(ledger_table: LedgerTable) -> None:
    book, read = LedgerAlerts(ledger_table), told(state(AlertKind.COPY_FAILED, "arn:db"))
    book.keep(read, was=None)
    assert book.keep(replace(read, acknowledged_by="maria", acknowledged_at=NOW), was=read)
    assert not book.keep(replace(read, last_seen_at=NOW), was=read)


@pytest.mark.parametrize("changes", [{"ticket": "OPS-1"}, {"ticket_asked_at": NOW}], ids=["its key", "the question"])
def test_a_ticket_that_came_between_is_not_written_over(ledger_table: LedgerTable, changes: dict[str, Any]) -> None:
    book, read = LedgerAlerts(ledger_table), told(state(AlertKind.RESOURCE_NOT_TAGGED, "arn:db"))
    book.keep(read, was=None)
    assert book.keep(replace(read, **changes), was=read)
    assert not book.keep(replace(read, last_seen_at=NOW), was=read)


def test_open_alerts_are_listed_the_gravest_first_and_the_oldest_of_those(ledger_table: LedgerTable) -> None:
    book = LedgerAlerts(ledger_table)
    young, old = state(AlertKind.COPY_FAILED, "young"), state(AlertKind.BACKUP_FAILED, "old", hours=9)
    slow, untold = state(AlertKind.COPY_SLOW, "slow", hours=20), state(AlertKind.COPY_FAILED, "untold", hours=99)
    over = replace(state(AlertKind.COPY_FAILED, "over"), status=AlertStatus.RESOLVED)
    for each in (told(young), told(slow), told(over), untold, told(old)):
        book.keep(each, was=None)
    assert [each.alert.subject for each in LedgerOpenAlerts(ledger_table).open()] == ["old", "young", "slow", "untold"]


def test_open_alerts_are_read_a_hundred_at_once_and_those_of_other_accounts_not_at_all() -> None:
    table = CountingTable()
    for number in range(230):
        kept = state(AlertKind.COPY_FAILED, f"arn:{number}")
        account = REPORTS if number % 10 == 0 else PAYMENTS
        assert LedgerAlerts(table).keep(told(replace(kept, alert=replace(kept.alert, account=account))), was=None)
    table.forget()
    assert len([*LedgerOpenAlerts(table).open()]) == 230
    assert table.requests == {"Query due": 2, "BatchGetItem": 3}
    table.forget()
    assert {each.alert.account for each in LedgerOpenAlerts(table).open(account=REPORTS)} == {REPORTS}
    assert (table.requests, table.items["BatchGetItem"]) == ({"Query due": 2, "BatchGetItem": 1}, 23)


def test_no_more_open_alerts_are_read_than_are_asked_for_but_for_a_hundred() -> None:
    table = CountingTable()
    for number in range(230):
        LedgerAlerts(table).keep(told(state(AlertKind.COPY_FAILED, f"arn:{number}")), was=None)
    table.forget()
    next(LedgerOpenAlerts(table).open())
    assert table.items["BatchGetItem"] == 100


def test_what_a_busy_table_leaves_out_of_its_answer_is_asked_for_by_itself() -> None:
    class Busy(CountingTable):
        def get_many(self, keys: Iterable[Key]) -> dict[Key, Item]:
            return dict([*super().get_many(keys).items()][1:])

    table = Busy()
    for subject in ("one", "two", "three"):
        LedgerAlerts(table).keep(told(state(AlertKind.COPY_FAILED, subject)), was=None)
    assert {each.alert.subject for each in LedgerOpenAlerts(table).open()} == {"one", "two", "three"}
    assert table.requests["GetItem"] == 1


def test_the_key_of_links_is_drawn_once_and_found_by_all(ledger_table: LedgerTable) -> None:
    drawn = iter([b"a" * 32, b"b" * 32])
    one, other = (LedgerLinkKey(ledger_table, draw=lambda: next(drawn)) for _ in range(2))
    assert one.find() is None
    assert [one.made(), other.made(), other.find()] == [b"a" * 32] * 3


def test_of_two_who_draw_a_key_at_once_both_have_the_first_ones(ledger_table: LedgerTable) -> None:
    def overtaken() -> bytes:
        assert LedgerLinkKey(ledger_table, draw=lambda: b"a" * 32).made() == b"a" * 32
        return b"b" * 32

    assert LedgerLinkKey(ledger_table, draw=overtaken).made() == b"a" * 32


def test_whose_an_account_is_its_tag_says_and_else_the_intent(ledger_table: LedgerTable, intent: Intent) -> None:
    [target] = intent.targets
    said = replace(intent, targets=(replace(target, contact="#production"),))
    owners, accounts = LedgerOwners(ledger_table, intent=said), LedgerAccounts(ledger_table)
    assert owners.of(PAYMENTS) is None
    verdict = AccountVerdict(
        account=PAYMENTS, state=AccountState.READY, reason="", units=(PRODUCTION,), name="payments"
    )
    accounts.record(verdict, not_ready_since=None, now=NOW)
    assert owners.of(PAYMENTS) == Whose(account_name="payments", owner="#production", unit="Production")
    accounts.record(replace(verdict, owner="#payments"), not_ready_since=None, now=NOW)
    assert owners.of(PAYMENTS) == Whose(account_name="payments", owner="#payments", unit="Production")
