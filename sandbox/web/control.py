"""The `/_sandbox` routes: JSON in, JSON out, dispatched to the handlers that other modules register."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from sandbox.settings import Settings

type Handler = Callable[[dict[str, Any]], dict[str, Any]]


class ControlError(Exception):
    """The request failed because what it asks for is unknown or malformed; answered with its status."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


_handlers: dict[tuple[str, str], Handler] = {}


def register(method: str, path: str, handler: Handler) -> None:
    """Let `handler` answer `method` on `path` (written without the `/_sandbox` prefix, e.g. `/backup/run`)."""
    _handlers[method.upper(), "/" + path.removeprefix("/_sandbox").strip("/")] = handler


def answer(method: str, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
    """The status and the JSON answer of one control call."""
    handler = _handlers.get((method.upper(), "/" + path.strip("/")))
    if handler is None:
        return 404, {"error": f"no control route {method} {path}"}
    try:
        return 200, handler(json.loads(body) if body else {})
    except json.JSONDecodeError as error:
        return 400, {"error": f"the body is not JSON: {error}"}
    except KeyError as error:
        return 400, {"error": f"the field {error} is missing"}
    except ControlError as error:
        return error.status, {"error": str(error)}


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer one control call; handlers run on a thread so that they may call AWS clients."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    status, document = await asyncio.to_thread(answer, scope["method"], scope["path"], body)
    content = json.dumps(document, default=str).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def install(settings: Settings) -> None:
    """Offer the health route."""
    register("GET", "/health", lambda _: {"status": "ok", "port": settings.port})
