"""Requests and answers at the edge: nothing of a stranger's is believed, executed or repeated at length."""

import base64
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from strongroom.domain.errors import (
    AccessRefusedError,
    ConfigurationMissingError,
    ForeignExecutionError,
    MalformedIdentifierError,
    MalformedRequestError,
    NotAuthenticatedError,
    NotFoundError,
    PermissionRefusedError,
    ResourceNotReadyError,
    StrongroomError,
    TicketRefusedError,
    TicketWithdrawnError,
)
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes


@pytest.fixture
def answered(platform_environment: None) -> Callable[..., dict[str, Any]]:
    """What a handler answers whose act is given."""

    def call(act: Callable[[HttpRequest], HttpAnswer], **event: Any) -> dict[str, Any]:
        handler = Routes({("GET", "/x"): lambda request, _: act(request)})
        return handler({"resource": "/x", "httpMethod": "GET", "headers": None, "body": None} | event, None)

    return call


def test_a_page_runs_nothing_loads_nothing_and_tells_nobody(answered: Callable[..., dict[str, Any]]) -> None:
    answer = answered(lambda _: HttpAnswer(page="<p>x</p>"))
    policy = answer["headers"]["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert answer["headers"]["Referrer-Policy"] == "no-referrer"
    assert answer["headers"]["Cache-Control"] == "no-store"
    assert answer["headers"]["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "event",
    [
        {"body": "x" * 262_145},
        {"body": "not base64!", "isBase64Encoded": True},
        {"body": "\ud800"},
        {"body": 7},
        {"resource": None},
        {"httpMethod": None},
    ],
    ids=["endless", "no base64", "half a character", "no text", "no path", "no method"],
)
def test_what_cannot_be_read_is_400_and_reaches_nothing(
    event: dict[str, Any], answered: Callable[..., dict[str, Any]]
) -> None:
    reached: list[HttpRequest] = []

    def act(request: HttpRequest) -> HttpAnswer:
        reached.append(request)
        return HttpAnswer()

    assert answered(act, **event)["statusCode"] == 400
    assert reached == []


def test_a_body_is_what_its_sender_signed(answered: Callable[..., dict[str, Any]]) -> None:
    body = base64.b64encode(b"\xff\x00").decode()
    answer = answered(lambda request: HttpAnswer(content=len(request.body)), body=body, isBase64Encoded=True)
    assert json.loads(answer["body"]) == 2


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (MalformedIdentifierError("no"), 400),
        (NotAuthenticatedError("no"), 401),
        (PermissionRefusedError("no"), 403),
        (NotFoundError("no"), 404),
        (TicketRefusedError("no"), 409),
        (TicketWithdrawnError("no"), 409),
        (ForeignExecutionError("no"), 409),
        (StrongroomError("no"), 500),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_errors_are_one_line_with_their_status(
    error: StrongroomError, status: int, answered: Callable[..., dict[str, Any]]
) -> None:
    def act(_: HttpRequest) -> HttpAnswer:
        raise error

    answer = answered(act)
    assert (answer["statusCode"], json.loads(answer["body"])) == (status, {"error": "no"})


@pytest.mark.parametrize(
    ("kind", "status"),
    [(ConfigurationMissingError, 500), (AccessRefusedError, 403), (ResourceNotReadyError, 503)],
)
def test_what_other_systems_answered_is_logged_and_not_told(
    kind: type[StrongroomError],
    status: int,
    answered: Callable[..., dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    def act(_: HttpRequest) -> HttpAnswer:
        raise kind("arn:aws:sts::999999999999:assumed-role/x may not read the secret")

    answer = answered(act)
    assert (answer["statusCode"], "999999999999" in answer["body"]) == (status, False)
    assert "may not read the secret" in capsys.readouterr().out


class Tolerant(msgspec.Struct):
    known: str = ""


@pytest.mark.parametrize(
    "body", [b'{"unknown":' + b"[" * 100_000, b'{"known":7}', b"\xff"], ids=["endless nesting", "no text", "no UTF-8"]
)
def test_a_body_that_breaks_its_contract_is_said_in_one_short_line(body: bytes) -> None:
    request = HttpRequest(parameters={}, query={}, headers={}, body=body)
    with pytest.raises(MalformedRequestError) as caught:
        request.read(Tolerant)
    assert str(caught.value).isprintable()


def test_a_request_does_not_print_its_headers_or_body() -> None:
    request = HttpRequest(parameters={}, query={}, headers={"authorization": "secret"}, body=b"secret")
    assert "secret" not in repr(request)
