"""One HTTP exchange of an ASGI application, for what stands between a client and AWS."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

type Scope = dict[str, Any]
type Receive = Callable[[], Awaitable[dict[str, Any]]]
type Send = Callable[[dict[str, Any]], Awaitable[None]]
type App = Callable[[Scope, Receive, Send], Awaitable[None]]


async def read_body(receive: Receive) -> bytes | None:
    """The whole body of a request, or None when the client left before its end."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)


def replay(body: bytes, receive: Receive) -> Receive:
    """Hand over a body that has been read, then whatever else the client says."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> dict[str, Any]:
        return messages.pop() if messages else await receive()

    return again


@dataclass(slots=True)
class Reply:
    """An answer: kept whole, and handed on while it comes if there is somebody to hand it to."""

    onward: Send | None = None
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)

    async def send(self, message: dict[str, Any]) -> None:
        """Take one message of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {
                name.decode("latin-1").lower(): value.decode("latin-1") for name, value in message["headers"]
            }
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
        if self.onward is not None:
            await self.onward(message)

    async def hand_over(self, send: Send) -> None:
        """Send what was kept, with the length that it has now."""
        headers = {**self.headers, "content-length": str(len(self.body))}
        wire = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": wire})
        await send({"type": "http.response.body", "body": bytes(self.body), "more_body": False})
