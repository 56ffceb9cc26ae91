"""The restore ceremony's API, spoken to with the identity token of whoever is logged in."""

import json
import os
import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from strongroom.domain.errors import StrongroomError
from strongroom_cli.addresses import parse_address

_TIMEOUT_SECONDS: Final = 60
_MISSING: Final = 404
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/=-]+")  # RFC 6750, section 2.1


class ApiError(StrongroomError):
    """The API did not do what was asked; `problems` are its own reasons, `is_passing` whether another try may do.

    `is_missing` where it says itself that it knows nothing of what was asked for.
    """

    def __init__(self, *problems: str, is_passing: bool = False, is_missing: bool = False) -> None:
        """Keep the reasons beside the one text that joins them."""
        self.problems = problems
        self.is_passing = is_passing
        self.is_missing = is_missing
        super().__init__("; ".join(problems))


class Answer(dict[str, Any]):
    """What the API answered: whoever looks for what is not in it is told so, and not by the name of an exception."""

    def __missing__(self, name: str) -> Any:
        """ApiError: what answers is something else, or of another version."""
        raise ApiError(f"the API's answer says nothing of {name!r}; is the address right, and the command up to date?")


class ApiClient:
    """Calls the API at one address."""

    def __init__(self, url: str | None) -> None:
        """`url` is the API's base; without it STRONGROOM_API names it."""
        self._url = api_address(url)

    def get(self, *path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The JSON behind the path."""
        return self._call("GET", path, query=query)

    def post(self, *path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The JSON that answers the body."""
        return self._call("POST", path, body=body)

    def _call(
        self,
        method: str,
        path: tuple[str, ...],
        *,
        body: dict[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        import urllib3

        asked = f"?{urlencode(query)}" if query else ""
        url = "/".join((self._url, *(quote(part, safe="") for part in path))) + asked
        headers = {"Authorization": f"Bearer {kept_token()}", "Content-Type": "application/json"}
        content = None if body is None else json.dumps(body)
        try:
            # Not tried again: a second POST could be a second request.
            answer = urllib3.request(
                method, url, body=content, headers=headers, timeout=_TIMEOUT_SECONDS, retries=False
            )
        except urllib3.exceptions.HTTPError as error:
            slow = isinstance(error, urllib3.exceptions.ReadTimeoutError)
            told = "does not answer in time" if slow else "cannot be reached"
            raise ApiError(f"the API at {self._url} {told}", is_passing=True) from error
        return _content(answer.status, answer.data)


def _content(status: int, data: bytes) -> dict[str, Any]:
    try:
        content = json.loads(data, object_hook=Answer)
    except (ValueError, RecursionError) as error:
        raise ApiError(f"the API answered with status {status} and no JSON; is the address right?") from error
    if not isinstance(content, dict):
        raise ApiError(f"the API answered with status {status} and no object; is the address right?")
    if not 200 <= status < 300:
        # API Gateway's own 404 has no `error`: then the address is wrong.
        is_missing = status == _MISSING and "error" in content
        raise ApiError(*_problems(content, status=status), is_passing=status >= 500, is_missing=is_missing)
    return content


def _problems(content: dict[str, Any], *, status: int) -> list[str]:
    """Every reason that the API gives."""
    faults = content.get("faults")
    if isinstance(faults, list) and faults:
        return [str(each) for each in faults]
    # API Gateway itself says no more than a word or two.
    told = content.get("message")
    next_ = "it may be done all the same: look before you do it again" if status >= 500 else "is its address right?"
    own = f"the API answered with status {status}{f': {told}' if told else ''}; {next_}"
    return [str(content.get("error") or own)]


def api_address(named: str | None) -> str:
    """The API's base, as named or as STRONGROOM_API has it; ApiError for no address, or none to send a token to."""
    url = named or os.environ.get("STRONGROOM_API", "")
    if not url:
        raise ApiError("where is the API? Say --api URL, or set STRONGROOM_API")
    parts = parse_address(url, name="--api or STRONGROOM_API")
    if parts.username is not None or parts.query or parts.fragment:
        raise ApiError("the address of the API holds more than host and path: say it without user, query and fragment")
    if parts.scheme == "http" and not _is_here(parts.hostname or ""):
        raise ApiError("the API is not asked without TLS, as your token would be readable: say https://")
    return url.rstrip("/")


def _is_here(host: str) -> bool:
    """Whether the host is this very machine (RFC 6761, RFC 1122)."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def token_file() -> Path:
    """Where a login is kept: one for the machine, unless whoever acts as several people names a file for each."""
    named = os.environ.get("STRONGROOM_TOKEN_FILE", "")
    return Path(named) if named else Path.home() / ".config" / "strongroom" / "token"


def kept_token() -> str:
    """The identity token of whoever is logged in; ApiError when nobody is."""
    token = os.environ.get("STRONGROOM_TOKEN", "")
    if not token and (kept := token_file()).is_file():
        token = kept.read_text(encoding="utf-8", errors="replace").strip()
    if not token:
        raise ApiError("you are not logged in: run `strongroom login`, or set STRONGROOM_TOKEN")
    if not _TOKEN.fullmatch(token):
        raise ApiError("what is kept as your token is none: run `strongroom login`, or set STRONGROOM_TOKEN")
    return token
