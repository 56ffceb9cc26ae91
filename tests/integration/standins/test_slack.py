"""Slack's stand-in, driven by Slack's own client library."""

import json
import time
from typing import Any, Protocol
from urllib.parse import parse_qs

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.webhook import WebhookClient

from sandbox.example.drivers import DriverError, SlackDriver
from sandbox.standins.slack import web_api as slack

APPROVE = {
    "type": "button",
    "action_id": "approve",
    "style": "primary",
    "value": "R-1:abc",
    "text": {"type": "plain_text", "text": "Approve"},
}
BLOCKS: list[dict[str, Any]] = [
    {"type": "header", "text": {"type": "plain_text", "text": "Restore *payments*"}},
    {"type": "section", "text": {"type": "mrkdwn", "text": "to *02:00* by <@U0OMAR> <https://x.example|ticket>"}},
    {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Account*\n222222222222"}]},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "digest `abc`"}]},
    {"type": "actions", "block_id": "decision", "elements": [APPROVE]},
]


class Listener(Protocol):
    """The listening application."""

    url: str
    status: int
    answer: bytes
    received: list[tuple[dict[str, str], bytes]]


@pytest.fixture
def bot(endpoint: str) -> WebClient:
    """The app's client, as its deployer configures it."""
    given = slack.credentials()
    return WebClient(token=given.bot_token, base_url=given.api_url)


def _payload(listener: Listener) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(parse_qs(listener.received[-1][1].decode())["payload"][0])
    return payload


def _code(raised: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(raised.value.response["error"])


def test_the_bot_learns_who_it_is(bot: WebClient) -> None:
    answer = bot.auth_test()
    assert (answer["team_id"], answer["user_id"]) == ("T0STRONG", "U0STRONGBOT")


def test_a_message_is_posted_by_channel_name_and_answered_with_channel_id_and_ts(bot: WebClient) -> None:
    answer = bot.chat_postMessage(channel="#restores", text="hello", blocks=BLOCKS)
    assert answer["channel"] == "C0RESTORE"
    history = bot.conversations_history(channel="C0RESTORE")["messages"]
    assert [(message["ts"], message["text"]) for message in history] == [(answer["ts"], "hello")]


def test_a_thread_holds_its_parent_first_and_the_parent_counts_replies(bot: WebClient, endpoint: str) -> None:
    parent = bot.chat_postMessage(channel="C0RESTORE", text="parent")["ts"]
    bot.chat_postMessage(channel="C0RESTORE", text="reply", thread_ts=parent)
    assert [message["text"] for message in bot.conversations_replies(channel="C0RESTORE", ts=parent)["messages"]] == [
        "parent",
        "reply",
    ]
    [shown] = bot.conversations_history(channel="C0RESTORE")["messages"]
    assert (shown["reply_count"], shown["thread_ts"]) == (1, parent)
    assert [message["text"] for message in SlackDriver(endpoint).thread("C0RESTORE", parent)] == ["parent", "reply"]


def test_history_comes_newest_first_in_pages(bot: WebClient) -> None:
    for text in ("one", "two", "three"):
        bot.chat_postMessage(channel="C0ALERTS", text=text)
    pages = [
        [message["text"] for message in page["messages"]]
        for page in bot.conversations_history(channel="C0ALERTS", limit=2)
    ]
    assert pages == [["three", "two"], ["one"]]


def test_an_update_replaces_text_and_takes_the_buttons_away(bot: WebClient, endpoint: str) -> None:
    ts = bot.chat_postMessage(channel="C0RESTORE", text="open", blocks=BLOCKS)["ts"]
    bot.chat_update(channel="C0RESTORE", ts=ts, text="approved")
    [message] = SlackDriver(endpoint).messages("C0RESTORE")
    assert (message["text"], message["blocks"]) == ("approved", [])


def test_an_ephemeral_message_is_seen_by_one_person_only(bot: WebClient, endpoint: str) -> None:
    bot.chat_postEphemeral(channel="C0RESTORE", user="U0OMAR", text="not you")
    driver = SlackDriver(endpoint)
    assert [message["text"] for message in driver.ephemerals("omar")] == ["not you"]
    assert driver.ephemerals("maria") == []
    assert driver.messages("C0RESTORE") == []


def test_people_are_found_by_id_and_by_mail_address(bot: WebClient) -> None:
    assert bot.users_info(user="U0MARIA")["user"]["profile"]["email"] == "maria@strongroom.example"
    assert bot.users_lookupByEmail(email="maria@strongroom.example")["user"]["id"] == "U0MARIA"


@pytest.mark.parametrize(
    ("method", "arguments", "code"),
    [
        pytest.param("chat.postMessage", {"channel": "C0NONE", "text": "x"}, "channel_not_found", id="unknown channel"),
        pytest.param("chat.postMessage", {"channel": "C0RESTORE"}, "no_text", id="nothing to say"),
        pytest.param(
            "chat.postMessage",
            {"channel": "C0RESTORE", "blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]},
            "invalid_blocks",
            id="header in mrkdwn",
        ),
        pytest.param(
            "chat.postMessage",
            {"channel": "C0RESTORE", "blocks": [{"type": "actions", "elements": [APPROVE | {"value": "x" * 2001}]}]},
            "invalid_blocks",
            id="value too long",
        ),
        pytest.param(
            "chat.update", {"channel": "C0RESTORE", "ts": "1.0", "text": "x"}, "message_not_found", id="no message"
        ),
        pytest.param(
            "conversations.replies", {"channel": "C0RESTORE", "ts": "1.0"}, "thread_not_found", id="no thread"
        ),
        pytest.param("users.info", {"user": "U0NOBODY"}, "user_not_found", id="unknown user"),
        pytest.param("users.lookupByEmail", {"email": "x@y.example"}, "users_not_found", id="unknown address"),
        pytest.param(
            "views.open", {"trigger_id": "1.2", "view": {"blocks": []}}, "expired_trigger_id", id="old trigger"
        ),
        pytest.param("chat.shout", {}, "unknown_method", id="unknown method"),
    ],
)
def test_slack_refuses_with_its_own_code(bot: WebClient, method: str, arguments: dict[str, Any], code: str) -> None:
    with pytest.raises(SlackApiError) as raised:
        bot.api_call(method, json=arguments)
    assert _code(raised) == code


def test_another_token_is_refused(endpoint: str) -> None:
    with pytest.raises(SlackApiError) as raised:
        WebClient(token="xoxb-guess", base_url=f"{endpoint}/_slack/api/").auth_test()
    assert _code(raised) == "invalid_auth"


def test_a_click_reaches_the_app_as_a_signed_block_action(bot: WebClient, listener: Listener, endpoint: str) -> None:
    ts = bot.chat_postMessage(channel="C0RESTORE", text="open", blocks=BLOCKS)["ts"]
    listener.answer = b"thanks"
    answer = SlackDriver(endpoint).click("maria", "C0RESTORE", ts, "approve")
    assert (answer["status"], answer["answer"], answer["late"]) == (200, "thanks", False)

    headers, body = listener.received[-1]
    assert SignatureVerifier(slack.credentials().signing_secret).is_valid_request(body, headers)
    assert not SignatureVerifier("another secret").is_valid_request(body, headers)

    payload = _payload(listener)
    assert payload["type"] == "block_actions"
    assert payload["user"] == {"id": "U0MARIA", "username": "maria", "name": "maria", "team_id": "T0STRONG"}
    assert (payload["team"]["id"], payload["api_app_id"], payload["enterprise"]) == ("T0STRONG", "A0STRONG", None)
    assert payload["container"]["message_ts"] == payload["message"]["ts"] == ts
    [action] = payload["actions"]
    assert (action["action_id"], action["block_id"], action["value"], action["type"]) == (
        "approve",
        "decision",
        "R-1:abc",
        "button",
    )


def test_a_button_that_is_gone_cannot_be_clicked(bot: WebClient, listener: Listener, endpoint: str) -> None:
    ts = bot.chat_postMessage(channel="C0RESTORE", text="open", blocks=BLOCKS)["ts"]
    bot.chat_update(channel="C0RESTORE", ts=ts, text="closed")
    with pytest.raises(DriverError, match="no button"):
        SlackDriver(endpoint).click("maria", "C0RESTORE", ts, "approve")
    assert listener.received == []


def test_an_app_that_cannot_be_reached_shows_as_late(bot: WebClient, endpoint: str) -> None:
    ts = bot.chat_postMessage(channel="C0RESTORE", text="open", blocks=BLOCKS)["ts"]
    closed = {"url": "http://127.0.0.1:9/slack"}
    requests.post(f"{endpoint}/_sandbox/slack/interactivity", json=closed, timeout=60).raise_for_status()
    answer = SlackDriver(endpoint).click("maria", "C0RESTORE", ts, "approve")
    assert (answer["status"], answer["late"]) == (0, True)


def test_the_response_url_answers_the_clicker_alone_and_replaces_on_request(
    bot: WebClient, listener: Listener, endpoint: str
) -> None:
    driver = SlackDriver(endpoint)
    ts = bot.chat_postMessage(channel="C0RESTORE", text="open", blocks=BLOCKS)["ts"]
    driver.click("omar", "C0RESTORE", ts, "approve")
    hook = WebhookClient(_payload(listener)["response_url"])
    assert hook.send(text="not your own request").body == "ok"
    assert [message["text"] for message in driver.ephemerals("omar")] == ["not your own request"]
    hook.send(text="replaced", replace_original=True)
    assert driver.messages("C0RESTORE")[0]["text"] == "replaced"


def test_a_response_url_is_used_up_after_five_answers(bot: WebClient, listener: Listener, endpoint: str) -> None:
    ts = bot.chat_postMessage(channel="C0RESTORE", text="open", blocks=BLOCKS)["ts"]
    SlackDriver(endpoint).click("omar", "C0RESTORE", ts, "approve")
    hook = WebhookClient(_payload(listener)["response_url"])
    assert [hook.send(text=str(number)).status_code for number in range(6)] == [200] * 5 + [404]


def test_a_view_opens_once_per_trigger_and_its_answer_comes_back(
    bot: WebClient, listener: Listener, endpoint: str
) -> None:
    driver = SlackDriver(endpoint)
    ts = bot.chat_postMessage(channel="C0RESTORE", text="open", blocks=BLOCKS)["ts"]
    driver.click("maria", "C0RESTORE", ts, "approve")
    trigger = _payload(listener)["trigger_id"]
    reason = {"type": "plain_text_input", "action_id": "reason"}
    view = {
        "type": "modal",
        "callback_id": "deny",
        "private_metadata": "R-1",
        "title": {"type": "plain_text", "text": "Why?"},
        "blocks": [
            {"type": "input", "block_id": "why", "label": {"type": "plain_text", "text": "Reason"}, "element": reason}
        ],
    }
    view_id = bot.views_open(trigger_id=trigger, view=view)["view"]["id"]
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        bot.views_open(trigger_id=trigger, view=view)
    assert "Reason" in requests.get(f"{endpoint}/_slack/?person=maria", timeout=60).text
    assert [open_view["id"] for open_view in driver.views("maria")] == [view_id]

    driver.submit("maria", view_id, {"why/reason": "wrong target"})
    payload = _payload(listener)
    assert (payload["type"], payload["view"]["private_metadata"]) == ("view_submission", "R-1")
    assert payload["view"]["state"]["values"]["why"]["reason"]["value"] == "wrong target"
    assert driver.views("maria") == []


def test_the_page_shows_blocks_and_a_button_that_a_person_can_press(
    bot: WebClient, listener: Listener, endpoint: str
) -> None:
    ts = bot.chat_postMessage(channel="C0RESTORE", text="open", blocks=BLOCKS)["ts"]
    shown = requests.get(f"{endpoint}/_slack/?person=maria&channel=C0RESTORE", timeout=60).text
    assert "<h3>Restore *payments*</h3>" in shown
    assert '<b>02:00</b> by <b>@Omar Haddad</b> <a href="https://x.example">ticket</a>' in shown
    assert '<button class="primary">Approve</button>' in shown
    form = {"person": "maria", "channel": "C0RESTORE", "ts": ts, "action_id": "approve"}
    after = requests.post(f"{endpoint}/_slack/click", data=form, headers={"Accept": "text/html"}, timeout=60)
    assert "The app answered 200" in after.text
    assert len(listener.received) == 1


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<javascript:alert(1)|click>",
        '*"><img src=x>*',
    ],
)
def test_nothing_in_a_message_becomes_html(bot: WebClient, endpoint: str, text: str) -> None:
    bot.chat_postMessage(channel="C0RESTORE", text=text)
    shown = requests.get(f"{endpoint}/_slack/?channel=C0RESTORE", timeout=60).text
    assert "<script" not in shown
    assert "<img" not in shown
    assert 'href="javascript' not in shown


def test_secrets_show_in_no_representation(endpoint: str) -> None:
    given = slack.credentials()
    assert given.signing_secret not in repr(given) + repr(slack.app.state)
    assert given.bot_token not in repr(given) + repr(slack.app.state)


def test_a_trigger_is_too_old_after_three_seconds(bot: WebClient, listener: Listener, endpoint: str) -> None:
    ts = bot.chat_postMessage(channel="C0RESTORE", text="open", blocks=BLOCKS)["ts"]
    SlackDriver(endpoint).click("maria", "C0RESTORE", ts, "approve")
    slack.app.state.clock = lambda: time.time() + 3.5
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        bot.views_open(trigger_id=_payload(listener)["trigger_id"], view={"type": "modal", "blocks": []})


def test_a_response_url_is_closed_after_half_an_hour(bot: WebClient, listener: Listener, endpoint: str) -> None:
    ts = bot.chat_postMessage(channel="C0RESTORE", text="open", blocks=BLOCKS)["ts"]
    SlackDriver(endpoint).click("maria", "C0RESTORE", ts, "approve")
    slack.app.state.clock = lambda: time.time() + 1801
    assert WebhookClient(_payload(listener)["response_url"]).send(text="late").status_code == 404
    assert SlackDriver(endpoint).ephemerals("maria") == []


def test_an_app_may_call_back_before_it_answers_a_click(bot: WebClient, listener: Listener, endpoint: str) -> None:
    # Slack's own answer to an interaction that it sends itself: the click is served while another call comes in.
    ts = bot.chat_postMessage(channel="C0RESTORE", text="open", blocks=BLOCKS)["ts"]
    itself = {"url": f"{endpoint}/_slack/api/auth.test"}
    requests.post(f"{endpoint}/_sandbox/slack/interactivity", json=itself, timeout=60).raise_for_status()
    answer = SlackDriver(endpoint).click("maria", "C0RESTORE", ts, "approve")
    assert json.loads(answer["answer"])["error"] == "not_authed"


def test_a_reply_needs_a_thread(bot: WebClient) -> None:
    with pytest.raises(SlackApiError, match="thread_not_found"):
        bot.chat_postMessage(channel="C0RESTORE", text="reply", thread_ts="1.0")


def test_history_can_be_read_from_a_message_on(bot: WebClient) -> None:
    stamps = [bot.chat_postMessage(channel="C0ALERTS", text=text)["ts"] for text in ("one", "two", "three")]
    after = bot.conversations_history(channel="C0ALERTS", oldest=stamps[1])["messages"]
    assert [message["text"] for message in after] == ["three"]
    since = bot.conversations_history(channel="C0ALERTS", oldest=stamps[1], inclusive=True)["messages"]
    assert [message["text"] for message in since] == ["three", "two"]


def test_a_button_on_an_ephemeral_message_is_there_for_its_reader_only_and_can_be_deleted(
    bot: WebClient, listener: Listener, endpoint: str
) -> None:
    driver = SlackDriver(endpoint)
    answer = bot.chat_postEphemeral(channel="C0RESTORE", user="U0MARIA", text="prove it", blocks=BLOCKS)
    ts = str(answer["message_ts"])
    with pytest.raises(DriverError, match="no message"):
        driver.click("omar", "C0RESTORE", ts, "approve")
    driver.click("maria", "C0RESTORE", ts, "approve")
    payload = _payload(listener)
    assert payload["container"]["is_ephemeral"] is True
    assert "message" not in payload
    WebhookClient(payload["response_url"]).send(delete_original=True)
    assert driver.ephemerals("maria") == []
