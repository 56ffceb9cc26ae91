"""Whoever looks after an alert says so of the version that they saw, and the channel shows it."""

from copy import replace
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.telling.alert_threads import LedgerAlertThreads
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts, LedgerOpenAlerts
from strongroom.domain.alerts.acknowledging import parse_fingerprint
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.alerts.facts import AlertAcknowledged
from strongroom.domain.errors import AlertChangedError, MalformedRequestError, NotFoundError
from strongroom.services.alerts.acknowledge_alert import AcknowledgementNeeds, acknowledge_alert, list_alerts
from strongroom.services.alerts.post_alert import AlertPostNeeds, PostState, post_alert
from strongroom.services.alerts.tell_alerts import AlertNotifier
from tests.builders.places import HOME, PAYMENTS
from tests.fakes.accounts_and_tags import FakeAlerts
from tests.fakes.slack import FakeAlertChannel

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
SLOW = Alert(kind=AlertKind.COPY_SLOW, subject="arn:db", account=PAYMENTS, region=HOME, reason="it still runs")
MISSING = replace(SLOW, kind=AlertKind.COPY_MISSING, reason="nothing arrived")
FINGERPRINT = SLOW.fingerprint


class Desk:
    """One alert that is open, and those who look after it."""

    def __init__(self, table: MemoryTable) -> None:
        self.table = table
        self.book, self.people, self.channel = LedgerAlerts(table), FakeAlerts(), FakeAlertChannel()
        self.threads = LedgerAlertThreads(table)
        self.alerts = AlertNotifier(book=self.book, announcer=self.people, publisher=self.people)
        self.alerts.complain(SLOW, version=1, now=NOW)

    def acknowledge(self, by: str, *, seen: int = 1) -> str:
        needs = AcknowledgementNeeds(book=self.book, publisher=self.people)
        shown = acknowledge_alert(FINGERPRINT, seen=seen, by=by, needs=needs, now=NOW + timedelta(minutes=1))
        who: str = shown["acknowledged_by"]
        return who

    def ring(self) -> PostState:
        needs = AlertPostNeeds(book=self.book, channel=self.channel, threads=self.threads)
        return post_alert(FINGERPRINT, needs=needs, now=NOW).state

    @property
    def listed(self) -> list[tuple[int, str]]:
        return [(each["version"], each["acknowledged_by"]) for each in list_alerts(alerts=LedgerOpenAlerts(self.table))]


@pytest.fixture
def desk(ledger_table: MemoryTable) -> Desk:
    return Desk(ledger_table)


def test_the_first_who_says_so_looks_after_it(desk: Desk) -> None:
    assert [desk.acknowledge("maria"), desk.acknowledge("sana")] == ["maria", "maria"]
    assert desk.listed == [(1, "maria")]


def test_what_has_changed_since_is_not_looked_after_by_whoever_saw_less(desk: Desk) -> None:
    desk.acknowledge("maria")
    desk.alerts.complain(MISSING, version=2, now=NOW)
    assert desk.listed == [(2, "")]
    with pytest.raises(AlertChangedError, match="it says now: nothing arrived"):
        desk.acknowledge("sana", seen=1)
    assert desk.acknowledge("sana", seen=2) == "sana"


def test_what_is_seen_again_unchanged_stays_looked_after(desk: Desk) -> None:
    desk.acknowledge("maria")
    assert not desk.alerts.complain(SLOW, version=1, now=NOW)
    assert desk.listed == [(1, "maria")]


def test_nobody_looks_after_what_is_over_or_never_was(desk: Desk, ledger_table: MemoryTable) -> None:
    desk.alerts.settle(FINGERPRINT, reason="it arrived", now=NOW)
    with pytest.raises(AlertChangedError, match="the alert is over: it arrived"):
        desk.acknowledge("maria")
    assert desk.listed == []
    needs = AcknowledgementNeeds(book=desk.book, publisher=desk.people)
    with pytest.raises(NotFoundError):
        acknowledge_alert("0" * 32, seen=1, by="maria", needs=needs, now=NOW)


def test_the_channel_shows_who_looks_after_it_in_the_same_message_once(desk: Desk) -> None:
    desk.ring()
    desk.acknowledge("maria")
    assert [desk.ring(), desk.ring()] == [PostState.POSTED, PostState.UNCHANGED]
    _, (how, where, text) = desk.channel.said
    assert (how, where) == ("replace", "1.0")
    assert text.endswith("Acknowledged by maria, 2026-11-24 06:01 UTC")


def test_the_doorbell_is_rung_again_where_the_first_may_have_been_lost(desk: Desk) -> None:
    desk.acknowledge("maria")
    desk.acknowledge("maria")
    assert len(desk.people.of(AlertAcknowledged)) == 2


@pytest.mark.parametrize("text", ["", "0" * 31, "0" * 33, "G" * 32, "0" * 32 + "\n"])
def test_what_names_no_alert_is_refused(text: str) -> None:
    with pytest.raises(MalformedRequestError):
        parse_fingerprint(text)
