"""`strongroom restore finish`: what is asked, how it went, and what waits until somebody asks."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
import urllib3

from strongroom_cli.main import main
from strongroom_cli.restores.telling import asked_step

REQUEST = "r-abcdefgh2345"
TAKEN = {
    "request_id": REQUEST,
    "step": "time-to-live",
    "outcome": "done",
    "reason": "it is on",
    "resource": "arn:aws:dynamodb:eu-west-1:222222222222:table/orders-0200",
    "asked_by": "Ada Okafor",
}


class Api:
    """What was asked, and what is answered."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, Any]] = []
        self.taken = TAKEN

    def answer(self, method: str, url: str, *, body: bytes | None = None, **_: Any) -> Any:
        self.calls.append((method, url, json.loads(body or b"{}")))
        return SimpleNamespace(status=200, data=json.dumps(self.taken).encode())


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    found = Api()
    monkeypatch.setattr(urllib3, "request", found.answer)
    monkeypatch.setenv("STRONGROOM_API", "https://api.example/v1")
    monkeypatch.setenv("STRONGROOM_TOKEN", "token")
    return found


def test_the_step_is_asked_for_and_told_with_whoever_asked(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["restore", "finish", REQUEST, "time-to-live"]) == 0
    asked = {"step": "time-to-live", "leave_off": False}
    assert api.calls == [("POST", f"https://api.example/v1/restores/{REQUEST}/steps", asked)]
    assert capsys.readouterr().out == f"{REQUEST}: time-to-live done: it is on (for Ada Okafor)\n"


@pytest.mark.parametrize(
    ("words", "outcome", "code"),
    [
        pytest.param([], "failed", 1, id="it failed"),
        pytest.param([], "declined", 1, id="somebody has left it off"),
        pytest.param(["--leave-off"], "declined", 0, id="left off"),
        pytest.param(["--leave-off"], "done", 1, id="somebody has had it taken"),
    ],
)
def test_it_ends_with_1_where_it_is_not_as_it_was_asked_for(
    words: list[str], outcome: str, code: int, api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    api.taken = TAKEN | {"outcome": outcome}
    assert main(["restore", "finish", REQUEST, "time-to-live", "--json", *words]) == code
    assert json.loads(capsys.readouterr().out)["outcome"] == outcome
    assert api.calls[0][2]["leave_off"] is bool(words)


def test_what_is_no_request_is_not_asked(api: Api) -> None:
    assert main(["restore", "finish", "orders", "time-to-live"]) != 0
    assert api.calls == []


def test_what_waits_is_listed_with_whose_it_is_and_what_to_type() -> None:
    waits = {"state": "open", "owner": "Omar Haddad", "text": "Time to live was on.", "by": ""}
    first, second = asked_step(TAKEN | waits)
    assert first.split() == [REQUEST, "open", "Omar", "Haddad", "time-to-live", "of", TAKEN["resource"]]
    assert second == "  Time to live was on."
