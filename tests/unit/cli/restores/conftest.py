"""An API that answers in turn, and logins that are only remembered."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import urllib3

from strongroom_cli.restores import signing
from tests.unit.cli.restores.shown import API


class FakeApi:
    """Answers in turn, the last answer for good; `calls` are what it was asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, Any]] = []
        self.status = 200
        self.answers: list[dict[str, Any]] = []

    def __call__(self, method: str, url: str, **options: Any) -> Any:
        assert options["headers"]["Authorization"] == "Bearer token"
        body = options["body"]
        self.calls.append((method, url.removeprefix(API), json.loads(body) if body else None))
        content = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return SimpleNamespace(status=self.status, data=json.dumps(content).encode())


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> FakeApi:
    fake = FakeApi()
    monkeypatch.setattr(urllib3, "request", fake)
    monkeypatch.setenv("STRONGROOM_API", API)
    monkeypatch.setenv("STRONGROOM_TOKEN", "token")
    return fake


@pytest.fixture
def logins(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What each fresh login was for."""
    purposes: list[Any] = []

    def fetch(provider: Any, *, show: Callable[[str], None], purpose: Any) -> str:
        purposes.append(purpose)
        return "header.claims.signature"

    monkeypatch.setattr(signing, "fetch_token", fetch)
    return purposes
