"""What a handler of HTTP requests is given and gives back: a parsed request, an answer, a small page.

No decision is ever taken from a header, but for the bearer token and Slack's signature.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
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
    """An answer; `content` goes out as JSON unless it is a page."""

    status: int = 200
    content: Any = None
    page: str = ""
    location: str = ""
    allow: str = ""


def show_page(title: str, text: str, *, status: int = 200, link: str = "") -> HttpAnswer:
    """A small page that says one thing, with at most one link; everything in it is escaped."""
    again = f'<p><a href="{escape(link, quote=True)}">Try again</a></p>' if link else ""
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        "<style>body{font:1rem/1.5 system-ui;max-width:36rem;margin:4rem auto;padding:0 1rem}</style>"
        f"<h1>{escape(title)}</h1><p>{escape(text)}</p>{again}</html>"
    )
    return HttpAnswer(status=status, page=page)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_ERROR_LIMIT]
