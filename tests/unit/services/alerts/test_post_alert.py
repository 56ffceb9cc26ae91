"""An alert has one message and one thread."""

from dataclasses import replace
from datetime import timedelta

import pytest

from strongroom.adapters.ledger.alert_threads import LedgerAlertThreads
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.alerts.messages import AlertNews
from strongroom.domain.errors import ResourceNotReadyError
from strongroom.services.alerts.post_alert import AlertPostNeeds, PostState, post_alert
from tests.builders.copies import IN_TIME, RESOURCE
from tests.builders.places import HOME, PAYMENTS
from tests.fakes.slack import FakeAlertChannel

OPENED = AlertNews(
    is_opened=True,
    fingerprint="fp",
    kind="copy-missing",
    severity="critical",
    account=PAYMENTS,
    region=HOME,
    resource=RESOURCE,
    reason="due 06:10, nothing arrived by 06:15",
    event="e1",
    at=IN_TIME,
)
RESOLVED = replace(OPENED, is_opened=False, reason="the copy is there", event="r1", at=IN_TIME + timedelta(hours=1))


class Channel:
    def __init__(self, table: MemoryTable) -> None:
        self.people = FakeAlertChannel()
        self._threads = LedgerAlertThreads(table)

    def tell(self, news: AlertNews) -> PostState:
        now = news.at + timedelta(minutes=1)
        needs = AlertPostNeeds(channel=self.people, threads=self._threads)
        return post_alert(news, needs=needs, now=now).state


@pytest.fixture
def channel(ledger_table: MemoryTable) -> Channel:
    return Channel(ledger_table)


def test_an_opening_is_posted_once(channel: Channel) -> None:
    assert [channel.tell(OPENED), channel.tell(OPENED)] == [PostState.POSTED, PostState.UNCHANGED]
    ((how, where, text),) = channel.people.said
    assert (how, where) == ("show", "")
    assert text == f"Copy missing in account 222222222222, eu-west-1\n{OPENED.reason}\n{RESOURCE}"


def test_a_resolution_marks_the_message_and_answers_in_its_thread_once(channel: Channel) -> None:
    channel.tell(OPENED)
    assert [channel.tell(RESOLVED), channel.tell(RESOLVED)] == [PostState.CLOSED, PostState.UNCHANGED]
    marked, answered = channel.people.said[1:]
    assert marked == ("mark", "1.0", OPENED.text)
    assert answered == ("answer", "1.0", "Resolved: the copy is there")


def test_a_resolution_that_comes_first_waits_for_the_opening(channel: Channel) -> None:
    with pytest.raises(ResourceNotReadyError):
        channel.tell(RESOLVED)


def test_an_alert_that_opens_again_gets_a_new_message_which_the_old_resolution_leaves_alone(channel: Channel) -> None:
    channel.tell(OPENED)
    again = replace(OPENED, event="e2", at=IN_TIME + timedelta(hours=2))
    assert channel.tell(again) is PostState.POSTED
    assert channel.tell(RESOLVED) is PostState.UNCHANGED
    assert [how for how, _, _ in channel.people.said] == ["show", "show"]


def test_where_there_is_no_channel_the_news_is_left_to_the_topic() -> None:
    verdict = post_alert(OPENED, needs=None, now=OPENED.at)
    assert (verdict.state, verdict.fingerprint) == (PostState.LEFT, "fp")
    assert "the topic alone tells it" in verdict.reason
