"""How a ticket system is asked: one JSON answer, whole, in time and from where it was asked for.

Nothing of an answer is put into an error, and nothing of our credentials.
"""

from __future__ import annotations

import json
import time
from base64 import b64encode
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from strongroom.domain.errors import AccessRefusedError, NotFoundError, TemporarilyUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import urllib3

ACTIONS: tuple[str, ...] = ()

_OPERATION_SECONDS = 5.0
_WHOLE_SECONDS = 10.0
_MOST_BYTES = 4 * 1024 * 1024
_CHUNK = 64 * 1024


class HttpAnswer(NamedTuple):
    """The status, the type of the content, and the content."""

    status: int
    content_type: str
    content: bytes


class Http(Protocol):
    """The one call that a ticket system is asked with."""

    def request(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        """What the address answers; TemporarilyUnavailableError where it does not, too late, or too much."""


class Wire:
    """HTTP as it is: no redirect is followed, nothing is tried twice, and neither a drip nor a flood is waited for.

    Compressed content is not asked for, and none is unpacked.
    """

    def request(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        """What the address answers; TemporarilyUnavailableError where it does not, too late, or too much."""
        import urllib3

        ends = time.monotonic() + _WHOLE_SECONDS
        timeout = urllib3.Timeout(connect=_OPERATION_SECONDS, read=_OPERATION_SECONDS)
        try:
            with (
                urllib3.PoolManager(retries=False, timeout=timeout) as pool,
                pool.request(
                    method, url, headers=dict(headers), body=body, redirect=False, preload_content=False
                ) as answer,
            ):
                return HttpAnswer(answer.status, answer.headers.get("Content-Type", ""), _whole(answer, ends=ends))
        except urllib3.exceptions.HTTPError as error:
            raise TemporarilyUnavailableError(f"the ticket system cannot be reached: {_how(error)}") from None


def _how(error: urllib3.exceptions.HTTPError) -> str:
    import urllib3

    # A connection that is refused is told as one that timed out as well.
    if isinstance(error, urllib3.exceptions.TimeoutError) and not isinstance(
        error, urllib3.exceptions.NewConnectionError
    ):
        return "no answer in time"
    return "no whole answer" if isinstance(error, urllib3.exceptions.ProtocolError) else "no connection"


def _whole(answer: Any, *, ends: float) -> bytes:
    content = b""
    while chunk := answer.read1(_CHUNK, decode_content=False):
        content += chunk
        if len(content) > _MOST_BYTES:
            raise TemporarilyUnavailableError(f"the ticket system answered with more than {_MOST_BYTES} bytes")
        if time.monotonic() > ends:
            raise TemporarilyUnavailableError(f"the ticket system took longer than {_WHOLE_SECONDS:.0f} seconds")
    return content


class TicketWeb:
    """One ticket system, spoken to as one user."""

    def __init__(self, url: str, *, user: str, token: Callable[[], str], http: Http) -> None:
        """`url` is the system's base, `token` gives the user's token or password, only when it is needed."""
        self._url = url.rstrip("/")
        self._user = user
        self._token = token
        self._http = http

    def get(self, path: str, *, about: str, query: Mapping[str, str]) -> dict[str, Any]:
        """The object at the address; `about` is the ticket that errors name."""
        from urllib.parse import urlencode

        return self._object("GET", f"{path}?{urlencode(query)}", about=about)

    def send(self, method: str, path: str, *, about: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The object that answers what was sent."""
        return self._object(method, path, about=about, body=json.dumps(body).encode())

    def _object(self, method: str, path: str, *, about: str, body: bytes | None = None) -> dict[str, Any]:
        said = f"{self._user}:{self._token()}".encode()
        headers = {"Accept": "application/json", "Authorization": f"Basic {b64encode(said).decode()}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        answer = self._http.request(method, f"{self._url}{path}", headers=headers, body=body)
        if answer.status not in (200, 201):
            raise _meaning(about, answer.status)
        return _parsed(answer, about=about)


def not_understood(about: str) -> TemporarilyUnavailableError:
    """The error for an answer that is none to what was asked."""
    return TemporarilyUnavailableError(f"the ticket system answered {about} with something that cannot be understood")


def _parsed(answer: HttpAnswer, *, about: str) -> dict[str, Any]:
    if answer.content_type.partition(";")[0].strip().lower() != "application/json":
        raise not_understood(about)
    try:
        found = json.loads(answer.content.decode())
        # Half a character could be compared, and kept nowhere.
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise not_understood(about) from None
    if not isinstance(found, dict):
        raise not_understood(about)
    return found


def _meaning(about: str, status: int) -> AccessRefusedError | NotFoundError | TemporarilyUnavailableError:
    match status:
        case 404:
            return NotFoundError(f"there is no ticket {about}")
        case 301 | 302 | 303 | 307 | 308:
            return AccessRefusedError(f"the ticket system sends us elsewhere for {about}, with status {status}")
        case 400 | 401 | 403:
            return AccessRefusedError(f"the ticket system refused {about} with status {status}")
        case _:
            return TemporarilyUnavailableError(f"the ticket system answered {about} with status {status}")
