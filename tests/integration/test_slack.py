"""Slack's client, driven over HTTP against a server that answers as Slack does."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from strongroom.adapters.slack.answers import SlackAnswers
from strongroom.adapters.slack.web_api import Slack
from strongroom.domain.chat import PostedMessage
from strongroom.domain.errors import AccessRefusedError, NotFoundError, TemporarilyUnavailableError

MESSAGE = PostedMessage(channel="C1", ts="1.2")


class SlackServer:
    def __init__(self) -> None:
        self.requests: list[tuple[str, str | None, dict[str, Any]]] = []
        self.answer: dict[str, Any] = {"ok": True, "channel": "C1", "ts": "1.2"}
        self.status = 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append((self.path, self.headers.get("Authorization"), body))
                content = json.dumps(outer.answer).encode()
                self.send_response(outer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                return

        self.http = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/"


@pytest.fixture
def server() -> Iterator[SlackServer]:
    server = SlackServer()
    thread = threading.Thread(target=server.http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.http.shutdown()
    server.http.server_close()
    thread.join()


@pytest.fixture
def slack(server: SlackServer) -> Slack:
    return Slack(token="xoxb-1", api_url=f"{server.url}api/")


def test_a_message_is_posted_as_the_bot(slack: Slack, server: SlackServer) -> None:
    assert slack.post("C1", text="hello", blocks=[{"type": "divider"}]) == MESSAGE
    ((path, authorization, body),) = server.requests
    assert (path, authorization) == ("/api/chat.postMessage", "Bearer xoxb-1")
    assert (body["channel"], body["text"], body["blocks"]) == ("C1", "hello", [{"type": "divider"}])
    assert body["unfurl_links"] is False


def test_a_reply_goes_into_the_thread(slack: Slack, server: SlackServer) -> None:
    slack.reply(MESSAGE, text="done")
    assert server.requests[0][2]["thread_ts"] == "1.2"


def test_an_update_without_blocks_takes_the_buttons_away(slack: Slack, server: SlackServer) -> None:
    slack.update(MESSAGE, text="closed")
    path, _, body = server.requests[0]
    assert (path, body["ts"], body["blocks"]) == ("/api/chat.update", "1.2", [])


@pytest.fixture
def answers(server: SlackServer) -> SlackAnswers:
    return SlackAnswers(api_url=f"{server.url}api/")


def test_an_answer_is_seen_by_the_one_who_clicked_only(answers: SlackAnswers, server: SlackServer) -> None:
    answers.answer(f"{server.url}response/1", text="not <you>")
    path, authorization, body = server.requests[0]
    assert (path, authorization) == ("/response/1", None)
    assert (body["response_type"], body["replace_original"]) == ("ephemeral", False)
    assert body["text"] == "not &lt;you&gt;"


@pytest.mark.parametrize(
    "url", ["https://evil.example/hook", "http://hooks.slack.com/x", "https://hooks.slack.com.evil.example/x"]
)
def test_nothing_is_answered_to_anybody_but_slack(answers: SlackAnswers, server: SlackServer, url: str) -> None:
    with pytest.raises(AccessRefusedError, match="is not Slack"):
        answers.answer(url, text="secret")
    assert server.requests == []


@pytest.mark.parametrize(
    ("code", "error"),
    [
        pytest.param("ratelimited", TemporarilyUnavailableError, id="busy"),
        pytest.param("channel_not_found", NotFoundError, id="no-channel"),
        pytest.param("invalid_auth", AccessRefusedError, id="wrong-token"),
    ],
)
def test_refusals_have_our_own_names_and_never_the_token(
    slack: Slack, server: SlackServer, code: str, error: type[Exception]
) -> None:
    server.answer = {"ok": False, "error": code}
    with pytest.raises(error, match=code) as caught:
        slack.post("C1", text="hello")
    assert "xoxb" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        pytest.param(429, TemporarilyUnavailableError, id="busy"),
        pytest.param(500, TemporarilyUnavailableError, id="broken"),
        pytest.param(404, AccessRefusedError, id="used-up"),
    ],
)
def test_an_answer_that_slack_does_not_take_is_sent_again_only_where_that_can_help(
    answers: SlackAnswers, server: SlackServer, status: int, error: type[Exception]
) -> None:
    server.status = status
    with pytest.raises(error, match=f"status {status}"):
        answers.answer(f"{server.url}response/1", text="hello")


def test_a_broken_slack_is_tried_again_later(slack: Slack, server: SlackServer) -> None:
    server.status, server.answer = 503, {"ok": False, "error": "service_unavailable"}
    with pytest.raises(TemporarilyUnavailableError):
        slack.post("C1", text="hello")


def test_an_unreachable_slack_is_tried_again_later() -> None:
    with pytest.raises(TemporarilyUnavailableError):
        Slack(token="t", api_url="http://127.0.0.1:9/api/").post("C1", text="hello")
