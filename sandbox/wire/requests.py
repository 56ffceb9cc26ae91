"""A request as it came in, and who signed it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from sandbox.web.exchange import Scope

_CREDENTIAL: Final = re.compile(r"Credential=(?P<key>[^/]+)/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")


class MalformedBodyError(Exception):
    """The call was not read because its body is not what the protocol puts there."""


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request as it came in."""

    method: str
    raw_path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def of(cls, scope: Scope, headers: Mapping[str, str], body: bytes) -> Self:
        """The request of an ASGI scope."""
        raw_path = scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0]
        return cls(scope["method"], raw_path, scope.get("query_string", b"").decode("latin-1"), headers, body)


@dataclass(frozen=True, slots=True)
class Signature:
    """What the credential scope of a signed request says."""

    access_key: str
    region: str
    service: str


def headers_of(scope: Scope) -> dict[str, str]:
    """The headers of an ASGI scope, their names in lower case."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def signature_of(headers: Mapping[str, str]) -> Signature | None:
    """The credential scope of a header-signed request, or None when it is unsigned."""
    match = _CREDENTIAL.search(headers.get("authorization", ""))
    return Signature(match["key"], match["region"], match["service"]) if match else None
