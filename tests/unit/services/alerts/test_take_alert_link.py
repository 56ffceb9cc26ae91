"""Whoever holds an alert's link sees the alert, and looks after it once they say so."""

from copy import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts, LedgerLinkKey
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.alerts.facts import AlertAcknowledged
from strongroom.domain.errors import NotFoundError, PermissionRefusedError, TemporarilyUnavailableError
from strongroom.services.alerts.acknowledge_alert import AcknowledgementNeeds, acknowledge_alert
from strongroom.services.alerts.alert_links import AlertLinks
from strongroom.services.alerts.take_alert_link import AlertLinkNeeds, LinkedAlert, show_alert_link, take_alert_link
from strongroom.services.alerts.tell_alerts import AlertNotifier
from tests.builders.places import HOME, PAYMENTS
from tests.fakes.accounts_and_tags import FakeAlerts

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
SLOW = Alert(kind=AlertKind.COPY_SLOW, subject="arn:db", account=PAYMENTS, region=HOME, reason="it still runs")
MISSING = replace(SLOW, kind=AlertKind.COPY_MISSING, reason="nothing arrived")
HOLDER = "whoever holds the link"


class Mailbox:
    """One alert that was told with its link."""

    def __init__(self, table: MemoryTable) -> None:
        self.book, self.people = LedgerAlerts(table), FakeAlerts()
        self.key = LedgerLinkKey(table, draw=lambda: b"k" * 32)
        self.marking = AcknowledgementNeeds(book=self.book, publisher=self.people)
        links = AlertLinks(key=self.key, api_url="https://api.example.com/v1")
        self.alerts = AlertNotifier(book=self.book, announcer=self.people, publisher=self.people, links=links)
        self.alerts.complain(SLOW, version=1, now=NOW)

    @property
    def needs(self) -> AlertLinkNeeds:
        return AlertLinkNeeds(key=self.key, marking=self.marking)

    def look(self, *, fingerprint: str = SLOW.fingerprint, at: int = 0) -> LinkedAlert:
        query = dict(parse_qsl(urlsplit(self.people.links[at]).query))
        return show_alert_link(fingerprint, query, needs=self.needs, now=NOW)

    def press(self, *, at: int = 0, days: int = 0) -> LinkedAlert:
        query = dict(parse_qsl(urlsplit(self.people.links[at]).query))
        return take_alert_link(SLOW.fingerprint, query, needs=self.needs, now=NOW + timedelta(days=days))

    @property
    def mark(self) -> str:
        kept = self.book.find(SLOW.fingerprint)
        assert kept is not None
        return kept.acknowledged_by


@pytest.fixture
def mailbox(ledger_table: MemoryTable) -> Mailbox:
    return Mailbox(ledger_table)


def test_looking_marks_nothing_and_rings_for_nobody(mailbox: Mailbox) -> None:
    seen = [mailbox.look() for _ in range(3)]
    assert {(each.alert["reason"], each.alert["version"], each.obstacle) for each in seen} == {("it still runs", 1, "")}
    assert (mailbox.mark, mailbox.people.of(AlertAcknowledged)) == ("", [])


def test_pressing_the_button_marks_it_once_however_often_it_is_pressed(mailbox: Mailbox) -> None:
    first, second = mailbox.press(), mailbox.press(days=1)
    assert (first.alert["acknowledged_by"], first.obstacle) == (HOLDER, "")
    assert first == second == mailbox.look()
    assert mailbox.mark == HOLDER
    assert mailbox.people.of(AlertAcknowledged)


def test_who_looks_after_it_already_stays_the_one(mailbox: Mailbox) -> None:
    acknowledge_alert(SLOW.fingerprint, seen=1, by="maria", needs=mailbox.marking, now=NOW)
    pressed = mailbox.press()
    assert (pressed.alert["acknowledged_by"], pressed.obstacle, mailbox.mark) == ("maria", "", "maria")


def test_an_alert_that_has_changed_is_shown_as_it_is_and_not_marked(mailbox: Mailbox) -> None:
    mailbox.alerts.complain(MISSING, version=2, now=NOW)
    for linked in (mailbox.look(), mailbox.press()):
        assert (linked.alert["reason"], linked.alert["version"]) == ("nothing arrived", 2)
        assert linked.obstacle.startswith("the alert has changed since you saw it")
    assert mailbox.mark == ""
    assert mailbox.press(at=1).alert["acknowledged_by"] == HOLDER


def test_an_alert_that_is_over_is_shown_and_not_marked_and_its_end_has_no_link(mailbox: Mailbox) -> None:
    mailbox.alerts.settle(SLOW.fingerprint, reason="it arrived", now=NOW)
    for linked in (mailbox.look(), mailbox.press()):
        assert (linked.resolution, linked.obstacle) == ("it arrived", "the alert is over: it arrived")
    assert (mailbox.mark, len(mailbox.people.links)) == ("", 1)


def test_a_link_whose_time_is_over_marks_nothing(mailbox: Mailbox) -> None:
    with pytest.raises(PermissionRefusedError, match="was good until"):
        mailbox.press(days=7)
    assert mailbox.mark == ""


def test_a_link_does_not_lead_to_another_alert(mailbox: Mailbox) -> None:
    with pytest.raises(PermissionRefusedError):
        mailbox.look(fingerprint="0" * 32)


def test_an_alert_that_is_not_there_is_not_found(mailbox: Mailbox) -> None:
    address = AlertLinks(key=mailbox.key, api_url="https://api").to("0" * 32, version=1, now=NOW)
    query = dict(parse_qsl(urlsplit(address).query))
    for use in (show_alert_link, take_alert_link):
        with pytest.raises(NotFoundError, match="no such alert"):
            use("0" * 32, query, needs=mailbox.needs, now=NOW)


def test_an_opening_that_is_told_with_its_end_has_no_link(ledger_table: MemoryTable) -> None:
    mailbox = Mailbox(ledger_table)
    other = replace(SLOW, subject="arn:other")
    mailbox.people.is_down = True
    with pytest.raises(TemporarilyUnavailableError, match="the topic is down"):
        mailbox.alerts.complain(other, version=1, now=NOW)
    mailbox.people.is_down = False
    mailbox.alerts.settle(other.fingerprint, reason="it arrived", now=NOW)
    assert other in mailbox.people.told
    assert [link for link in mailbox.people.links if other.fingerprint in link] == []
