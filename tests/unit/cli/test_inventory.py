"""`strongroom inventory` in a terminal."""

import json
from typing import Any

import pytest

from strongroom.adapters.aws.queues import WishQueue
from strongroom_cli import inventory
from strongroom_cli.main import main
from tests.conftest import ROOT

INTENT = ["--intent", str(ROOT / "strongroom.yaml")]


class FakeSqs:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def send_message(self, *, QueueUrl: str, MessageBody: str) -> None:  # noqa: N803 - boto3's spelling
        self.sent.append((QueueUrl, json.loads(MessageBody)))


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> FakeSqs:
    fake = FakeSqs()
    monkeypatch.setattr(inventory, "control_plane_clients", lambda *_, **__: None)
    monkeypatch.setattr(inventory, "wishes", lambda _, **place: WishQueue(fake, "https://queue", **place))
    return fake


def test_an_inventory_of_all_accounts_is_asked_for(sqs: FakeSqs, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inventory", *INTENT]) == 0
    [(url, event)] = sqs.sent
    assert (url, event["account"], event["region"]) == ("https://queue", "999999999999", "eu-west-1")
    assert event["detail"] == {"is_asked": True, "accounts": []}
    assert "every governed account" in capsys.readouterr().err


def test_some_accounts_are_named_each_once(sqs: FakeSqs, capsys: pytest.CaptureFixture[str]) -> None:
    named = ["--account", "333333333333", "--account", "222222222222", "--account", "333333333333"]
    assert main(["inventory", *named, "--json", *INTENT]) == 0
    assert sqs.sent[0][1]["detail"]["accounts"] == ["222222222222", "333333333333"]
    assert json.loads(capsys.readouterr().out) == {"asked": True, "accounts": ["222222222222", "333333333333"]}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--account", "12"], "'12'"),
        (["--account", ""], "''"),
        ([part for n in range(51) for part in ("--account", f"{n:012d}")], "50 accounts at most"),
        (["--acount", "222222222222"], "unrecognized arguments"),
        (["--intent", "/nowhere.yaml"], "/nowhere.yaml"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_asked(
    given: list[str], said: str, sqs: FakeSqs, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inventory", *INTENT, *given]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert (told.count("\n"), sqs.sent) == (1, [])
