"""A small request, response and route table on ASGI, for handlers that may block."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any, Self
from urllib.parse import parse_qsl

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

# A click waits for the app, which meanwhile calls back: handlers need threads that nobody else can use up.
_WORKERS = ThreadPoolExecutor(max_workers=24, thread_name_prefix="stand-in")


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, read to its end; header names are lower case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def form(self) -> dict[str, str]:
        """Return the fields of a form body."""
        return dict(parse_qsl(self.body.decode("utf-8", errors="replace"), keep_blank_values=True))

    def json(self) -> Any:
        """Return the JSON body; an empty one is an empty object; raises ValueError."""
        return json.loads(self.body) if self.body else {}

    def cookie(self, name: str) -> str:
        """Return a cookie's value, or an empty string."""
        morsel = SimpleCookie(self.headers.get("cookie", "")).get(name)
        return morsel.value if morsel else ""

    @property
    def is_json(self) -> bool:
        """Whether the body says that it is JSON."""
        return self.headers.get("content-type", "").startswith("application/json")


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_json(cls, value: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Self:
        """Answer with JSON."""
        content = {"content-type": "application/json;charset=utf-8", "cache-control": "no-store"}
        return cls(status, json.dumps(value).encode(), content | dict(headers or {}))

    @classmethod
    def of_html(cls, page: str, *, status: int = 200) -> Self:
        """Answer with a page."""
        return cls(status, page.encode(), {"content-type": "text/html;charset=utf-8", "cache-control": "no-store"})

    @classmethod
    def of_text(cls, text: str, *, status: int = 200) -> Self:
        """Answer with plain text."""
        return cls(status, text.encode(), {"content-type": "text/plain;charset=utf-8"})

    @classmethod
    def see_other(cls, location: str, *, headers: Mapping[str, str] | None = None) -> Self:
        """Send the browser on to another address with GET."""
        return cls(303, b"", {"location": location} | dict(headers or {}))


class RequestRefusedError(Exception):
    """A handler gave up on the request because of what `response` says."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


Handler = Callable[..., Response]


class Application:
    """An ASGI application made of routes such as `GET /issues/{key}`; while it `is_away` it answers none of them."""

    def __init__(self) -> None:
        self.is_away = False
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []

    def add(self, method: str, path: str, handler: Handler) -> None:
        """Serve a method and path; each `{name}` is one path segment, passed by keyword."""
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path))
        self._routes.append((method, re.compile(pattern), handler))

    def answer(self, request: Request) -> Response:
        """Answer one request: 404 for an unknown path, 405 for an unknown method on a known one."""
        if self.is_away:
            return Response.of_html("<h1>Service Unavailable</h1>", status=503)
        path_is_known = False
        for method, pattern, handler in self._routes:
            if (match := pattern.fullmatch(request.path)) is None:
                continue
            path_is_known = True
            if method == request.method:
                return _call(handler, request, match.groupdict())
        if path_is_known:
            return Response.of_text("method not allowed", status=405)
        return Response.of_text("not found", status=404)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        request = await _read(scope, receive)
        response = await asyncio.get_running_loop().run_in_executor(_WORKERS, self.answer, request)
        headers = [(name.encode(), value.encode("latin-1")) for name, value in response.headers.items()]
        headers.append((b"content-length", str(len(response.body)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": response.body, "more_body": False})


class NotInstalledError(RuntimeError):
    """The stand-in was used before it was installed."""


class Installed[State]:
    """The ASGI place of one stand-in: it serves what was installed last in this process."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._present: tuple[State, Application] | None = None

    def install(self, state: State, application: Application) -> None:
        """Serve this application from now on."""
        self._present = (state, application)

    @property
    def state(self) -> State:
        """What the stand-in remembers."""
        return self._installed()[0]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        await self._installed()[1](scope, receive, send)

    def _installed(self) -> tuple[State, Application]:
        if self._present is None:
            raise NotInstalledError(f"install the sandbox's {self._name} first")
        return self._present


def _call(handler: Handler, request: Request, parameters: dict[str, str]) -> Response:
    try:
        return handler(request, **parameters)
    except RequestRefusedError as refusal:
        return refusal.response


async def _read(scope: Scope, receive: Receive) -> Request:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return Request(
        method=scope["method"],
        path=scope["path"] or "/",
        query=dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
        headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
        body=body,
    )
