"""`strongroom restore scan`: what is asked, and where the verdict will stand."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
import urllib3

from strongroom_cli.main import main
from tests.builders.places import CENTRAL_VAULT, PAYMENTS
from tests.builders.restores import CENTRAL_POINT, POINT

VOLUME = f"arn:aws:ec2:eu-west-1:{PAYMENTS}:volume/vol-1"
STARTED = {"job": "job-1", "recovery_point": CENTRAL_POINT, "vault": CENTRAL_VAULT, "reason": "x\x9b2J\u202e"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, Any]]:
    calls: list[tuple[str, str, Any]] = []

    def answer(method: str, url: str, *, body: bytes | None = None, **_: Any) -> Any:
        calls.append((method, url, json.loads(body or b"{}")))
        return SimpleNamespace(status=202, data=json.dumps(STARTED).encode())

    monkeypatch.setattr(urllib3, "request", answer)
    monkeypatch.setenv("STRONGROOM_API", "https://api.example/v1")
    monkeypatch.setenv("STRONGROOM_TOKEN", "token")
    return calls


def test_a_scan_is_asked_for_and_told_with_where_its_verdict_stands(
    asked: list[tuple[str, str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["restore", "scan", VOLUME, "--recovery-point", POINT]) == 0
    assert asked == [("POST", "https://api.example/v1/scans", {"resource": VOLUME, "recovery_point": POINT})]
    told = capsys.readouterr().out
    assert f"Scan job-1 reads {CENTRAL_POINT} in {CENTRAL_VAULT}." in told
    assert f"strongroom restore find {VOLUME}" in told


def test_scripts_get_json(asked: list[tuple[str, str, Any]], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["restore", "scan", VOLUME, "--recovery-point", POINT, "--json"]) == 0
    out = capsys.readouterr().out
    assert json.loads(out) == STARTED
    assert all(each.isprintable() for each in out.splitlines())


def test_which_backup_must_be_said(asked: list[tuple[str, str, Any]], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["restore", "scan", VOLUME]) == 2
    assert "--recovery-point" in capsys.readouterr().err
    assert asked == []
