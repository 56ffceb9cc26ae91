"""The channel shows what the ledger says of an alert, in one message and one thread, and nothing else."""

from collections.abc import Iterator
from copy import replace
from datetime import datetime, timedelta

import pytest

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.telling.alert_threads import LedgerAlertThreads
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.alerts.lifecycle import AlertState, AlertStatus
from strongroom.domain.alerts.messages import text_of
from strongroom.domain.errors import ResourceNotReadyError
from strongroom.services.alerts.post_alert import AlertPostNeeds, PostState, post_alert
from strongroom.services.alerts.tell_alerts import AlertNotifier
from tests.builders.copies import IN_TIME, RESOURCE
from tests.builders.places import HOME, PAYMENTS
from tests.fakes.accounts_and_tags import FakeAlerts
from tests.fakes.slack import FakeAlertChannel

MISSING = Alert(
    kind=AlertKind.COPY_MISSING,
    subject=RESOURCE,
    account=PAYMENTS,
    region=HOME,
    reason="due 06:10, nothing arrived by 06:15",
)
SLOW = replace(MISSING, kind=AlertKind.COPY_SLOW, reason="copy job copy-1 is still RUNNING")
FINGERPRINT = MISSING.fingerprint


def opened(alert: Alert) -> AlertState:
    return AlertState(alert=alert, status=AlertStatus.OPEN, version=1, opened_at=IN_TIME, last_seen_at=IN_TIME)


class Channel:
    def __init__(self, table: MemoryTable) -> None:
        self.people = FakeAlertChannel()
        self.threads = LedgerAlertThreads(table)
        self.book = LedgerAlerts(table)
        elsewhere = FakeAlerts()
        self.alerts = AlertNotifier(book=self.book, announcer=elsewhere, publisher=elsewhere)
        self.now = IN_TIME

    def ring(self, fingerprint: str = FINGERPRINT) -> PostState:
        self.now += timedelta(minutes=1)
        needs = AlertPostNeeds(book=self.book, channel=self.people, threads=self.threads)
        return post_alert(fingerprint, needs=needs, now=self.now).state

    def complain(self, alert: Alert = MISSING) -> None:
        self.alerts.complain(alert, now=self.now)

    def settle(self) -> None:
        self.alerts.settle(FINGERPRINT, reason="the copy is there", now=self.now)

    @property
    def said(self) -> list[str]:
        return [how for how, _, _ in self.people.said]


@pytest.fixture
def channel(ledger_table: MemoryTable) -> Channel:
    return Channel(ledger_table)


def test_an_opening_is_posted_once(channel: Channel) -> None:
    channel.complain()
    assert [channel.ring(), channel.ring()] == [PostState.POSTED, PostState.UNCHANGED]
    ((how, where, text),) = channel.people.said
    assert (how, where) == ("show", "")
    assert text == text_of(opened(MISSING))


def test_a_resolution_marks_the_message_and_answers_in_its_thread_once(channel: Channel) -> None:
    channel.complain()
    channel.ring()
    channel.settle()
    assert [channel.ring(), channel.ring()] == [PostState.CLOSED, PostState.UNCHANGED]
    marked, answered = channel.people.said[1:]
    assert marked[:2] == ("mark", "1.0")
    assert MISSING.reason in marked[2]
    assert answered == ("answer", "1.0", "Resolved: the copy is there")


def test_what_was_over_before_anybody_saw_it_is_not_shown(channel: Channel) -> None:
    channel.complain()
    channel.settle()
    assert [channel.ring(), channel.ring()] == [PostState.UNCHANGED, PostState.UNCHANGED]
    assert channel.said == []


def test_an_alert_that_opens_again_gets_a_new_message(channel: Channel) -> None:
    for step in (channel.complain, channel.settle, channel.complain):
        step()
        channel.ring()
    assert channel.said == ["show", "mark", "answer", "show"]


