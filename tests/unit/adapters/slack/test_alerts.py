"""An alert in Slack: its message, its mark, its thread, and no name in it that becomes a link."""

from typing import Any

import pytest

from strongroom.adapters.slack.alerts import SlackAlerts
from strongroom.adapters.slack.web_api import Slack
from strongroom.domain.alerts.messages import AlertNews, AlertThread
from tests.builders.copies import IN_TIME, RESOURCE
from tests.builders.places import HOME, PAYMENTS
from tests.fakes.slack import FakeSlackWeb

HOSTILE = "<!channel> & <https://evil.example|all is well>"


def news(*, is_opened: bool = True, reason: str = HOSTILE, severity: str = "critical") -> AlertNews:
    return AlertNews(
        is_opened=is_opened,
        fingerprint="fp",
        kind="copy-missing",
        severity=severity,
        account=PAYMENTS,
        region=HOME,
        resource=RESOURCE,
        reason=reason,
        event="e1",
        at=IN_TIME,
    )


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> FakeSlackWeb:
    web = FakeSlackWeb()
    monkeypatch.setattr(Slack, "_web", web)
    return web


@pytest.fixture
def channel(web: FakeSlackWeb) -> SlackAlerts:
    return SlackAlerts(Slack(token="xoxb", api_url="https://slack.com/api/"), channel="C0ALERTS")


def thread_of(channel: SlackAlerts) -> AlertThread:
    opened = news()
    return AlertThread(message=channel.show(opened), text=opened.text, opened_at=opened.at, is_closed=False)


def only_text(said: dict[str, Any]) -> str:
    [block] = said["blocks"]
    assert block["text"]["type"] == "plain_text"
    text: str = block["text"]["text"]
    return text


def test_an_opening_begins_a_thread_in_the_channel(channel: SlackAlerts, web: FakeSlackWeb) -> None:
    channel.show(news())
    [(method, said)] = web.calls
    assert (method, said["channel"], "thread_ts" in said) == ("chat.postMessage", "C0ALERTS", False)
    assert only_text(said).startswith(":red_circle: Copy missing in account 222222222222, eu-west-1\n")


def test_no_name_becomes_a_link_or_a_mention(channel: SlackAlerts, web: FakeSlackWeb) -> None:
    thread = thread_of(channel)
    channel.mark_resolved(thread)
    channel.answer(thread, news(is_opened=False))
    for _, said in web.calls:
        assert "&lt;!channel&gt; &amp; &lt;https://evil.example|all is well&gt;" in said["text"]
        assert HOSTILE in only_text(said)


def test_a_resolution_marks_the_message_and_answers_in_its_thread(channel: SlackAlerts, web: FakeSlackWeb) -> None:
    thread = thread_of(channel)
    channel.mark_resolved(thread)
    channel.answer(thread, news(is_opened=False, reason="the copy is there"))
    (_, marked), (_, answered) = web.calls[1:]
    assert (marked["ts"], only_text(marked)) == ("1.0", f":white_check_mark: {thread.text}")
    assert (answered["thread_ts"], answered["text"]) == ("1.0", "Resolved: the copy is there")
    assert only_text(answered) == ":white_check_mark: Resolved: the copy is there"


@pytest.mark.parametrize(
    ("severity", "begins"),
    [
        ("critical", ":red_circle: Copy"),
        ("warning", ":large_orange_circle: Copy"),
        ("notice", ":large_blue_circle: Copy"),
        ("unheard-of", "Copy"),
    ],
)
def test_a_severity_has_its_mark(severity: str, begins: str, channel: SlackAlerts, web: FakeSlackWeb) -> None:
    channel.show(news(severity=severity))
    assert only_text(web.calls[0][1]).startswith(begins)


def test_a_long_text_is_cut_where_slack_would_refuse_it(channel: SlackAlerts, web: FakeSlackWeb) -> None:
    channel.show(news(reason="x" * 4000))
    assert len(only_text(web.calls[0][1])) == 3000
