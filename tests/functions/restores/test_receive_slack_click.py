"""The function behind Slack's buttons, fed with API Gateway's proxy events."""

import base64
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk.signature import SignatureVerifier

from strongroom.runtime.platform import Platform
from tests.fakes.ceremony import ID, SIGNING_SECRET, Functions, functions, slack_body
from tests.fakes.control_plane import load_handler

__all__ = ["functions"]


def _sent(
    functions: Functions, body: str, /, *, at: datetime | None = None, more: dict[str, str] | None = None, **event: Any
) -> dict[str, Any]:
    stamp = str(int((at or datetime.now(UTC)).timestamp()))
    signature = SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=stamp, body=body)
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature} | (more or {})
    return functions.http("POST", "/slack/interactions", headers=headers, body=body) | event


def _call(functions: Functions, body: str, /, **how: Any) -> dict[str, Any]:
    answer: dict[str, Any] = load_handler("receive_slack_click")(_sent(functions, body, **how), None)
    return answer


def _click(functions: Functions, **user: str) -> str:
    value = f"{ID}.{functions.world.book.read(ID).mark}"
    return slack_body(
        user={"id": "U0MARIA", "team_id": "T0STRONG"} | user,
        actions=[{"action_id": "approve", "block_id": "decision", "value": value, "type": "button"}],
    )


def test_an_approver_is_answered_in_slack_with_a_link_for_them_only(functions: Functions) -> None:
    functions.add()
    answer = _call(functions, _click(functions))
    assert answer["statusCode"] == 200
    assert "/presence/" in functions.slack[0]
    assert "/presence/" not in answer["body"]


INVITED = (
    r"Your vote counts as soon as you have proven that it is you: "
    r"<https://strongroom\.example/v1/presence/[0-9a-f]{48}\|prove it now>, within five minutes\."
)
TURNED_AWAY = r"Not counted: this is your own request; somebody else must decide on it\."


@pytest.mark.parametrize(("user", "said"), [("U0MARIA", INVITED), ("U0OMAR", TURNED_AWAY)], ids=["invited", "refused"])
def test_what_the_one_who_clicked_reads_is_this_to_the_last_byte(user: str, said: str, functions: Functions) -> None:
    functions.add()
    _call(functions, _click(functions, id=user))
    [told] = functions.slack
    assert re.fullmatch(rf"\(\) {{'text': '{said}'}}", told)


def test_a_body_in_base64_is_verified_as_it_was_signed(functions: Functions) -> None:
    functions.add()
    body = _click(functions)
    encoded: dict[str, Any] = {"body": base64.b64encode(body.encode()).decode(), "isBase64Encoded": True}
    assert _call(functions, body, **encoded)["statusCode"] == 200


def test_a_replayed_click_changes_nothing(functions: Functions) -> None:
    functions.add()
    sent, handler = _sent(functions, _click(functions)), load_handler("receive_slack_click")
    assert [handler(sent, None)["statusCode"] for _ in range(2)] == [200, 200]
    assert len(functions.slack) == 1


@pytest.mark.parametrize(
    "event",
    [
        {"headers": {}},
        {"headers": None},
        {"body": "payload=%7B%7D"},
        {"body": None},
        {"headers": {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=é"}},
    ],
    ids=["no headers", "null headers", "another body", "no body", "malformed"],
)
def test_what_slack_did_not_sign_is_401_and_does_nothing(event: dict[str, Any], functions: Functions) -> None:
    functions.add()
    assert _call(functions, _click(functions), **event)["statusCode"] == 401
    assert functions.slack == []


@pytest.mark.parametrize(("age", "status"), [(300, 200), (301, 401), (-60, 200), (-61, 401)])
def test_an_old_or_early_click_is_401(
    age: int, status: int, functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    functions.add()
    now = functions.world.now.replace(microsecond=0)
    monkeypatch.setattr(Platform, "now", lambda _: now)
    assert _call(functions, _click(functions), at=now - timedelta(seconds=age))["statusCode"] == status


HOSTILE = {
    "x-slack-bolt-lazy-only": "1",
    "x-slack-bolt-lazy-function-name": "approve",
    "X-Slack-Retry-Num": "3",
    "X-Forwarded-Host": "evil.example",
    "Host": "evil.example",
    "Authorization": "Bearer x",
}


def test_headers_that_slack_does_not_sign_change_nothing(functions: Functions) -> None:
    functions.add()
    answer = _call(functions, _click(functions), more=HOSTILE)
    assert (answer["statusCode"], '"awaiting-presence"' in answer["body"]) == (200, True)
    [said] = functions.slack
    assert "https://strongroom.example/v1/presence/" in said
    assert "evil.example" not in said
    assert functions.world.kinds(ID) == ["vote-awaiting-presence"]
    assert functions.states.answered == {}


def test_a_signed_body_that_is_no_click_is_400(functions: Functions) -> None:
    nested = f"payload=%7B%22x%22:{'[' * 100_000}"
    for body in ("payload=%7B%7D", "payload=", "x", nested):
        assert _call(functions, body)["statusCode"] == 400


def test_no_secret_reaches_the_log(functions: Functions, capsys: pytest.CaptureFixture[str]) -> None:
    functions.add()
    _call(functions, _click(functions))
    said = capsys.readouterr()
    for secret in ("very-secret", SIGNING_SECRET, "hooks.slack.com", "/presence/", "v0="):
        assert secret not in said.out + said.err