def test_what_became_worse_is_said_in_its_message_and_its_thread(channel: Channel) -> None:
    channel.alerts.complain(SLOW, version=2, now=channel.now)
    channel.ring()
    channel.alerts.complain(MISSING, version=3, now=channel.now)
    assert channel.ring() is PostState.POSTED
    assert [(how, where) for how, where, _ in channel.people.said[1:]] == [("replace", "1.0"), ("answer", "1.0")]
    assert channel.people.said[1][2].startswith("Copy missing")


def test_a_ticket_that_was_opened_is_said_in_the_message_and_no_other_is_written(channel: Channel) -> None:
    channel.complain(replace(MISSING, wants_ticket=True))
    channel.ring()
    state = channel.book.find(FINGERPRINT)
    assert state is not None
    channel.book.keep(replace(state, ticket="OPS-1"), was=state)
    assert [channel.ring(), channel.ring()] == [PostState.POSTED, PostState.UNCHANGED]
    assert channel.said == ["show", "replace"]
    assert [text.split("\n")[-1] for _, _, text in channel.people.said] == ["Ticket: no ticket yet", "Ticket: OPS-1"]


def test_a_forged_event_makes_the_channel_say_nothing(channel: Channel) -> None:
    assert channel.ring("0" * 32) is PostState.UNCHANGED
    channel.complain()
    channel.ring()
    for _ in range(100):  # "resolved", says somebody on the bus
        assert channel.ring() is PostState.UNCHANGED
    assert channel.said == ["show"]


def test_while_one_is_posting_nobody_else_does_and_after_that_somebody_does(channel: Channel) -> None:
    channel.complain()
    shown = channel.threads.find(FINGERPRINT)
    assert shown is None
    channel.people.is_down = True
    with pytest.raises(ConnectionError):
        channel.ring()
    channel.people.is_down = False
    with pytest.raises(ResourceNotReadyError):
        channel.ring()
    channel.now += timedelta(minutes=5)
    assert channel.ring() is PostState.POSTED


def test_an_end_is_shown_where_an_opening_may_have_been_posted_and_never_noted(channel: Channel) -> None:
    channel.complain()
    channel.people.is_down = True
    with pytest.raises(ConnectionError):
        channel.ring()
    channel.people.is_down = False
    channel.settle()
    channel.now += timedelta(minutes=5)
    assert [channel.ring(), channel.ring()] == [PostState.CLOSED, PostState.UNCHANGED]
    assert channel.said == ["show", "mark", "answer"]
    assert [MISSING.reason in text for _, _, text in channel.people.said] == [True, True, False]


def test_where_there_is_no_channel_the_news_is_left_to_the_topic() -> None:
    verdict = post_alert(FINGERPRINT, needs=None, now=IN_TIME)
    assert (verdict.state, verdict.fingerprint) == (PostState.LEFT, FINGERPRINT)
    assert "the topic alone tells it" in verdict.reason


class CountedBook:
    """The book, and how often it was read; nothing may be written."""

    def __init__(self, book: LedgerAlerts) -> None:
        self.book = book
        self.read = 0

    def find(self, fingerprint: str) -> AlertState | None:
        self.read += 1
        return self.book.find(fingerprint)

    def keep(self, state: AlertState, *, was: AlertState | None) -> bool:
        raise AssertionError

    def untold(self, now: datetime) -> Iterator[str]:
        raise AssertionError

    def open(self) -> Iterator[AlertState]:
        raise AssertionError


@pytest.mark.parametrize("is_shown", [True, False], ids=["of an alert that stands", "of no alert at all"])
def test_a_hundred_forged_doorbells_change_nothing_and_cost_one_read_each(channel: Channel, *, is_shown: bool) -> None:
    if is_shown:
        channel.complain()
        channel.ring()
    before, counted = [*channel.people.said], CountedBook(channel.book)
    needs = AlertPostNeeds(book=counted, channel=channel.people, threads=channel.threads)
    verdicts = [post_alert(FINGERPRINT, needs=needs, now=channel.now).state for _ in range(100)]
    assert (verdicts, channel.people.said) == ([PostState.UNCHANGED] * 100, before)
    assert counted.read == 100
