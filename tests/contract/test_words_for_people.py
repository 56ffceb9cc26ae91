"""No person is shown the name of a class: what failed is told in words, whoever raised it."""

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import urllib3

from strongroom.adapters.identity.oidc import Web
from strongroom.adapters.slack.web_api import Slack
from strongroom.adapters.tickets.web import WIRE
from strongroom.domain import errors
from strongroom.domain.errors import StrongroomError, TemporarilyUnavailableError
from strongroom.runtime.contracts.restores import ClosingInput
from strongroom_cli.main import main
from tests.contract.templates import ROOT

CLASS_NAME = re.compile(r"\b[A-Za-z]+(?:Error|Exception|Timeout|Warning)\b")
PRODUCT = sorted(
    path for root in ("layers/core/strongroom", "cli", "functions") for path in (ROOT / root).rglob("*.py")
)
OURS = sorted(
    name for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, StrongroomError)
)


def named_in(handler: ast.ExceptHandler) -> list[int]:
    """The lines on which the class of what was caught is put into words; a log may have it."""
    logged = {
        id(part)
        for call in ast.walk(handler)
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("logger.")
        for part in ast.walk(call)
    }
    return [
        part.lineno
        for part in ast.walk(handler)
        if isinstance(part, ast.Attribute)
        and id(part) not in logged
        and ast.unparse(part) == f"type({handler.name}).__name__"
    ]


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_was_caught_is_told_by_no_class_name(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    assert [line for handler in handlers for line in named_in(handler)] == []


def test_a_class_name_in_a_message_is_noticed() -> None:
    text = "try:\n    x()\nexcept OSError as error:\n    raise Y(f'{type(error).__name__}')\n"
    [handler] = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ExceptHandler)]
    assert named_in(handler) == [4]


@pytest.mark.parametrize("error", [*OURS, "KeyError", "Runtime.ExitError", "States.Timeout", "Sandbox.Timedout"])
@pytest.mark.parametrize("message", ["the restore job failed: no subnet", "'DBInstances'"])
def test_how_a_ceremony_ended_is_told_without_the_error_s_name(error: str, message: str) -> None:
    cause = json.dumps({"errorMessage": message, "errorType": error, "stackTrace": ['File "/var/task/app.py"']})
    told = ClosingInput(request_id="r", execution="e", error=error, reason=cause).explanation
    assert told
    assert not CLASS_NAME.search(told)
    assert "File" not in told
    assert (told == message) is (error in OURS)


def test_a_step_without_an_answer_is_told_as_one() -> None:
    for error, cause in (("States.Timeout", ""), ("Sandbox.Timedout", "RequestId: 1 Error: Task timed out")):
        told = ClosingInput(request_id="r", execution="e", error=error, reason=cause).explanation
        assert told == "a step did not answer in time; the log of that step has more"


UNREACHABLE: dict[str, Callable[[], object]] = {
    "the identity provider": lambda: Web().get("http://127.0.0.1:1/keys"),
    "the ticket system": lambda: WIRE.request("GET", "http://127.0.0.1:1/", headers={}, body=None),
    "Slack": lambda: Slack(token="xoxb-canary", api_url="http://127.0.0.1:1/").post("C0", text="x"),
}


@pytest.mark.parametrize("who", UNREACHABLE)
@pytest.mark.parametrize(
    "failure",
    [
        urllib3.exceptions.ConnectTimeoutError(None, "http://canary:secret@host/?token=canary"),
        urllib3.exceptions.ProtocolError("canary"),
        urllib3.exceptions.SSLError("canary"),
        urllib3.exceptions.ProtocolError("canary", ConnectionRefusedError("canary")),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_attack_24_who_cannot_be_reached_is_named_and_nothing_of_the_call(
    who: str, failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise failure

    monkeypatch.setattr(urllib3.PoolManager, "request", fail)
    with pytest.raises(TemporarilyUnavailableError) as told:
        UNREACHABLE[who]()
    said = str(told.value)
    assert said.startswith(who)
    assert not CLASS_NAME.search(said)
    assert "canary" not in said


@pytest.mark.parametrize(
    "failure",
    [
        urllib3.exceptions.NewConnectionError(None, "x"),  # type: ignore[arg-type]
        urllib3.exceptions.ReadTimeoutError(None, "u", "x"),  # type: ignore[arg-type]
        urllib3.exceptions.MaxRetryError(None, "u"),  # type: ignore[arg-type]
    ],
    ids=lambda failure: type(failure).__name__,
)
@pytest.mark.parametrize("verb", [("list",), ("show", "r-abcdefgh2345"), ("show", "r-abcdefgh2345", "--json")])
def test_an_api_that_cannot_be_reached_is_one_line_with_its_address(
    verb: tuple[str, ...], failure: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise failure

    monkeypatch.setattr(urllib3, "request", fail)
    monkeypatch.setenv("STRONGROOM_TOKEN", "token")
    assert main(["restore", *verb, "--api", "https://api.example/v1"]) == 2
    said = capsys.readouterr().err
    assert (said.count("\n"), "https://api.example/v1" in said) == (1, True)
    assert not CLASS_NAME.search(said)
