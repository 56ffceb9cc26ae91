"""A loopback server that answers as the API does: pages and requests by the handlers, the rest by a ceremony."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from strongroom.domain.proofs.reviews import ReviewFinding, is_review_statement
from strongroom.domain.restores.checklists.stated import StatedOutcome, is_step_statement
from strongroom.runtime.contracts.http import ReceiptBody, ViewBody
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes
from strongroom.runtime.signing_pages import (
    agreement_page,
    approval_page,
    checklist_page,
    enrolment_page,
    outage_page,
    page_asset,
    review_page,
)
from strongroom.services.restores.asking.show_approval import ApprovalShowNeeds, show_approval
from strongroom.services.restores.asking.show_receipt import ReceiptNeeds, show_receipt
from tests.browser.ceremony import Ceremony, Proofs, Standings, Surroundings

ISSUER: Final = "https://login.strongroom.example"
STAGE: Final = "/v1"
_FRAME: Final = b"<!doctype html><title>Somebody else</title><iframe id=frame src=%s></iframe>"


class ApprovalServer(ThreadingHTTPServer):
    """Serves one ceremony; `frame` is an address that another page frames."""

    ceremony: Ceremony
    frame = ""
    daemon_threads = True
    notices: dict[str, HttpAnswer]

    @property
    def origin(self) -> str:
        """The origin of its pages."""
        return f"http://localhost:{self.server_port}"


def routes(ceremony: Callable[[], Ceremony]) -> Routes:
    """What the function of the page and those behind it answer."""

    def look(request: HttpRequest, _: Platform) -> HttpAnswer:
        told = ceremony()
        needs = ApprovalShowNeeds(
            requests=told, standings=Standings(told), surroundings=Surroundings(told.lies.get("rp_id", told.rp_id))
        )
        view = request.read(ViewBody).view
        shown = show_approval(request.parameters["id"], view=view, needs=needs, now=told.now())
        return HttpAnswer(content=replace(shown, text=told.lies.get("text", shown.text)))

    def statement(request: HttpRequest, _: Platform) -> HttpAnswer:
        body = json.loads(request.body)
        if body["decision"] in set(ReviewFinding):
            return HttpAnswer(content=ceremony().hand_out_review(body["decision"], body["view"]))
        if body["decision"] in set(StatedOutcome):
            return HttpAnswer(content=ceremony().hand_out_step(**body))
        return HttpAnswer(content=ceremony().hand_out(**body))

    def proof(request: HttpRequest, _: Platform) -> HttpAnswer:
        body = json.loads(request.body)
        if is_step_statement(body["statement"]):
            return HttpAnswer(content=ceremony().take_step(body))
        take = ceremony().take_review if is_review_statement(body["statement"]) else ceremony().take
        return HttpAnswer(content=take(body))

    def receipt(request: HttpRequest, _: Platform) -> HttpAnswer:
        body, needs = request.read(ReceiptBody), ReceiptNeeds(requests=ceremony(), proofs=Proofs(ceremony()))
        return HttpAnswer(
            content=show_receipt(request.parameters["id"], view=body.view, digest=body.proof, needs=needs)
        )

    return Routes(
        {
            ("GET", "/approvals/{id}"): lambda request, _: approval_page(request.parameters["id"], issuer=ISSUER),
            ("GET", "/approvals/{id}/{asset}"): lambda request, _: page_asset(request.parameters["asset"]),
            ("POST", "/approvals/{id}/request"): look,
            ("POST", "/approvals/{id}/receipt"): receipt,
            ("GET", "/rules"): lambda _request, _: agreement_page(issuer=ISSUER),
            ("GET", "/rules/{asset}"): lambda request, _: page_asset(request.parameters["asset"]),
            ("GET", "/reviews/{id}"): lambda request, _: review_page(request.parameters["id"], issuer=ISSUER),
            ("GET", "/reviews/{id}/{asset}"): lambda request, _: page_asset(request.parameters["asset"]),
            ("GET", "/checklists/{id}"): lambda request, _: checklist_page(request.parameters["id"], issuer=ISSUER),
            ("GET", "/checklists/{id}/{asset}"): lambda request, _: page_asset(request.parameters["asset"]),
            ("GET", "/outages"): lambda _request, _: outage_page(issuer=ISSUER),
            ("GET", "/outages/{asset}"): lambda request, _: page_asset(request.parameters["asset"]),
            ("GET", "/enrol"): lambda _request, _: enrolment_page(issuer=ISSUER),
            ("GET", "/enrol/{asset}"): lambda request, _: page_asset(request.parameters["asset"]),
            ("POST", "/restores/{id}/statements"): statement,
            ("POST", "/restores/{id}/proofs"): proof,
            ("POST", "/restores/{id}/after"): lambda request, _: HttpAnswer(
                content=ceremony().ask_after(json.loads(request.body))
            ),
            ("POST", "/restores/{id}/opening"): lambda request, _: HttpAnswer(
                content=ceremony().open(json.loads(request.body))
            ),
        }
    )


def matched(handler: Routes, method: str, path: str) -> tuple[str, dict[str, str]]:
    """The resource as the template spells it, and what its parameters are; what is spelled out goes first."""
    parts = path.split("/")
    for known_method, resource in sorted(handler.table, key=lambda route: route[1].count("{")):
        names = resource.split("/")
        if known_method == method and len(names) == len(parts):
            pairs = list(zip(names, parts, strict=True))
            if all(name == part or name.startswith("{") for name, part in pairs):
                return resource, {name.strip("{}"): part for name, part in pairs if name.startswith("{")}
    return path, {}


class _Answering(BaseHTTPRequestHandler):
    server: ApprovalServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer a page."""
        path = urlsplit(self.path).path
        if notice := self.server.notices.get(path.removeprefix(f"{STAGE}/")):
            headers = {"Content-Type": "text/html; charset=utf-8", **notice.headers}
            self._send(notice.status, headers, notice.page.encode())
        elif path == "/somebody-else":
            self._send(200, {"Content-Type": "text/html"}, _FRAME % self.server.frame.encode())
        else:
            self._answer("GET")

    def do_POST(self) -> None:
        """Answer a request."""
        self._answer("POST")

    def _answer(self, method: str) -> None:
        address = urlsplit(self.path)
        handler = routes(lambda: self.server.ceremony)
        resource, parameters = matched(handler, method, address.path.removeprefix(STAGE))
        event: dict[str, Any] = {
            "resource": resource,
            "httpMethod": method,
            "pathParameters": parameters,
            "queryStringParameters": dict(parse_qsl(address.query)),
            "headers": dict(self.headers),
            "body": self.rfile.read(int(self.headers.get("Content-Length", 0))).decode(),
        }
        answer = handler(event, None)
        self._send(answer["statusCode"], answer["headers"], answer["body"].encode())

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name is the parent's
        """Say nothing."""


@contextmanager
def serving() -> Iterator[ApprovalServer]:
    """The server on a free port."""
    with ApprovalServer(("127.0.0.1", 0), _Answering) as server:
        server.notices = {}
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
