"""Servers on loopback that lie, drip, flood, stay silent or send elsewhere, whatever they are asked."""

import gzip
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

type Behaviour = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """Where it is, and what it was asked."""

    url: str
    heard: list[str] = field(default_factory=list)


@contextmanager
def serving(behave: Behaviour) -> Iterator[Site]:
    """A server that answers everything in this way."""
    site = Site("")

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.heard.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            # Whoever was given up on finds the other side gone.
            try:
                behave(self)
            except OSError:
                self.close_connection = True

        do_POST = do_GET  # noqa: N815 - the name that http.server gave it

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gave it
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        site.url = f"http://127.0.0.1:{server.server_port}"
        yield site
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


def slow(body: bytes, *, seconds: float) -> Behaviour:
    """Answer as it should be, but late."""

    def behave(request: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        answer(body)(request)

    return behave


def drip(request: BaseHTTPRequestHandler) -> None:
    """One byte at a time, each in time."""
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.end_headers()
    _drip(request, b" ")


def drip_of_headers(request: BaseHTTPRequestHandler) -> None:
    """Never so much as the end of a header."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    _drip(request, b"x")


def _drip(request: BaseHTTPRequestHandler, byte: bytes) -> None:
    for _ in range(40):
        request.wfile.write(byte)
        request.wfile.flush()
        time.sleep(0.05)
    request.close_connection = True


def flood(request: BaseHTTPRequestHandler) -> None:
    """More than anybody wants."""
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.end_headers()
    for _ in range(1024):
        request.wfile.write(b" " * 65536)


def silence(request: BaseHTTPRequestHandler) -> None:
    """Nothing, for longer than is waited."""
    time.sleep(1.6)
    request.close_connection = True


def hang_up(request: BaseHTTPRequestHandler) -> None:
    """Nothing, at once."""
    request.close_connection = True


def no_http(request: BaseHTTPRequestHandler) -> None:
    """Something that is no answer of the web at all."""
    request.wfile.write(b"220 mail.example ESMTP\r\n")
    request.close_connection = True


def elsewhere(request: BaseHTTPRequestHandler) -> None:
    """Somewhere else, with our credentials if they were to follow."""
    answer(b"{}", status=302, Location="/elsewhere")(request)


CUT_OFF = answer(b'{"ok": true}', length=100)
CUT_SHORT = answer(b'{"ok": true}', length=5)
BOMB = answer(gzip.compress(json.dumps({"a": "x" * 10_000_000}).encode()), Content_Encoding="gzip")
A_PAGE = answer(b"<html>canary: please log in</html>")
# By what they are: what none of those who ask may wait for, believe or follow.
MISBEHAVIOURS: dict[str, Behaviour] = {
    "a drip": drip,
    "a drip of headers": drip_of_headers,
    "a flood": flood,
    "silence": silence,
    "no answer": hang_up,
    "no HTTP": no_http,
    "elsewhere": elsewhere,
    "cut off": CUT_OFF,
    "cut short": CUT_SHORT,
    "a bomb": BOMB,
    "a page": A_PAGE,
    "a list": answer(b'["canary"]'),
    "nothing": answer(b""),
}
