"""`python -m benchmarks.aws.server CERTIFICATE`: AWS over TLS with connections kept, until standard input ends.

moto answers for most services. AWS Backup and the tree of AWS Organizations are ours: moto has no copy jobs, and
invents ids. The first line on standard output is the port.
"""

import json
import re
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Final

from moto.moto_proxy.proxy3 import MotoRequestHandler
from werkzeug.exceptions import HTTPException

from benchmarks.aws.address import HOST, RESET
from benchmarks.aws.backup import BackupService
from benchmarks.aws.night import Night, play_night
from benchmarks.aws.organizations import OrganizationsService

_SCOPE: Final = re.compile(r"Credential=([^/]+)/[^/]+/([^/]+)/([^/]+)/")
_TEMPORARY: Final = "ASIA"

type Answer = tuple[int, dict[str, str], bytes]


class Front:
    """Hands each request to whoever plays the service that it is signed for."""

    def __init__(self, night: Night) -> None:
        """`night` is what AWS Backup and AWS Organizations know."""
        self._own_account = night.backup_account
        self._backup = BackupService(night)
        self._organizations = OrganizationsService(night.intent)
        self._moto: Any = MotoRequestHandler(port=0)

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> Answer:
        """Status, headers and body of the answer."""
        if path == RESET:
            return self._from_moto(method, "http://localhost:0", "/moto-api/reset", headers, body)
        scope = _SCOPE.search(headers.get("Authorization", ""))
        key, region, service = scope.groups() if scope else ("", "", "")
        if not key.startswith(_TEMPORARY):
            headers["x-moto-account-id"] = self._own_account
        match service:
            case "backup":
                return _as_json(self._backup.answer(path.partition("?")[0]))
            case "organizations":
                return _as_json(self._organizations.answer(headers["X-Amz-Target"], json.loads(body)))
            case _:
                return self._from_moto(method, f"https://{service}.{region}.amazonaws.com", path, headers, body)

    def _from_moto(self, method: str, host: str, path: str, headers: Any, body: bytes) -> Answer:
        try:
            status, answered, content = self._moto.parse_request(method, host, path, headers, body)
        except HTTPException as error:
            status, answered, content = error.code or 500, dict(error.get_headers()), error.get_body()
        return status, answered, content.encode() if isinstance(content, str) else content


def _as_json(answer: dict[str, Any] | None) -> Answer:
    status, told = (404, {"__type": "ResourceNotFoundException"}) if answer is None else (200, answer)
    return status, {"Content-Type": "application/json"}, json.dumps(told).encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # An answer leaves at once and whole: otherwise its second half would wait for the first one's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    front: ClassVar[Front]

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, headers, content = self.front.answer(self.command, self.path, self.headers, body)
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815 the names that the library calls

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the library's word
        """Say nothing of a request."""


class _Server(ThreadingHTTPServer):
    def __init__(self, certificate: str) -> None:
        super().__init__((HOST, 0), _Handler)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Greet in the request's own thread, so that no slow greeting holds up the others."""
        with self._context.wrap_socket(request, server_side=True) as encrypted:
            super().finish_request(encrypted, client_address)


def main() -> None:
    """Serve."""
    _Handler.front = Front(play_night())
    server = _Server(sys.argv[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
