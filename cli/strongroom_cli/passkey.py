"""`strongroom passkey enrol`: lead a person to the page on which a passkey is made."""

import argparse
import base64
import binascii
import json
import sys
import webbrowser
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import MalformedRecordError, MalformedRequestError, NotAuthenticatedError
from strongroom.domain.proofs.proof import Assertion, KeptToken, signed_of
from strongroom.domain.restores.people import person_by
from strongroom.domain.written import base64url, json_of
from strongroom_cli.api_client import api_address, kept_token
from strongroom_cli.intent.file import load_intent_file


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its verb."""
    parser = subparsers.add_parser("passkey", help="make the passkeys with which people sign")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    text = "make a passkey in the browser, and get the lines for the intent that show whose it is"
    enrol = verbs.add_parser("enrol", help=text, description=text)
    enrol.add_argument("--api", metavar="URL", help="the API's base URL, where the page lies (or STRONGROOM_API)")
    enrol.add_argument("--intent", type=Path, default=Path("strongroom.yaml"), help="names the people")
    enrol.add_argument("--label", default="", help="what you call this passkey, as in 'blue key'")
    enrol.set_defaults(run=_enrol)


def _enrol(arguments: argparse.Namespace) -> int:
    page, subject = signing_page(arguments.api, "enrol"), subject_in(kept_token())
    people = load_intent_file(arguments.intent)[0].people
    alias = person_by(people, subject=subject)
    if not alias:
        raise NotAuthenticatedError(f"you are logged in as {subject}, whom {arguments.intent} does not know")
    asked = {"subject": subject, "name": people[alias].name, "label": arguments.label}
    address = f"{page}?{urlencode({name: value for name, value in asked.items() if value})}"
    print(f"Make the passkey at: {address}")
    print(f"Then put the lines that it shows under people.{alias} in {arguments.intent}, and have the change reviewed;")
    print("`strongroom compile` checks by the passkey's own signature that it is yours.", flush=True)
    webbrowser.open(address)
    return 0


def subject_in(token: str) -> str:
    """The subject that an identity token names; it is not verified here, and nothing is believed because of it."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        subject = claims["sub"]
    except (IndexError, KeyError, TypeError, ValueError, binascii.Error) as error:
        raise NotAuthenticatedError("what is kept as your token names nobody: run `strongroom login`") from error
    if not isinstance(subject, str) or not subject:
        raise NotAuthenticatedError("what is kept as your token names nobody: run `strongroom login`")
    return subject


def signing_page(api: str | None, name: str) -> str:
    """A page's address; a passkey belongs to a host by its name (Web Authentication Level 3, section 5.1.2)."""
    api = api_address(api)
    host = urlsplit(api).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return f"{api}/{name}"
    raise MalformedRequestError(f"browsers make no passkeys for {host}: say the page's address by its name, with --api")


def sign_on_page(page: str, sent: Mapping[str, Any]) -> Assertion | KeptToken:
    """What somebody signs on a page that is sent nothing: what it must know stands behind the `#` of its address."""
    address = f"{page}#{base64url(canonical_text(dict(sent)).encode())}"
    print(f"Sign at: {address}", flush=True)
    webbrowser.open(address)
    print("Then put the line that the page shows here: ", end="", flush=True)
    line = sys.stdin.readline().strip()
    try:
        return signed_of({"passkey": json_of(line.encode(), of="the line")})
    except MalformedRecordError as error:
        raise MalformedRequestError(f"that is not what the page shows: {error}") from error
