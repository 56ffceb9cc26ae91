"""Routes: which function answers which request, as API Gateway's proxy integration hands it over.

An error becomes one clear line with its status, and what stands in no table is answered in the same way.
"""

import base64
import binascii
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from strongroom.domain.errors import (
    AccessRefusedError,
    FailedError,
    FaultsFoundError,
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
from strongroom.runtime.requests import HttpAnswer, HttpRequest

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
# What other systems answer may name what is ours, and is not for whoever asked: they are told one of these.
_TOLD_INSTEAD: dict[type[StrongroomError], str] = {
    FailedError: "something here does not work as it should; the reason is in the log",
    AccessRefusedError: "something that is needed for this refused us; the reason is in the log",
    TemporarilyUnavailableError: "something that is needed for this does not answer at the moment; try again later",
}
_JSON = "application/json"
_HTML = "text/html; charset=utf-8"
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

type Route = tuple[str, str]
type Act = Callable[[HttpRequest, Platform], HttpAnswer]


class Routes:
    """A Lambda handler: for each method and path that the template gives it, the function that answers."""

    def __init__(
        self, table: Mapping[Route, Act], *, refusal: Callable[[HttpAnswer], HttpAnswer] | None = None
    ) -> None:
        """`table` names method and path as the template does: `("GET", "/restores/{id}")`.

        `refusal` makes a page of a refusal for browsers that go from page to page; without it, it stays JSON.
        """
        self.table = table
        self._refusal = refusal

    def __call__(self, event: dict[str, Any], _context: Any) -> dict[str, Any]:
        """Answer one request."""
        try:
            answer = self._answer(event)
        except StrongroomError as error:
            answer = _refuse(error)
            if self._refusal is not None and _is_navigation(event):
                answer = self._refusal(answer)
        logger.info("answered", resource=str(event.get("resource", "")), status=answer.status)
        return _wire(answer)

    def _answer(self, event: dict[str, Any]) -> HttpAnswer:
        method, path, request = _parse(event)
        act = self.table.get((method, path))
        if act is not None:
            return act(request, current_platform())
        allowed = ", ".join(sorted(known for known, known_path in self.table if known_path == path))
        if not allowed:
            raise NotFoundError("nothing is served under this path")
        return HttpAnswer(status=405, allow=allowed, content={"error": f"this path takes {allowed} only"})


def _is_navigation(event: Mapping[str, Any]) -> bool:
    """Whether a person waits for a page: scripts say that they take JSON."""
    headers = event.get("headers")
    said = {str(name).lower(): str(value) for name, value in headers.items()} if isinstance(headers, dict) else {}
    return "text/html" in said.get("accept", "")


def _parse(event: dict[str, Any]) -> tuple[str, str, HttpRequest]:
    """The method, the resource as the template spells it, and the request."""
    try:
        parsed = msgspec.convert(event, ProxyEvent)
        if len(parsed.body or "") > _BODY_LIMIT:
            raise MalformedRequestError(f"the request's body is longer than {_BODY_LIMIT} characters")
        text = (parsed.body or "").encode()
        body = base64.b64decode(text, validate=True) if parsed.is_base64_encoded else text
    except (msgspec.ValidationError, binascii.Error, UnicodeEncodeError) as error:
        raise MalformedRequestError("the request cannot be read") from error
    request = HttpRequest(
        parameters=parsed.path_parameters or {},
        query=parsed.query_string_parameters or {},
        headers={name.lower(): value for name, value in (parsed.headers or {}).items()},
        body=body,
        doubled=_doubled(parsed.multi_value_headers or {}),
        repeated=frozenset(
            name for name, values in (parsed.multi_value_query_string_parameters or {}).items() if len(values) > 1
        ),
    )
    return parsed.http_method, parsed.resource, request


def _doubled(headers: Mapping[str, list[str]]) -> frozenset[str]:
    """The headers that came more than once: the event's plain ones have the last of them, and do not say so."""
    counted = Counter(name.lower() for name, values in headers.items() for _ in values)
    return frozenset(name for name, count in counted.items() if count > 1)


def _refuse(error: StrongroomError) -> HttpAnswer:
    status = next((_STATUS_OF[kind] for kind in type(error).__mro__ if kind in _STATUS_OF), 500)
    said = next((_TOLD_INSTEAD[kind] for kind in type(error).__mro__ if kind in _TOLD_INSTEAD), "")
    if said or status >= 500:
        logger.error("a request failed", error=type(error).__name__, reason=str(error))
    content: dict[str, Any] = {"error": said or str(error)}
    if isinstance(error, FaultsFoundError):
        content["faults"] = error.faults
    return HttpAnswer(status=status, content=content)


def _wire(answer: HttpAnswer) -> dict[str, Any]:
    said = {"Location": answer.location, "Allow": answer.allow}
    headers = _HEADERS | {name: value for name, value in said.items() if value}
    if answer.page:
        headers |= {"Content-Type": answer.media_type or _HTML, "Content-Security-Policy": _PAGE_POLICY}
        body = answer.page
    else:
        headers["Content-Type"] = _JSON
        body = "" if answer.content is None else msgspec.json.encode(answer.content).decode()
    headers |= answer.headers
    return {"statusCode": answer.status, "headers": headers, "body": body, "isBase64Encoded": False}
