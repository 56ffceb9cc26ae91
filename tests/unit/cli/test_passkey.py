"""`strongroom passkey enrol` leads to the page of whoever is logged in, and refuses what could not end well."""

import base64
import json
import webbrowser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from strongroom_cli.main import main
from tests.conftest import ROOT

INTENT = ROOT / "strongroom.yaml"
API = "https://approve.example.com/v1"


def a_token(claims: Any) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"head.{payload}.signature"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the browser is led to, by somebody who is logged in as Maria."""
    addresses: list[str] = []
    monkeypatch.setattr(webbrowser, "open", addresses.append)
    monkeypatch.setenv("STRONGROOM_TOKEN", a_token({"sub": "idp|maria"}))
    monkeypatch.setenv("STRONGROOM_API", API)
    return addresses


def run(*more: str, intent: Path = INTENT) -> int:
    return main(["passkey", "enrol", "--intent", str(intent), *more])


def test_the_page_is_opened_for_whoever_is_logged_in(opened: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--label", "blue & small") == 0
    [address] = opened
    assert address.startswith(f"{API}/enrol?")
    assert parse_qs(urlsplit(address).query) == {
        "subject": ["idp|maria"],
        "name": ["Maria Lindqvist"],
        "label": ["blue & small"],
    }
    said = capsys.readouterr().out
    assert f"Make the passkey at: {address}\n" in said
    assert f"under people.maria in {INTENT}" in said


@pytest.mark.parametrize(
    ("token", "said"),
    [
        (a_token({"sub": "idp|nobody"}), f"you are logged in as idp|nobody, whom {INTENT} does not know"),
        (a_token({"sub": ""}), "what is kept as your token names nobody: run `strongroom login`"),
        (a_token({"sub": 7}), "what is kept as your token names nobody: run `strongroom login`"),
        (a_token({}), "what is kept as your token names nobody: run `strongroom login`"),
        (a_token([]), "what is kept as your token names nobody: run `strongroom login`"),
        ("opaque", "what is kept as your token names nobody: run `strongroom login`"),
        ("a.b.c", "what is kept as your token names nobody: run `strongroom login`"),
    ],
)
def test_whoever_is_not_known_makes_no_passkey(
    opened: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], token: str, said: str
) -> None:
    monkeypatch.setenv("STRONGROOM_TOKEN", token)
    assert run() == 2
    assert capsys.readouterr().err == f"strongroom: {said}\n"
    assert opened == []


@pytest.mark.parametrize("host", ["127.0.0.1:4566", "[::1]:4566"])
def test_an_address_in_digits_is_refused_as_browsers_do(
    opened: list[str], capsys: pytest.CaptureFixture[str], host: str
) -> None:
    assert run("--api", f"http://{host}/v1") == 2
    assert "browsers make no passkeys for" in capsys.readouterr().err
    assert opened == []
