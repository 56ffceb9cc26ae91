"""How a ticket system is asked, as one user: whatever it answers is one JSON object, or an error of ours."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.wire import Wire, read_object
from strongroom.domain.errors import AccessRefusedError, NotFoundError, TemporarilyUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from strongroom.adapters.wire import Http, HttpAnswer

ACTIONS: tuple[str, ...] = ()

WIRE: Final = Wire("the ticket system", within=timedelta(seconds=10))


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
    is_json = answer.content_type.partition(";")[0].strip().lower() == "application/json"
    found = read_object(answer) if is_json else None
    if found is None:
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
