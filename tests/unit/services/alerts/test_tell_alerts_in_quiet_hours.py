"""What can wait is told when the quiet hours end, by whoever comes then, and what cannot is told at once."""

from copy import replace
from datetime import UTC, datetime, time

import pytest

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.telling.alert_threads import LedgerAlertThreads
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.alerts.quiet_hours import QuietHours
from strongroom.services.alerts.post_alert import AlertPostNeeds, PostState, post_alert
from strongroom.services.alerts.tell_alerts import AlertNotifier
from tests.builders.places import HOME, PAYMENTS
from tests.fakes.accounts_and_tags import FakeAlerts
from tests.fakes.slack import FakeAlertChannel

QUIET, LATER, MORNING = (datetime(2026, 11, 24, hour, tzinfo=UTC) for hour in (2, 5, 6))
SLOW = Alert(kind=AlertKind.COPY_SLOW, subject="arn:db", account=PAYMENTS, region=HOME, reason="it still runs")
MISSING = replace(SLOW, kind=AlertKind.COPY_MISSING, reason="nothing arrived")


@pytest.fixture
def people() -> FakeAlerts:
    return FakeAlerts()


@pytest.fixture
def book(ledger_table: MemoryTable) -> LedgerAlerts:
    return LedgerAlerts(ledger_table)


@pytest.fixture
def alerts(book: LedgerAlerts, people: FakeAlerts) -> AlertNotifier:
    hours = QuietHours(time(22), time(6))
    return AlertNotifier(book=book, announcer=people, publisher=people, quiet_hours=hours)


def test_a_warning_waits_for_the_morning_and_is_told_once(alerts: AlertNotifier, people: FakeAlerts) -> None:
    assert [alerts.complain(SLOW, now=QUIET), alerts.complain(SLOW, now=LATER)] == [False, False]
    assert (alerts.finish(now=LATER), people.told, people.facts) == (0, [], [])
    assert [alerts.finish(now=MORNING), alerts.finish(now=MORNING)] == [1, 0]
    assert people.kinds == [AlertKind.COPY_SLOW]


def test_what_is_critical_is_told_at_once(alerts: AlertNotifier, people: FakeAlerts) -> None:
    assert alerts.complain(MISSING, now=QUIET)
    assert people.kinds == [AlertKind.COPY_MISSING]


def test_what_becomes_critical_waits_no_longer(alerts: AlertNotifier, people: FakeAlerts) -> None:
    alerts.complain(SLOW, version=1, now=QUIET)
    assert alerts.complain(MISSING, version=2, now=LATER)
    assert (people.kinds, alerts.finish(now=MORNING)) == ([AlertKind.COPY_MISSING], 0)


def test_what_is_over_before_the_morning_is_told_to_nobody(alerts: AlertNotifier, people: FakeAlerts) -> None:
    alerts.complain(SLOW, version=1, now=QUIET)
    assert not alerts.resolve(SLOW, reason="it arrived", version=2, now=LATER)
    assert (alerts.finish(now=MORNING), people.told, people.settled) == (0, [], [])


def test_an_end_waits_as_well_where_people_know_the_beginning(alerts: AlertNotifier, people: FakeAlerts) -> None:
    alerts.complain(SLOW, version=1, now=QUIET.replace(hour=21, day=23))
    assert not alerts.resolve(SLOW, reason="it arrived", version=2, now=LATER)
    assert people.settled == []
    assert alerts.finish(now=MORNING) == 1
    assert (people.kinds, people.settled) == ([AlertKind.COPY_SLOW], [SLOW])


def test_a_forged_doorbell_shows_nothing_that_waits(
    alerts: AlertNotifier, book: LedgerAlerts, ledger_table: MemoryTable
) -> None:
    channel = FakeAlertChannel()
    needs = AlertPostNeeds(book=book, channel=channel, threads=LedgerAlertThreads(ledger_table))
    alerts.complain(SLOW, now=QUIET)
    assert post_alert(SLOW.fingerprint, needs=needs, now=LATER).state is PostState.UNCHANGED
    assert channel.said == []
