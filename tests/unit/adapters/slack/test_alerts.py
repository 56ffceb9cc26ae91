"""An alert in Slack: its message, its mark, its thread, and no name in it that becomes a link."""

from copy import replace
from typing import Any

import pytest

from strongroom.adapters.slack import web_api
from strongroom.adapters.slack.alerts import SlackAlerts
from strongroom.adapters.slack.web_api import Slack
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.alerts.lifecycle import AlertState, AlertStatus
from strongroom.domain.alerts.messages import text_of
from tests.builders.copies import IN_TIME, RESOURCE
from tests.builders.places import HOME, PAYMENTS
from tests.fakes.slack import FakeSlackWeb

HOSTILE = "<!channel> & <https://evil.example|all is well>"


def state(*, reason: str = HOSTILE, kind: AlertKind = AlertKind.COPY_MISSING, **changes: Any) -> AlertState:
    alert = Alert(kind=kind, subject=RESOURCE, account=PAYMENTS, region=HOME, reason=reason)
    opened = AlertState(alert=alert, status=AlertStatus.OPEN, version=1, opened_at=IN_TIME, last_seen_at=IN_TIME)
    return replace(opened, **changes)


def resolved(reason: str) -> AlertState:
    return state(status=AlertStatus.RESOLVED, resolution=reason)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> FakeSlackWeb:
    web = FakeSlackWeb()
    monkeypatch.setattr(web_api, "_WIRE", web)
    return web


@pytest.fixture
def channel(web: FakeSlackWeb) -> SlackAlerts:
    return SlackAlerts(Slack(token="xoxb", api_url="https://slack.com/api/"), channel="C0ALERTS")


def only_text(said: dict[str, Any]) -> str:
    block = said["blocks"][0]
    assert block["text"]["type"] == "plain_text"
    text: str = block["text"]["text"]
    return text


def test_an_opening_begins_a_thread_in_the_channel(channel: SlackAlerts, web: FakeSlackWeb) -> None:
    channel.show(state())
    [(method, said)] = web.calls
    assert (method, said["channel"], "thread_ts" in said) == ("chat.postMessage", "C0ALERTS", False)
    assert only_text(said).startswith(":red_circle: Copy missing in account 222222222222, eu-west-1\n")


def test_no_name_becomes_a_link_or_a_mention(channel: SlackAlerts, web: FakeSlackWeb) -> None:
    message = channel.show(state())
    channel.replace(message, state())
    channel.mark_resolved(message, text_of(state()))
    channel.answer(message, resolved(HOSTILE))
    for _, said in web.calls:
        assert "&lt;!channel&gt; &amp; &lt;https://evil.example|all is well&gt;" in said["text"]
        assert HOSTILE in only_text(said)


def test_what_became_worse_is_shown_in_the_same_message(channel: SlackAlerts, web: FakeSlackWeb) -> None:
    message = channel.show(state(kind=AlertKind.COPY_SLOW))
    channel.replace(message, state())
    (_, said), (method, shown) = web.calls
    assert only_text(said).startswith(":large_orange_circle: Copy slow")
    assert (method, shown["ts"]) == ("chat.update", "1.0")
    assert only_text(shown).startswith(":red_circle: Copy missing")


def buttons(said: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What each button is called, does and stands for."""
    actions = [block for block in said["blocks"] if block["type"] == "actions"]
    found = [button for block in actions for button in block["elements"]]
    return [(button["text"]["text"], button["action_id"], button["value"]) for button in found]


def test_an_open_alert_has_a_button_that_is_bound_to_the_version_beside_it(
    channel: SlackAlerts, web: FakeSlackWeb
) -> None:
    message = channel.show(state())
    channel.replace(message, state(version=2))
    named = state().alert.fingerprint
    assert [buttons(said) for _, said in web.calls] == [
        [("I am on it", "acknowledge", f"{named}@1")],
        [("I am on it", "acknowledge", f"{named}@2")],
    ]
    assert f"Alert: {named}@2" in only_text(web.calls[1][1])


def test_there_is_no_button_where_somebody_looks_after_it_or_it_is_over_nor_in_the_thread(
    channel: SlackAlerts, web: FakeSlackWeb
) -> None:
    message = channel.show(state(acknowledged_by="maria", acknowledged_at=IN_TIME))
    channel.mark_resolved(message, text_of(state()))
    channel.answer(message, state(version=2))
    channel.answer(message, resolved("it arrived"))
    assert [buttons(said) for _, said in web.calls] == [[], [], [], []]


def test_a_resolution_marks_the_message_and_answers_in_its_thread(channel: SlackAlerts, web: FakeSlackWeb) -> None:
    message = channel.show(state())
    channel.mark_resolved(message, "what it said")
    channel.answer(message, resolved("the copy is there"))
    (_, marked), (_, answered) = web.calls[1:]
    assert (marked["ts"], only_text(marked)) == ("1.0", ":white_check_mark: what it said")
    assert (answered["thread_ts"], answered["text"]) == ("1.0", "Resolved: the copy is there")
    assert only_text(answered) == ":white_check_mark: Resolved: the copy is there"


@pytest.mark.parametrize(
    ("kind", "begins"),
    [
        (AlertKind.COPY_FAILED, ":red_circle: Copy"),
        (AlertKind.COPY_SLOW, ":large_orange_circle: Copy"),
    ],
)
def test_a_severity_has_its_mark(kind: AlertKind, begins: str, channel: SlackAlerts, web: FakeSlackWeb) -> None:
    channel.show(state(kind=kind))
    assert only_text(web.calls[0][1]).startswith(begins)


def test_a_long_text_is_cut_where_slack_would_refuse_it(channel: SlackAlerts, web: FakeSlackWeb) -> None:
    channel.show(state(reason="x" * 4000))
    assert len(only_text(web.calls[0][1])) == 3000
