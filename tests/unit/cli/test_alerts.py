"""`strongroom alerts`: what is asked of the API, and what is printed."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
import urllib3

from strongroom_cli.main import main

API, FINGERPRINT = "https://api.example/v1", "1c13827be3660182aac1b8ce3e3320a2"
ALERT: dict[str, Any] = {
    "fingerprint": FINGERPRINT,
    "version": 3,
    "kind": "copy-missing",
    "severity": "critical",
    "account": "222222222222",
    "account_name": "payments",
    "owner": "",
    "reason": "nothing arrived",
    "to_do": "Copy it.",
    "opened_at": "2026-11-24T06:00:00+00:00",
    "acknowledged_by": "",
    "acknowledged_at": "",
}
OTHER = ALERT | {"fingerprint": "1c" + "0" * 30}


class FakeApi:
    def __init__(self) -> None:
        self.calls: list[tuple[str, str, Any]] = []
        self.listed: list[dict[str, Any]] = [ALERT, OTHER]

    def __call__(self, method: str, url: str, **options: Any) -> Any:
        body = json.loads(options["body"]) if options["body"] else None
        self.calls.append((method, url.removeprefix(API), body))
        marked = ALERT | {"acknowledged_by": "maria", "acknowledged_at": "2026-11-24T06:05:00+00:00"}
        content = {"alerts": self.listed} if method == "GET" else marked
        return SimpleNamespace(status=200, data=json.dumps(content).encode())


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> FakeApi:
    fake = FakeApi()
    monkeypatch.setattr(urllib3, "request", fake)
    monkeypatch.setenv("STRONGROOM_API", API)
    monkeypatch.setenv("STRONGROOM_TOKEN", "token")
    return fake


def test_the_list_says_what_to_do_and_under_which_name_it_is_acknowledged(
    api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["alerts", "list"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{FINGERPRINT}@3  critical  copy-missing  payments  since 2026-11-24T06:00:00+00:00\n")
    assert "  owner: nobody is named; to do: Copy it.\n" in out


def test_an_empty_list_says_so(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.listed = []
    assert main(["alerts", "list"]) == 0
    assert capsys.readouterr().out == "nothing is open\n"


def test_the_version_that_was_listed_is_the_one_that_is_marked(
    api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["alerts", "acknowledge", f"{FINGERPRINT}@2"]) == 0
    assert api.calls == [("POST", f"/alerts/{FINGERPRINT}/acknowledgement", {"version": 2})]
    assert "  maria looks after it since 2026-11-24T06:05:00+00:00\n" in capsys.readouterr().out


def test_without_a_version_what_is_shown_is_marked(api: FakeApi) -> None:
    assert main(["alerts", "acknowledge", FINGERPRINT[:6]]) == 0
    assert api.calls[-1] == ("POST", f"/alerts/{FINGERPRINT}/acknowledgement", {"version": 3})


@pytest.mark.parametrize(("beginning", "said"), [("1c", "2 open alerts"), ("ff", "no open alerts")])
def test_what_names_no_single_alert_marks_none(
    api: FakeApi, beginning: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["alerts", "acknowledge", beginning]) == 2
    assert said in capsys.readouterr().err
    assert [method for method, _, _ in api.calls] == ["GET"]
