"""A ticket system that lies, drips, floods or sends elsewhere is given up in time, with nothing of it believed."""

import gzip
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from strongroom.adapters.tickets import web
from strongroom.adapters.tickets.web import TicketWeb, Wire
from strongroom.domain.errors import AccessRefusedError, StrongroomError, TemporarilyUnavailableError

type Behaviour = Callable[[BaseHTTPRequestHandler], None]

TOKEN = "very-secret-token"
heard: list[str] = []


@contextmanager
def serving(behave: Behaviour) -> Iterator[TicketWeb]:
    """A server on loopback that answers every GET in this way."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            # Whoever was given up on finds the other side gone.
            try:
                behave(self)
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gave it
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield TicketWeb(f"http://127.0.0.1:{server.server_port}", user="u", token=lambda: TOKEN, http=Wire())
        server.shutdown()
        thread.join()


def answer(body: bytes, status: int = 200, length: int | None = None, **headers: str) -> Behaviour:
    """Answer with a body, and with a length that may be a lie."""

    def behave(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return behave


def drip(request: BaseHTTPRequestHandler) -> None:
    """One byte at a time, each in time."""
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.end_headers()
    for _ in range(200):
        request.wfile.write(b" ")
        request.wfile.flush()
        time.sleep(0.05)


def flood(request: BaseHTTPRequestHandler) -> None:
    """More than anybody wants."""
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.end_headers()
    for _ in range(1024):
        request.wfile.write(b" " * 65536)


def silence(request: BaseHTTPRequestHandler) -> None:
    """Nothing, for longer than is waited."""
    time.sleep(2.5)
    request.close_connection = True


def hang_up(request: BaseHTTPRequestHandler) -> None:
    """Nothing, at once."""
    request.close_connection = True


def elsewhere(request: BaseHTTPRequestHandler) -> None:
    """Somewhere else, with our credentials if they were to follow."""
    answer(b"{}", status=302, Location="/elsewhere")(request)


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same clocks, shorter."""
    monkeypatch.setattr(web, "_OPERATION_SECONDS", 1.5)
    monkeypatch.setattr(web, "_WHOLE_SECONDS", 3.0)
    heard.clear()


def test_what_is_whole_and_in_time_is_read() -> None:
    with serving(answer(b'{"ok": true}')) as site:
        assert site.get("/x", about="OPS-1", query={}) == {"ok": True}


@pytest.mark.parametrize(
    ("behave", "error", "why"),
    [
        (drip, TemporarilyUnavailableError, "took longer than"),
        (flood, TemporarilyUnavailableError, "answered with more than"),
        (silence, TemporarilyUnavailableError, "cannot be reached"),
        (hang_up, TemporarilyUnavailableError, "cannot be reached"),
        (elsewhere, AccessRefusedError, "sends us elsewhere"),
        (answer(b'{"ok": true}', length=100), TemporarilyUnavailableError, "cannot be reached"),
        (answer(b'{"ok": true}', length=5), TemporarilyUnavailableError, "cannot be understood"),
        (
            answer(gzip.compress(json.dumps({"a": "x" * 10_000_000}).encode()), Content_Encoding="gzip"),
            TemporarilyUnavailableError,
            "cannot be understood",
        ),
    ],
    ids=["a drip", "a flood", "silence", "no answer", "elsewhere", "cut off", "cut short", "a bomb"],
)
def test_attack_11_a_system_that_misbehaves_is_given_up(
    behave: Behaviour, error: type[StrongroomError], why: str
) -> None:
    with serving(behave) as site:
        began = time.monotonic()
        with pytest.raises(error, match=why) as raised:
            site.get("/x", about="OPS-1", query={})
        took = time.monotonic() - began
    assert took < 9
    assert len(heard) == 1
    assert TOKEN not in str(raised.value)


def test_a_system_that_is_not_there_is_said_to_be_out_of_reach() -> None:
    with serving(hang_up) as site:
        pass
    with pytest.raises(TemporarilyUnavailableError, match="cannot be reached: no connection"):
        site.get("/x", about="OPS-1", query={})
