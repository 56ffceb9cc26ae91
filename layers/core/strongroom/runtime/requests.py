"""Handlers of HTTP requests through API Gateway: a parsed request in, an answer out, errors as one clear line.

No decision is ever taken from a header, but for the bearer token and Slack's signature.
"""

import base64
import binascii
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import msgspec

from strongroom.domain.errors import (
    AccessRefusedError,
    FailedError,
    MalformedError,
    MalformedRequestError,
    NotAuthenticatedError,
    NotFoundError,
    PermissionRefusedError,
    RefusedError,
    StrongroomError,
    TemporarilyUnavailableError,
    VoidError,
)
from strongroom.runtime.contracts.http import ProxyEvent
from strongroom.runtime.logs import logger
from strongroom.runtime.platform import Platform, current_platform

_STATUS_OF: dict[type[StrongroomError], int] = {
    MalformedError: 400,
    NotAuthenticatedError: 401,
    PermissionRefusedError: 403,
    AccessRefusedError: 403,
    NotFoundError: 404,
    RefusedError: 409,
    VoidError: 409,
    FailedError: 500,
    TemporarilyUnavailableError: 503,
}
_BODY_LIMIT = 256 * 1024
_ERROR_LIMIT = 300
_NOT_YOURS = "something here does not work as it should; the reason is in the log"
_JSON = "application/json"
_HTML = "text/html; charset=utf-8"
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

type Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request: header names in lower case, the body exactly as its sender signed it."""

    path: str
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def bearer(self) -> str:
        """The bearer token; NotAuthenticatedError when there is none."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise NotAuthenticatedError("a bearer token is needed: run `strongroom login`")
        return token.strip()

    def read[Body](self, contract: type[Body]) -> Body:
        """The JSON body as its contract has it; MalformedRequestError names what is wrong and where."""
        try:
            return msgspec.json.decode(self.body, type=contract)
        except (msgspec.DecodeError, RecursionError) as error:
            raise MalformedRequestError(f"the request's body is wrong: {_one_line(str(error))}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """An answer; `content` goes out as JSON unless it is a page."""

    status: int = 200
    content: Any = None
    page: str = ""
    location: str = ""


def show_page(title: str, text: str, *, status: int = 200, link: str = "") -> HttpAnswer:
    """A small page that says one thing, with at most one link; everything in it is escaped."""
    again = f'<p><a href="{escape(link, quote=True)}">Try again</a></p>' if link else ""
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        "<style>body{font:1rem/1.5 system-ui;max-width:36rem;margin:4rem auto;padding:0 1rem}</style>"
        f"<h1>{escape(title)}</h1><p>{escape(text)}</p>{again}</html>"
    )
    return HttpAnswer(status=status, page=page)


def each_request(act: Callable[[HttpRequest, Platform], HttpAnswer]) -> Handler:
    """Turn a function of one request into a Lambda handler of API Gateway's proxy integration."""

    @functools.wraps(act)
    def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
        resource = str(event.get("resource", ""))
        try:
            answer = act(_parse(event), current_platform())
        except StrongroomError as error:
            answer = _refuse(error)
        logger.info("answered", resource=resource, status=answer.status)
        return _wire(answer)

    return handler


def _parse(event: dict[str, Any]) -> HttpRequest:
    try:
        parsed = msgspec.convert(event, ProxyEvent)
        if len(parsed.body or "") > _BODY_LIMIT:
            raise MalformedRequestError(f"the request's body is longer than {_BODY_LIMIT} characters")
        text = (parsed.body or "").encode()
        body = base64.b64decode(text, validate=True) if parsed.is_base64_encoded else text
    except (msgspec.ValidationError, binascii.Error, UnicodeEncodeError) as error:
        raise MalformedRequestError("the request cannot be read") from error
    return HttpRequest(
        path=parsed.path,
        parameters=parsed.path_parameters or {},
        query=parsed.query_string_parameters or {},
        headers={name.lower(): value for name, value in (parsed.headers or {}).items()},
        body=body,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_ERROR_LIMIT]


def _refuse(error: StrongroomError) -> HttpAnswer:
    status = next((_STATUS_OF[kind] for kind in type(error).__mro__ if kind in _STATUS_OF), 500)
    if status >= 500:
        logger.error("a request failed", error=type(error).__name__, reason=str(error))
    # What only we can mend may name what is ours, and is not for whoever asked.
    said = _NOT_YOURS if isinstance(error, FailedError) else str(error)
    return HttpAnswer(status=status, content={"error": said})


def _wire(answer: HttpAnswer) -> dict[str, Any]:
    headers = dict(_HEADERS)
    if answer.location:
        headers["Location"] = answer.location
    if answer.page:
        headers |= {"Content-Type": _HTML, "Content-Security-Policy": _PAGE_POLICY}
        body = answer.page
    else:
        headers["Content-Type"] = _JSON
        body = "" if answer.content is None else msgspec.json.encode(answer.content).decode()
    return {"statusCode": answer.status, "headers": headers, "body": body, "isBase64Encoded": False}
