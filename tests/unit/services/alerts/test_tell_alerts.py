"""Alerts are told once when all goes well, and never not at all."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.adapters.ledger.alerts import LedgerAlerts
from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.alerts.facts import AlertOpened, AlertResolved
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.facts import Fact
from strongroom.services.alerts.tell_alerts import AlertNotifier
from tests.builders.places import HOME, PAYMENTS

NOW = datetime(2026, 11, 23, 14, 20, tzinfo=UTC)
ALERT = Alert(
    kind=AlertKind.COPY_MISSING,
    subject="arn:db",
    account=PAYMENTS,
    region=HOME,
    reason="nothing arrived",
)


@dataclass
class FakePeople:
    """The topic and the bus; either can be down."""

    told: list[Alert] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    topic_is_down: bool = False
    bus_is_down: bool = False

    def announce_opened(self, alert: Alert) -> None:
        if self.topic_is_down:
            raise TemporarilyUnavailableError("the topic is down")
        self.told.append(alert)

    def announce_resolved(self, alert: Alert, *, reason: str) -> None:
        self.told.append(alert)

    def publish(self, fact: Fact) -> None:
        if self.bus_is_down:
            raise TemporarilyUnavailableError("the bus is down")
        self.facts.append(fact)


@pytest.fixture
def people() -> FakePeople:
    return FakePeople()


@pytest.fixture
def book(ledger_table: MemoryTable) -> LedgerAlerts:
    return LedgerAlerts(ledger_table)


@pytest.fixture
def alerts(book: LedgerAlerts, people: FakePeople) -> AlertNotifier:
    return AlertNotifier(book=book, announcer=people, publisher=people)


def test_the_same_complaint_is_told_once_however_late_it_comes_again(alerts: AlertNotifier, people: FakePeople) -> None:
    told = [alerts.complain(ALERT, now=NOW + timedelta(hours=hours)) for hours in range(3)]
    assert told == [True, False, False]
    assert (people.told, [type(fact) for fact in people.facts]) == ([ALERT], [AlertOpened])


@pytest.mark.parametrize("down", ["topic_is_down", "bus_is_down"])
def test_a_telling_that_broke_off_is_told_by_the_retry(down: str, alerts: AlertNotifier, people: FakePeople) -> None:
    setattr(people, down, True)
    for _ in range(2):
        with pytest.raises(TemporarilyUnavailableError):
            alerts.complain(ALERT, now=NOW)
    setattr(people, down, False)
    assert alerts.complain(ALERT, now=NOW + timedelta(seconds=1))
    assert not alerts.complain(ALERT, now=NOW + timedelta(seconds=2))
    assert ALERT in people.told
    assert [type(fact) for fact in people.facts] == [AlertOpened]


def test_a_function_that_died_before_telling_is_followed_by_one_that_tells(
    alerts: AlertNotifier, book: LedgerAlerts, people: FakePeople
) -> None:
    assert book.open(ALERT, now=NOW)  # and then nothing more is heard of it
    assert not alerts.complain(ALERT, now=NOW + timedelta(seconds=30))
    assert alerts.complain(ALERT, now=NOW + timedelta(seconds=31))
    assert people.told == [ALERT]


def test_while_one_is_telling_nobody_else_does(alerts: AlertNotifier, book: LedgerAlerts, people: FakePeople) -> None:
    assert book.open(ALERT, now=NOW)
    assert not alerts.complain(ALERT, now=NOW)
    book.mark_told(ALERT.fingerprint, told=True)
    assert not alerts.complain(ALERT, now=NOW + timedelta(hours=1))
    assert people.told == []


def test_what_was_resolved_and_comes_again_is_told_again(alerts: AlertNotifier, people: FakePeople) -> None:
    alerts.complain(ALERT, now=NOW)
    assert alerts.settle(ALERT.fingerprint, reason="arrived", now=NOW)
    assert not alerts.settle(ALERT.fingerprint, reason="arrived", now=NOW)
    assert alerts.complain(ALERT, now=NOW)
    assert not alerts.complain(ALERT, now=NOW + timedelta(hours=1))
    assert [type(fact) for fact in people.facts] == [AlertOpened, AlertResolved, AlertOpened]


def test_a_failed_telling_does_not_open_again_what_was_resolved(alerts: AlertNotifier, book: LedgerAlerts) -> None:
    book.open(ALERT, now=NOW)
    book.resolve(ALERT.fingerprint, reason="arrived", now=NOW)
    book.mark_told(ALERT.fingerprint, told=False)
    assert not alerts.settle(ALERT.fingerprint, reason="arrived", now=NOW)


def test_repetitions_are_counted(alerts: AlertNotifier, ledger_table: MemoryTable) -> None:
    for _ in range(3):
        alerts.complain(ALERT, now=NOW)
    item = ledger_table.get(Key(f"ALERT#{ALERT.fingerprint}", "STATE"))
    assert item is not None
    assert (item["count"], item["status"], "untold_since" in item) == (3, "open", False)
