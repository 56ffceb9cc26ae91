"""The deployed functions of the page behind a loopback server, an identity provider on its own site, and strangers."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from strongroom.runtime.routes import Routes
from tests.browser.server import STAGE, matched
from tests.fakes.ceremony import Functions
from tests.fakes.control_plane import load_handler

FUNCTIONS: Final = ("show_approval", "take_proof")
_POSTED: Final = (
    "<!doctype html><title>Back</title><form method=post action='{}'>{}</form>"
    "<script>document.forms[0].submit()</script>"
)


class LoginSite(ThreadingHTTPServer):
    """`localhost` is the page, `login.localhost` the identity provider; what other hosts answer is `strange`.

    Whoever comes to the provider is logged in as `person`, and sent back; `backs` are the addresses. `lie` changes what
    the page is told of a login that begins.
    """

    functions: Functions
    daemon_threads = True

    def __init__(self) -> None:
        """On a free port."""
        super().__init__(("127.0.0.1", 0), _Answering)
        self.turn = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """As if nobody had been there."""
        self.person, self.mode, self.strange = "maria", "query", ""
        self.backs: list[str] = []
        self.lie: Callable[[dict[str, Any]], dict[str, Any]] = lambda told: told
        self.claims: dict[str, Any] = {}

    @property
    def origin(self) -> str:
        """Where the page lies."""
        return f"http://localhost:{self.server_port}"

    @property
    def issuer(self) -> str:
        """The identity provider, on a site of its own."""
        return f"http://login.localhost:{self.server_port}"

    @property
    def evil(self) -> str:
        """Somebody else's site."""
        return f"http://evil.localhost:{self.server_port}"


class _Answering(BaseHTTPRequestHandler):
    server: LoginSite
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer a page."""
        host = str(self.headers["Host"]).partition(":")[0]
        if host == "login.localhost":
            self._log_in()
        elif host == "evil.localhost":
            self._send(200, {"Content-Type": "text/html"}, self.server.strange)
        else:
            self._answer("GET")

    def do_POST(self) -> None:
        """Answer a request."""
        self._answer("POST")

    def _log_in(self) -> None:
        server = self.server
        world = server.functions.world
        back = server.functions.issuer.log_in(self.path, f"idp|{server.person}", now=world.now, **server.claims)
        address = dict(parse_qsl(urlsplit(self.path).query))["redirect_uri"]
        server.backs.append(f"{address}?{urlencode(back)}")
        if server.mode == "query":
            self._send(302, {"Location": server.backs[-1]}, "")
            return
        fields = "".join(f"<input name='{name}' value='{escape(value)}'>" for name, value in back.items())
        self._send(200, {"Content-Type": "text/html"}, _POSTED.format(address, fields))

    def _answer(self, method: str) -> None:
        address = urlsplit(self.path)
        event: dict[str, Any] = {
            "httpMethod": method,
            "queryStringParameters": dict(parse_qsl(address.query)),
            "headers": dict(self.headers),
            "multiValueHeaders": {name: self.headers.get_all(name) for name in self.headers},
            "body": self.rfile.read(int(self.headers.get("Content-Length", 0))).decode(),
        }
        path = address.path.removeprefix(STAGE)
        with self.server.turn:
            answer = _ask(event, method=method, path=path)
        if path == "/logins" and answer["statusCode"] == 200:
            answer["body"] = json.dumps(self.server.lie(json.loads(answer["body"])))
        self._send(answer["statusCode"], answer["headers"], answer["body"])

    def _send(self, status: int, headers: dict[str, str], text: str) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name is the parent's
        """Say nothing."""


def _ask(event: dict[str, Any], *, method: str, path: str) -> dict[str, Any]:
    """What the function answers whose route it is; the last one refuses what is nobody's."""
    for name in FUNCTIONS:
        handler: Any = load_handler(name)
        assert isinstance(handler, Routes)
        resource, parameters = matched(handler, method, path)
        if (method, resource) in handler.table:
            break
    answer: dict[str, Any] = handler(event | {"resource": resource, "pathParameters": parameters}, None)
    return answer


@contextmanager
def serving() -> Iterator[LoginSite]:
    """The server, ended afterwards."""
    with LoginSite() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()
