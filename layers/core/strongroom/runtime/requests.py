"""What a handler of HTTP requests is given and gives back: a parsed request, an answer, a small page.

No decision is ever taken from a header, but for the bearer token and Slack's signature.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from strongroom.domain.errors import MalformedRequestError, NotAuthenticatedError

_ERROR_LIMIT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request: header names in lower case, the body exactly as its sender signed it."""

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
    """An answer; `content` goes out as JSON unless there is a page, HTML if its media type does not say otherwise.

    `headers` come on top of those that every answer has.
    """

    status: int = 200
    content: Any = None
    page: str = ""
    media_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    location: str = ""
    allow: str = ""


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_ERROR_LIMIT]
