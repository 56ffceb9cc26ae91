"""Alerts are told once when all goes well, and never not at all."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.alerts.facts import AlertOpened, AlertResolved
from strongroom.domain.alerts.lifecycle import CLAIM_LASTS, AlertState, AlertStatus, judge_complaint
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.facts import Fact
from strongroom.services.alerts.tell_alerts import AlertNotifier
from tests.builders.places import HOME, PAYMENTS
from tests.fakes.accounts_and_tags import FakeAlerts

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

    def announce_opened(self, alert: Alert, *, link: str = "") -> None:
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
        with pytest.raises(TemporarilyUnavailableError, match="is down"):
            alerts.complain(ALERT, now=NOW)
    setattr(people, down, False)
    assert alerts.complain(ALERT, now=NOW + timedelta(seconds=1))
    assert not alerts.complain(ALERT, now=NOW + timedelta(seconds=2))
    assert ALERT in people.told
    assert [type(fact) for fact in people.facts] == [AlertOpened]


@pytest.mark.parametrize("down", ["topic_is_down", "bus_is_down"])
def test_a_telling_that_broke_off_is_finished_by_the_sweep_though_nobody_complains_again(
    down: str, alerts: AlertNotifier, people: FakePeople
) -> None:
    setattr(people, down, True)
    with pytest.raises(TemporarilyUnavailableError, match="is down"):
        alerts.complain(ALERT, now=NOW)
    setattr(people, down, False)
    assert [alerts.finish(now=NOW), alerts.finish(now=NOW)] == [1, 0]
    assert [type(fact) for fact in people.facts] == [AlertOpened]


def begun_and_died(book: LedgerAlerts) -> None:
    """Somebody has taken on telling the alert, and nothing more is heard of it."""
    following = judge_complaint(book.find(ALERT.fingerprint), ALERT, version=None, now=NOW)
    assert following.state is not None
    assert book.keep(following.state, was=None)


def test_a_function_that_died_before_telling_is_followed_by_one_that_tells(
    alerts: AlertNotifier, book: LedgerAlerts, people: FakePeople
) -> None:
    begun_and_died(book)
    assert not alerts.complain(ALERT, now=NOW + CLAIM_LASTS - timedelta(seconds=1))
    assert alerts.finish(now=NOW + CLAIM_LASTS - timedelta(seconds=1)) == 0
    assert alerts.complain(ALERT, now=NOW + CLAIM_LASTS)
    assert people.told == [ALERT]


def test_another_change_waits_until_the_one_that_is_being_told_is(alerts: AlertNotifier, book: LedgerAlerts) -> None:
    begun_and_died(book)
    with pytest.raises(TemporarilyUnavailableError, match="by somebody else"):
        alerts.complain(ALERT, version=2, now=NOW)
    with pytest.raises(TemporarilyUnavailableError, match="by somebody else"):
        alerts.settle(ALERT.fingerprint, reason="arrived", now=NOW)


def test_what_a_dead_function_left_is_told_by_the_sweep(
    alerts: AlertNotifier, book: LedgerAlerts, people: FakePeople
) -> None:
    begun_and_died(book)
    assert alerts.finish(now=NOW + CLAIM_LASTS) == 1
    assert people.told == [ALERT]


def test_an_opening_that_broke_off_is_told_with_its_end(
    alerts: AlertNotifier, book: LedgerAlerts, people: FakePeople
) -> None:
    begun_and_died(book)
    assert alerts.settle(ALERT.fingerprint, reason="arrived", now=NOW + CLAIM_LASTS)
    assert [type(fact) for fact in people.facts] == [AlertOpened, AlertResolved]


def test_what_was_resolved_and_comes_again_is_told_again(alerts: AlertNotifier, people: FakePeople) -> None:
    alerts.complain(ALERT, now=NOW)
    assert alerts.settle(ALERT.fingerprint, reason="arrived", now=NOW)
    assert not alerts.settle(ALERT.fingerprint, reason="arrived", now=NOW)
    assert alerts.complain(ALERT, now=NOW)
    assert not alerts.complain(ALERT, now=NOW + timedelta(hours=1))
    assert [type(fact) for fact in people.facts] == [AlertOpened, AlertResolved, AlertOpened]


def test_an_end_that_broke_off_is_told_by_the_sweep(alerts: AlertNotifier, people: FakePeople) -> None:
    alerts.complain(ALERT, now=NOW)
    people.bus_is_down = True
    with pytest.raises(TemporarilyUnavailableError):
        alerts.settle(ALERT.fingerprint, reason="arrived", now=NOW)
    people.bus_is_down = False
    assert alerts.finish(now=NOW) == 1
    assert [type(fact) for fact in people.facts] == [AlertOpened, AlertResolved]


def test_repetitions_are_counted(alerts: AlertNotifier, book: LedgerAlerts) -> None:
    for _ in range(3):
        alerts.complain(ALERT, now=NOW)
    kept = book.find(ALERT.fingerprint)
    assert kept is not None
    assert (kept.count, kept.status, kept.is_told) == (3, AlertStatus.OPEN, True)


# Where the subject counts its changes


def test_a_teller_who_comes_with_an_older_number_stops(alerts: AlertNotifier, people: FakePeople) -> None:
    alerts.complain(ALERT, version=2, now=NOW)
    alerts.resolve(ALERT, reason="arrived", version=3, now=NOW)
    assert not alerts.complain(ALERT, version=2, now=NOW + timedelta(hours=1))
    assert [type(fact) for fact in people.facts] == [AlertOpened, AlertResolved]


def test_an_end_that_overtakes_its_opening_is_silent_and_so_is_the_opening(
    alerts: AlertNotifier, people: FakePeople
) -> None:
    assert not alerts.resolve(ALERT, reason="arrived", version=3, now=NOW)
    assert not alerts.complain(ALERT, version=2, now=NOW)
    assert (people.told, people.facts) == ([], [])


def test_what_became_worse_is_told_once_more_and_ends_once(alerts: AlertNotifier, people: FakePeople) -> None:
    for version in (2, 3, 3):
        alerts.complain(ALERT, version=version, now=NOW)
    alerts.resolve(ALERT, reason="arrived", version=4, now=NOW)
    assert [type(fact) for fact in people.facts] == [AlertOpened, AlertOpened, AlertResolved]


def test_the_end_of_what_was_never_told_again_is_silent(alerts: AlertNotifier, people: FakePeople) -> None:
    alerts.complain(ALERT, version=2, now=NOW)
    alerts.resolve(ALERT, reason="arrived", version=3, now=NOW)
    assert not alerts.resolve(ALERT, reason="arrived again, after a failure that nobody told", version=5, now=NOW)
    assert not alerts.complain(ALERT, version=4, now=NOW)
    assert [type(fact) for fact in people.facts] == [AlertOpened, AlertResolved]


def test_somebody_else_who_writes_all_the_time_is_no_reason_to_try_for_ever(people: FakePeople) -> None:
    alerts = AlertNotifier(book=Overtaken(), announcer=people, publisher=people)
    with pytest.raises(TemporarilyUnavailableError):
        alerts.complain(ALERT, now=NOW)
    assert people.told == []


class Overtaken(FakeAlerts):
    def keep(self, state: AlertState, *, was: AlertState | None) -> bool:
        return False
