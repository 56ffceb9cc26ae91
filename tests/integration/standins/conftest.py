"""The stand-ins on a free port, and an application that takes Slack's interactions."""

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
from hypercorn.asyncio import serve
from hypercorn.config import Config

from sandbox.settings import Settings
from sandbox.standins.identity import provider as identity_provider
from sandbox.standins.jira import rest_api as jira
from sandbox.standins.servicenow import table_api as servicenow
from sandbox.standins.slack import web_api as slack
from sandbox.web import control
from sandbox.web.asgi import Receive, Scope, Send

_APPS: dict[str, Callable[[Any, Receive, Send], Awaitable[None]]] = {
    "/_slack": slack.app,
    "/_jira": jira.app,
    "/_servicenow": servicenow.app,
    "/_idp": identity_provider.app,
    "/_sandbox": control.app,
}


async def _front_door(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        return
    prefix = "/" + scope["path"].split("/")[1]
    inner: dict[str, Any] = {**scope, "path": scope["path"].removeprefix(prefix), "root_path": prefix}
    await _APPS[prefix](inner, receive, send)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def server_port() -> Iterator[int]:
    """A running server for whatever stand-ins are installed."""
    port, stopping = _free_port(), threading.Event()
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.errorlog = None

    async def until_stopped() -> None:
        while not stopping.is_set():  # noqa: ASYNC110 - the other side is a thread
            await asyncio.sleep(0.05)

    thread = threading.Thread(target=lambda: asyncio.run(serve(_front_door, config, shutdown_trigger=until_stopped)))
    thread.start()
    while not _is_listening(port):
        time.sleep(0.02)
    yield port
    stopping.set()
    thread.join()


@pytest.fixture
def endpoint(server_port: int) -> str:
    """The front door of freshly installed stand-ins."""
    settings = Settings(port=server_port)
    for stand_in in (slack, jira, servicenow, identity_provider):
        stand_in.install(settings)
    return settings.endpoint


@dataclass
class Listener:
    """An application that records what Slack sends it and answers as told."""

    url: str = ""
    status: int = 200
    answer: bytes = b""
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def listener(endpoint: str) -> Iterator[Listener]:
    """A listening application whose address Slack knows."""
    heard = Listener()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            heard.received.append((dict(self.headers.items()), body))
            self.send_response(heard.status)
            self.send_header("content-length", str(len(heard.answer)))
            self.end_headers()
            self.wfile.write(heard.answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gave it
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        heard.url = f"http://127.0.0.1:{server.server_port}/slack"
        set_up = requests.post(f"{endpoint}/_sandbox/slack/interactivity", json={"url": heard.url}, timeout=60)
        assert set_up.status_code == 200
        yield heard
        server.shutdown()
        thread.join()
