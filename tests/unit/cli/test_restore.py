"""`strongroom restore`: what is sent, what is printed, and one line for every mistake."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import urllib3

from strongroom_cli.main import main

ID = "r-abcdefgh2345"
REQUEST = (
    *("restore", "request", "--account", "222222222222", "--recovery-point", "arn:x", "--target-name", "db-2"),
    *("--ticket", "OPS-1", "--reason", "why"),
)


class FakeApi:
    def __init__(self) -> None:
        self.calls: list[tuple[str, str, Any]] = []
        self.status = 200
        self.content: dict[str, Any] = {}

    def __call__(self, method: str, url: str, **options: Any) -> Any:
        assert options["headers"]["Authorization"] == "Bearer token"
        self.calls.append((method, url, options["body"]))
        return SimpleNamespace(status=self.status, data=json.dumps(self.content).encode())


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> FakeApi:
    fake = FakeApi()
    monkeypatch.setattr(urllib3, "request", fake)
    monkeypatch.setenv("STRONGROOM_API", "https://api.example/v1")
    monkeypatch.setenv("STRONGROOM_TOKEN", "token")
    return fake


def test_a_request_is_sent_and_its_id_printed(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.content = {
        "request_id": "r-1",
        "reason": "x",
        "plan": "local",
        "consequences": [],
        "approval_expires_at": "later",
    }
    assert main([*REQUEST, "--metadata", "Port=5433", "--json"]) == 0
    [(method, url, body)] = api.calls
    assert (method, url) == ("POST", "https://api.example/v1/restores")
    assert json.loads(body)["metadata"] == {"Port": "5433"}
    assert json.loads(capsys.readouterr().out)["request_id"] == "r-1"


def test_what_follows_is_shown_with_the_request(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    request = {
        "resource": "arn:r",
        "recovery_point_created_at": "then",
        "target_name": "db-2",
        "account": "222222222222",
        "plan": "copy-back",
        "requester": "omar",
        "ticket": "OPS-1",
        "reason": "why",
    }
    view = {"request_id": ID, "state": "awaiting-approval", "reason": "", "votes": [], "created": ""}
    api.content = view | {"request": request, "consequences": ["It will live under arn:key."]}
    assert main(["restore", "show", ID]) == 0
    assert "  It will live under arn:key.\n" in capsys.readouterr().out


@pytest.mark.parametrize(("state", "code"), [("awaiting-presence", 0), ("cancelled", 0), ("refused", 1)])
def test_a_vote_says_what_became_of_it(state: str, code: int, api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.content = {"request_id": "r-1", "state": state, "reason": "why", "presence_url": "https://p"}
    assert main(["restore", "approve", ID]) == code
    assert state in capsys.readouterr().out
    assert api.calls[0][1].endswith(f"/restores/{ID}/votes")


def test_an_unknown_id_is_one_line_and_exit_code_2(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.status, api.content = 404, {"error": f"no restore request has the id {ID}"}
    assert main(["restore", "show", ID]) == 2
    assert capsys.readouterr().err == f"strongroom: no restore request has the id {ID}\n"


@pytest.mark.parametrize("verb", ["show", "approve", "deny", "cancel"])
@pytest.mark.parametrize("text", ["", "..", "../votes", "r-1", "r-abcdefgh2345?x=1", "r-abcdefgh2345\n"])
def test_what_is_no_id_is_never_sent(verb: str, text: str, api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["restore", verb, text]) == 2
    assert api.calls == []
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    "url", ["http://api.example/v1", "http://127.evil.example/v1", "http://localhost@evil.example"]
)
def test_the_token_is_not_sent_in_clear_to_another_machine(url: str, api: FakeApi) -> None:
    assert main(["restore", "list", "--api", url]) == 2
    assert api.calls == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:4566/v1", "http://api.localhost:4566/v1", "http://[::1]:4566/v1"])
def test_this_very_machine_may_be_asked_in_clear(url: str, api: FakeApi) -> None:
    api.content = {"restores": []}
    assert main(["restore", "list", "--api", url]) == 0


@pytest.mark.parametrize("pair", ["Port", "=1"])
def test_metadata_that_is_no_pair_is_bad_input(pair: str, api: FakeApi) -> None:
    assert main([*REQUEST, "--metadata", pair]) == 2
    assert api.calls == []


def test_without_an_address_nothing_is_sent(monkeypatch: pytest.MonkeyPatch, api: FakeApi) -> None:
    monkeypatch.delenv("STRONGROOM_API")
    assert main(["restore", "list"]) == 2


def test_an_empty_list_says_so(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.content = {"restores": []}
    assert main(["restore", "list"]) == 0
    assert "No restore" in capsys.readouterr().out


def test_evidence_that_cannot_be_saved_is_one_line_and_2(
    api: FakeApi, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there_is_none = tmp_path / "none" / "bundle.json"
    assert main(["restore", "show", ID, "--evidence", str(there_is_none)]) == 2
    assert capsys.readouterr().err == f"strongroom: {there_is_none} cannot be used: No such file or directory\n"
