"""What a handler of HTTP requests is given and gives back: a parsed request, an answer, a small page.

No decision is ever taken from a header, but for the bearer token, Slack's signature, and what a browser says of the
page that sent it here.
"""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct, field

from strongroom.domain.errors import MalformedRequestError, NotAuthenticatedError, PermissionRefusedError

_ERROR_LIMIT = 300
_MOST_FIELDS = 20


class HttpRequest(Struct, frozen=True, kw_only=True):
    """A request: header names in lower case, the body exactly as its sender signed it.

    `doubled` are the headers, and `repeated` the query's parameters, that came more than once: of each, the last is
    what is here.
    """

    parameters: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    doubled: frozenset[str] = frozenset()
    repeated: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        """Without headers and body, where the secrets are."""
        return f"HttpRequest(parameters={self.parameters!r}, query={self.query!r})"

    def once(self, header: str) -> str:
        """The header, empty where there is none; MalformedRequestError where it came more than once."""
        if header in self.doubled:
            raise MalformedRequestError(f"the header {header} came more than once")
        return self.headers.get(header, "")

    @property
    def plain_query(self) -> Mapping[str, str]:
        """The query's parameters; MalformedRequestError where one came more than once."""
        if self.repeated:
            raise MalformedRequestError("the address has a parameter twice")
        return self.query

    def cookie(self, name: str) -> str:
        """The cookie, empty where there is none; MalformedRequestError where there are two of the name."""
        pairs = (each.strip().partition("=") for each in self.once("cookie").split(";"))
        found = [value for known, _, value in pairs if known == name]
        if len(found) > 1:
            raise MalformedRequestError(f"there are two cookies of the name {name}")
        return found[0] if found else ""

    def demand_page(self, origins: Collection[str]) -> None:
        """PermissionRefusedError unless a page of ours, at one of the origins, sent the request (Fetch Metadata)."""
        if self.once("origin") not in origins or self.once("sec-fetch-site") != "same-origin":
            raise PermissionRefusedError("this was not sent by a page of ours: nothing was done")

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form; MalformedRequestError where it is none, or has a field twice."""
        try:
            pairs = parse_qsl(self.body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError as error:
            raise MalformedRequestError("the request's body is no form") from error
        fields = dict(pairs)
        if len(fields) != len(pairs):
            raise MalformedRequestError("the form has a field twice")
        return fields

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


class HttpAnswer(Struct, frozen=True, kw_only=True):
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
