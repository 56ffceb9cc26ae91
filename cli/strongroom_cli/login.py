"""`strongroom login`: log in with the browser and keep the identity token (RFC 8252, loopback redirect and PKCE)."""

import argparse
import base64
import hashlib
import os
import secrets
import sys
import time
import webbrowser
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from strongroom.adapters.identity.logins import fresh_login, scope_of
from strongroom.domain.errors import MalformedRequestError, NotAuthenticatedError
from strongroom.domain.intent.ceremony import IdentityProvider
from strongroom_cli.api_client import token_file
from strongroom_cli.intent.file import load_intent_file

_WAIT_SECONDS = 300


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser("login", help="log in with the browser")
    parser.epilog = (
        "The token is kept in ~/.config/strongroom/token, one login for the machine; STRONGROOM_TOKEN_FILE names "
        "another file, for each terminal its own, and STRONGROOM_TOKEN is a token itself and is taken first."
    )
    parser.add_argument("--intent", type=Path, default=Path("strongroom.yaml"), help="names the identity provider")
    parser.set_defaults(run=_login)


def _login(arguments: argparse.Namespace) -> int:
    intent, _ = load_intent_file(arguments.intent)
    if intent.identity_provider is None:
        raise MalformedRequestError(f"{arguments.intent} has no section identity_provider, so nobody can log in")
    token = fetch_token(intent.identity_provider, show=show_address)
    kept = token_file()
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept.unlink(missing_ok=True)
    with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(token)
    print(f"Logged in; the token is kept in {kept}.")
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What a login is for: `nonce` is what its token commits to; a fresh one is made anew, and strong."""

    nonce: str = ""
    is_fresh: bool = False


def fetch_token(provider: IdentityProvider, *, show: Any, purpose: Purpose | None = None) -> str:
    """An identity token for the command line; `show(address)` sends the person to the login."""
    from strongroom.adapters.identity.oidc import IdentityTokens, Web

    web = Web()
    tokens = IdentityTokens(provider, http=web)
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    with _Loopback(("127.0.0.1", 0), _Redirected) as server:
        redirect_uri = f"http://127.0.0.1:{server.server_port}/callback"
        query = {
            "response_type": "code",
            "client_id": provider.cli_client_id,
            "redirect_uri": redirect_uri,
            "scope": scope_of(provider),
            "state": state,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
            **_asked(provider, purpose or Purpose()),
        }
        show(f"{tokens.endpoints['authorization_endpoint']}?{urlencode(query)}")
        answer = server.wait_for(state)
    if "code" not in answer:
        raise NotAuthenticatedError("the login did not come back, came back from somewhere else, or was refused")
    form = {
        "grant_type": "authorization_code",
        "code": answer["code"][0],
        "redirect_uri": redirect_uri,
        "client_id": provider.cli_client_id,
        "code_verifier": verifier,
    }
    given = web.post(tokens.endpoints["token_endpoint"], form)
    token = given.get("id_token") if isinstance(given, dict) else None
    if not isinstance(token, str):
        raise NotAuthenticatedError("the identity provider gave no identity token")
    tokens.subject_of(token)
    return token


class _Loopback(HTTPServer):
    """Takes the one redirect that carries our state; what anybody else sends to the port is passed over."""

    answer: dict[str, list[str]] = {}  # noqa: RUF012 replaced as a whole, never changed

    def wait_for(self, state: str) -> dict[str, list[str]]:
        """What came with our state; empty when nothing did in time."""
        ends = time.monotonic() + _WAIT_SECONDS
        while (left := ends - time.monotonic()) > 0:
            self.timeout = left
            self.answer = {}
            self.handle_request()
            if self.answer.get("state") == [state]:
                return self.answer
        return {}


class _Redirected(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Keep what the identity provider sent along, and say that the window can be closed."""
        address = urlsplit(self.path)
        if isinstance(self.server, _Loopback) and address.path == "/callback":
            self.server.answer = parse_qs(address.query)
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"You can close this window and go back to the terminal.\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name is the parent's
        """Say nothing: the address holds the code."""


def _asked(provider: IdentityProvider, purpose: Purpose) -> dict[str, str]:
    """What is asked of a login for its purpose; the issuer's own way to a strong one is in the intent."""
    said = {"nonce": purpose.nonce} if purpose.nonce else {}
    return {**said, **fresh_login(provider)} if purpose.is_fresh else said


def show_address(address: str) -> None:
    """Send the person to the login."""
    print(f"Log in at: {address}", file=sys.stderr, flush=True)
    webbrowser.open(address)


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
